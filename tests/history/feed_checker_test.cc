#include "tests/history/feed_checker.h"

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

using common::v1::Change;
using common::v1::WatchChangesResponse;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr char kEpoch[] = "0123456789abcdef";
constexpr int kSeeds = 100;
constexpr size_t kEntries = 200;

// Transactions of one to four entries over ten names.
Log MakeLog(std::mt19937_64& engine) {
  Log log;
  std::map<std::string, int64_t> newest;
  while (log.size() < kEntries) {
    const auto transaction = static_cast<int64_t>(log.size()) + 1;
    for (uint64_t i = 0; i <= engine() % 4; ++i) {
      LogEntry entry;
      entry.sequence = static_cast<int64_t>(log.size()) + 1;
      entry.transaction = transaction;
      entry.name = absl::StrCat("n", engine() % 10);
      entry.revision = ++newest[entry.name];
      entry.type = "made.v1";
      entry.message_type = "Note";
      entry.message = absl::StrCat("content ", entry.sequence);
      log.push_back(entry);
    }
  }
  return log;
}

Change ChangeOf(const LogEntry& entry) {
  Change change;
  change.set_epoch(kEpoch);
  change.set_sequence(entry.sequence);
  change.set_transaction(entry.transaction);
  change.set_name(entry.name);
  change.set_revision(entry.revision);
  change.set_type(entry.type);
  change.set_message_type(entry.message_type);
  change.set_message(entry.message);
  return change;
}

// An honest stream: whole transactions, a response for a few of them.
FeedStream MakeStream(const Log& log, int64_t after, std::mt19937_64& engine) {
  FeedStream stream;
  stream.after = after;
  WatchChangesResponse response;
  for (size_t i = static_cast<size_t>(after); i < log.size(); ++i) {
    *response.add_changes() = ChangeOf(log[i]);
    const bool ends = i + 1 == log.size() || log[i + 1].transaction == log[i + 1].sequence;
    if (!ends || (engine() % 3 != 0 && i + 1 < log.size())) continue;
    response.set_epoch(kEpoch);
    response.set_sequence(log[i].sequence);
    response.set_high_sequence(static_cast<int64_t>(log.size()));
    stream.responses.push_back(response);
    response.Clear();
  }
  return stream;
}

struct FeedBug {
  std::string promise;
  std::function<void(FeedStream&)> plant;
};

std::vector<FeedBug> FeedBugs() {
  const auto middle = [](FeedStream& stream) -> WatchChangesResponse& {
    return stream.responses[stream.responses.size() / 2];
  };
  return {
      {"ordered", [=](FeedStream& s) { std::swap(middle(s), *(&middle(s) + 1)); }},
      {"unique", [=](FeedStream& s) { *middle(s).add_changes() = middle(s).changes(0); }},
      {"atomic",
       [](FeedStream& s) {
         // Any transaction of two is announced after its first half.
         for (WatchChangesResponse& r : s.responses) {
           if (r.changes().rbegin()->transaction() < r.sequence()) return r.set_sequence(r.sequence() - 1);
         }
       }},
      {"reliable", [=](FeedStream& s) { middle(s).mutable_changes()->RemoveLast(); }},
      {"resumable", [](FeedStream& s) { s.responses.front().mutable_changes()->DeleteSubrange(0, 1); }},
      {"bookmark", [=](FeedStream& s) { *(&middle(s) + 1)->add_changes() = middle(s).changes(0); }},
      {"durable", [=](FeedStream& s) { middle(s).mutable_changes(0)->set_message("lost in the crash"); }},
      {"epoch", [=](FeedStream& s) { middle(s).set_epoch("fedcba9876543210"); }},
  };
}

TEST(FeedChecker, PassesHonestStreams) {
  for (int seed = 0; seed < kSeeds; ++seed) {
    std::mt19937_64 engine(seed);
    const Log log = MakeLog(engine);
    EXPECT_THAT(CheckFeed(log, kEpoch, MakeStream(log, 0, engine)), IsEmpty()) << seed;
    EXPECT_THAT(CheckFeed(log, kEpoch, MakeStream(log, log[99].transaction - 1, engine)), IsEmpty()) << seed;
  }
}

TEST(FeedChecker, FindsEverySeededBug) {
  for (const FeedBug& bug : FeedBugs()) {
    for (int seed = 0; seed < kSeeds; ++seed) {
      std::mt19937_64 engine(seed);
      const Log log = MakeLog(engine);
      FeedStream stream = MakeStream(log, log[49].transaction - 1, engine);
      bug.plant(stream);
      ASSERT_THAT(CheckFeed(log, kEpoch, stream), Contains(StartsWith(bug.promise))) << "seed " << seed;
    }
  }
}

TEST(FeedChecker, AStateIsThatOfOneInstant) {
  std::mt19937_64 engine(1);
  const Log log = MakeLog(engine);
  FeedStream stream;
  stream.initial_state = true;
  WatchChangesResponse& state = stream.responses.emplace_back();
  std::map<std::string, LogEntry> newest;
  for (const LogEntry& entry : log) newest[entry.name] = entry;
  for (const auto& [name, entry] : newest) *state.add_changes() = ChangeOf(entry);
  state.set_epoch(kEpoch);
  state.set_initial_state(true);
  state.set_initial_state_complete(true);
  state.set_sequence(log.back().sequence);
  EXPECT_THAT(CheckFeed(log, kEpoch, stream), IsEmpty());
  state.mutable_changes()->RemoveLast();
  EXPECT_THAT(CheckFeed(log, kEpoch, stream), Contains(StartsWith("atomic")));
}

TEST(FeedChecker, AFilteredStreamLeavesOutTheRest) {
  std::mt19937_64 engine(1);
  const Log log = MakeLog(engine);
  const FeedView view{[](const LogEntry& entry) { return absl::StartsWith(entry.name, "n1"); }, {}};
  FeedStream stream = MakeStream(log, 0, engine);
  for (WatchChangesResponse& response : stream.responses) {
    WatchChangesResponse kept = response;
    kept.clear_changes();
    for (const Change& change : response.changes()) {
      if (change.name() == "n1") *kept.add_changes() = change;
    }
    response = kept;
  }
  EXPECT_THAT(CheckFeed(log, kEpoch, stream, view), IsEmpty());
  const auto last = std::find_if(stream.responses.rbegin(), stream.responses.rend(),
                                 [](const WatchChangesResponse& response) { return !response.changes().empty(); });
  last->clear_changes();
  EXPECT_THAT(CheckFeed(log, kEpoch, stream, view), Contains(StartsWith("reliable")));
}

}  // namespace
}  // namespace partnerskap
