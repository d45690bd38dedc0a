// One edge against a producer of the test's own: what is asked for, what is stored, and when the next message is taken.
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/feed/applier.h"
#include "common/feed/producer.h"
#include "common/feed/projections.h"
#include "common/feed/subscriber.h"
#include "common/testing/notes/notes_service.h"
#include "common/testing/sim_service.h"

namespace partnerskap {
namespace {

using common::v1::Change;
using common::v1::WatchChangesRequest;
using common::v1::WatchChangesResponse;
using ::testing::Each;
using ::testing::ElementsAre;

constexpr char kEpoch[] = "aaaaaaaaaaaaaaaa";
// What the reactions of these tests do.
std::function<absl::Status(const Change&)>* on_change = nullptr;

absl::Status React(const Change& change, WriteTx&) { return (*on_change)(change); }

// Says what the test tells it to say, and remembers what it was asked.
class TestProducer final : public Peer {
 public:
  void Call(absl::string_view, std::string, CallMetadata, absl::Time, absl::AnyInvocable<void(PeerResult)>) override {
    ADD_FAILURE() << "a subscriber only watches";
  }
  std::unique_ptr<PeerStream> Watch(absl::string_view, std::string request, CallMetadata,
                                    StreamEvents events) override {
    events_ = std::move(events);
    requests.emplace_back();
    EXPECT_TRUE(requests.back().ParseFromString(request));
    return std::make_unique<Stream>(*this);
  }
  void Say(const WatchChangesResponse& response) { events_.on_message(response.SerializeAsString()); }
  void End() { events_.on_end(absl::UnavailableError("the test ended it")); }

  std::vector<WatchChangesRequest> requests;
  int resumes = 0;  // messages that were asked for after a first one

 private:
  class Stream final : public PeerStream {
   public:
    explicit Stream(TestProducer& producer) : producer_(producer) {}
    void Resume() override { ++producer_.resumes; }

   private:
    TestProducer& producer_;
  };
  StreamEvents events_;
};

// Keeps all that it is told.
class TestProjections final : public Projections {
 public:
  void Advance(const ProjectionState& state) override { told.push_back(state); }
  std::vector<ProjectionState> All() const override { return told; }
  void WaitFor(const Position&, absl::Time, absl::AnyInvocable<void(absl::Status)>) override {}

  std::vector<ProjectionState> told;
};

class EdgeOfTwoTest : public ::testing::Test {
 protected:
  EdgeOfTwoTest() : loop_(1), consumer_(loop_, notes::CopiesDefinition()) {
    consumer_.Start();
    env_ = consumer_.service().env();
    env_.peers["notes"] = &producer_;
    on_change = &react_;
    subscriber_ = Subscriber::Start(env_, {{"notes", "partnerskap.testing.notes.v1.NoteFeedService", &React, nullptr}},
                                    projections_);
    EXPECT_TRUE(loop_.RunReady());
    WatchChangesResponse state = Response({}, 0, "token 0");
    state.set_initial_state(true);
    state.set_initial_state_complete(true);
    SayAndRun(state);
  }
  ~EdgeOfTwoTest() override { subscriber_.reset(); }

  // Transactions by the sequences of their first and last change; read through `sequence`.
  static WatchChangesResponse Response(const std::vector<std::pair<int64_t, int64_t>>& transactions, int64_t sequence,
                                       const std::string& token) {
    WatchChangesResponse response;
    response.set_epoch(kEpoch);
    response.set_sequence(sequence);
    response.set_high_sequence(sequence);
    response.set_resume_token(token);
    for (const auto& [first, last] : transactions) {
      for (int64_t one = first; one <= last; ++one) {
        Change& change = *response.add_changes();
        change.set_epoch(kEpoch);
        change.set_sequence(one);
        change.set_transaction(first);
        change.set_name(absl::StrCat("networks/one/notes/n", one));
      }
    }
    return response;
  }
  void SayAndRun(const WatchChangesResponse& response) {
    producer_.Say(response);
    ASSERT_TRUE(loop_.RunReady());
  }
  WriteRequest Unaudited() {
    WriteRequest write;
    write.audited = false;
    write.context.time = loop_.clock().Now();
    write.body = [](WriteTx&) -> absl::StatusOr<std::string> { return std::string(); };
    return write;
  }
  FeedCursor Cursor() {
    auto cursor = consumer_.database().Read([](ReadTx& tx) { return ReadCursor(tx, "notes"); });
    EXPECT_TRUE(cursor.ok()) << cursor.status();
    return cursor.ok() ? *cursor : FeedCursor();
  }

