#include "common/feed/projections.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/env/steady_time.h"
#include "common/status/refusal.h"
#include "common/testing/sim.h"

namespace partnerskap {
namespace {

class ProjectionsTest : public ::testing::Test {
 protected:
  ProjectionsTest() : loop_(1) {
    env_.clock = &loop_.clock();
    env_.random = &loop_.random();
    env_.executor = &loop_;
    projections_ = Projections::Create(env_, {"membership"});
  }

  void Applied(const std::string& epoch, int64_t sequence) {
    ProjectionState state;
    state.producer = "membership";
    state.epoch = epoch;
    state.sequence = sequence;
    projections_->Advance(state);
  }
  // Waits with a deadline of a second; the answers come into `answers_`.
  void WaitFor(const Position& position) {
    projections_->WaitFor(position, SteadyTime(loop_.clock()) + absl::Seconds(1),
                          [this](absl::Status status) { answers_.push_back(std::move(status)); });
  }

  SimLoop loop_;
  Env env_;
  std::unique_ptr<Projections> projections_;
  std::vector<absl::Status> answers_;
};

TEST_F(ProjectionsTest, WhatIsAppliedIsAnsweredAtOnce) {
  Applied("aa", 42);
  WaitFor({"membership", "aa", 42});
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_TRUE(answers_[0].ok());
}

TEST_F(ProjectionsTest, ServicesThatAreNotFollowedAreNotWaitedFor) {
  WaitFor({"scheduling", "aa", 42});
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_TRUE(answers_[0].ok());
}

TEST_F(ProjectionsTest, WaitsUntilThePositionIsApplied) {
  Applied("aa", 40);
  WaitFor({"membership", "aa", 42});
  Applied("aa", 41);
  EXPECT_TRUE(answers_.empty());
  Applied("aa", 42);
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_TRUE(answers_[0].ok());
  // The deadline of an answered wait says nothing more.
  ASSERT_TRUE(loop_.RunFor(absl::Seconds(5)));
  EXPECT_EQ(answers_.size(), 1u);
}

TEST_F(ProjectionsTest, RefusesInTimeForTheAnswerToArrive) {
  Applied("aa", 41);
  WaitFor({"membership", "aa", 42});
  const absl::Duration margin = kBehindMargin + absl::Seconds(1) / 100;
  ASSERT_TRUE(loop_.RunFor(absl::Seconds(1) - margin - absl::Milliseconds(1)));
  EXPECT_TRUE(answers_.empty());
  ASSERT_TRUE(loop_.RunFor(absl::Milliseconds(1)));
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_EQ(ReasonOf(answers_[0]), "PROJECTION_BEHIND");
  EXPECT_EQ(ReasonMetadataOf(answers_[0], "service"), "membership");
  Applied("aa", 42);
  EXPECT_EQ(answers_.size(), 1u);
}

TEST_F(ProjectionsTest, AJumpOfTheWallClockChangesNothing) {
  loop_.clock().SetNow(loop_.clock().Now() + absl::Hours(24));
  WaitFor({"membership", "aa", 42});
  loop_.clock().SetNow(loop_.clock().Now() - absl::Hours(48));
  ASSERT_TRUE(loop_.RunFor(absl::Milliseconds(900)));
  EXPECT_TRUE(answers_.empty());
  ASSERT_TRUE(loop_.RunFor(absl::Milliseconds(100)));
  EXPECT_EQ(answers_.size(), 1u);
}

TEST_F(ProjectionsTest, ADeadlineThatHasPassedIsRefusedByTheTimer) {
  projections_->WaitFor({"membership", "aa", 1}, SteadyTime(loop_.clock()) - absl::Seconds(1),
                        [this](absl::Status status) { answers_.push_back(std::move(status)); });
  ASSERT_TRUE(loop_.RunFor(absl::ZeroDuration()));
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_EQ(ReasonOf(answers_[0]), "PROJECTION_BEHIND");
}

TEST_F(ProjectionsTest, AnUnknownEpochIsWaitedForAndAnEndedOneIsNot) {
  Applied("aa", 100);
  WaitFor({"membership", "bb", 3});
  EXPECT_TRUE(answers_.empty());
  Applied("bb", 3);
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_TRUE(answers_[0].ok());
  WaitFor({"membership", "aa", 1'000});
  ASSERT_EQ(answers_.size(), 2u);
  EXPECT_TRUE(answers_[1].ok());
}

TEST_F(ProjectionsTest, ShowsWhyAnEdgeStandsStill) {
  ProjectionState state;
  state.producer = "membership";
  state.epoch = "aa";
  state.sequence = 7;
  state.status = absl::UnavailableError("no answer");
  projections_->Advance(state);
  ASSERT_EQ(projections_->All().size(), 1u);
  EXPECT_EQ(projections_->All()[0].sequence, 7);
  EXPECT_EQ(projections_->All()[0].status, absl::UnavailableError("no answer"));
}

TEST(PositionTest, SurvivesBeingWrittenAndRead) {
  const auto position = ParsePosition("membership/1f2e3d4c5b6a7988/42");
  ASSERT_TRUE(position.ok());
  EXPECT_EQ(position->service, "membership");
  EXPECT_EQ(position->epoch, "1f2e3d4c5b6a7988");
  EXPECT_EQ(position->sequence, 42);
  EXPECT_EQ(FormatPosition(*position), "membership/1f2e3d4c5b6a7988/42");
}

TEST(PositionTest, GarbageIsNoPosition) {
  for (const char* text :
       {"", "membership", "membership/aa", "membership/aa/", "membership/aa/x", "membership/aa/-1", "membership/aa/1/2",
        "/aa/1", "membership//1", "membership/aa/ 1", "membership/aa/01", "membership/aa/9223372036854775808"}) {
    EXPECT_EQ(ParsePosition(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace partnerskap
