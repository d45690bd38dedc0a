#include "tests/history/linearizable.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/history/bad_histories.h"

namespace partnerskap {
namespace {

using Kind = Operation::Kind;
using Outcome = Operation::Outcome;
using ::testing::HasSubstr;

constexpr uint64_t kSeeds = 100;

// Each judge alone, so that neither leans on the other.
class Linearizable : public ::testing::TestWithParam<absl::Status (*)(const KeyHistory&)> {
 protected:
  static absl::Status Check(const KeyHistory& history) { return GetParam()(history); }
};

TEST_P(Linearizable, PassesWhatIs) {
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    for (const HistoryShape& shape : {HistoryShape{}, HistoryShape{400, 3, 0.02}, HistoryShape{40, 16, 0}}) {
      const absl::Status status = Check(MakeHistory(seed, shape));
      ASSERT_TRUE(status.ok()) << "seed " << seed << ", " << shape.clients << " clients: " << status;
    }
  }
}

TEST_P(Linearizable, FindsEverySeededBug) {
  for (const Bug bug : kBugs) {
    int found = 0;
    for (uint64_t seed = 0; seed < kSeeds; ++seed) {
      found += Check(MakeHistory(seed, {}, bug)).code() == absl::StatusCode::kFailedPrecondition;
    }
    EXPECT_EQ(found, kSeeds) << "bug " << static_cast<int>(bug);
  }
}

TEST_P(Linearizable, TakesEitherOrderOfWhatOverlaps) {
  KeyHistory history = {{0, 1, Kind::kCreate, Outcome::kDone, 0, 7, 1}, {2, 9, Kind::kWrite, Outcome::kDone, 0, 8, 2}};
  history.push_back({3, 4, Kind::kRead, Outcome::kDone, 0, 7, 1});
  history.push_back({5, 6, Kind::kRead, Outcome::kDone, 0, 8, 2});
  EXPECT_TRUE(Check(history).ok());
  // Having seen the new one, nobody sees the old one any more.
  history.push_back({7, 8, Kind::kRead, Outcome::kDone, 0, 7, 1});
  EXPECT_FALSE(Check(history).ok());
}

TEST_P(Linearizable, AnUnknownOutcomeMayBeEither) {
  KeyHistory history = {{0, 1, Kind::kCreate, Outcome::kDone, 0, 7, 1},
                        {2, kNeverReturned, Kind::kWrite, Outcome::kUnknown, 0, 8, 0},
                        {3, 4, Kind::kRead, Outcome::kDone, 0, 7, 1}};
  EXPECT_TRUE(Check(history).ok());
  history.push_back({5, 6, Kind::kRead, Outcome::kDone, 0, 8, 2});
  EXPECT_TRUE(Check(history).ok());
  history.push_back({7, 8, Kind::kWrite, Outcome::kDone, 0, 9, 4});
  EXPECT_FALSE(Check(history).ok());
}

TEST_P(Linearizable, RefusalsNeedAGround) {
  const Operation create = {0, 1, Kind::kCreate, Outcome::kDone, 0, 7, 1};
  EXPECT_TRUE(Check({create, {2, 3, Kind::kCreate, Outcome::kRefused, 0, 8, 0}}).ok());
  EXPECT_FALSE(Check({{2, 3, Kind::kCreate, Outcome::kRefused, 0, 8, 0}}).ok());
  EXPECT_TRUE(Check({create, {2, 3, Kind::kWriteIf, Outcome::kRefused, 2, 8, 0}}).ok());
  EXPECT_FALSE(Check({create, {2, 3, Kind::kWriteIf, Outcome::kRefused, 1, 8, 0}}).ok());
  EXPECT_FALSE(Check({create, {2, 3, Kind::kWrite, Outcome::kRefused, 0, 8, 0}}).ok());
}

TEST_P(Linearizable, JudgesALongHistory) { EXPECT_TRUE(Check(MakeHistory(1, {50'000, 8, 0})).ok()); }

INSTANTIATE_TEST_SUITE_P(Checkers, Linearizable, ::testing::Values(&CheckBySearch, &CheckByRevision),
                         [](const auto& info) { return info.index == 0 ? "BySearch" : "ByRevision"; });

TEST(Linearizable, SearchGivesUpRatherThanForEver) {
  // Sixty writes at once of which nobody learnt anything, and a read that none of them explains.
  KeyHistory history = {{0, 1, Kind::kCreate, Outcome::kDone, 0, 7, 1}};
  for (int i = 0; i < 60; ++i) {
    history.push_back({2, kNeverReturned, Kind::kWrite, Outcome::kUnknown, 0, static_cast<uint64_t>(100 + i), 0});
  }
  history.push_back({3, 4, Kind::kRead, Outcome::kDone, 0, 1, 30});
  EXPECT_EQ(CheckBySearch(history).code(), absl::StatusCode::kResourceExhausted);
}

TEST(Linearizable, SaysWhichOperationIsWrong) {
  const KeyHistory history = {{0, 1, Kind::kCreate, Outcome::kDone, 0, 7, 1},
                              {2, 3, Kind::kWrite, Outcome::kDone, 0, 8, 2},
                              {4, 5, Kind::kRead, Outcome::kDone, 0, 7, 1}};
  for (const auto check : {&CheckBySearch, &CheckByRevision}) {
    EXPECT_THAT(std::string(check(history).message()), HasSubstr("read of revision 1, called at 4, answered at 5"));
  }
}

}  // namespace
}  // namespace partnerskap
