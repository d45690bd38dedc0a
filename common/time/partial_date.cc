#include "common/time/partial_date.h"

#include <tuple>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace partnerskap {
namespace {

using ::google::type::Date;

constexpr int kMonthsInYear = 12;
constexpr int kMostDaysInMonth = 31;

// Where the parts stand in `YYYY-MM-DD`, and the three lengths that a date's text can have.
constexpr size_t kYearText = 4;
constexpr size_t kMonthText = 7;
constexpr size_t kDayText = 10;

bool ReadDigits(absl::string_view digits, int32_t& value) {
  for (const char c : digits) {
    if (!absl::ascii_isdigit(c)) return false;
  }
  return absl::SimpleAtoi(digits, &value);
}

absl::Status NotADateText(absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" is no date YYYY[-MM[-DD]]"));
}

absl::StatusOr<absl::CivilDay> RequireFullDay(const Date& date) {
  const std::optional<absl::CivilDay> day = FullDay(date);
  if (!day.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat("\"", DateToText(date), "\" is not a full day"));
  }
  return *day;
}

}  // namespace

absl::Status ValidateDate(const Date& date) {
  if (date.year() < kFirstYear || date.year() > kLastYear) {
    return absl::InvalidArgumentError(absl::StrCat("year must be ", kFirstYear, " to ", kLastYear));
  }
  if (date.month() < 0 || date.month() > kMonthsInYear) {
    return absl::InvalidArgumentError("month must be 1 to 12, or 0 where only the year is known");
  }
  if (date.day() < 0 || date.day() > kMostDaysInMonth) {
    return absl::InvalidArgumentError("day must be 1 to 31, or 0 where it is not known");
  }
  if (date.day() != 0 && date.month() == 0) return absl::InvalidArgumentError("a day needs a month");
  // A CivilDay made of a day that the month lacks rolls over into the next month.
  if (date.day() != 0 && absl::CivilDay(date.year(), date.month(), date.day()).month() != date.month()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%04d-%02d has no day %d", date.year(), date.month(), date.day()));
  }
  return absl::OkStatus();
}

DatePrecision PrecisionOf(const Date& date) {
  if (date.month() == 0) return DatePrecision::kYear;
  return date.day() == 0 ? DatePrecision::kMonth : DatePrecision::kDay;
}

std::string DateToText(const Date& date) {
  if (date.year() == 0) return "";
  switch (PrecisionOf(date)) {
    case DatePrecision::kYear:
      return absl::StrFormat("%04d", date.year());
    case DatePrecision::kMonth:
      return absl::StrFormat("%04d-%02d", date.year(), date.month());
    case DatePrecision::kDay:
      break;
  }
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

absl::StatusOr<Date> DateFromText(absl::string_view text) {
  if (text.size() != kYearText && text.size() != kMonthText && text.size() != kDayText) return NotADateText(text);
  int32_t year = 0;
  int32_t month = 0;
  int32_t day = 0;
  bool readable = ReadDigits(text.substr(0, kYearText), year);
  if (text.size() >= kMonthText) {
    readable = readable && text[kYearText] == '-' && ReadDigits(text.substr(kYearText + 1, 2), month) && month != 0;
  }
  if (text.size() == kDayText) {
    readable = readable && text[kMonthText] == '-' && ReadDigits(text.substr(kMonthText + 1, 2), day) && day != 0;
  }
  if (!readable) return NotADateText(text);
  Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  if (const absl::Status status = ValidateDate(date); !status.ok()) return status;
  return date;
}

Date DateOf(absl::CivilDay day) {
  Date date;
  if (day.year() < kFirstYear || day.year() > kLastYear) return date;
  date.set_year(static_cast<int32_t>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

std::optional<absl::CivilDay> FullDay(const Date& date) {
  if (!ValidateDate(date).ok() || PrecisionOf(date) != DatePrecision::kDay) return std::nullopt;
  return absl::CivilDay(date.year(), date.month(), date.day());
}

std::optional<absl::CivilDay> EarliestDay(const Date& date) {
  if (!ValidateDate(date).ok()) return std::nullopt;
  return absl::CivilDay(date.year(), date.month() == 0 ? 1 : date.month(), date.day() == 0 ? 1 : date.day());
}

std::optional<absl::CivilDay> LatestDay(const Date& date) {
  if (!ValidateDate(date).ok()) return std::nullopt;
  switch (PrecisionOf(date)) {
    case DatePrecision::kYear:
      return absl::CivilDay(absl::CivilYear(date.year()) + 1) - 1;
    case DatePrecision::kMonth:
      return absl::CivilDay(absl::CivilMonth(date.year(), date.month()) + 1) - 1;
    case DatePrecision::kDay:
      break;
  }
  return absl::CivilDay(date.year(), date.month(), date.day());
}

DateOrder Compare(const Date& a, const Date& b) {
  const std::optional<absl::CivilDay> a_earliest = EarliestDay(a);
  const std::optional<absl::CivilDay> b_earliest = EarliestDay(b);
  if (!a_earliest.has_value() || !b_earliest.has_value()) return DateOrder::kUnknown;
  const absl::CivilDay a_latest = *LatestDay(a);
  const absl::CivilDay b_latest = *LatestDay(b);
  if (a_latest < *b_earliest) return DateOrder::kBefore;
  if (*a_earliest > b_latest) return DateOrder::kAfter;
  if (*a_earliest == a_latest && *b_earliest == b_latest) return DateOrder::kSame;
  return DateOrder::kUnknown;
}

std::strong_ordering ListOrder(const Date& a, const Date& b) {
  return std::make_tuple(a.year(), a.month(), a.day()) <=> std::make_tuple(b.year(), b.month(), b.day());
}

absl::StatusOr<Date> AddDays(const Date& date, int32_t days) {
  const absl::StatusOr<absl::CivilDay> day = RequireFullDay(date);
  if (!day.ok()) return day.status();
  const absl::CivilDay sum = *day + days;
  if (sum.year() < kFirstYear || sum.year() > kLastYear) {
    return absl::OutOfRangeError(absl::StrCat(DateToText(date), " and ", days, " days is outside the calendar"));
  }
  return DateOf(sum);
}

absl::StatusOr<int32_t> DaysBetween(const Date& from, const Date& to) {
  const absl::StatusOr<absl::CivilDay> first = RequireFullDay(from);
  if (!first.ok()) return first.status();
  const absl::StatusOr<absl::CivilDay> last = RequireFullDay(to);
  if (!last.ok()) return last.status();
  return static_cast<int32_t>(*last - *first);
}

absl::StatusOr<absl::Weekday> WeekdayOf(const Date& date) {
  const absl::StatusOr<absl::CivilDay> day = RequireFullDay(date);
  if (!day.ok()) return day.status();
  return absl::GetWeekday(*day);
}

}  // namespace partnerskap
