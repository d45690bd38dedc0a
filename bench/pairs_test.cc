#include "bench/pairs.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap::bench {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Spread, MedianOfOddAndEvenCounts) {
  EXPECT_EQ(SpreadOf({3, 1, 2}).median, 2);
  EXPECT_EQ(SpreadOf({4, 1, 2, 3}).median, 2.5);
  const Spread spread = SpreadOf({5, 9, 7});
  EXPECT_EQ(spread.min, 5);
  EXPECT_EQ(spread.max, 9);
  EXPECT_EQ(spread.count, 3U);
  EXPECT_EQ(SpreadOf({}).count, 0U);
}

TEST(Ratios, OnlyOfRoundsThatHaveBoth) {
  EXPECT_THAT(Ratios({2.0, std::nullopt, 6.0, 8.0}, {1.0, 1.0, std::nullopt, 2.0}), ElementsAre(2.0, 4.0));
  EXPECT_THAT(Ratios({1.0}, {0.0}), IsEmpty());
  EXPECT_THAT(Ratios({1.0, 2.0}, {1.0}), ElementsAre(1.0));
}

TEST(Judge, TooFewPairsAreNeverAPass) {
  EXPECT_EQ(Judge(SpreadOf({1, 1, 1, 1}), {true, 2}), Verdict::kInconclusive);
  EXPECT_EQ(Judge(SpreadOf({1, 1, 1, 1, 1}), {true, 2}), Verdict::kMet);
  EXPECT_EQ(Judge(SpreadOf({1}), {true, 2}, 1), Verdict::kMet);
}

TEST(Judge, BothDirections) {
  const Spread spread = SpreadOf({1, 2, 3, 4, 5});
  EXPECT_EQ(Judge(spread, {true, 3}), Verdict::kMet);
  EXPECT_EQ(Judge(spread, {true, 2.9}), Verdict::kMissed);
  EXPECT_EQ(Judge(spread, {false, 3}), Verdict::kMet);
  EXPECT_EQ(Judge(spread, {false, 3.1}), Verdict::kMissed);
}

TEST(Words, SayByHowMuch) {
  const Spread spread = SpreadOf({2, 2, 2, 2, 2});
  EXPECT_EQ(Words(spread, {true, 1}), "missed by 100 %");
  EXPECT_EQ(Words(spread, {true, 4}), "met by 50 %");
  EXPECT_EQ(Words(spread, {false, 1}), "met by 100 %");
  EXPECT_EQ(Words(SpreadOf({2, 2}), {false, 1}), "inconclusive: 2 of 5 pairs");
}

}  // namespace
}  // namespace partnerskap::bench
