#include "services/scheduling/domain/network_facts.h"

#include <algorithm>
#include <optional>

#include "common/time/partial_date.h"

namespace partnerskap::scheduling {
namespace {

bool CertainlyHolds(const Period& period, absl::CivilDay first, absl::CivilDay last) {
  const std::optional<absl::CivilDay> start = LatestDay(period.start), end = EarliestDay(period.end);
  return start && end && *start <= first && last <= *end;
}

void Take(int32_t number, const std::string& clause, Demand& demand) {
  if (number > 0 && demand.number == 0) demand = {number, clause};
}

}  // namespace

bool TakesPart(const SeatFacts& seat, const google::type::Date& date) {
  return Compare(date, seat.join_date) != DateOrder::kBefore && Compare(date, seat.exit_date) != DateOrder::kAfter;
}

bool IsOnHold(const SeatFacts& seat, absl::CivilDay day) {
  return std::any_of(seat.holds.begin(), seat.holds.end(), [day](const Period& hold) {
    const std::optional<absl::CivilDay> start = EarliestDay(hold.start), end = LatestDay(hold.end);
    return start && *start <= day && (!end || day <= *end);
  });
}

const SeatFacts* FindSeat(const NetworkFacts& facts, absl::string_view name) {
  for (const SeatFacts& seat : facts.seats) {
    if (seat.name == name) return &seat;
  }
  return nullptr;
}

Cadence CadenceOf(const AgreementFacts& agreement) {
  std::vector<CadenceFacts> clauses = agreement.cadences;
  std::sort(clauses.begin(), clauses.end(), [](const CadenceFacts& a, const CadenceFacts& b) {
    return a.rank != b.rank ? a.rank < b.rank : a.clause < b.clause;
  });
  Cadence cadence;
  for (const CadenceFacts& clause : clauses) {
    Take(clause.meetings_per_year, clause.clause, cadence.meetings_per_year);
    Take(clause.days_per_meeting, clause.clause, cadence.days_per_meeting);
    Take(clause.officers_meetings_per_meeting, clause.clause, cadence.officers_meetings_per_meeting);
  }
  return cadence;
}

const AgreementFacts* AgreementOf(const NetworkFacts& facts, const v1::Meeting& meeting) {
  const std::optional<absl::CivilDay> first = EarliestDay(meeting.first_date()), last = LatestDay(meeting.first_date());
  for (const AgreementFacts& agreement : facts.agreements) {
    if (!meeting.agreement().empty()) {
      if (agreement.name == meeting.agreement()) return &agreement;
    } else if (first && CertainlyHolds(agreement.period, *first, *last)) {
      return &agreement;
    }
  }
  return nullptr;
}

const AgreementFacts* AgreementOfYear(const NetworkFacts& facts, int32_t year) {
  for (const AgreementFacts& agreement : facts.agreements) {
    if (CertainlyHolds(agreement.period, absl::CivilDay(year, 1, 1), absl::CivilDay(year, 12, 31))) return &agreement;
  }
  return nullptr;
}

}  // namespace partnerskap::scheduling
