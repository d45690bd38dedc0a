#include "common/rpc/grpc_peer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/env/steady_time.h"
#include "common/rpc/door.h"
#include "common/rpc/door_test_gate.h"
#include "common/status/refusal.h"
#include "common/testing/certs.h"
#include "common/testing/temp_dir.h"

namespace partnerskap {
namespace {

using ::testing::Contains;
using ::testing::Pair;

// What a stream has told, and a way to wait for it.
class Heard {
 public:
  // Pauses after each `pause_after` messages, if that is not 0.
  explicit Heard(size_t pause_after = 0) : pause_after_(pause_after) {}

  StreamEvents Events() {
    StreamEvents events;
    events.on_message = [this](std::string message) {
      std::lock_guard<std::mutex> lock(mutex_);
      messages.push_back(std::move(message));
      changed_.notify_all();
      return pause_after_ == 0 || messages.size() % pause_after_ != 0;
    };
    events.on_end = [this](absl::Status status) {
      std::lock_guard<std::mutex> lock(mutex_);
      ends.push_back(std::move(status));
      changed_.notify_all();
    };
    return events;
  }
  template <typename Condition>
  bool Await(Condition condition) {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), condition);
  }

  std::vector<std::string> messages;
  std::vector<absl::Status> ends;

 private:
  const size_t pause_after_;
  std::mutex mutex_;
  std::condition_variable changed_;
};

class GrpcPeerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Listen("127.0.0.1:0");
    auto channels = ClientChannels::Open(certificates_.Service("agreements"));
    ASSERT_TRUE(channels.ok()) << channels.status();
    channels_ = *std::move(channels);
    peer_ = channels_->NewPeer(Target(), {});
  }

  void Listen(const std::string& address) {
    DoorOptions options;
    options.listen = address;
    options.tls = certificates_.Service("membership");
    auto door = Door::Open(options, gate_);
    ASSERT_TRUE(door.ok()) << door.status();
    door_ = *std::move(door);
  }
  std::string Target() const { return absl::StrCat("127.0.0.1:", door_->port()); }

  PeerResult Ask(Peer& peer, const std::string& method, std::string request,
                 absl::Time deadline = absl::Now() + absl::Seconds(20), CallMetadata metadata = {}) {
    std::promise<PeerResult> result;
    peer.Call(method, std::move(request), std::move(metadata), deadline,
              [&result](PeerResult answer) { result.set_value(std::move(answer)); });
    return result.get_future().get();
  }

  TempDir directory_;
  TestCertificates certificates_{directory_ / "certs"};
  TestGate gate_{certificates_.ServiceUri("agreements")};
  std::unique_ptr<Door> door_;
  std::unique_ptr<ClientChannels> channels_;
  std::unique_ptr<Peer> peer_;
};

