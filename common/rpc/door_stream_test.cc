#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "common/rpc/door.h"
#include "common/rpc/door_test_client.h"
#include "common/rpc/door_test_gate.h"
#include "common/status/refusal.h"
#include "common/testing/temp_dir.h"

namespace partnerskap {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

class DoorStreamTest : public ::testing::Test {
 protected:
  void Open(absl::Duration peer_limit = absl::Seconds(30)) {
    DoorOptions options;
    options.tls = certificates_.Service("membership");
    options.peer_limit = peer_limit;
    auto door = Door::Open(options, gate_);
    ASSERT_TRUE(door.ok()) << door.status();
    door_ = *std::move(door);
    channel_ = TestChannel(door_->port(), client_);
  }

  bool AllOver() {
    return gate_.Await([](const TestGateFacts& gate) { return gate.admitted == 0 && gate.sessions == 0; });
  }

  TempDir directory_;
  TestCertificates certificates_{directory_ / "certs"};
  const TlsFiles client_ = certificates_.Client("kommun-0136", "diarium");
  TestGate gate_{certificates_.ClientUri("kommun-0136", "diarium")};
  std::unique_ptr<Door> door_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(DoorStreamTest, SendsAllInOrderAndEnds) {
  Open();
  TestCall call(channel_, "/test/Watch");
  call.Write("1000 500");
  call.WritesDone();
  for (int i = 0; i < 1000; ++i) {
    const auto message = call.Read();
    ASSERT_TRUE(message.has_value()) << i;
    ASSERT_THAT(*message, StartsWith(absl::StrCat(i, " e")));
  }
  EXPECT_FALSE(call.Read().has_value());
  EXPECT_TRUE(call.Finish().ok());
  EXPECT_TRUE(AllOver());
  EXPECT_THAT(gate_.Facts().ends, ElementsAre("/test/Watch OK"));
}

TEST_F(DoorStreamTest, AReaderThatPausesGetsEverythingAndCostsLittle) {
  Open();
  TestCall call(channel_, "/test/Watch");
  call.Write("2000 50000");
  call.WritesDone();
  ASSERT_TRUE(call.Read().has_value());
  // 100 MB are to be sent; what is taken from the handler while nobody reads is bounded by buffers.
  ASSERT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.bytes_sent > 500'000; }));
  TestCall other(channel_, "/test/Echo");
  EXPECT_TRUE(other.Ask("beside it").ok());
  EXPECT_LT(gate_.Facts().bytes_sent, 30'000'000);
  for (int i = 1; i < 2000; ++i) ASSERT_TRUE(call.Read().has_value()) << i;
  EXPECT_FALSE(call.Read().has_value());
  EXPECT_TRUE(call.Finish().ok());
}

TEST_F(DoorStreamTest, AReaderThatStopsIsCutOff) {
  Open(absl::Milliseconds(300));
  TestCall call(channel_, "/test/Watch");
  call.Write("100000 50000");
  call.WritesDone();
  EXPECT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.ends.size() == 1; }));
  EXPECT_TRUE(AllOver());
  EXPECT_THAT(gate_.Facts().ends, ElementsAre("/test/Watch RESOURCE_EXHAUSTED"));
  while (call.Read().has_value()) {
  }
  const absl::Status status = call.Finish();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()), StartsWith("WATCHER_TOO_SLOW: "));
}

TEST_F(DoorStreamTest, AQuietStreamIsNotCutOff) {
  Open(absl::Milliseconds(100));
  TestCall quiet(channel_, "/test/Watch");
  quiet.Write("-1 0");
  quiet.WritesDone();
  ASSERT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.watching == 1; }));
  // A call that never sends its request is the clock: three times the limit.
  for (int i = 0; i < 3; ++i) {
    TestCall slow(channel_, "/test/Echo");
    slow.Read();
    EXPECT_EQ(ReasonOf(slow.Finish()), "PEER_TOO_SLOW");
  }
  EXPECT_EQ(gate_.Facts().watching, 1);
}

TEST_F(DoorStreamTest, AStreamWithoutARequestIsRefused) {
  Open();
  TestCall call(channel_, "/test/Watch");
  call.WritesDone();
  EXPECT_FALSE(call.Read().has_value());
  EXPECT_EQ(ReasonOf(call.Finish()), "WRONG_MESSAGE_COUNT");
  EXPECT_TRUE(AllOver());
}

