#include "services/agreements/domain/adoptions.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/ids/ids.h"
#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "partnerskap/agreements/v1/reasons.pb.h"
#include "services/agreements/domain/dates.h"
#include "services/agreements/domain/decisions.h"

namespace partnerskap::agreements {
namespace {

struct Step {
  const char* field;
  google::type::Date date;
};

// The dated steps in the order of their days. A court's judgment comes last, or, once the line is open again, before
// the new preparation.
std::vector<Step> StepsOf(const v1::Adoption& adoption) {
  const Step annulment{"annulment_date", adoption.annulment_date()};
  const bool reopened = adoption.state() != v1::Adoption::ANNULLED;
  std::vector<Step> steps = {{"circulation_date", adoption.circulation_date()}};
  if (reopened) steps.push_back(annulment);
  steps.push_back({"preparation_date", adoption.preparation_date()});
  for (const v1::AdoptionReturn& back : adoption.returns()) {
    // What came back before the judgment belongs to the line that it closed.
    if (reopened && IsBefore(back.return_date(), adoption.annulment_date())) continue;
    steps.push_back({"return_date", back.return_date()});
  }
  steps.push_back({"proposal_date", adoption.proposal_date()});
  steps.push_back({"decision_date", adoption.decision_date()});
  steps.push_back({"adjustment_date", adoption.adjustment_date()});
  steps.push_back({"announcement_date", adoption.announcement_date()});
  if (!reopened) steps.push_back(annulment);
  return steps;
}

absl::Status OutOfOrder(const Step& later, const Step& earlier) {
  return Refuse(v1::DATES_OUT_OF_ORDER, {{"field", later.field},
                                         {"date", DateToText(later.date)},
                                         {"earlier", absl::StrCat(earlier.field, " ", DateToText(earlier.date))}});
}

// Which item says what an outcome says; `version` is null where the item names none.
bool Says(const v1::DecisionItem& item, v1::Adoption::Outcome outcome, absl::string_view version,
          absl::string_view adopted_version) {
  switch (outcome) {
    case v1::Adoption::ADOPTED:
    case v1::Adoption::ADOPTED_WITH_RESERVATION:
      return item.kind() == v1::DecisionItem::ADOPTS && item.version() == version;
    case v1::Adoption::ADOPTED_CHANGED:
      return item.kind() == v1::DecisionItem::ADOPTS && item.version() == adopted_version;
    case v1::Adoption::REJECTED:
      return item.kind() == v1::DecisionItem::REJECTS && item.version() == version;
    case v1::Adoption::REFERRED_BACK:
      return item.kind() == v1::DecisionItem::REFERS_BACK;
    case v1::Adoption::TABLED:
      return item.kind() == v1::DecisionItem::TABLES;
    default:
      return false;
  }
}

}  // namespace

bool Adopts(v1::Adoption::Outcome outcome) {
  return outcome == v1::Adoption::ADOPTED || outcome == v1::Adoption::ADOPTED_WITH_RESERVATION;
}

bool SendsBack(v1::Adoption::Outcome outcome) {
  return outcome == v1::Adoption::REFERRED_BACK || outcome == v1::Adoption::TABLED;
}

bool IsDecided(v1::Adoption::State state) {
  return state == v1::Adoption::DECIDED || state == v1::Adoption::ADJUSTED || state == v1::Adoption::ANNOUNCED;
}

absl::StatusOr<v1::Adoption::State> NextState(const v1::Adoption& adoption, absl::string_view action,
                                              absl::string_view method) {
  const auto next = Next(kAdoptionTransitions, adoption.state(), action);
  if (next.has_value()) return *next;
  return Refuse(v1::ADOPTION_STATE, {{"adoption", adoption.name()},
                                     {"state", v1::Adoption::State_Name(adoption.state())},
                                     {"method", std::string(method)}});
}

void ForgetLaterFacts(v1::Adoption& adoption) {
  for (const AdoptionFact& fact : kAdoptionFacts) {
    if (adoption.state() >= fact.from) continue;
    adoption.GetReflection()->ClearField(&adoption, v1::Adoption::descriptor()->FindFieldByName(fact.field));
  }
}

absl::Status CheckAdoptionId(absl::string_view agreement, absl::string_view adoption_id, absl::string_view seat) {
  if (adoption_id == LastSegment(seat) && ParentName(seat) == ParentName(agreement)) return absl::OkStatus();
  return Refuse(v1::ADOPTION_ID_NOT_SEAT, {{"expected", std::string(LastSegment(seat))}});
}

absl::Status MustTakePart(const SeatFacts& seat, const v1::Agreement& agreement, const google::type::Date& date) {
  const bool left = IsBefore(seat.exit_date, agreement.start_date()) || IsBefore(seat.exit_date, date);
  const bool joined_later = IsBefore(agreement.end_date(), seat.join_date);
  if (!left && !joined_later) return absl::OkStatus();
  return Refuse(v1::SEAT_NOT_TAKING_PART, {{"seat", seat.seat}});
}

absl::Status CheckOrder(const v1::Adoption& adoption) {
  const std::vector<Step> steps = StepsOf(adoption);
  for (size_t later = 0; later < steps.size(); ++later) {
    for (size_t earlier = 0; earlier < later; ++earlier) {
      if (IsBefore(steps[later].date, steps[earlier].date)) return OutOfOrder(steps[later], steps[earlier]);
    }
  }
  // The extract may come in before or after the announcement, but is one of adjusted minutes.
  const Step extract{"extract_date", adoption.extract_date()};
  for (const Step& step : steps) {
    const std::string field = step.field;
    if (field == "announcement_date" || field == "annulment_date") continue;
    if (IsBefore(extract.date, step.date)) return OutOfOrder(extract, step);
  }
  return absl::OkStatus();
}

absl::Status CheckAdoptedVersion(v1::Adoption::Outcome outcome, absl::string_view version,
                                 absl::string_view adopted_version) {
  if (outcome != v1::Adoption::ADOPTED_CHANGED) {
    if (adopted_version.empty()) return absl::OkStatus();
    return RefuseFields({{"adopted_version", "is for the outcome ADOPTED_CHANGED only"}});
  }
  if (!adopted_version.empty() && adopted_version != version) return absl::OkStatus();
  return RefuseFields({{"adopted_version", "must name the wording adopted, another than the proposed one"}});
}

absl::Status MustBeOfSeat(const v1::Decision& decision, const SeatFacts& seat) {
  const absl::string_view organization = ParentName(decision.name());
  if (std::find(seat.parties.begin(), seat.parties.end(), organization) != seat.parties.end()) return absl::OkStatus();
  return Refuse(v1::DECISION_OF_OTHER_ORGANIZATION, {{"decision", decision.name()}, {"seat", seat.seat}});
}

absl::Status MustSaySo(const v1::Decision& decision, v1::Adoption::Outcome outcome, absl::string_view version,
                       absl::string_view adopted_version) {
  for (const v1::DecisionItem& item : decision.items()) {
    if (Says(item, outcome, version, adopted_version)) return absl::OkStatus();
  }
  return Refuse(v1::DECISION_DOES_NOT_SAY_SO,
                {{"decision", decision.name()}, {"outcome", v1::Adoption::Outcome_Name(outcome)}});
}

absl::Status MustAgreeOnReservation(const v1::Decision& decision, v1::Adoption::Outcome outcome) {
  const bool agrees =
      !Adopts(outcome) || HasReservation(decision) == (outcome == v1::Adoption::ADOPTED_WITH_RESERVATION);
  if (agrees) return absl::OkStatus();
  return Refuse(v1::RESERVATION_MISSING, {{"decision", decision.name()}});
}

absl::Status MayRecordExtract(const v1::Adoption& adoption) {
  if (!adoption.has_extract_date()) return absl::OkStatus();
  return Refuse(v1::EXTRACT_RECORDED,
                {{"adoption", adoption.name()}, {"extract_date", DateToText(adoption.extract_date())}});
}

common::v1::DecisionReference ReferenceTo(const v1::Decision& decision) {
  common::v1::DecisionReference reference;
  reference.set_decision(decision.name());
  reference.set_body(decision.body());
  reference.set_diary_number(decision.diary_number());
  reference.set_paragraph(decision.paragraph());
  if (decision.has_decision_date()) *reference.mutable_decision_date() = decision.decision_date();
  return reference;
}

}  // namespace partnerskap::agreements
