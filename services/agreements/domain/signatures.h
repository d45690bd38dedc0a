// Rules of signatures: two slots for each seat, append-only, by holders of the offices that the agreement names. Pure.
#ifndef PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_SIGNATURES_H_
#define PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_SIGNATURES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "google/type/date.pb.h"
#include "partnerskap/agreements/v1/adoptions.pb.h"
#include "partnerskap/agreements/v1/resources.pb.h"

namespace partnerskap::agreements {

// A holder of a post, or a vacancy, as *membership* says.
struct AppointmentFacts {
  std::string person;  // empty: vacant
  google::type::Date start_date, end_date, release_date;
};

// The post that a signer claims.
struct PostFacts {
  std::string post;      // resource name
  std::string capacity;  // office of the municipality, or empty
  bool of_seat = false;  // a post of one of the organizations that hold the signing seat
  std::vector<AppointmentFacts> appointments;
};

// Whether the person holds the post on the day: the last to begin, who serves on after the term until replaced or
// released.
bool Holds(const PostFacts& post, const std::string& person, const google::type::Date& day);

// Signatures of the decision that stands: those of a decision that was annulled do not count for the next.
std::vector<v1::Signature> StandingSignatures(const v1::Adoption& adoption,
                                              const std::vector<v1::Signature>& signatures);

// Errors: NOT_ADOPTED.
absl::Status MustBeAdopted(const v1::Adoption& adoption);
// Errors: SIGNED_BEFORE_ADJUSTMENT. KL 2017:725 5:69, 6:35.
absl::Status MustFollowAdjustment(const v1::Adoption& adoption, const v1::Signature& signature);
// The agreement's slot, or null.
const v1::SignerSlot* SlotOf(const v1::Agreement& agreement, const v1::Signature& signature);
// Errors: SIGNATURE_SLOT_UNKNOWN.
absl::Status SlotMustExist(const v1::Agreement& agreement, const v1::Signature& signature);
// `signatures` are StandingSignatures. Errors: SIGNATURE_SLOT_TAKEN.
absl::Status SlotMustBeFree(const std::vector<v1::Signature>& signatures, const v1::Signature& signature);
// The office is one of the slot's and the post's own; or the text takes equivalents (el. motsvarande) and a source says
// that it is one. An office that is not the post's never serves. Errors: SIGNER_CAPACITY_WRONG.
absl::Status CapacityMustServe(const v1::SignerSlot& slot, const v1::Signature& signature, const PostFacts& post);
// Errors: SIGNER_WITHOUT_MANDATE.
absl::Status MustHoldPost(const v1::Signature& signature, const PostFacts& post);
// `signatures` are StandingSignatures. Errors: SIGNER_SIGNED_OTHER_SLOT.
absl::Status MustNotSignTwice(const std::vector<v1::Signature>& signatures, const v1::Signature& signature);

// All of these, in the order of the reasons.
absl::Status MaySign(const v1::Agreement& agreement, const v1::Adoption& adoption,
                     const std::vector<v1::Signature>& signatures, const PostFacts& post,
                     const v1::Signature& signature);

}  // namespace partnerskap::agreements

#endif  // PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_SIGNATURES_H_
