#include "services/agreements/domain/signatures.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "partnerskap/agreements/v1/reasons.pb.h"
#include "services/agreements/domain/adoptions.h"
#include "services/agreements/domain/dates.h"

namespace partnerskap::agreements {

bool Holds(const PostFacts& post, const std::string& person, const google::type::Date& day) {
  const AppointmentFacts* governing = nullptr;
  for (const AppointmentFacts& candidate : post.appointments) {
    if (IsBefore(day, candidate.start_date)) continue;
    if (governing == nullptr || ListOrder(candidate.start_date, governing->start_date) > 0) governing = &candidate;
  }
  return governing != nullptr && governing->person == person && !IsBefore(governing->release_date, day);
}

std::vector<v1::Signature> StandingSignatures(const v1::Adoption& adoption,
                                              const std::vector<v1::Signature>& signatures) {
  std::vector<v1::Signature> standing;
  // Once the line is open again, what was signed before the judgment belongs to the annulled decision.
  const bool reopened = adoption.has_annulment_date() && adoption.state() != v1::Adoption::ANNULLED;
  std::copy_if(signatures.begin(), signatures.end(), std::back_inserter(standing), [&](const v1::Signature& signature) {
    return !(reopened && IsBefore(signature.sign_date(), adoption.annulment_date())) &&
           !IsBefore(signature.sign_date(), adoption.adjustment_date());
  });
  return standing;
}

absl::Status MustBeAdopted(const v1::Adoption& adoption) {
  if (Adopts(adoption.outcome())) return absl::OkStatus();
  return Refuse(v1::NOT_ADOPTED,
                {{"adoption", adoption.name()}, {"outcome", v1::Adoption::Outcome_Name(adoption.outcome())}});
}

absl::Status MustFollowAdjustment(const v1::Adoption& adoption, const v1::Signature& signature) {
  // Minutes are adjusted on the day of the meeting or later, so a decision date bounds an adjustment that no source
  // dates.
  const google::type::Date& bound = LaterOf(adoption.adjustment_date(), adoption.decision_date());
  if (!IsBefore(signature.sign_date(), bound)) return absl::OkStatus();
  return Refuse(v1::SIGNED_BEFORE_ADJUSTMENT, {{"adoption", adoption.name()},
                                               {"sign_date", DateToText(signature.sign_date())},
                                               {"adjustment_date", DateToText(bound)}});
}

const v1::SignerSlot* SlotOf(const v1::Agreement& agreement, const v1::Signature& signature) {
  for (const v1::SignerSlot& slot : agreement.signer_slots()) {
    if (slot.slot() == signature.slot()) return &slot;
  }
  return nullptr;
}

absl::Status SlotMustExist(const v1::Agreement& agreement, const v1::Signature& signature) {
  if (SlotOf(agreement, signature) != nullptr) return absl::OkStatus();
  return Refuse(v1::SIGNATURE_SLOT_UNKNOWN, {{"slot", absl::StrCat(signature.slot())}});
}

absl::Status SlotMustBeFree(const std::vector<v1::Signature>& signatures, const v1::Signature& signature) {
  for (const v1::Signature& other : signatures) {
    if (other.slot() == signature.slot()) {
      return Refuse(v1::SIGNATURE_SLOT_TAKEN, {{"slot", absl::StrCat(signature.slot())}, {"signature", other.name()}});
    }
  }
  return absl::OkStatus();
}

absl::Status CapacityMustServe(const v1::SignerSlot& slot, const v1::Signature& signature, const PostFacts& post) {
  const bool of_post = post.capacity == signature.capacity();
  const bool named =
      std::find(slot.capacities().begin(), slot.capacities().end(), signature.capacity()) != slot.capacities().end();
  const bool equivalent = slot.equivalent_allowed() && !signature.equivalence().document().empty();
  if ((named && of_post) || (equivalent && (of_post || post.capacity.empty()))) return absl::OkStatus();
  return Refuse(v1::SIGNER_CAPACITY_WRONG,
                {{"capacity", signature.capacity()}, {"slot", absl::StrCat(signature.slot())}});
}

absl::Status MustHoldPost(const v1::Signature& signature, const PostFacts& post) {
  if (post.of_seat && Holds(post, signature.person(), signature.sign_date())) return absl::OkStatus();
  return Refuse(
      v1::SIGNER_WITHOUT_MANDATE,
      {{"person", signature.person()}, {"post", signature.post()}, {"sign_date", DateToText(signature.sign_date())}});
}

absl::Status MustNotSignTwice(const std::vector<v1::Signature>& signatures, const v1::Signature& signature) {
  for (const v1::Signature& other : signatures) {
    if (other.person() == signature.person()) {
      return Refuse(v1::SIGNER_SIGNED_OTHER_SLOT, {{"person", signature.person()}});
    }
  }
  return absl::OkStatus();
}

absl::Status MaySign(const v1::Agreement& agreement, const v1::Adoption& adoption,
                     const std::vector<v1::Signature>& signatures, const PostFacts& post,
                     const v1::Signature& signature) {
  const std::vector<v1::Signature> standing = StandingSignatures(adoption, signatures);
  RETURN_IF_ERROR(MustBeAdopted(adoption));
  RETURN_IF_ERROR(MustFollowAdjustment(adoption, signature));
  RETURN_IF_ERROR(SlotMustExist(agreement, signature));
  RETURN_IF_ERROR(SlotMustBeFree(standing, signature));
  RETURN_IF_ERROR(CapacityMustServe(*SlotOf(agreement, signature), signature, post));
  RETURN_IF_ERROR(MustHoldPost(signature, post));
  return MustNotSignTwice(standing, signature);
}

}  // namespace partnerskap::agreements
