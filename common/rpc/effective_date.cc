#include "common/rpc/effective_date.h"

#include <optional>

#include "common/status/macros.h"
#include "common/time/partial_date.h"
#include "common/time/swedish_calendar.h"

namespace partnerskap {

absl::StatusOr<absl::CivilDay> EffectiveDay(const Call& call, const google::type::Date& effective_date) {
  if (const std::optional<absl::CivilDay> day = FullDay(effective_date)) return *day;
  ASSIGN_OR_RETURN(const google::type::Date today, TodayInStockholm(call.time));
  return *FullDay(today);
}

}  // namespace partnerskap