TEST_F(DoorStreamTest, ASessionCanRefuse) {
  Open();
  EXPECT_EQ(ReasonOf(TestCall(channel_, "/test/Watch").Ask("nonsense")), "MALFORMED_REQUEST");
  EXPECT_EQ(ReasonOf(TestCall(channel_, "/test/Closed").Ask("x")), "TOO_MANY_CALLS");
  EXPECT_TRUE(AllOver());
  EXPECT_THAT(gate_.Facts().ends, ElementsAre("/test/Watch INVALID_ARGUMENT", "/test/Closed RESOURCE_EXHAUSTED"));
}

TEST_F(DoorStreamTest, CancellingEndsTheSession) {
  Open();
  TestCall call(channel_, "/test/Watch");
  call.Write("-1 0");
  call.WritesDone();
  ASSERT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.watching == 1; }));
  call.context.TryCancel();
  EXPECT_EQ(call.Finish().code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(AllOver());
  EXPECT_THAT(gate_.Facts().ends, ElementsAre("/test/Watch CANCELLED"));
}

TEST_F(DoorStreamTest, AClientThatIsGoneEndsTheSession) {
  Open();
  auto channel = TestChannel(door_->port(), client_);
  auto call = std::make_unique<TestCall>(channel, "/test/Watch");
  call->Write("-1 0");
  call->WritesDone();
  ASSERT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.watching == 1; }));
  call.reset();
  channel.reset();
  EXPECT_TRUE(AllOver());
}

TEST_F(DoorStreamTest, BothSidesSpeakAndOrderHolds) {
  Open();
  TestCall call(channel_, "/test/Chat");
  for (int i = 0; i < 300; ++i) {
    ASSERT_TRUE(call.Write(absl::StrCat("m", i)));
    ASSERT_EQ(call.Read(), absl::StrCat("m", i));
  }
  call.WritesDone();
  EXPECT_FALSE(call.Read().has_value());
  EXPECT_TRUE(call.Finish().ok());
  EXPECT_TRUE(AllOver());
}

// The completion of a Write, the next message and the half-close come at the same time on two threads.
TEST_F(DoorStreamTest, ManyConversationsLoseNothing) {
  Open();
  constexpr int kThreads = 6, kConversations = 100, kMessages = 20;
  std::vector<std::future<int>> wrong;
  for (int thread = 0; thread < kThreads; ++thread) {
    wrong.push_back(std::async(std::launch::async, [&] {
      int bad = 0;
      for (int i = 0; i < kConversations; ++i) {
        TestCall call(channel_, "/test/Chat");
        for (int m = 0; m < kMessages; ++m) call.Write(absl::StrCat(m));
        call.WritesDone();
        int next = 0;
        while (const auto message = call.Read()) bad += *message != absl::StrCat(next++);
        bad += next != kMessages || !call.Finish().ok();
      }
      return bad;
    }));
  }
  for (auto& future : wrong) EXPECT_EQ(future.get(), 0);
  EXPECT_TRUE(AllOver());
}

TEST_F(DoorStreamTest, AnEmptyConversationEndsWell) {
  Open();
  TestCall call(channel_, "/test/Chat");
  call.WritesDone();
  EXPECT_FALSE(call.Read().has_value());
  EXPECT_TRUE(call.Finish().ok());
}

TEST_F(DoorStreamTest, StopAnswersWhatWasAccepted) {
  Open();
  TestCall held(channel_, "/test/Hold");
  held.Write("x");
  held.WritesDone();
  ASSERT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.held == 1; }));
  auto drained = std::async(std::launch::async, [this] { return door_->Drain(absl::Seconds(10)); });
  // New calls are refused in words while the old one waits.
  absl::Status late = absl::OkStatus();
  while (late.ok()) late = TestCall(channel_, "/test/Echo").Ask("late");
  EXPECT_EQ(late.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(late), "SHUTTING_DOWN");
  gate_.Release();
  EXPECT_EQ(held.Read(), "released");
  EXPECT_TRUE(drained.get());
  EXPECT_TRUE(door_->Stop(absl::Seconds(1)));
  EXPECT_TRUE(door_->Stop(absl::Seconds(1)));
}

TEST_F(DoorStreamTest, DrainSaysWhenACallIsNotAnswered) {
  Open();
  TestCall held(channel_, "/test/Hold");
  held.Write("x");
  held.WritesDone();
  ASSERT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.held == 1; }));
  EXPECT_FALSE(door_->Drain(absl::Milliseconds(50)));
  EXPECT_TRUE(door_->Stop(absl::ZeroDuration()));
  EXPECT_FALSE(held.Finish().ok());
  // An answer after the door's end does nothing.
  gate_.Release();
}

