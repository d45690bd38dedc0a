#include "services/membership/domain/periods.h"

#include "common/status/refusal.h"
#include "gtest/gtest.h"
#include "services/membership/domain/test_messages.h"

namespace partnerskap::membership {
namespace {

Period Of(const std::string& start, const std::string& end) { return {Date(start), Date(end)}; }

TEST(Periods, ADayIsAfterADateOnlyWhenItIsAfterAllOfIt) {
  EXPECT_TRUE(IsAfter(absl::CivilDay(2017, 6, 1), Date("2017-05")));
  EXPECT_FALSE(IsAfter(absl::CivilDay(2017, 5, 31), Date("2017-05")));
  EXPECT_FALSE(IsAfter(absl::CivilDay(2017, 5, 31), Date("")));
}

TEST(Periods, ADayIsBeforeADateOnlyWhenItIsBeforeAllOfIt) {
  EXPECT_TRUE(IsBefore(absl::CivilDay(2017, 4, 30), Date("2017-05")));
  EXPECT_FALSE(IsBefore(absl::CivilDay(2017, 5, 1), Date("2017-05")));
  EXPECT_FALSE(IsBefore(absl::CivilDay(2017, 5, 1), Date("")));
}

TEST(Periods, BothEndsAreInclusive) {
  const Period period = Of("2016-01-01", "2019-12-31");
  EXPECT_TRUE(MayHold(period, absl::CivilDay(2016, 1, 1)));
  EXPECT_TRUE(MayHold(period, absl::CivilDay(2019, 12, 31)));
  EXPECT_FALSE(MayHold(period, absl::CivilDay(2015, 12, 31)));
  EXPECT_FALSE(MayHold(period, absl::CivilDay(2020, 1, 1)));
}

TEST(Periods, OverlapNeedsADayThatIsCertainlyInBoth) {
  EXPECT_TRUE(CertainlyOverlap(Of("2016-01-01", "2016-12-31"), Of("2016-12-31", "2017-12-31")));
  EXPECT_FALSE(CertainlyOverlap(Of("2016-01-01", "2016-12-30"), Of("2016-12-31", "2017-12-31")));
  // 2016 alone may mean its first day and its last: nothing is certain but the year's end as a start.
  EXPECT_FALSE(CertainlyOverlap(Of("2016", "2016"), Of("2016-03-01", "2016-04-01")));
}

TEST(Periods, AStartWithoutAnEndLasts) {
  EXPECT_TRUE(CertainlyOverlap(Of("2015-01-01", ""), Of("2020-01-01", "2020-12-31")));
  EXPECT_FALSE(CertainlyOverlap(Of("2015-01-01", ""), Of("", "2014-12-31")));
}

TEST(Periods, WhatNoSourceDatesOverlapsNothing) {
  EXPECT_FALSE(CertainlyOverlap(Of("", ""), Of("2015-01-01", "")));
  EXPECT_FALSE(CertainlyOverlap(Of("", ""), Of("", "")));
}

TEST(Periods, PeriodReversedIsRefusedWhenItIsCertain) {
  EXPECT_EQ(ReasonOf(CheckPeriod(Of("2016-02", "2016-01"), "end_date")), "PERIOD_REVERSED");
  EXPECT_TRUE(CheckPeriod(Of("2016-01-01", "2016-01-01"), "end_date").ok());
  EXPECT_TRUE(CheckPeriod(Of("2016-06-01", "2016"), "end_date").ok());
  EXPECT_TRUE(CheckPeriod(Of("", "2016"), "end_date").ok());
}

}  // namespace
}  // namespace partnerskap::membership
