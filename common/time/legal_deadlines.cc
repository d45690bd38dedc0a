#include "common/time/legal_deadlines.h"

#include "common/time/swedish_calendar.h"

namespace partnerskap {
namespace {

constexpr int kDaysToAdjust = 14;   // KL 5:69
constexpr int kDaysToAnnounce = 2;  // KL 8:9
constexpr int kDaysToAppeal = 21;   // KL 13:5

}  // namespace

absl::CivilDay LastDayToAdjust(absl::CivilDay meeting) { return meeting + kDaysToAdjust; }

absl::CivilDay LastDayToAnnounce(absl::CivilDay adjusted) { return adjusted + kDaysToAnnounce; }

absl::CivilDay LastDayToAppeal(absl::CivilDay announced) { return NextWorkingDay(announced + kDaysToAppeal); }

absl::CivilDay FirstDayFinal(absl::CivilDay announced) { return LastDayToAppeal(announced) + 1; }

}  // namespace partnerskap
