// One watcher's session against a stream and a clock of the test's own: what happens between two of its steps.
#include "common/feed/watch_session.h"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/feed/producer_fixture.h"

namespace partnerskap {
namespace {

using ::testing::ElementsAre;

// The simulation's clock, and something that happens when it is asked for the so-manieth time.
class BusyClock final : public Clock {
 public:
  explicit BusyClock(Clock& clock) : clock_(clock) {}
  absl::Time Now() override { return clock_.Now(); }
  absl::Duration Steady() override {
    if (meanwhile_ != nullptr && --calls_ < 0) std::exchange(meanwhile_, nullptr)();
    return clock_.Steady();
  }
  void After(int calls, std::function<void()> meanwhile) {
    calls_ = calls;
    meanwhile_ = std::move(meanwhile);
  }
  bool waiting() const { return meanwhile_ != nullptr; }
  void Forget() { meanwhile_ = nullptr; }

 private:
  Clock& clock_;
  int calls_ = 0;
  std::function<void()> meanwhile_;
};

class TestSink final : public StreamSink {
 public:
  Sent Send(std::string message) override {
    if (refuse != nullptr) {
      std::exchange(refuse, nullptr)();
      return Sent::kFull;
    }
    common::v1::WatchChangesResponse response;
    EXPECT_TRUE(response.ParseFromString(message));
    for (const auto& change : response.changes()) sequences.push_back(change.sequence());
    ++heard;
    return Sent::kOk;
  }
  void Close(const absl::Status& status) override { closed = status; }

  std::function<void()> refuse;  // the next message is not taken, and this happens before Send returns
  std::vector<int64_t> sequences;
  int heard = 0;
  std::optional<absl::Status> closed;
};

std::atomic<bool> may_follow = true;

absl::Status MayFollow(const Call&, absl::string_view, ReadTx&) {
  return may_follow ? absl::OkStatus() : absl::PermissionDeniedError("no more");
}

class WatchSessionTest : public FeedTest {
 protected:
  WatchSessionTest() : clock_(loop().clock()), env_(server().service().env()) {
    env_.clock = &clock_;
    may_follow = true;
    feed_ = std::make_shared<Feed>("partnerskap.testing.notes.v1.NoteFeedService",
                                   FeedOptions{.hidden_types = {}, .may_follow = &MayFollow});
  }
  ~WatchSessionTest() override { session_.reset(); }

  // Opens a stream and hears where it stands.
  void Open() {
    sink_ = std::make_shared<TestSink>();
    session_ = NewWatchSession(env_, Call(), feed_, sink_);
    session_->OnMessage(common::v1::WatchChangesRequest().SerializeAsString());
    ASSERT_TRUE(loop().RunReady());
    ASSERT_GT(sink_->heard, 0);
  }

  BusyClock clock_;
  Env env_;
  std::shared_ptr<Feed> feed_;
  std::shared_ptr<TestSink> sink_;
  std::shared_ptr<Session> session_;
};

TEST_F(WatchSessionTest, ACommitAtAnyMomentOfATurnIsSentAtOnce) {
  // A turn asks the clock about so often; where exactly the second commit falls does not matter.
  constexpr int kMoments = 12;
  int met = 0;
  for (int moment = 0; moment < kMoments; ++moment) {
    Open();
    clock_.After(moment, [&] { Create(absl::StrCat("second", moment)); });
    const absl::Duration before = loop().clock().Steady();
    Create(absl::StrCat("first", moment));
    ASSERT_TRUE(loop().RunReady());
    if (!clock_.waiting()) ++met;
    clock_.Forget();
    EXPECT_EQ(sink_->sequences.back(), database().committed_sequence()) << "a commit at the clock's call " << moment;
    EXPECT_EQ(loop().clock().Steady(), before);
  }
  EXPECT_GE(met, 4);
}

TEST_F(WatchSessionTest, RoomThatComesWhileAPageIsRefusedIsUsed) {
  Open();
  const absl::Duration before = loop().clock().Steady();
  sink_->refuse = [this] { session_->OnWritable(); };
  Create("a");
  ASSERT_TRUE(loop().RunReady());
  EXPECT_THAT(sink_->sequences, ElementsAre(1));
  EXPECT_EQ(loop().clock().Steady(), before);
  ASSERT_TRUE(loop().RunFor(2 * kWatcherPatience));
  EXPECT_FALSE(sink_->closed.has_value());
}

TEST_F(WatchSessionTest, RoomThatComesLaterIsUsedThen) {
  Open();
  sink_->refuse = [] {};
  Create("a");
  ASSERT_TRUE(loop().RunReady());
  EXPECT_TRUE(sink_->sequences.empty());
  session_->OnWritable();
  ASSERT_TRUE(loop().RunReady());
  EXPECT_THAT(sink_->sequences, ElementsAre(1));
}

TEST_F(WatchSessionTest, WhoMayNoLongerFollowHearsNothingNew) {
  Open();
  Create("a");
  ASSERT_TRUE(loop().RunReady());
  EXPECT_THAT(sink_->sequences, ElementsAre(1));
  may_follow = false;
  ASSERT_TRUE(loop().RunFor(kRecheck));
  Create("b");
  ASSERT_TRUE(loop().RunReady());
  ASSERT_TRUE(sink_->closed.has_value());
  EXPECT_TRUE(absl::IsPermissionDenied(*sink_->closed));
  EXPECT_THAT(sink_->sequences, ElementsAre(1));
}

}  // namespace
}  // namespace partnerskap
