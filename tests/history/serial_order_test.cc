#include "tests/history/serial_order.h"

#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

using ::testing::HasSubstr;

constexpr int kSeeds = 100;
constexpr int kCalls = 300;

LogEntry Entry(int64_t sequence, int64_t transaction, const std::string& name, int64_t revision) {
  LogEntry entry;
  entry.sequence = sequence;
  entry.transaction = transaction;
  entry.name = name;
  entry.revision = revision;
  return entry;
}

// Some names written one after another, each entry a transaction of its own.
Log MakeLog(std::mt19937_64& engine) {
  Log log;
  std::map<std::string, int64_t> newest;
  for (int64_t sequence = 1; sequence <= kCalls; ++sequence) {
    const std::string name = absl::StrCat("n", engine() % 5);
    log.push_back(Entry(sequence, sequence, name, ++newest[name]));
  }
  return log;
}

int64_t RevisionAt(const Log& log, const std::string& name, int64_t sequence) {
  int64_t revision = 0;
  for (const LogEntry& entry : log) revision += entry.sequence <= sequence && entry.name == name;
  return revision;
}

// Writes at times 10, 20, 30 … and reads of two names at once, each somewhere in its window.
std::vector<AnsweredCall> MakeCalls(const Log& log, std::mt19937_64& engine) {
  std::vector<AnsweredCall> calls;
  for (const LogEntry& entry : log) {
    const int64_t at = entry.sequence * 10;
    calls.push_back(
        {at - static_cast<int64_t>(engine() % 30), at + static_cast<int64_t>(engine() % 30), entry.sequence, {}});
    AnsweredCall read{
        at + 5 - static_cast<int64_t>(engine() % 30), at + 5 + static_cast<int64_t>(engine() % 30), 0, {}};
    for (const char* name : {"n0", "n1"}) read.seen.push_back({name, RevisionAt(log, name, entry.sequence)});
    calls.push_back(read);
  }
  return calls;
}

TEST(SerialOrder, PassesWhatHasOne) {
  for (int seed = 0; seed < kSeeds; ++seed) {
    std::mt19937_64 engine(seed);
    const Log log = MakeLog(engine);
    ASSERT_TRUE(CheckLog(log).ok());
    const absl::Status status = CheckSerialOrder(log, MakeCalls(log, engine));
    ASSERT_TRUE(status.ok()) << seed << ": " << status;
  }
}

TEST(SerialOrder, FindsAReadOfAnOldSnapshot) {
  for (int seed = 0; seed < kSeeds; ++seed) {
    std::mt19937_64 engine(seed);
    const Log log = MakeLog(engine);
    std::vector<AnsweredCall> calls = MakeCalls(log, engine);
    // What both names were twenty writes ago: each write was answered long before.
    AnsweredCall& read = calls[2 * 250 + 1];
    for (Seen& seen : read.seen) seen.revision = RevisionAt(log, seen.name, 230);
    ASSERT_FALSE(CheckSerialOrder(log, calls).ok()) << seed;
  }
}

TEST(SerialOrder, FindsAListThatWasNeverOneState) {
  for (int seed = 0; seed < kSeeds; ++seed) {
    std::mt19937_64 engine(seed);
    const Log log = MakeLog(engine);
    std::vector<AnsweredCall> calls = MakeCalls(log, engine);
    AnsweredCall& read = calls[2 * 250 + 1];
    read.call = 0;
    read.returned = INT64_MAX;
    read.seen[0].revision = RevisionAt(log, "n0", 200);
    read.seen[1].revision = RevisionAt(log, "n1", 250);
    const absl::Status status = CheckSerialOrder(log, calls);
    ASSERT_THAT(std::string(status.message()), HasSubstr("a state that never was")) << seed;
  }
}

TEST(SerialOrder, FindsAWriteThatIsGone) {
  std::mt19937_64 engine(1);
  Log log = MakeLog(engine);
  const std::vector<AnsweredCall> calls = MakeCalls(log, engine);
  log.pop_back();
  EXPECT_THAT(std::string(CheckSerialOrder(log, calls).message()), HasSubstr("is lost"));
}

TEST(SerialOrder, FindsAcrossResourcesWhatNoSingleOneShows) {
  // a is written, then b. Who reads b's write and then a's absence has gone back in time.
  const Log log = {Entry(1, 1, "a", 1), Entry(2, 2, "b", 1)};
  EXPECT_TRUE(CheckSerialOrder(log, {{1, 2, 0, {{"a", 1}}}, {3, 4, 0, {{"b", 0}}}}).ok());
  EXPECT_FALSE(CheckSerialOrder(log, {{1, 2, 0, {{"b", 1}}}, {3, 4, 0, {{"a", 0}}}}).ok());
}

TEST(SerialOrder, AGapOrASplitTransactionIsNoLog) {
  EXPECT_TRUE(CheckLog({Entry(1, 1, "a", 1), Entry(2, 1, "b", 1), Entry(3, 3, "a", 2)}).ok());
  EXPECT_FALSE(CheckLog({Entry(1, 1, "a", 1), Entry(3, 3, "a", 2)}).ok());
  EXPECT_FALSE(CheckLog({Entry(1, 1, "a", 1), Entry(2, 2, "a", 3)}).ok());
  EXPECT_FALSE(CheckLog({Entry(1, 1, "a", 1), Entry(2, 2, "b", 1), Entry(3, 1, "c", 1)}).ok());
}

}  // namespace
}  // namespace partnerskap
