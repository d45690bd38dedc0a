#include "common/time/legal_deadlines.h"

#include "gtest/gtest.h"

namespace partnerskap {
namespace {

TEST(LegalDeadlines, MinutesAreAdjustedWithinFourteenDays) {
  EXPECT_EQ(LastDayToAdjust(absl::CivilDay(2020, 3, 2)), absl::CivilDay(2020, 3, 16));
}

TEST(LegalDeadlines, AdjustmentIsAnnouncedOnTheSecondDay) {
  EXPECT_EQ(LastDayToAnnounce(absl::CivilDay(2020, 2, 28)), absl::CivilDay(2020, 3, 1));
}

TEST(LegalDeadlines, AppealEndsAfterThreeWeeks) {
  EXPECT_EQ(LastDayToAppeal(absl::CivilDay(2020, 3, 3)), absl::CivilDay(2020, 3, 24));
  EXPECT_EQ(FirstDayFinal(absl::CivilDay(2020, 3, 3)), absl::CivilDay(2020, 3, 25));
}

TEST(LegalDeadlines, AppealThatWouldEndAtChristmasEndsAfterIt) {
  // Three weeks from 2012-12-01 is a Saturday; Sunday, julafton, juldagen and annandag jul follow.
  EXPECT_EQ(LastDayToAppeal(absl::CivilDay(2012, 12, 1)), absl::CivilDay(2012, 12, 27));
  EXPECT_EQ(FirstDayFinal(absl::CivilDay(2012, 12, 1)), absl::CivilDay(2012, 12, 28));
}

TEST(LegalDeadlines, WithoutHolidaysADecisionIsFinalOnDayThirtyEightAtTheLatest) {
  const absl::CivilDay meeting(2020, 1, 7);
  EXPECT_EQ(FirstDayFinal(LastDayToAnnounce(LastDayToAdjust(meeting))) - meeting, 38);
}

}  // namespace
}  // namespace partnerskap
