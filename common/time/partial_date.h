// Dates as sources know them: a day, a month of a year, a year alone, or nothing. The message is google.type.Date; the
// calendar is the proleptic Gregorian one of absl::CivilDay. No time zone is involved.
//
// A date with year 0 is absent ("unknown"), whatever else it holds: a month and day without a year, which
// google.type.Date could carry, is no date of this suite.
#ifndef PARTNERSKAP_COMMON_TIME_PARTIAL_DATE_H_
#define PARTNERSKAP_COMMON_TIME_PARTIAL_DATE_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "google/type/date.pb.h"

namespace partnerskap {

// First and last year that a date can have: what google.type.Date allows and four digits write.
inline constexpr int kFirstYear = 1;
inline constexpr int kLastYear = 9999;

// How much of a date is known.
enum class DatePrecision { kYear, kMonth, kDay };

// How the day that one date stands for lies to the day that another stands for. kUnknown where the sources do not say:
// May 2017 and 2017-05-03 may be the same day or not, as may two dates that both say 2017.
enum class DateOrder { kBefore, kSame, kAfter, kUnknown };

// Whether `date` is one: year 1 to 9999, month 0 to 12, day 0 to 31, a day only with a month and only one that the
// month has. INVALID_ARGUMENT with the reason in English otherwise, so for an absent date too.
absl::Status ValidateDate(const google::type::Date& date);

// How exact `date` is; of a date that ValidateDate takes.
DatePrecision PrecisionOf(const google::type::Date& date);

// `date` as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`: the form of derived columns, in which text order is list order. Empty
// for an absent date.
std::string DateToText(const google::type::Date& date);

// The date of such a text; exactly that form, with all zeros written. INVALID_ARGUMENT for anything else, so for
// "2017-00", "2017-5" and the empty text.
absl::StatusOr<google::type::Date> DateFromText(absl::string_view text);

// The date of a day. Years outside kFirstYear to kLastYear give an absent date.
google::type::Date DateOf(absl::CivilDay day);

// The day of a date that ValidateDate takes and that is known to the day; nothing for any other.
std::optional<absl::CivilDay> FullDay(const google::type::Date& date);

// First and last day, both inclusive, that a date may stand for (May 2017: the 1st and the 31st); nothing for a date
// that ValidateDate refuses.
std::optional<absl::CivilDay> EarliestDay(const google::type::Date& date);
std::optional<absl::CivilDay> LatestDay(const google::type::Date& date);

// How the day of `a` lies to the day of `b`: kAfter if a is later. An absent or impossible date gives kUnknown.
DateOrder Compare(const google::type::Date& a, const google::type::Date& b);

// Year, then month, then day: the calendar's order for full days, and a total order for lists, in which absent dates
// come first and a vaguer date before the exact ones in it, as their texts do. To decide anything, use Compare.
std::strong_ordering ListOrder(const google::type::Date& a, const google::type::Date& b);

// The day `days` later, or earlier if negative. INVALID_ARGUMENT unless `date` is a full day; OUT_OF_RANGE if the
// result has no year of kFirstYear to kLastYear.
absl::StatusOr<google::type::Date> AddDays(const google::type::Date& date, int32_t days);

// Days from `from` to `to`: 1 from a day to the next, negative if `to` is earlier. INVALID_ARGUMENT unless both are
// full days.
absl::StatusOr<int32_t> DaysBetween(const google::type::Date& from, const google::type::Date& to);

// INVALID_ARGUMENT unless `date` is a full day.
absl::StatusOr<absl::Weekday> WeekdayOf(const google::type::Date& date);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_TIME_PARTIAL_DATE_H_