TEST_F(GrpcPeerTest, CarriesBytesMetadataAndTrailers) {
  const PeerResult answer = Ask(*peer_, "/test/Echo", std::string(100'000, 'x'), absl::InfiniteFuture(),
                                {{kTraceKey, "00-1"}, {"Not Legal", "x"}, {"x-feed", "line\nfeed"}});
  ASSERT_TRUE(answer.status.ok()) << answer.status;
  EXPECT_EQ(answer.bytes, std::string(100'000, 'x'));
  EXPECT_THAT(gate_.Facts().last_head.metadata, Contains(Pair(kTraceKey, "00-1")));
  EXPECT_THAT(Ask(*peer_, "/test/Trailers", "").trailers, Contains(Pair(kPositionKey, "membership/00ff/7")));
}

TEST_F(GrpcPeerTest, BringsRefusalsWithTheirReason) {
  const PeerResult answer = Ask(*peer_, "/test/Refuse", "organizations/kommun-0380");
  EXPECT_EQ(answer.status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(ReasonOf(answer.status), "OBJECT_NOT_YOURS");
  EXPECT_EQ(ReasonMetadataOf(answer.status, "object"), "organizations/kommun-0380");
}

TEST_F(GrpcPeerTest, PassesOnTheDeadlineLessTheHop) {
  GrpcPeerOptions options;
  options.hop = absl::Seconds(5);
  const auto peer = channels_->NewPeer(Target(), options);
  const absl::Time deadline = absl::Now() + absl::Seconds(15);
  const absl::Time steady = SteadyTime(*NewSystemClock()) + absl::Seconds(15);
  ASSERT_TRUE(Ask(*peer, "/test/Echo", "x", deadline).status.ok());
  EXPECT_LE(gate_.Facts().last_head.deadline, steady - absl::Seconds(4));
  EXPECT_GT(gate_.Facts().last_head.deadline, steady - absl::Seconds(7));
  // What the hop leaves no time for is not even sent.
  const int handled = gate_.Facts().handled;
  EXPECT_EQ(Ask(*peer, "/test/Echo", "x", absl::Now() + absl::Seconds(4)).status.code(),
            absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(gate_.Facts().handled, handled);
}

TEST_F(GrpcPeerTest, ACallerWithoutADeadlineGetsOne) {
  ASSERT_TRUE(Ask(*peer_, "/test/Echo", "x", absl::InfiniteFuture()).status.ok());
  EXPECT_LT(gate_.Facts().last_head.deadline, SteadyTime(*NewSystemClock()) + absl::Seconds(11));
}

TEST_F(GrpcPeerTest, DeadlineOfASlowPeer) {
  EXPECT_EQ(Ask(*peer_, "/test/Hold", "x", absl::Now() + absl::Milliseconds(100)).status.code(),
            absl::StatusCode::kDeadlineExceeded);
  gate_.Release();
}

TEST_F(GrpcPeerTest, WatchesInOrderToTheEnd) {
  Heard heard;
  const auto stream = peer_->Watch("/test/Watch", "500 100", {}, heard.Events());
  ASSERT_TRUE(heard.Await([&] { return heard.ends.size() == 1; }));
  ASSERT_EQ(heard.messages.size(), 500u);
  for (size_t i = 0; i < heard.messages.size(); ++i) {
    EXPECT_EQ(heard.messages[i].substr(0, heard.messages[i].find(' ')), absl::StrCat(i));
  }
  EXPECT_TRUE(heard.ends[0].ok()) << heard.ends[0];
}

TEST_F(GrpcPeerTest, PausesUntilResumed) {
  Heard heard(/*pause_after=*/10);
  const auto stream = peer_->Watch("/test/Watch", "30 10", {}, heard.Events());
  for (size_t expected = 10; expected <= 30; expected += 10) {
    ASSERT_TRUE(heard.Await([&] { return heard.messages.size() == expected; }));
    // Another call goes through meanwhile; the paused stream says nothing.
    EXPECT_TRUE(Ask(*peer_, "/test/Echo", "x").status.ok());
    EXPECT_EQ(heard.messages.size(), expected);
    EXPECT_TRUE(heard.ends.empty());
    stream->Resume();
  }
  ASSERT_TRUE(heard.Await([&] { return heard.ends.size() == 1; }));
  EXPECT_TRUE(heard.ends[0].ok());
}

// The message is refused and Resume comes before on_message has returned.
TEST_F(GrpcPeerTest, ResumeDuringTheEventIsNotLost) {
  std::unique_ptr<PeerStream> stream;
  std::promise<void> ready;
  std::promise<absl::Status> end;
  const auto is_ready = ready.get_future().share();
  StreamEvents events;
  events.on_message = [&](std::string) {
    is_ready.wait();
    stream->Resume();
    return false;
  };
  events.on_end = [&](absl::Status status) { end.set_value(std::move(status)); };
  stream = peer_->Watch("/test/Watch", "20 10", {}, std::move(events));
  ready.set_value();
  EXPECT_TRUE(end.get_future().get().ok());
}

TEST_F(GrpcPeerTest, NoEventComesAfterTheStreamIsLetGo) {
  for (int i = 0; i < 50; ++i) {
    auto heard = std::make_unique<Heard>();
    auto stream = peer_->Watch("/test/Watch", "1000 10", {}, heard->Events());
    if (i % 2 == 0) {
      ASSERT_TRUE(heard->Await([&] { return !heard->messages.empty(); }));
    }
    stream.reset();
    // An event now would run into what is gone.
    heard.reset();
  }
  EXPECT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.sessions == 0; }));
}

TEST_F(GrpcPeerTest, AStreamCanLetItselfGo) {
  std::unique_ptr<PeerStream> stream;
  std::promise<void> ready, gone;
  const auto is_ready = ready.get_future().share();
  StreamEvents events;
  events.on_message = [&](std::string) {
    is_ready.wait();
    stream.reset();
    gone.set_value();
    return true;
  };
  events.on_end = [](absl::Status) { ADD_FAILURE() << "an event after the end"; };
  stream = peer_->Watch("/test/Watch", "1000 10", {}, std::move(events));
  ready.set_value();
  gone.get_future().wait();
  EXPECT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.sessions == 0; }));
}

