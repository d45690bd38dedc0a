#include "bench/histogram.h"

#include "gtest/gtest.h"

namespace partnerskap::bench {
namespace {

TEST(Histogram, OfNothingIsZero) { EXPECT_EQ(Histogram().Percentile(0.99), 0); }

TEST(Histogram, PercentilesAreWithinABucket) {
  Histogram histogram;
  for (int i = 1; i <= 1000; ++i) histogram.Record(int64_t{i} * 1'000'000);
  EXPECT_EQ(histogram.count(), 1000U);
  EXPECT_NEAR(histogram.Percentile(0.5), 500'000, 500'000 * 0.017);
  EXPECT_NEAR(histogram.Percentile(0.99), 990'000, 990'000 * 0.017);
  EXPECT_GE(histogram.Percentile(1), 1'000'000);
  EXPECT_LE(histogram.Percentile(0.0001), 1'017'000);
}

TEST(Histogram, SmallAndHugeValuesHaveAPlace) {
  Histogram histogram;
  histogram.Record(-5);
  histogram.Record(0);
  EXPECT_LE(histogram.Percentile(1), 0.001);
  histogram.Record(INT64_MAX);
  EXPECT_GE(histogram.Percentile(1), 60e6);
}

TEST(Histogram, OneSlowCallInAHundredIsTheP99) {
  Histogram histogram;
  for (int i = 0; i < 98; ++i) histogram.Record(100'000);
  histogram.Record(9'000'000);
  histogram.Record(9'000'000);
  EXPECT_NEAR(histogram.Percentile(0.98), 100, 2);
  EXPECT_NEAR(histogram.Percentile(0.99), 9'000, 150);
}

}  // namespace
}  // namespace partnerskap::bench
