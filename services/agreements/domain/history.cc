#include <string>

#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "google/protobuf/message.h"
#include "partnerskap/agreements/v1/reasons.pb.h"
#include "services/agreements/domain/adoptions.h"
#include "services/agreements/domain/dates.h"

namespace partnerskap::agreements {
namespace {

using google::protobuf::FieldDescriptor;

bool IsSet(const v1::AdoptionHistory& history, const char* name) {
  const FieldDescriptor* field = v1::AdoptionHistory::descriptor()->FindFieldByName(name);
  return history.GetReflection()->HasField(history, field);
}

bool DecidesFinally(v1::Adoption::Outcome outcome) {
  return outcome != v1::Adoption::OUTCOME_UNSPECIFIED && !SendsBack(outcome);
}

// The first field that does not go with the state, or empty.
std::string Contradiction(const v1::AdoptionHistory& history, const v1::Decision* decision) {
  const v1::Adoption::State state = history.attested_state();
  for (const AdoptionFact& fact : kAdoptionFacts) {
    if (state < fact.from && IsSet(history, fact.field)) return fact.field;
  }
  if (state >= v1::Adoption::DECIDED && !DecidesFinally(history.outcome())) return "outcome";
  if (decision == nullptr) return "";
  const DateOrder order = Compare(history.decision_date(), decision->decision_date());
  if (order == DateOrder::kBefore || order == DateOrder::kAfter) return "decision_date";
  const std::string& referred = history.decision_reference().decision();
  return referred.empty() || referred == decision->name() ? "" : "decision_reference";
}

void Take(const google::type::Date& date, google::type::Date* (v1::Adoption::*field)(), v1::Adoption& adoption) {
  if (IsKnown(date)) *(adoption.*field)() = date;
}

}  // namespace

absl::Status CheckHistory(const v1::AdoptionHistory& history, const v1::Decision* decision) {
  const std::string field = Contradiction(history, decision);
  if (field.empty()) return absl::OkStatus();
  return Refuse(v1::HISTORY_CONTRADICTED, {{"field", "adoption_history." + field}});
}

v1::Adoption AdoptionOf(const v1::AdoptionHistory& history, const v1::Decision* decision) {
  v1::Adoption adoption;
  adoption.set_seat(history.seat());
  adoption.set_version(history.version());
  adoption.set_state(history.attested_state());
  adoption.set_outcome(history.outcome());
  adoption.set_body(history.body());
  adoption.set_diary_number(history.diary_number());
  adoption.set_decision(history.decision());
  if (history.has_decision_reference()) *adoption.mutable_decision_reference() = history.decision_reference();
  adoption.set_adopted_version(history.adopted_version());
  Take(history.circulation_date(), &v1::Adoption::mutable_circulation_date, adoption);
  Take(history.preparation_date(), &v1::Adoption::mutable_preparation_date, adoption);
  Take(history.proposal_date(), &v1::Adoption::mutable_proposal_date, adoption);
  Take(history.decision_date(), &v1::Adoption::mutable_decision_date, adoption);
  Take(history.adjustment_date(), &v1::Adoption::mutable_adjustment_date, adoption);
  Take(history.announcement_date(), &v1::Adoption::mutable_announcement_date, adoption);
  Take(history.extract_date(), &v1::Adoption::mutable_extract_date, adoption);
  if (history.has_fee()) *adoption.mutable_fee() = history.fee();
  adoption.set_funding(history.funding());
  adoption.set_imported(true);
  *adoption.mutable_sources() = history.sources();
  if (decision != nullptr) {
    *adoption.mutable_decision_reference() = ReferenceTo(*decision);
    Take(decision->decision_date(), &v1::Adoption::mutable_decision_date, adoption);
    if (adoption.diary_number().empty()) adoption.set_diary_number(decision->diary_number());
    if (adoption.body().empty()) adoption.set_body(decision->body());
  } else if (!adoption.has_decision_date()) {
    Take(history.decision_reference().decision_date(), &v1::Adoption::mutable_decision_date, adoption);
  }
  return adoption;
}

}  // namespace partnerskap::agreements
