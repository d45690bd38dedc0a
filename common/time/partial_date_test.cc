#include "common/time/partial_date.h"

#include <limits>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

using ::google::type::Date;
using ::testing::HasSubstr;

Date MakeDate(int32_t year, int32_t month = 0, int32_t day = 0) {
  Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

TEST(ValidateDate, TakesEachPrecision) {
  for (const Date& date : {MakeDate(2016), MakeDate(2017, 5), MakeDate(2016, 4, 21), MakeDate(1),
                           MakeDate(9999, 12, 31), MakeDate(2016, 2, 29), MakeDate(2000, 2, 29)}) {
    EXPECT_TRUE(ValidateDate(date).ok()) << DateToText(date);
  }
}

TEST(ValidateDate, RefusesWhatIsNoDate) {
  for (const Date& date :
       {Date(), MakeDate(0, 5, 3), MakeDate(-1), MakeDate(10000), MakeDate(2017, 13), MakeDate(2017, -1),
        MakeDate(2017, 5, 32), MakeDate(2017, 5, -1), MakeDate(2017, 0, 3), MakeDate(2017, 2, 29),
        MakeDate(1900, 2, 29), MakeDate(2017, 4, 31), MakeDate(std::numeric_limits<int32_t>::max()),
        MakeDate(std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::min(),
                 std::numeric_limits<int32_t>::min())}) {
    EXPECT_EQ(ValidateDate(date).code(), absl::StatusCode::kInvalidArgument) << date.ShortDebugString();
  }
}

TEST(ValidateDate, SaysWhatIsWrong) {
  EXPECT_THAT(ValidateDate(MakeDate(2017, 2, 29)).message(), HasSubstr("2017-02 has no day 29"));
  EXPECT_THAT(ValidateDate(MakeDate(2017, 0, 3)).message(), HasSubstr("needs a month"));
}

TEST(PrecisionOf, IsWhatIsGiven) {
  EXPECT_EQ(PrecisionOf(MakeDate(2017)), DatePrecision::kYear);
  EXPECT_EQ(PrecisionOf(MakeDate(2017, 5)), DatePrecision::kMonth);
  EXPECT_EQ(PrecisionOf(MakeDate(2017, 5, 3)), DatePrecision::kDay);
}

TEST(DateText, GoesBothWays) {
  for (const char* text : {"0001", "2016", "2017-05", "2016-04-21", "2016-02-29", "9999-12-31"}) {
    const absl::StatusOr<Date> date = DateFromText(text);
    ASSERT_TRUE(date.ok()) << text << ": " << date.status();
    EXPECT_EQ(DateToText(*date), text);
  }
  EXPECT_EQ(DateToText(Date()), "");
}

TEST(DateText, RefusesOtherForms) {
  for (const char* text :
       {"",           "17",         "2017-",   "2017-5",     "2017-05-", "2017-05-3",  "2017-05-031",
        "20170503",   "2017/05/03", "2017-00", "2017-05-00", "2017-13",  "2017-02-29", "0000",
        "0000-05-03", "+017",       "-017",    " 2017",      "2017-+5",  "2017-05-3x", "2017-05-03T00:00:00Z",
        "٢٠١٧"}) {
    EXPECT_EQ(DateFromText(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(Days, OfAPartialDateAreInclusive) {
  EXPECT_EQ(EarliestDay(MakeDate(2017, 5)), absl::CivilDay(2017, 5, 1));
  EXPECT_EQ(LatestDay(MakeDate(2017, 5)), absl::CivilDay(2017, 5, 31));
  EXPECT_EQ(LatestDay(MakeDate(2016, 2)), absl::CivilDay(2016, 2, 29));
  EXPECT_EQ(LatestDay(MakeDate(2017, 12)), absl::CivilDay(2017, 12, 31));
  EXPECT_EQ(EarliestDay(MakeDate(2019)), absl::CivilDay(2019, 1, 1));
  EXPECT_EQ(LatestDay(MakeDate(2019)), absl::CivilDay(2019, 12, 31));
  EXPECT_EQ(EarliestDay(MakeDate(2016, 4, 21)), LatestDay(MakeDate(2016, 4, 21)));
  EXPECT_EQ(EarliestDay(Date()), std::nullopt);
  EXPECT_EQ(LatestDay(MakeDate(2017, 2, 30)), std::nullopt);
}

TEST(FullDay, IsOnlyOfADay) {
  EXPECT_EQ(FullDay(MakeDate(2012, 1, 25)), absl::CivilDay(2012, 1, 25));
  EXPECT_EQ(FullDay(MakeDate(2012, 1)), std::nullopt);
  EXPECT_EQ(FullDay(MakeDate(2012)), std::nullopt);
  EXPECT_EQ(FullDay(MakeDate(2012, 1, 32)), std::nullopt);
  EXPECT_EQ(FullDay(Date()), std::nullopt);
}

TEST(DateOf, IsAbsentOutsideTheCalendar) {
  EXPECT_EQ(DateToText(DateOf(absl::CivilDay(2012, 1, 25))), "2012-01-25");
  EXPECT_EQ(DateToText(DateOf(absl::CivilDay(9999, 12, 31))), "9999-12-31");
  EXPECT_EQ(DateToText(DateOf(absl::CivilDay(10000, 1, 1))), "");
  EXPECT_EQ(DateToText(DateOf(absl::CivilDay(0, 12, 31))), "");
}

TEST(Compare, OfFullDays) {
  EXPECT_EQ(Compare(MakeDate(2012, 1, 25), MakeDate(2012, 1, 26)), DateOrder::kBefore);
  EXPECT_EQ(Compare(MakeDate(2012, 1, 25), MakeDate(2012, 1, 25)), DateOrder::kSame);
  EXPECT_EQ(Compare(MakeDate(2012, 2, 1), MakeDate(2012, 1, 31)), DateOrder::kAfter);
}

TEST(Compare, KnowsWhatPartialDatesSettle) {
  EXPECT_EQ(Compare(MakeDate(2011), MakeDate(2012, 1, 1)), DateOrder::kBefore);
  EXPECT_EQ(Compare(MakeDate(2012), MakeDate(2012, 1, 1)), DateOrder::kUnknown);
  EXPECT_EQ(Compare(MakeDate(2012, 1, 1), MakeDate(2011, 12)), DateOrder::kAfter);
  EXPECT_EQ(Compare(MakeDate(2017, 4), MakeDate(2017, 5)), DateOrder::kBefore);
  EXPECT_EQ(Compare(MakeDate(2017, 5, 31), MakeDate(2017, 5)), DateOrder::kUnknown);
  EXPECT_EQ(Compare(MakeDate(2017, 5, 31), MakeDate(2017, 6)), DateOrder::kBefore);
}

TEST(Compare, DoesNotTakeEqualPartialDatesForTheSameDay) {
  EXPECT_EQ(Compare(MakeDate(2017, 5), MakeDate(2017, 5)), DateOrder::kUnknown);
  EXPECT_EQ(Compare(MakeDate(2017), MakeDate(2017)), DateOrder::kUnknown);
}

TEST(Compare, OfAnAbsentDateIsUnknown) {
  EXPECT_EQ(Compare(Date(), MakeDate(2017, 5, 3)), DateOrder::kUnknown);
  EXPECT_EQ(Compare(MakeDate(2017, 5, 3), Date()), DateOrder::kUnknown);
  EXPECT_EQ(Compare(MakeDate(2017, 2, 30), MakeDate(2018)), DateOrder::kUnknown);
}

TEST(Compare, MirrorsWhenTurnedRound) {
  const std::vector<Date> dates = {Date(),
                                   MakeDate(2016),
                                   MakeDate(2017),
                                   MakeDate(2017, 5),
                                   MakeDate(2017, 6),
                                   MakeDate(2017, 5, 3),
                                   MakeDate(2018, 1, 1)};
  for (const Date& a : dates) {
    for (const Date& b : dates) {
      const DateOrder turned = Compare(b, a);
      switch (Compare(a, b)) {
        case DateOrder::kBefore:
          EXPECT_EQ(turned, DateOrder::kAfter);
          break;
        case DateOrder::kAfter:
          EXPECT_EQ(turned, DateOrder::kBefore);
          break;
        case DateOrder::kSame:
          EXPECT_EQ(turned, DateOrder::kSame);
          break;
        case DateOrder::kUnknown:
          EXPECT_EQ(turned, DateOrder::kUnknown);
          break;
      }
    }
  }
}

TEST(ListOrder, IsTheOrderOfTheTexts) {
  const std::vector<Date> in_order = {Date(),
                                      MakeDate(987, 12, 31),
                                      MakeDate(2017),
                                      MakeDate(2017, 5),
                                      MakeDate(2017, 5, 3),
                                      MakeDate(2017, 5, 10),
                                      MakeDate(2017, 10)};
  for (size_t i = 0; i < in_order.size(); ++i) {
    for (size_t j = 0; j < in_order.size(); ++j) {
      EXPECT_EQ(ListOrder(in_order[i], in_order[j]), i <=> j);
      EXPECT_EQ(DateToText(in_order[i]) < DateToText(in_order[j]), i < j);
    }
  }
}

TEST(AddDays, CrossesMonthsAndLeapDays) {
  EXPECT_EQ(DateToText(AddDays(MakeDate(2012, 12, 1), 21).value()), "2012-12-22");
  EXPECT_EQ(DateToText(AddDays(MakeDate(2016, 2, 28), 1).value()), "2016-02-29");
  EXPECT_EQ(DateToText(AddDays(MakeDate(2017, 2, 28), 1).value()), "2017-03-01");
  EXPECT_EQ(DateToText(AddDays(MakeDate(2017, 1, 1), -1).value()), "2016-12-31");
  EXPECT_EQ(DateToText(AddDays(MakeDate(2017, 1, 1), 0).value()), "2017-01-01");
}

TEST(AddDays, RefusesPartialDatesAndLeavingTheCalendar) {
  EXPECT_EQ(AddDays(MakeDate(2017, 5), 1).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(AddDays(Date(), 1).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(AddDays(MakeDate(9999, 12, 31), 1).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(AddDays(MakeDate(1, 1, 1), -1).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(AddDays(MakeDate(2017, 1, 1), std::numeric_limits<int32_t>::max()).status().code(),
            absl::StatusCode::kOutOfRange);
  EXPECT_EQ(AddDays(MakeDate(2017, 1, 1), std::numeric_limits<int32_t>::min()).status().code(),
            absl::StatusCode::kOutOfRange);
}

TEST(DaysBetween, CountsSteps) {
  EXPECT_EQ(DaysBetween(MakeDate(2016, 4, 21), MakeDate(2016, 4, 22)).value(), 1);
  EXPECT_EQ(DaysBetween(MakeDate(2016, 4, 22), MakeDate(2016, 4, 21)).value(), -1);
  EXPECT_EQ(DaysBetween(MakeDate(2016, 4, 21), MakeDate(2016, 4, 21)).value(), 0);
  EXPECT_EQ(DaysBetween(MakeDate(2016, 1, 1), MakeDate(2017, 1, 1)).value(), 366);
  EXPECT_EQ(DaysBetween(MakeDate(2016, 4), MakeDate(2016, 4, 21)).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(DaysBetween(MakeDate(2016, 4, 21), Date()).status().code(), absl::StatusCode::kInvalidArgument);
}

// The two meetings of 2016 and the autumn meeting of 2015 ran from Thursday to Friday (work plan 2016-2019).
TEST(WeekdayOf, OfTheMeetingsThatAreKnownToTheDay) {
  for (const Date& first : {MakeDate(2015, 11, 12), MakeDate(2016, 4, 21), MakeDate(2016, 10, 27)}) {
    EXPECT_EQ(WeekdayOf(first).value(), absl::Weekday::thursday) << DateToText(first);
  }
  EXPECT_EQ(WeekdayOf(MakeDate(2017, 5)).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace partnerskap