TEST_F(GrpcPeerTest, AStoppingPeerEndsTheStreamInWords) {
  Heard heard;
  const auto stream = peer_->Watch("/test/Watch", "-1 0", {}, heard.Events());
  ASSERT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.watching == 1; }));
  EXPECT_TRUE(door_->Drain(absl::Seconds(10)));
  ASSERT_TRUE(heard.Await([&] { return heard.ends.size() == 1; }));
  EXPECT_EQ(ReasonOf(heard.ends[0]), "SHUTTING_DOWN");
}

TEST_F(GrpcPeerTest, APeerThatIsNotThereIsUnavailable) {
  const std::string target = Target();
  ASSERT_TRUE(door_->Stop(absl::Seconds(1)));
  const absl::Time begin = absl::Now();
  EXPECT_EQ(Ask(*peer_, "/test/Echo", "x").status.code(), absl::StatusCode::kUnavailable);
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
  Heard heard;
  const auto stream = peer_->Watch("/test/Watch", "1 1", {}, heard.Events());
  ASSERT_TRUE(heard.Await([&] { return heard.ends.size() == 1; }));
  EXPECT_EQ(heard.ends[0].code(), absl::StatusCode::kUnavailable);
}

TEST_F(GrpcPeerTest, FindsARestartedPeerAgain) {
  for (int restart = 0; restart < 3; ++restart) {
    ASSERT_TRUE(Ask(*peer_, "/test/Echo", "x").status.ok());
    const std::string address = Target();
    ASSERT_TRUE(door_->Stop(absl::Seconds(1)));
    EXPECT_EQ(Ask(*peer_, "/test/Echo", "x").status.code(), absl::StatusCode::kUnavailable);
    gate_.Reopen();
    Listen(address);
    const absl::Time begin = absl::Now();
    while (!Ask(*peer_, "/test/Echo", "x").status.ok() && absl::Now() - begin < absl::Seconds(10)) {
    }
    // The longest wait between attempts, its jitter, and a handshake on a busy machine.
    EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
  }
}

TEST_F(GrpcPeerTest, ClosingEndsCallsAndPausedStreams) {
  Heard paused(/*pause_after=*/1), running;
  const auto first = peer_->Watch("/test/Watch", "-1 0", {}, running.Events());
  const auto second = peer_->Watch("/test/Watch", "10 0", {}, paused.Events());
  ASSERT_TRUE(paused.Await([&] { return paused.messages.size() == 1; }));
  std::promise<PeerResult> held;
  peer_->Call("/test/Hold", "x", {}, absl::InfiniteFuture(),
              [&](PeerResult result) { held.set_value(std::move(result)); });
  ASSERT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.held == 1 && gate.watching >= 1; }));
  channels_.reset();
  EXPECT_EQ(held.get_future().get().status.code(), absl::StatusCode::kCancelled);
  ASSERT_EQ(running.ends.size(), 1u);
  EXPECT_EQ(running.ends[0].code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(paused.ends.size(), 1u);
  gate_.Release();
}

}  // namespace
}  // namespace partnerskap
