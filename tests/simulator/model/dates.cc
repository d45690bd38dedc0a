#include "tests/simulator/model/dates.h"

#include <algorithm>

namespace partnerskap::simulator::model {
namespace {

using google::type::Date;

absl::CivilDay LastOfMonth(int year, int month) { return absl::CivilDay(absl::CivilMonth(year, month) + 1) - 1; }

// Meeus, Jones and Butcher.
absl::CivilDay Easter(absl::civil_year_t year) {
  const int64_t a = year % 19, b = year / 100, c = year % 100;
  const int64_t d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
  const int64_t h = (19 * a + b - d - g + 15) % 30;
  const int64_t i = c / 4, k = c % 4;
  const int64_t l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int64_t m = (a + 11 * h + 22 * l) / 451;
  const int64_t month = (h + l - 7 * m + 114) / 31;
  const int64_t day = (h + l - 7 * m + 114) % 31 + 1;
  return absl::CivilDay(year, static_cast<int>(month), static_cast<int>(day));
}

absl::CivilDay FirstOnOrAfter(absl::CivilDay day, absl::Weekday weekday) { return absl::NextWeekday(day - 1, weekday); }

absl::CivilDay ElectionDay(absl::civil_year_t year) {
  const absl::CivilDay first = FirstOnOrAfter(absl::CivilDay(year, 9, 1), absl::Weekday::sunday);
  return year >= 2014 ? first + 7 : first + 14;
}

}  // namespace

bool IsEmpty(const Date& date) { return date.year() == 0 && date.month() == 0 && date.day() == 0; }

bool IsDay(const Date& date) { return date.year() != 0 && date.month() != 0 && date.day() != 0; }

bool IsWellFormed(const Date& date) {
  if (date.year() < 1 || date.year() > 9999) return false;
  if (date.month() == 0) return date.day() == 0;
  if (date.month() < 1 || date.month() > 12) return false;
  return date.day() >= 0 && date.day() <= LastOfMonth(date.year(), date.month()).day();
}

absl::CivilDay DayOf(const Date& date) { return absl::CivilDay(date.year(), date.month(), date.day()); }

Date DateOf(absl::CivilDay day) {
  Date date;
  date.set_year(static_cast<int>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

Span SpanOf(const Date& date) {
  if (IsEmpty(date)) return {};
  if (date.month() == 0) return {absl::CivilDay(date.year(), 1, 1), absl::CivilDay(date.year(), 12, 31)};
  if (date.day() == 0) return {absl::CivilDay(date.year(), date.month(), 1), LastOfMonth(date.year(), date.month())};
  return {DayOf(date), DayOf(date)};
}

bool CertainlyBefore(const Date& a, const Date& b) {
  return !IsEmpty(a) && !IsEmpty(b) && SpanOf(a).last < SpanOf(b).first;
}

bool CertainlyOverlap(const Date& start, const Date& end, const Date& other_start, const Date& other_end) {
  if (IsEmpty(start) || IsEmpty(other_start)) return false;
  const Span s = SpanOf(start), o = SpanOf(other_start);
  const bool here_open = IsEmpty(end), there_open = IsEmpty(other_end);
  if (here_open && there_open) return s.first == s.last && o.first == o.last && s.first == o.first;
  // An open term begins somewhere within its first date: all of it must lie in the other.
  if (here_open) return o.last <= s.first && s.last <= SpanOf(other_end).first;
  if (there_open) return s.last <= o.first && o.last <= SpanOf(end).first;
  return std::max(s.last, o.last) <= std::min(SpanOf(end).first, SpanOf(other_end).first);
}

absl::CivilDay SwedishDay(absl::Time now) {
  absl::TimeZone sweden;
  if (!absl::LoadTimeZone("Europe/Stockholm", &sweden)) return absl::ToCivilDay(now, absl::UTCTimeZone());
  return absl::ToCivilDay(now, sweden);
}

absl::CivilDay LastElectionDay(absl::CivilDay day) {
  absl::civil_year_t year = day.year();
  while (((year - 2014) % 4 + 4) % 4 != 0) --year;
  return ElectionDay(year) <= day ? ElectionDay(year) : ElectionDay(year - 4);
}

bool IsPublicHoliday(absl::CivilDay day) {
  if (absl::GetWeekday(day) == absl::Weekday::sunday) return true;
  const absl::civil_year_t year = day.year();
  const absl::CivilDay easter = Easter(year);
  const absl::CivilDay fixed[] = {absl::CivilDay(year, 1, 1),
                                  absl::CivilDay(year, 1, 6),
                                  absl::CivilDay(year, 5, 1),
                                  absl::CivilDay(year, 6, 6),
                                  absl::CivilDay(year, 12, 25),
                                  absl::CivilDay(year, 12, 26),
                                  easter - 2,
                                  easter + 1,
                                  easter + 39,
                                  FirstOnOrAfter(absl::CivilDay(year, 6, 20), absl::Weekday::saturday),
                                  FirstOnOrAfter(absl::CivilDay(year, 10, 31), absl::Weekday::saturday)};
  return std::find(std::begin(fixed), std::end(fixed), day) != std::end(fixed);
}

bool IsBankDay(absl::CivilDay day) {
  const absl::CivilDay midsummer_eve = FirstOnOrAfter(absl::CivilDay(day.year(), 6, 20), absl::Weekday::saturday) - 1;
  return !IsPublicHoliday(day) && absl::GetWeekday(day) != absl::Weekday::saturday && day != midsummer_eve &&
         day != absl::CivilDay(day.year(), 12, 24) && day != absl::CivilDay(day.year(), 12, 31);
}

}  // namespace partnerskap::simulator::model
