#include "services/membership/domain/periods.h"

#include <optional>
#include <string>
#include <utility>

#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "partnerskap/membership/v1/reasons.pb.h"

namespace partnerskap::membership {

bool IsAfter(absl::CivilDay day, const google::type::Date& date) {
  const std::optional<absl::CivilDay> last = LatestDay(date);
  return last.has_value() && day > *last;
}

bool IsBefore(absl::CivilDay day, const google::type::Date& date) {
  const std::optional<absl::CivilDay> first = EarliestDay(date);
  return first.has_value() && day < *first;
}

bool MayHold(const Period& period, absl::CivilDay day) {
  return !IsBefore(day, period.start) && !IsAfter(day, period.end);
}

namespace {

// The days that certainly belong to a period: from the last possible start to the first possible end. A start without
// an end lasts; an end without a start is certain for that day alone.
std::optional<std::pair<absl::CivilDay, absl::CivilDay>> CertainDays(const Period& period) {
  const std::optional<absl::CivilDay> start = LatestDay(period.start);
  const std::optional<absl::CivilDay> end = EarliestDay(period.end);
  if (!start && !end) return std::nullopt;
  return std::make_pair(start ? *start : *end, end ? *end : absl::CivilDay::max());
}

}  // namespace

bool CertainlyOverlap(const Period& a, const Period& b) {
  const auto days_a = CertainDays(a), days_b = CertainDays(b);
  if (!days_a || !days_b) return false;
  return days_a->first <= days_b->second && days_b->first <= days_a->second;
}

absl::Status CheckPeriod(const Period& period, absl::string_view field) {
  if (Compare(period.end, period.start) != DateOrder::kBefore) return absl::OkStatus();
  return Refuse(v1::PERIOD_REVERSED,
                {{"field", std::string(field)}, {"start", DateToText(period.start)}, {"end", DateToText(period.end)}});
}

}  // namespace partnerskap::membership
