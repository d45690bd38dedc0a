#include "services/agreements/domain/dates.h"

#include <optional>

#include "common/time/partial_date.h"

namespace partnerskap::agreements {

bool IsKnown(const google::type::Date& date) { return date.year() != 0; }

bool IsBefore(const google::type::Date& a, const google::type::Date& b) { return Compare(a, b) == DateOrder::kBefore; }

bool HasCome(const google::type::Date& date, absl::CivilDay day) {
  const std::optional<absl::CivilDay> latest = LatestDay(date);
  return latest.has_value() && *latest <= day;
}

bool IsToCome(const google::type::Date& date, absl::CivilDay day) {
  const std::optional<absl::CivilDay> earliest = EarliestDay(date);
  return earliest.has_value() && *earliest > day;
}

bool IsOver(const google::type::Date& end, absl::CivilDay day) {
  const std::optional<absl::CivilDay> latest = LatestDay(end);
  return latest.has_value() && *latest < day;
}

const google::type::Date& LaterOf(const google::type::Date& a, const google::type::Date& b) {
  return ListOrder(a, b) >= 0 ? a : b;
}

}  // namespace partnerskap::agreements
