#include "services/membership/reactions/agreements.h"

#include <string>

#include "common/ids/ids.h"
#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "partnerskap/agreements/v1/adoptions.pb.h"
#include "partnerskap/agreements/v1/resources.pb.h"
#include "services/membership/domain/standing.h"
#include "services/membership/store/facts.h"

namespace partnerskap::membership {
namespace {

using agreements::v1::Adoption;
using agreements::v1::Agreement;
using agreements::v1::Signature;

AdoptionStage StageOf(const Adoption& adoption) {
  if (adoption.state() == Adoption::ANNULLED) return AdoptionStage::kAnnulled;
  switch (adoption.outcome()) {
    case Adoption::ADOPTED:
    case Adoption::ADOPTED_WITH_RESERVATION:
      return AdoptionStage::kAdopted;
    case Adoption::ADOPTED_CHANGED:
    case Adoption::REJECTED:
      return AdoptionStage::kNotAdopted;
    default:
      return AdoptionStage::kUnderWay;
  }
}

absl::Status Keep(const Agreement& agreement, WriteTx& tx) {
  // A supplement changes another agreement in its period; it is no term of its own.
  if (agreement.kind() != Agreement::PERIOD_AGREEMENT) return absl::OkStatus();
  return WriteKnownAgreement(
      tx, {agreement.name(), std::string(ParentName(agreement.name())), DateToText(agreement.start_date()),
           DateToText(agreement.end_date()), agreement.predecessor()});
}

absl::Status Keep(const Adoption& adoption, WriteTx& tx) {
  return WriteKnownAdoption(tx, {adoption.name(), std::string(ParentName(adoption.name())), adoption.seat(),
                                 AdoptionStageName(StageOf(adoption)), DateToText(adoption.decision_date()),
                                 DateToText(adoption.announcement_date()), DateToText(adoption.extract_date())});
}

absl::Status Keep(const Signature& signature, WriteTx& tx) {
  return WriteKnownSignature(tx, signature.name(), ParentName(signature.name()), DateToText(signature.sign_date()));
}

template <typename M>
absl::Status ParseAndKeep(const common::v1::Change& change, WriteTx& tx) {
  // Erased there, forgotten here.
  if (change.message().empty()) return ForgetKnown(tx, change.name());
  M message;
  if (!message.ParseFromString(change.message())) {
    return absl::InvalidArgumentError("a change of the feed of agreements is not of the type that it names");
  }
  return Keep(message, tx);
}

}  // namespace

absl::Status ReactToAgreements(const common::v1::Change& change, WriteTx& tx) {
  const std::string& type = change.message_type();
  if (type == Agreement::descriptor()->full_name()) return ParseAndKeep<Agreement>(change, tx);
  if (type == Adoption::descriptor()->full_name()) return ParseAndKeep<Adoption>(change, tx);
  if (type == Signature::descriptor()->full_name()) return ParseAndKeep<Signature>(change, tx);
  return absl::OkStatus();
}

absl::Status ResetAgreements(WriteTx& tx) { return ForgetAgreements(tx); }

}  // namespace partnerskap::membership
