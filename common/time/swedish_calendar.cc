#include "common/time/swedish_calendar.h"

#include <algorithm>

#include "absl/status/status.h"
#include "common/time/partial_date.h"

namespace partnerskap {
namespace {

// SFS 2004:1320 took Whit Monday and gave the National Day.
constexpr absl::civil_year_t kLastYearOfWhitMonday = 2004;
constexpr absl::civil_year_t kFirstYearOfNationalDay = 2005;

constexpr absl::civil_year_t kFirstKnownElectionYear = 2002;
constexpr absl::civil_year_t kYearsBetweenElections = 4;
constexpr absl::civil_year_t kLastElectionYearOnThirdSunday = 2010;

constexpr int kDaysInWeek = 7;

constexpr char kStockholm[] = "Europe/Stockholm";

bool IsWeekday(absl::CivilDay day, absl::Weekday weekday) { return absl::GetWeekday(day) == weekday; }

// The first `weekday` on or after `day`.
absl::CivilDay OnOrAfter(absl::CivilDay day, absl::Weekday weekday) { return absl::NextWeekday(day - 1, weekday); }

// Easter Sunday of the Gregorian calendar, by the algorithm of Meeus, Jones and Butcher: valid for every year from
// 1583. The letters are those of the published form.
absl::CivilDay EasterSunday(absl::civil_year_t year) {
  const auto a = year % 19;
  const auto b = year / 100;
  const auto c = year % 100;
  const auto d = b / 4;
  const auto e = b % 4;
  const auto f = (b + 8) / 25;
  const auto g = (b - f + 1) / 3;
  const auto h = (19 * a + b - d - g + 15) % 30;
  const auto i = c / 4;
  const auto k = c % 4;
  const auto l = (32 + 2 * e + 2 * i - h - k) % 7;
  const auto m = (a + 11 * h + 22 * l) / 451;
  const auto n = h + l - 7 * m + 114;
  return absl::CivilDay(year, n / 31, n % 31 + 1);
}

absl::CivilDay MidsummerDay(absl::civil_year_t year) {
  return OnOrAfter(absl::CivilDay(year, 6, 20), absl::Weekday::saturday);
}

bool IsEveOfDeadlineAct(absl::CivilDay day) {
  return day == MidsummerDay(day.year()) - 1 || day == absl::CivilDay(day.year(), 12, 24) ||
         day == absl::CivilDay(day.year(), 12, 31);
}

absl::StatusOr<absl::TimeZone> LoadStockholm() {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(kStockholm, &zone)) {
    return absl::InternalError(
        "no time zone Europe/Stockholm on this machine: install the package tzdata, or point TZDIR at its files");
  }
  return zone;
}

}  // namespace

std::vector<Holiday> HolidaysOf(absl::civil_year_t year) {
  const absl::CivilDay easter = EasterSunday(year);
  std::vector<Holiday> holidays = {
      {absl::CivilDay(year, 1, 1), "nyårsdagen"},
      {absl::CivilDay(year, 1, 6), "trettondedag jul"},
      {easter - 2, "långfredagen"},
      {easter, "påskdagen"},
      {easter + 1, "annandag påsk"},
      {absl::CivilDay(year, 5, 1), "första maj"},
      {easter + 39, "Kristi himmelsfärdsdag"},
      {easter + 49, "pingstdagen"},
      {MidsummerDay(year), "midsommardagen"},
      {OnOrAfter(absl::CivilDay(year, 10, 31), absl::Weekday::saturday), "alla helgons dag"},
      {absl::CivilDay(year, 12, 25), "juldagen"},
      {absl::CivilDay(year, 12, 26), "annandag jul"},
  };
  if (year <= kLastYearOfWhitMonday) holidays.push_back({easter + 50, "annandag pingst"});
  if (year >= kFirstYearOfNationalDay) holidays.push_back({absl::CivilDay(year, 6, 6), "nationaldagen"});
  std::stable_sort(holidays.begin(), holidays.end(), [](const Holiday& a, const Holiday& b) { return a.day < b.day; });
  return holidays;
}

bool IsPublicHoliday(absl::CivilDay day) { return IsWeekday(day, absl::Weekday::sunday) || !HolidayNames(day).empty(); }

std::vector<absl::string_view> HolidayNames(absl::CivilDay day) {
  std::vector<absl::string_view> names;
  for (const Holiday& holiday : HolidaysOf(day.year())) {
    if (holiday.day == day) names.push_back(holiday.name);
  }
  return names;
}

bool IsWorkingDay(absl::CivilDay day) {
  return !IsWeekday(day, absl::Weekday::saturday) && !IsPublicHoliday(day) && !IsEveOfDeadlineAct(day);
}

absl::CivilDay NextWorkingDay(absl::CivilDay day) {
  while (!IsWorkingDay(day)) ++day;
  return day;
}

std::optional<absl::CivilDay> ElectionDay(absl::civil_year_t year) {
  if (year < kFirstKnownElectionYear || (year - kFirstKnownElectionYear) % kYearsBetweenElections != 0) {
    return std::nullopt;
  }
  const int sundays_before = year <= kLastElectionYearOnThirdSunday ? 2 : 1;
  return OnOrAfter(absl::CivilDay(year, 9, 1), absl::Weekday::sunday) + sundays_before * kDaysInWeek;
}

absl::StatusOr<google::type::Date> TodayInStockholm(absl::Time now) {
  static const absl::StatusOr<absl::TimeZone> zone = LoadStockholm();
  if (!zone.ok()) return zone.status();
  return DateOf(absl::ToCivilDay(now, *zone));
}

}  // namespace partnerskap