  SimLoop loop_;
  SimService consumer_;
  TestProducer producer_;
  TestProjections projections_;
  std::vector<int64_t> applied_;
  std::function<absl::Status(const Change&)> react_ = [this](const Change& change) {
    applied_.push_back(change.sequence());
    return absl::OkStatus();
  };
  Env env_;
  std::unique_ptr<Subscriber> subscriber_;
};

// More than one effect, and more changes in the first of them than the writer is ever given at once.
constexpr int64_t kLarge = 1'000;

TEST_F(EdgeOfTwoTest, BeginsWithTheStateAndGoesOnAfterIt) {
  ASSERT_EQ(producer_.requests.size(), 1u);
  EXPECT_TRUE(producer_.requests[0].send_initial_state());
  SayAndRun(Response({{1, 1}}, 1, "token 1"));
  producer_.End();
  ASSERT_TRUE(loop_.RunUntil([this] { return producer_.requests.size() == 2; }));
  EXPECT_FALSE(producer_.requests[1].send_initial_state());
  EXPECT_EQ(producer_.requests[1].resume_token(), "token 1");
}

TEST_F(EdgeOfTwoTest, AResponsesTokenIsStoredWithItsLastTransaction) {
  const auto keep = react_;
  react_ = [&](const Change& change) {
    return change.sequence() == 2 ? absl::UnavailableError("not now") : keep(change);
  };
  const WatchChangesResponse both = Response({{1, 1}, {2, 2}}, 2, "token 2");
  SayAndRun(both);
  ASSERT_TRUE(loop_.RunUntil([this] { return producer_.requests.size() == 2; }));
  EXPECT_EQ(Cursor().sequence, 1);
  // With the token of both the second would never come again.
  EXPECT_EQ(producer_.requests[1].resume_token(), "token 0");
  react_ = keep;
  SayAndRun(both);
  EXPECT_EQ(Cursor().resume_token, "token 2");
  EXPECT_THAT(applied_, ElementsAre(1, 2));
}

TEST_F(EdgeOfTwoTest, TheNextMessageIsTakenWhenTheWriterHasRoom) {
  const int before = producer_.resumes;
  std::vector<int> asked;
  react_ = [&](const Change& change) {
    if (change.sequence() <= kLarge) asked.push_back(producer_.resumes - before);
    return absl::OkStatus();
  };
  SayAndRun(Response({{1, kLarge}, {kLarge + 1, kLarge + 1}}, kLarge + 1, "token"));
  EXPECT_EQ(asked.size(), static_cast<size_t>(kLarge));
  EXPECT_THAT(asked, Each(0));
  EXPECT_EQ(producer_.resumes - before, 1);
  EXPECT_EQ(Cursor().sequence, kLarge + 1);
}

TEST_F(EdgeOfTwoTest, AProducerThatIsNotListenedToIsNotSilent) {
  constexpr absl::Duration kThreeBookmarks = absl::Seconds(3 * kBookmarkSeconds);
  // The disk is slow: time passes, and with it the moment at which a producer would be given up.
  react_ = [&](const Change& change) {
    if (change.sequence() == 1) {
      EXPECT_TRUE(loop_.RunFor(2 * kThreeBookmarks - absl::Seconds(1)));
    }
    return absl::OkStatus();
  };
  SayAndRun(Response({{1, kLarge}, {kLarge + 1, kLarge + 1}}, kLarge + 1, "token"));
  EXPECT_EQ(Cursor().sequence, kLarge + 1);
  // From here on it is listened to, and has as long to speak as ever.
  ASSERT_TRUE(loop_.RunFor(kThreeBookmarks - absl::Seconds(2)));
  EXPECT_EQ(producer_.requests.size(), 1u);
  ASSERT_TRUE(loop_.RunFor(kThreeBookmarks));
  EXPECT_GT(producer_.requests.size(), 1u);
}

TEST_F(EdgeOfTwoTest, ALateAnswerDoesNotMoveThePositionBack) {
  // Answered in one batch with the effects, before them: meanwhile the stream ends and another begins.
  WriteRequest first = Unaudited();
  first.done = [this](const WriteResult&) {
    producer_.End();
    EXPECT_TRUE(loop_.RunUntil([this] { return producer_.requests.size() == 2; }));
    EXPECT_EQ(projections_.told.back().sequence, 2);
  };
  // While this one is written the others come together in the queue.
  WriteRequest before = Unaudited();
  before.body = [&](WriteTx&) -> absl::StatusOr<std::string> {
    consumer_.database().writer().Submit(std::move(first));
    SayAndRun(Response({{1, 1}, {2, 2}}, 2, "token 2"));
    return std::string();
  };
  before.done = [](const WriteResult&) {};
  consumer_.database().writer().Submit(std::move(before));
  ASSERT_TRUE(loop_.RunUntil([this] { return producer_.requests.size() == 2; }));
  ASSERT_TRUE(loop_.RunReady());
  int64_t last = 0;
  for (const ProjectionState& state : projections_.told) {
    EXPECT_GE(state.sequence, last);
    last = state.sequence;
  }
  EXPECT_EQ(last, 2);
}

TEST_F(EdgeOfTwoTest, HalfOfATransactionWaitsForTheRest) {
  WatchChangesResponse half = Response({{1, 2}}, 0, "token 0");
  half.mutable_changes()->RemoveLast();
  SayAndRun(half);
  EXPECT_TRUE(applied_.empty());
  WatchChangesResponse rest = Response({{1, 2}}, 2, "token 2");
  rest.mutable_changes()->erase(rest.mutable_changes()->begin());
  SayAndRun(rest);
  EXPECT_THAT(applied_, ElementsAre(1, 2));
  EXPECT_EQ(Cursor().resume_token, "token 2");
}

TEST_F(EdgeOfTwoTest, AnotherEpochIsNotMixedIn) {
  WatchChangesResponse other = Response({{1, 1}}, 1, "token 1");
  other.set_epoch("bbbbbbbbbbbbbbbb");
  SayAndRun(other);
  EXPECT_TRUE(applied_.empty());
  ASSERT_TRUE(loop_.RunUntil([this] { return producer_.requests.size() == 2; }));
  EXPECT_TRUE(producer_.requests[1].send_initial_state());
  EXPECT_EQ(Cursor().epoch, kEpoch);
}

}  // namespace
}  // namespace partnerskap
