#include "common/testing/sim.h"

#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partnerskap {
namespace {

using ::testing::ElementsAre;

// What three lanes, the pool and the network do with the same work, as one line.
std::string Interleaving(uint64_t seed) {
  SimLoop loop(seed);
  std::string trace;
  std::vector<std::unique_ptr<Lane>> lanes;
  for (char name : {'a', 'b', 'c'}) {
    lanes.push_back(loop.NewLane("lane"));
    for (int i = 0; i < 5; ++i) lanes.back()->Post([&trace, name] { trace += name; });
  }
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(loop.TryPost([&trace] { trace += 'p'; }));
    loop.Post([&trace] { trace += 'n'; });
  }
  EXPECT_TRUE(loop.RunReady());
  return trace;
}

TEST(SimLoopTest, OneSeedGivesOneRunAndSeedsDiffer) {
  EXPECT_EQ(Interleaving(7), Interleaving(7));
  EXPECT_NE(Interleaving(7), Interleaving(8));
}

TEST(SimLoopTest, ALaneKeepsItsOrder) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    SimLoop loop(seed);
    std::vector<int> ran;
    auto lane = loop.NewLane("lane");
    auto other = loop.NewLane("other");
    for (int i = 0; i < 4; ++i) {
      lane->Post([&ran, i] { ran.push_back(i); });
      other->Post([] {});
    }
    ASSERT_TRUE(loop.RunReady());
    EXPECT_THAT(ran, ElementsAre(0, 1, 2, 3)) << "seed " << seed;
  }
}

TEST(SimLoopTest, ALaneRunsWhatWasPostedBeforeItGoes) {
  SimLoop loop(1);
  int ran = 0;
  auto lane = loop.NewLane("lane");
  lane->Post([&ran] { ++ran; });
  lane.reset();
  EXPECT_EQ(ran, 1);
  EXPECT_FALSE(loop.Step());
}

TEST(SimLoopTest, TimeWaitsForReadyTasksThenJumps) {
  SimLoop loop(1);
  const absl::Time start = loop.clock().Now();
  absl::Time task_ran, timer_ran;
  auto timer = loop.After(absl::Hours(3), [&] { timer_ran = loop.clock().Now(); });
  loop.Post([&] { task_ran = loop.clock().Now(); });
  ASSERT_TRUE(loop.RunUntil([&] { return timer_ran != absl::Time(); }));
  EXPECT_EQ(task_ran, start);
  EXPECT_EQ(timer_ran, start + absl::Hours(3));
}

TEST(SimLoopTest, TimersFireByTimeThenByArrival) {
  SimLoop loop(1);
  std::vector<int> fired;
  auto late = loop.After(absl::Seconds(2), [&] { fired.push_back(3); });
  auto first = loop.After(absl::Seconds(1), [&] { fired.push_back(1); });
  auto second = loop.After(absl::Seconds(1), [&] { fired.push_back(2); });
  ASSERT_TRUE(loop.RunFor(absl::Seconds(5)));
  EXPECT_THAT(fired, ElementsAre(1, 2, 3));
}

TEST(SimLoopTest, ADestroyedTimerDoesNotFire) {
  SimLoop loop(1);
  bool fired = false;
  auto timer = loop.After(absl::Seconds(1), [&] { fired = true; });
  timer.reset();
  ASSERT_TRUE(loop.RunFor(absl::Seconds(5)));
  EXPECT_FALSE(fired);
}

TEST(SimLoopTest, RunForStopsAtItsEnd) {
  SimLoop loop(1);
  const absl::Time start = loop.clock().Now();
  bool fired = false;
  auto timer = loop.After(absl::Seconds(10), [&] { fired = true; });
  ASSERT_TRUE(loop.RunFor(absl::Seconds(9)));
  EXPECT_FALSE(fired);
  EXPECT_EQ(loop.clock().Now(), start + absl::Seconds(9));
  ASSERT_TRUE(loop.RunFor(absl::Seconds(1)));
  EXPECT_TRUE(fired);
}

TEST(SimLoopTest, AHangIsBounded) {
  SimLoop loop(1);
  std::function<void()> again;
  auto lane = loop.NewLane("lane");
  again = [&] { lane->Post([&] { again(); }); };
  again();
  EXPECT_FALSE(loop.RunUntil([] { return false; }, 1'000));
  // The lane runs what it holds before it goes; with the reason for more gone it can end.
  again = [] {};
}

TEST(SimLoopTest, NothingLeftEndsTheRun) {
  SimLoop loop(1);
  EXPECT_FALSE(loop.RunUntil([] { return false; }));
  EXPECT_TRUE(loop.RunUntil([] { return true; }));
}

TEST(SimLoopTest, ThePoolIsBounded) {
  SimLoop loop(1);
  loop.set_pool_limit(1);
  EXPECT_TRUE(loop.TryPost([] {}));
  EXPECT_FALSE(loop.TryPost([] {}));
}

TEST(SimLoopTest, WallTimeCanJumpWithoutTimersNoticing) {
  SimLoop loop(1);
  bool fired = false;
  auto timer = loop.After(absl::Seconds(10), [&] { fired = true; });
  loop.clock().SetNow(loop.clock().Now() + absl::Hours(24 * 365));
  ASSERT_TRUE(loop.RunFor(absl::Seconds(9)));
  EXPECT_FALSE(fired);
}

TEST(SimLoopDeathTest, ASecondThreadIsNoticed) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        SimLoop loop(1);
        std::thread([&loop] { loop.Post([] {}); }).join();
      },
      "second thread");
}

TEST(SeededRandomTest, FillsAnySizeAndRepeats) {
  std::string first(13, '\0'), second(13, '\0');
  SeededRandom a(5), b(5);
  a.Fill(first.data(), first.size());
  b.Fill(second.data(), second.size());
  EXPECT_EQ(first, second);
  EXPECT_NE(first, std::string(13, '\0'));
  EXPECT_FALSE(a.Chance(0));
  EXPECT_TRUE(a.Chance(1));
}

}  // namespace
}  // namespace partnerskap
