// How an adoption goes through its board: the table of its states, the facts that each state allows, and the rules of
// each step. 14 days to adjust and 2 to announce are marks of its standing, not refusals. Pure.
#ifndef PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_ADOPTIONS_H_
#define PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_ADOPTIONS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/state/transitions.h"
#include "google/type/date.pb.h"
#include "partnerskap/agreements/v1/adoption_messages.pb.h"
#include "partnerskap/agreements/v1/adoptions.pb.h"
#include "partnerskap/agreements/v1/decisions.pb.h"
#include "partnerskap/agreements/v1/resources.pb.h"

namespace partnerskap::agreements {

// RecordAdoptionOutcome is two actions: it decides, or it sends the matter back (TABLED, REFERRED_BACK).
inline constexpr Transition<v1::Adoption::State> kAdoptionTransitions[] = {
    {v1::Adoption::CIRCULATED, "prepare", v1::Adoption::PREPARED},
    {v1::Adoption::ANNULLED, "prepare", v1::Adoption::PREPARED},
    {v1::Adoption::PREPARED, "propose", v1::Adoption::PROPOSED},
    {v1::Adoption::PREPARED, "decide", v1::Adoption::DECIDED},
    {v1::Adoption::PROPOSED, "decide", v1::Adoption::DECIDED},
    {v1::Adoption::PREPARED, "sendBack", v1::Adoption::PREPARED},
    {v1::Adoption::PROPOSED, "sendBack", v1::Adoption::PREPARED},
    {v1::Adoption::DECIDED, "adjust", v1::Adoption::ADJUSTED},
    {v1::Adoption::ADJUSTED, "announce", v1::Adoption::ANNOUNCED},
    {v1::Adoption::ADJUSTED, "recordExtract", v1::Adoption::ADJUSTED},
    {v1::Adoption::ANNOUNCED, "recordExtract", v1::Adoption::ANNOUNCED},
    {v1::Adoption::ADJUSTED, "sign", v1::Adoption::ADJUSTED},
    {v1::Adoption::ANNOUNCED, "sign", v1::Adoption::ANNOUNCED},
    {v1::Adoption::DECIDED, "annul", v1::Adoption::ANNULLED},
    {v1::Adoption::ADJUSTED, "annul", v1::Adoption::ANNULLED},
    {v1::Adoption::ANNOUNCED, "annul", v1::Adoption::ANNULLED},
};

// The table of allowed facts: a field (of Adoption and of AdoptionHistory) and the first state that may hold it.
// Entered history is held to it, and an adoption that goes back to PREPARED loses what that state does not hold.
struct AdoptionFact {
  const char* field;
  v1::Adoption::State from;
};
inline constexpr AdoptionFact kAdoptionFacts[] = {
    {"preparation_date", v1::Adoption::PREPARED},
    {"diary_number", v1::Adoption::PREPARED},
    {"proposal_date", v1::Adoption::PROPOSED},
    {"decision_date", v1::Adoption::DECIDED},
    {"outcome", v1::Adoption::DECIDED},
    {"decision", v1::Adoption::DECIDED},
    {"decision_reference", v1::Adoption::DECIDED},
    {"adopted_version", v1::Adoption::DECIDED},
    {"fee", v1::Adoption::DECIDED},
    {"funding", v1::Adoption::DECIDED},
    {"adjustment_date", v1::Adoption::ADJUSTED},
    {"extract_date", v1::Adoption::ADJUSTED},
    {"announcement_date", v1::Adoption::ANNOUNCED},
};

// What *membership* says of a seat.
struct SeatFacts {
  std::string seat;                  // resource name
  bool member = false;               // adopts the agreement (medlem)
  google::type::Date join_date;      // absent: no source says
  google::type::Date exit_date;      // last day, inclusive; absent: it has not left
  std::vector<std::string> parties;  // organizations that hold it
};

// Whether the outcome adopts the very text that was proposed.
bool Adopts(v1::Adoption::Outcome outcome);
bool SendsBack(v1::Adoption::Outcome outcome);
// A board has decided, and no court has annulled it.
bool IsDecided(v1::Adoption::State state);

// Where `action` leads; `method` is what the refusal names. Errors: ADOPTION_STATE.
absl::StatusOr<v1::Adoption::State> NextState(const v1::Adoption& adoption, absl::string_view action,
                                              absl::string_view method);
// Clears the facts that the adoption's state does not hold.
void ForgetLaterFacts(v1::Adoption& adoption);

// The id is the seat's, and the seat is of the agreement's network. Errors: ADOPTION_ID_NOT_SEAT.
absl::Status CheckAdoptionId(absl::string_view agreement, absl::string_view adoption_id, absl::string_view seat);
// The seat has not certainly left before the period or before `date` (of circulation or decision, which may be absent),
// and has not certainly joined after the period. Errors: SEAT_NOT_TAKING_PART.
absl::Status MustTakePart(const SeatFacts& seat, const v1::Agreement& agreement, const google::type::Date& date);
// Each step is dated on or after those before it, as far as dates are known. Errors: DATES_OUT_OF_ORDER. KL 2017:725
// 5:69, 8:9.
absl::Status CheckOrder(const v1::Adoption& adoption);

// A changed text is another wording than the proposed one; no other outcome names a wording. `version` is what was
// proposed. Errors: FIELD_VIOLATIONS.
absl::Status CheckAdoptedVersion(v1::Adoption::Outcome outcome, absl::string_view version,
                                 absl::string_view adopted_version);
// Errors: DECISION_OF_OTHER_ORGANIZATION.
absl::Status MustBeOfSeat(const v1::Decision& decision, const SeatFacts& seat);
// An item adopts, rejects, tables or refers back as the outcome says. Errors: DECISION_DOES_NOT_SAY_SO.
absl::Status MustSaySo(const v1::Decision& decision, v1::Adoption::Outcome outcome, absl::string_view version,
                       absl::string_view adopted_version);
// ADOPTED_WITH_RESERVATION needs a reservation, ADOPTED has none. Errors: RESERVATION_MISSING. KL 2017:725 4:27.
absl::Status MustAgreeOnReservation(const v1::Decision& decision, v1::Adoption::Outcome outcome);
// Errors: EXTRACT_RECORDED.
absl::Status MayRecordExtract(const v1::Adoption& adoption);

// What the sources say of an adoption that is history, by kAdoptionFacts; `decision` is the registered one, or null.
// Errors: HISTORY_CONTRADICTED.
absl::Status CheckHistory(const v1::AdoptionHistory& history, const v1::Decision* decision);
// The adoption of that history, without a name. The decision's marks and date are taken over.
v1::Adoption AdoptionOf(const v1::AdoptionHistory& history, const v1::Decision* decision);
// The decision by its own marks.
common::v1::DecisionReference ReferenceTo(const v1::Decision& decision);

}  // namespace partnerskap::agreements

#endif  // PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_ADOPTIONS_H_