TEST_F(DoorStreamTest, DrainCutsReadersThatDoNotRead) {
  Open();
  TestCall slow(channel_, "/test/Watch");
  slow.Write("100000 50000");
  slow.WritesDone();
  ASSERT_TRUE(slow.Read().has_value());
  ASSERT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.bytes_sent > 500'000; }));
  EXPECT_TRUE(door_->Drain(absl::Seconds(2)));
  while (slow.Read().has_value()) {
  }
  const absl::Status status = slow.Finish();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  // With details if the client's window had room for what was under way, without if the call was cut.
  EXPECT_TRUE(ReasonOf(status) == "SHUTTING_DOWN" || absl::StartsWith(status.message(), "SHUTTING_DOWN: ")) << status;
}

// Watchers, mutations on their way and steady load; everybody must hear an answer that can be acted on.
TEST_F(DoorStreamTest, StopUnderLoadTwentyTimes) {
  constexpr int kTimes = 20, kWatchers = 20, kPuts = 20, kLoad = 3;
  for (int time = 0; time < kTimes; ++time) {
    Open();
    std::mutex mutex;
    std::map<std::string, int> watchers, others;
    const auto note = [&mutex](std::map<std::string, int>& counts, const absl::Status& status) {
      std::lock_guard<std::mutex> lock(mutex);
      ++counts[status.ok() ? "OK" : absl::StrCat(absl::StatusCodeToString(status.code()), " ", ReasonOf(status))];
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < kWatchers; ++i) {
      threads.emplace_back([&] {
        TestCall call(channel_, "/test/Watch");
        call.Write("-1 0");
        call.WritesDone();
        call.Read();
        note(watchers, call.Finish());
      });
    }
    ASSERT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.watching == kWatchers; }));
    const int handled = gate_.Facts().handled;
    for (int i = 0; i < kPuts; ++i) {
      threads.emplace_back([&] { note(others, TestCall(channel_, "/test/Put").Ask("x")); });
    }
    for (int i = 0; i < kLoad; ++i) {
      threads.emplace_back([&] {
        absl::Status status;
        while (status.ok()) note(others, status = TestCall(channel_, "/test/Echo").Ask("x"));
      });
    }
    ASSERT_TRUE(gate_.Await([&](const TestGateFacts& gate) { return gate.handled > handled + kPuts / 2; }));
    EXPECT_TRUE(door_->Drain(absl::Seconds(10)));
    for (std::thread& thread : threads) thread.join();
    EXPECT_TRUE(door_->Stop(absl::ZeroDuration())) << time;
    EXPECT_EQ(watchers.size(), 1u);
    EXPECT_EQ(watchers["UNAVAILABLE SHUTTING_DOWN"], kWatchers) << time;
    const int refused = others["UNAVAILABLE SHUTTING_DOWN"];
    EXPECT_GE(refused, kLoad) << time;
    others.erase("OK");
    EXPECT_EQ(others.size(), 1u) << time << ": " << others.rbegin()->first;
    ASSERT_TRUE(AllOver());
    gate_.Reopen();
  }
}

// A call that is cancelled at once is done, on one thread, before the other has taken note that it was accepted.
TEST_F(DoorStreamTest, StopAmongCallsThatComeAndGo) {
  constexpr int kTimes = 20, kThreads = 4;
  for (int time = 0; time < kTimes; ++time) {
    Open();
    std::atomic<bool> stopped{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        while (!stopped) {
          TestCall call(channel_, "/test/Watch");
          call.context.TryCancel();
        }
      });
    }
    ASSERT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.admitted > 0; }));
    EXPECT_TRUE(door_->Stop(absl::ZeroDuration()));
    door_.reset();
    stopped = true;
    for (std::thread& thread : threads) thread.join();
    ASSERT_TRUE(AllOver());
    gate_.Reopen();
  }
}

// With idle connections, which gRPC's own Shutdown would wait for.
TEST_F(DoorStreamTest, StopDoesNotWaitForIdleConnections) {
  Open();
  std::vector<std::shared_ptr<grpc::Channel>> idle;
  for (int i = 0; i < 5; ++i) {
    idle.push_back(TestChannel(door_->port(), client_));
    EXPECT_TRUE(TestCall(idle.back(), "/test/Echo").Ask("x").ok());
  }
  const absl::Time begin = absl::Now();
  EXPECT_TRUE(door_->Stop(absl::Seconds(10)));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
}

}  // namespace
}  // namespace partnerskap
