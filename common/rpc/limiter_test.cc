#include "common/rpc/limiter.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/refusal.h"
#include "common/testing/sim.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

Caller CallerOf(const std::string& uri, Limits limits = {}) {
  Caller caller;
  caller.principal.uri = uri;
  caller.limits = limits;
  return caller;
}

class LimiterTest : public ::testing::Test {
 protected:
  std::string Reason(Limiter& limiter, const Caller& caller, Limiter::Kind kind = {}) {
    auto place = limiter.Enter(caller, kind);
    return place.ok() ? "" : ReasonOf(place.status());
  }
  FakeClock clock_{absl::UnixEpoch()};
};

TEST_F(LimiterTest, CallsAtOnceOfOnePrincipal) {
  Limiter limiter(clock_, 1'000, 1'000);
  const Caller one = CallerOf("one", {.concurrent_calls = 2});
  auto first = limiter.Enter(one, {});
  auto second = limiter.Enter(one, {});
  ASSERT_TRUE(second.ok());
  const auto third = limiter.Enter(one, {});
  EXPECT_EQ(ReasonOf(third.status()), "TOO_MANY_CALLS");
  EXPECT_EQ(ReasonMetadataOf(third.status(), "limit"), "2");
  EXPECT_EQ(Reason(limiter, CallerOf("two")), "");
  EXPECT_EQ(Reason(limiter, one, {.stream = true}), "");
  *first = Limiter::Place();
  EXPECT_EQ(Reason(limiter, one), "");
}

TEST_F(LimiterTest, AMovedPlaceIsGivenBackOnce) {
  Limiter limiter(clock_, 1'000, 1'000);
  const Caller one = CallerOf("one", {.concurrent_calls = 1});
  {
    Limiter::Place place = *limiter.Enter(one, {});
    Limiter::Place moved = std::move(place);
    EXPECT_EQ(Reason(limiter, one), "TOO_MANY_CALLS");
  }
  EXPECT_EQ(Reason(limiter, one), "");
}

TEST_F(LimiterTest, ATenthOfAllPlacesIsReserved) {
  Limiter limiter(clock_, 10, 10);
  std::vector<Limiter::Place> places;
  for (int i = 0; i < 9; ++i) places.push_back(*limiter.Enter(CallerOf(absl::StrCat(i)), {}));
  EXPECT_EQ(Reason(limiter, CallerOf("other")), "TOO_MANY_CALLS");
  places.push_back(*limiter.Enter(CallerOf("health"), {.reserved = true}));
  EXPECT_EQ(Reason(limiter, CallerOf("health"), {.reserved = true}), "TOO_MANY_CALLS");
}

TEST_F(LimiterTest, TheRateLetsABurstPassAndThenItsAverage) {
  Limiter limiter(clock_, 1'000, 1'000);
  const Caller one = CallerOf("one", {.calls_per_second = 2, .burst = 3});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Reason(limiter, one), "");
  const auto refused = limiter.Enter(one, {});
  EXPECT_EQ(ReasonOf(refused.status()), "RATE_EXCEEDED");
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kResourceExhausted);
  clock_.Advance(absl::Milliseconds(499));
  EXPECT_EQ(Reason(limiter, one), "RATE_EXCEEDED");
  clock_.Advance(absl::Milliseconds(2));
  EXPECT_EQ(Reason(limiter, one), "");
  EXPECT_EQ(Reason(limiter, one), "RATE_EXCEEDED");
  clock_.Advance(absl::Hours(1));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Reason(limiter, one), "");
  EXPECT_EQ(Reason(limiter, one), "RATE_EXCEEDED");
}

TEST_F(LimiterTest, TheRefusalSaysWhenToComeBack) {
  Limiter limiter(clock_, 1'000, 1'000);
  const Caller one = CallerOf("one", {.calls_per_second = 0.1, .burst = 1});
  EXPECT_EQ(Reason(limiter, one), "");
  const auto wire = ToRpcStatus(limiter.Enter(one, {}).status());
  google::rpc::RetryInfo retry;
  for (const auto& detail : wire.details()) detail.UnpackTo(&retry);
  EXPECT_EQ(retry.retry_delay().seconds(), 10);
}

TEST_F(LimiterTest, MutationsHaveARateOfTheirOwn) {
  Limiter limiter(clock_, 1'000, 1'000);
  const Caller one = CallerOf("one", {.mutations_per_second = 1, .mutation_burst = 2});
  EXPECT_EQ(Reason(limiter, one, {.mutating = true}), "");
  EXPECT_EQ(Reason(limiter, one, {.mutating = true}), "");
  EXPECT_EQ(Reason(limiter, one, {.mutating = true}), "RATE_EXCEEDED");
  EXPECT_EQ(Reason(limiter, one), "");
}

TEST_F(LimiterTest, ABurstBelowOneStillLetsOnePass) {
  Limiter limiter(clock_, 1'000, 1'000);
  EXPECT_EQ(Reason(limiter, CallerOf("one", {.calls_per_second = 0.01, .burst = 0.01})), "");
}

TEST_F(LimiterTest, SpendingUsesTheSameRate) {
  Limiter limiter(clock_, 1'000, 1'000);
  const Caller one = CallerOf("one", {.calls_per_second = 1, .burst = 2});
  EXPECT_TRUE(limiter.Spend(one));
  EXPECT_TRUE(limiter.Spend(one));
  EXPECT_FALSE(limiter.Spend(one));
  EXPECT_EQ(Reason(limiter, one), "RATE_EXCEEDED");
}

TEST_F(LimiterTest, IdlePrincipalsAreForgottenAndBusyOnesAreNot) {
  Limiter limiter(clock_, 1'000, 1'000);
  const Caller busy = CallerOf("busy", {.concurrent_calls = 1});
  const auto place = limiter.Enter(busy, {});
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_EQ(Reason(limiter, CallerOf(absl::StrCat(i))), "");
    clock_.Advance(absl::Milliseconds(10));
  }
  EXPECT_LE(limiter.principals(), 2'000u);
  EXPECT_EQ(Reason(limiter, busy), "TOO_MANY_CALLS");
}

TEST_F(LimiterTest, WhoHasUsedItsRateIsNotForgottenForIt) {
  Limiter limiter(clock_, 1'000, 1'000);
  const Caller fast = CallerOf("fast", {.calls_per_second = 0.01, .burst = 1});
  EXPECT_EQ(Reason(limiter, fast), "");
  for (int i = 0; i < 5'000; ++i) EXPECT_EQ(Reason(limiter, CallerOf(absl::StrCat(i))), "");
  EXPECT_EQ(Reason(limiter, fast), "RATE_EXCEEDED");
}

TEST_F(LimiterTest, ManyThreadsNeverHoldMoreThanTheLimit) {
  auto clock = NewSystemClock();
  Limiter limiter(*clock, 1'000, 1'000);
  const Caller one = CallerOf("one", {.calls_per_second = 1e9, .burst = 1e9, .concurrent_calls = 3});
  std::atomic<int> inside{0}, most{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2'000; ++i) {
        const auto place = limiter.Enter(one, {});
        if (!place.ok()) continue;
        const int now = ++inside;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        --inside;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(most, 3);
  std::vector<Limiter::Place> places;
  for (int i = 0; i < 3; ++i) places.push_back(*limiter.Enter(one, {}));
  EXPECT_EQ(Reason(limiter, one), "TOO_MANY_CALLS");
}

}  // namespace
}  // namespace partnerskap
