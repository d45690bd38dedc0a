// Sweden's public holidays, the days that legal deadlines skip, general election days, and today's date.
//
// Sources, see docs/sources.md: Lag (1989:253) om allmänna helgdagar (in force from 1990) with SFS 2004:1320; Lag
// (1930:173) om beräkning av lagstadgad tid 2 § (not verified in the text); Vallag (2005:837) (not verified in the
// text). Dates before 1990 are computed by the same rules and have not been checked against the law of their time.
#ifndef PARTNERSKAP_COMMON_TIME_SWEDISH_CALENDAR_H_
#define PARTNERSKAP_COMMON_TIME_SWEDISH_CALENDAR_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/type/date.pb.h"

namespace partnerskap {

// A public holiday that has a name; `name` is Swedish, lives as long as the process, and is as the Act writes it.
struct Holiday {
  absl::CivilDay day;
  absl::string_view name;
};

// The named public holidays of a year of the Gregorian calendar (1583 and later), by day; those that fall on a Sunday
// are among them, ordinary Sundays are not. Two can fall on one day: första maj and Kristi himmelsfärdsdag in 2008.
std::vector<Holiday> HolidaysOf(absl::civil_year_t year);

// Whether `day` is an allmän helgdag: a Sunday, or one of HolidaysOf.
bool IsPublicHoliday(absl::CivilDay day);

// Names of the public holidays of `day`, in Swedish; empty for other days and for ordinary Sundays.
std::vector<absl::string_view> HolidayNames(absl::CivilDay day);

// Whether a legal deadline can fall on `day`: not on a Saturday, a public holiday, Midsummer Eve, Christmas Eve or New
// Year's Eve (Lag 1930:173 2 §). Other eves are working days here, whatever an employer has agreed.
bool IsWorkingDay(absl::CivilDay day);

// `day` itself if it is a working day, else the first one after it: where a deadline that falls on `day` ends.
absl::CivilDay NextWorkingDay(absl::CivilDay day);

// Day of the general election (riksdag, region and kommun) in `year`: the third Sunday of September through 2010, the
// second from 2014, every fourth year. Nothing for other years, and for years before 2002, for which no source was
// read; an extraordinary election is not foreseen by any rule.
std::optional<absl::CivilDay> ElectionDay(absl::civil_year_t year);

// The date in Sweden (Europe/Stockholm) at an instant. INTERNAL if the machine lacks the time zone database (package
// tzdata): the date of UTC would be the wrong one for an hour or two each night. Call it once at start, so that such a
// machine fails then. What was found at the first call holds for the process.
absl::StatusOr<google::type::Date> TodayInStockholm(absl::Time now);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_TIME_SWEDISH_CALENDAR_H_
