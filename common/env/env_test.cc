#include "common/env/env.h"

#include <pthread.h>

#include <array>
#include <atomic>
#include <latch>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/ids/ids.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

using ::testing::ElementsAre;

std::string ThisThreadName() {
  char name[16] = {};
  pthread_getname_np(pthread_self(), name, sizeof(name));
  return name;
}

TEST(SystemClockTest, SteadyNeverGoesBackAndNowIsAYearOfThisCentury) {
  auto clock = NewSystemClock();
  absl::Duration last = clock->Steady();
  for (int i = 0; i < 1000; ++i) {
    const absl::Duration next = clock->Steady();
    EXPECT_GE(next, last);
    last = next;
  }
  EXPECT_GT(clock->Now(), absl::FromUnixSeconds(1'577'836'800));
}

TEST(SystemRandomTest, FillsEveryByteAndNoMore) {
  auto random = NewSystemRandom();
  // Each byte differs from zero in one of 64 tries, but for a chance of 2^-512.
  std::array<unsigned char, 66> bytes{};
  std::array<bool, 66> seen{};
  for (int i = 0; i < 64; ++i) {
    random->Fill(bytes.data() + 1, 64);
    for (size_t j = 0; j < bytes.size(); ++j) seen[j] = seen[j] || bytes[j] != 0;
  }
  for (size_t j = 1; j < 65; ++j) EXPECT_TRUE(seen[j]) << j;
  EXPECT_FALSE(seen[0]);
  EXPECT_FALSE(seen[65]);
  random->Fill(nullptr, 0);
}

TEST(NewUuidTest, IsAUuidOfVersion4AndNeverTheSame) {
  auto random = NewSystemRandom();
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = NewUuid(*random);
    EXPECT_TRUE(IsUuid4(id)) << id;
    EXPECT_TRUE(ids.insert(id).second) << id;
  }
}

TEST(LaneTest, RunsInOrderOnOneNamedThreadAndFinishesBeforeItEnds) {
  auto executor = NewThreadExecutor(1, 10);
  std::vector<int> order;
  std::set<std::thread::id> threads;
  std::string name;
  {
    auto lane = executor->NewLane("writer");
    for (int i = 0; i < 100; ++i) {
      lane->Post([&, i] {
        order.push_back(i);
        threads.insert(std::this_thread::get_id());
        name = ThisThreadName();
      });
    }
  }
  ASSERT_EQ(order.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[i], i);
  EXPECT_EQ(threads.size(), 1u);
  EXPECT_EQ(threads.count(std::this_thread::get_id()), 0u);
  EXPECT_EQ(name, "writer");
}

TEST(LaneTest, ATaskThatPostsMoreIsFollowedToTheEnd) {
  auto executor = NewThreadExecutor(1, 10);
  std::vector<int> order;
  {
    auto lane = executor->NewLane("a-name-longer-than-the-kernel-keeps");
    Lane* raw = lane.get();
    lane->Post([&order, raw] {
      order.push_back(1);
      raw->Post([&order] { order.push_back(2); });
    });
  }
  EXPECT_THAT(order, ElementsAre(1, 2));
}

TEST(LaneTest, ALaneMayBeDestroyedByItsOwnTask) {
  auto executor = NewThreadExecutor(1, 10);
  std::latch done{1};
  std::unique_ptr<Lane> lane = executor->NewLane("own-end");
  Lane* raw = lane.get();
  raw->Post([&done, lane = std::move(lane)]() mutable {
    lane.reset();
    done.count_down();
  });
  done.wait();
}

TEST(LaneTest, PostsFromManyThreadsAllRun) {
  auto executor = NewThreadExecutor(1, 10);
  int count = 0;
  {
    auto lane = executor->NewLane("count");
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) lane->Post([&count] { ++count; });
      });
    }
    for (auto& thread : threads) thread.join();
  }
  EXPECT_EQ(count, 4000);
}

TEST(PoolTest, RefusesWhatItsQueueDoesNotHold) {
  auto executor = NewThreadExecutor(1, 2);
  std::latch started{1}, release{1};
  std::atomic<int> ran{0};
  ASSERT_TRUE(executor->TryPost([&] {
    started.count_down();
    release.wait();
    ++ran;
  }));
  started.wait();
  EXPECT_TRUE(executor->TryPost([&] { ++ran; }));
  EXPECT_TRUE(executor->TryPost([&] { ++ran; }));
  EXPECT_FALSE(executor->TryPost([&] { ++ran; }));
  release.count_down();
  executor.reset();
  EXPECT_EQ(ran, 3);
}

TEST(PoolTest, WorkersWorkAtOnce) {
  auto executor = NewThreadExecutor(2, 2);
  std::latch first{1}, second{1};
  ASSERT_TRUE(executor->TryPost([&] {
    first.count_down();
    second.wait();
  }));
  ASSERT_TRUE(executor->TryPost([&] {
    first.wait();
    second.count_down();
  }));
  second.wait();
}

TEST(TimerTest, RunsByTimeAndNotByOrderOfCalls) {
  auto executor = NewThreadExecutor(1, 1);
  std::vector<int> order;
  std::latch done{1};
  auto late = executor->After(absl::Milliseconds(40), [&] {
    order.push_back(2);
    done.count_down();
  });
  auto early = executor->After(absl::Milliseconds(5), [&] { order.push_back(1); });
  auto now = executor->After(-absl::Seconds(5), [&] { order.push_back(0); });
  done.wait();
  EXPECT_THAT(order, ElementsAre(0, 1, 2));
}

TEST(TimerTest, ADestroyedTimerDoesNotRun) {
  auto executor = NewThreadExecutor(1, 1);
  bool cancelled_ran = false;
  std::latch done{1};
  auto cancelled = executor->After(absl::Milliseconds(10), [&] { cancelled_ran = true; });
  auto later = executor->After(absl::Milliseconds(30), [&] { done.count_down(); });
  cancelled.reset();
  done.wait();
  EXPECT_FALSE(cancelled_ran);
}

TEST(TimerTest, ATaskMaySetTheNextTimerAndDropItsOwn) {
  auto executor = NewThreadExecutor(1, 1);
  std::latch done{1};
  std::unique_ptr<Timer> next;
  std::unique_ptr<Timer> timer = executor->After(
      absl::ZeroDuration(), [&] { next = executor->After(absl::Milliseconds(1), [&] { done.count_down(); }); });
  done.wait();
}

TEST(TimerTest, WhatIsNotDueIsDroppedAtTheEnd) {
  auto executor = NewThreadExecutor(1, 1);
  bool ran = false;
  auto never = executor->After(absl::InfiniteDuration(), [&] { ran = true; });
  executor.reset();
  never.reset();
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace partnerskap
