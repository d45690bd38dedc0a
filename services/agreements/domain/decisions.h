// Rules of decisions: their items, how people stood, reservations and separate statements. Pure.
#ifndef PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_DECISIONS_H_
#define PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_DECISIONS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "partnerskap/agreements/v1/decisions.pb.h"

namespace partnerskap::agreements {

// A person, a party, or a person of a party.
struct Subject {
  std::string person;  // `persons/…`, or empty
  std::string party;   // as the minutes write it: `Moderaterna`, `M`, or empty
};

// All that a decision must be by itself. Errors: those of the six functions below.
absl::Status CheckDecision(const v1::Decision& decision);

// Errors: ITEM_NUMBERS_WRONG.
absl::Status CheckItemNumbers(const v1::Decision& decision);
// ADOPTS and REJECTS speak of a wording, APPOINTS of a post, PERMITS_STATEMENT of one person or party, others of
// nothing. Errors: ITEM_TARGET_MISSING.
absl::Status CheckItemTarget(const v1::DecisionItem& item);
// Errors: STANCE_SUBJECT_MISSING.
absl::Status CheckSubject(const Subject& subject);
// A person, or a party as such, stands in one way. Errors: STANCE_REPEATED.
absl::Status CheckStances(const v1::Decision& decision);
// Errors: DISQUALIFICATION_GROUND_MISPLACED. KL 2017:725 6:28.
absl::Status CheckGround(const v1::Stance& stance);
// Acclamation counts no votes. Errors: VOTES_WITHOUT_VOTE. KL 2017:725 5:53 to 5:56.
absl::Status CheckVotes(const v1::Decision& decision);

// Only one who took part in deciding can make a reservation (KL 2017:725 4:27). Who is not named took part; a party
// whose named members all stood aside did not. Errors: RESERVATION_WITHOUT_TAKING_PART.
absl::Status MustHaveTakenPart(const v1::Decision& decision, const Subject& subject);
// Errors: RESERVATION_REPEATED.
absl::Status MustNotHaveReserved(const v1::Decision& decision, const Subject& subject);
// Turns the subject's taking part into a reservation, or adds one.
void AddReservation(const Subject& subject, v1::Decision& decision);
bool HasReservation(const v1::Decision& decision);

// The item that permits the subject a separate statement (särskilt yttrande), one for which there is no statement yet
// if there are several; its number. Errors: STATEMENT_NOT_PERMITTED.
absl::StatusOr<int> PermittingItem(const v1::Decision& decision, const Subject& subject);
// A permission is used once. Errors: STATEMENT_REPEATED.
absl::Status MustNotHaveStated(const v1::Decision& decision, const Subject& subject, int permitting_item);

}  // namespace partnerskap::agreements

#endif  // PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_DECISIONS_H_
