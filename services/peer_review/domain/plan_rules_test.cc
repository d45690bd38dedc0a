#include "services/peer_review/domain/plan_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/status/refusal.h"

namespace partnerskap::peer_review {
namespace {

using ::testing::ElementsAre;

constexpr char kNetwork[] = "networks/n";

std::string Seat(int i) { return absl::StrCat(kNetwork, "/seats/s", i); }

v1::ReviewRules Rules(int seats, int k) {
  v1::ReviewRules rules;
  for (int i = 0; i < seats; ++i) rules.add_seats(Seat(i));
  rules.set_reviews_per_seat(k);
  return rules;
}

std::string ReasonOfReading(const v1::ReviewRules& rules) { return ReasonOf(ReadRules(rules, kNetwork).status()); }

std::string Last(absl::string_view seat) { return std::string(seat.substr(seat.rfind('/') + 1)); }

v1::PlanReviewsResponse Ask(const v1::ReviewRules& rules, int64_t steps = kPlanSteps) {
  const absl::StatusOr<PlanInput> input = ReadRules(rules, kNetwork);
  EXPECT_TRUE(input.ok()) << input.status();
  const absl::StatusOr<PlanOutcome> outcome = SolvePlan(*input, steps);
  EXPECT_TRUE(outcome.ok()) << outcome.status();
  return AnswerOf(rules, *input, *outcome, Last);
}

template <typename List>
void AddPair(List& list, int reviewer, int reviewed) {
  auto& pair = *list.Add();
  pair.set_reviewer(Seat(reviewer));
  pair.set_reviewed(Seat(reviewed));
}

TEST(ReadRules, TakesEverything) {
  v1::ReviewRules rules = Rules(6, 2);
  rules.set_mutual_allowed(true);
  rules.set_neighbours_allowed(true);
  rules.set_previous_pairs_refused(true);
  AddPair(*rules.mutable_conflicts(), 0, 3);
  AddPair(*rules.mutable_previous_pairs(), 1, 4);
  rules.add_capacities()->set_seat(Seat(5));
  const absl::StatusOr<PlanInput> input = ReadRules(rules, kNetwork);
  ASSERT_TRUE(input.ok()) << input.status();
  EXPECT_EQ(input->seats.size(), 6u);
  EXPECT_EQ(input->reviewers_per_seat, 2);
  EXPECT_TRUE(input->allow_mutual_pairs && input->allow_host_neighbours && input->refuse_previous);
  EXPECT_THAT(input->conflicts, ElementsAre(Assignment{Seat(0), Seat(3)}));
  EXPECT_THAT(input->previous, ElementsAre(Assignment{Seat(1), Seat(4)}));
  ASSERT_EQ(input->capacities.size(), 1u);
  EXPECT_EQ(input->capacities[0].max_reviews, 0);
}

TEST(ReadRules, SeatsTwiceOrOfAnotherNetwork) {
  v1::ReviewRules rules = Rules(6, 2);
  rules.add_seats(Seat(3));
  EXPECT_EQ(ReasonMetadataOf(ReadRules(rules, kNetwork).status(), "seat"), Seat(3));
  EXPECT_EQ(ReasonOfReading(rules), "RING_SEAT_WRONG");
  rules = Rules(6, 2);
  rules.add_seats("networks/nn/seats/s9");
  EXPECT_EQ(ReasonOfReading(rules), "RING_SEAT_WRONG");
}

TEST(ReadRules, TooFewAndTooManySeats) {
  EXPECT_EQ(ReasonOfReading(Rules(4, 3)), "");
  EXPECT_EQ(ReasonOfReading(Rules(3, 3)), "RING_TOO_SMALL");
  EXPECT_EQ(ReasonOfReading(Rules(1, 1)), "RING_TOO_SMALL");
  EXPECT_EQ(ReasonOfReading(Rules(kMaxSeats, 3)), "");
  EXPECT_EQ(ReasonOfReading(Rules(kMaxSeats + 1, 3)), "FIELD_VIOLATIONS");
}

TEST(ReadRules, SeatsThatAreNotInTheRing) {
  v1::ReviewRules rules = Rules(6, 2);
  AddPair(*rules.mutable_conflicts(), 0, 6);
  EXPECT_EQ(ReasonOfReading(rules), "PAIR_SEAT_UNKNOWN");
  rules = Rules(6, 2);
  rules.add_capacities()->set_seat(Seat(7));
  EXPECT_EQ(ReasonMetadataOf(ReadRules(rules, kNetwork).status(), "seat"), Seat(7));
  // Whoever reviewed last time may have left.
  rules = Rules(6, 2);
  AddPair(*rules.mutable_previous_pairs(), 0, 6);
  EXPECT_EQ(ReasonOfReading(rules), "");
}

TEST(ReadRules, FieldsThatContradictEachOtherAreAllNamed) {
  v1::ReviewRules rules = Rules(6, 2);
  AddPair(*rules.mutable_conflicts(), 0, 1);
  AddPair(*rules.mutable_conflicts(), 2, 2);
  rules.add_capacities()->set_seat(Seat(4));
  rules.add_capacities()->set_seat(Seat(4));
  const std::vector<Violation> violations = ViolationsOf(ReadRules(rules, kNetwork).status());
  ASSERT_EQ(violations.size(), 2u);
  EXPECT_EQ(violations[0].field, "rules.conflicts[1].reviewed");
  EXPECT_EQ(violations[1].field, "rules.capacities[1].seat");
}

TEST(AnswerOf, APlanInTheOrderOfTheRing) {
  const v1::ReviewRules rules = Rules(9, 3);
  const v1::PlanReviewsResponse answer = Ask(rules);
  EXPECT_FALSE(answer.has_obstacle());
  EXPECT_FALSE(answer.undecided());
  EXPECT_EQ(answer.available_pairs(), 27);
  EXPECT_EQ(answer.needed_pairs(), 27);
  EXPECT_TRUE(answer.tight());
  ASSERT_EQ(answer.pairs_size(), 27);
  EXPECT_EQ(answer.seats_size(), 9);
  for (int i = 0; i < 27; ++i) EXPECT_EQ(answer.pairs(i).reviewed(), Seat(i / 3));
  EXPECT_LT(answer.pairs(0).reviewer(), answer.pairs(1).reviewer());
  EXPECT_TRUE(MustKeepRules(rules, answer.pairs()).ok());
}

TEST(AnswerOf, AnObstacleWithNumbersAndWords) {
  const v1::PlanReviewsResponse answer = Ask(Rules(8, 3));
  EXPECT_EQ(answer.pairs_size(), 0);
  EXPECT_EQ(answer.available_pairs(), 20);
  EXPECT_EQ(answer.needed_pairs(), 24);
  EXPECT_FALSE(answer.tight());
  EXPECT_EQ(answer.obstacle().available_pairs(), 20);
  EXPECT_EQ(answer.obstacle().needed_pairs(), 24);
  EXPECT_EQ(answer.obstacle().possible_reviews_per_seat(), 2);
  EXPECT_FALSE(answer.obstacle().may_be_smaller());
  EXPECT_THAT(answer.obstacle().clashing_rules(),
              ElementsAre(v1::EACH_REVIEWS_K, v1::EACH_REVIEWED_BY_K, v1::NO_MUTUAL_PAIR, v1::NO_NEIGHBOUR));
  EXPECT_NE(answer.obstacle().reason_sv().find("20 finns där 24 behövs"), std::string::npos);
  EXPECT_NE(answer.obstacle().reason_en().find("20 are available where 24 are needed"), std::string::npos);
}

TEST(AnswerOf, AnObstacleOfOneSeat) {
  v1::ReviewRules rules = Rules(10, 3);
  for (int other = 2; other < 7; ++other) AddPair(*rules.mutable_conflicts(), other, 0);
  v1::ReviewCapacity& capacity = *rules.add_capacities();
  capacity.set_seat(Seat(9));
  capacity.set_max_reviews(4);
  const v1::PlanReviewsResponse answer = Ask(rules);
  EXPECT_EQ(answer.obstacle().seat(), Seat(0));
  EXPECT_EQ(answer.obstacle().clashing_conflicts_size(), 5);
  EXPECT_EQ(answer.obstacle().clashing_capacities_size(), 0);
  EXPECT_EQ(answer.obstacle().reason_sv().find("För få kan granska s0: 2 finns där 3 behövs."), 0u);
}

TEST(AnswerOf, TheLimitIsNoObstacle) {
  const v1::PlanReviewsResponse answer = Ask(Rules(10, 3), 0);
  EXPECT_TRUE(answer.undecided());
  EXPECT_FALSE(answer.has_obstacle());
  EXPECT_EQ(answer.pairs_size(), 0);
  EXPECT_EQ(answer.available_pairs(), 35);
}

// Ring of ten, k = 3: a good plan, then one thing wrong with it at a time.
class MustKeepRulesTest : public testing::Test {
 protected:
  MustKeepRulesTest() : rules_(Rules(10, 3)), pairs_(Ask(rules_).pairs()) {}
  std::string Reason() const { return ReasonOf(MustKeepRules(rules_, pairs_)); }

  v1::ReviewRules rules_;
  ReviewPairs pairs_;
};

TEST_F(MustKeepRulesTest, AGoodPlan) { EXPECT_EQ(Reason(), ""); }

TEST_F(MustKeepRulesTest, UnknownSeat) {
  pairs_.Mutable(0)->set_reviewer(Seat(10));
  EXPECT_EQ(Reason(), "PAIR_SEAT_UNKNOWN");
}

TEST_F(MustKeepRulesTest, APairTwice) {
  *pairs_.Add() = pairs_.Get(0);
  EXPECT_EQ(Reason(), "PAIR_REPEATED");
}

TEST_F(MustKeepRulesTest, ItsOwnReviewer) {
  pairs_.Mutable(0)->set_reviewer(pairs_.Get(0).reviewed());
  EXPECT_EQ(Reason(), "PLAN_SELF_REVIEW");
}

TEST_F(MustKeepRulesTest, TooFewReviews) {
  const v1::ReviewPair left_out = pairs_.Get(pairs_.size() - 1);
  pairs_.RemoveLast();
  const absl::Status status = MustKeepRules(rules_, pairs_);
  EXPECT_EQ(ReasonOf(status), "PLAN_COUNT_WRONG");
  EXPECT_EQ(ReasonMetadataOf(status, "expected"), "3");
  const std::string seat = ReasonMetadataOf(status, "seat");
  EXPECT_TRUE(seat == left_out.reviewer() || seat == left_out.reviewed());
}

TEST_F(MustKeepRulesTest, ACapacityIsAMaximum) {
  v1::ReviewCapacity& capacity = *rules_.add_capacities();
  capacity.set_seat(Seat(0));
  capacity.set_max_reviews(2);
  EXPECT_EQ(Reason(), "PLAN_OVER_CAPACITY");
  capacity.set_max_reviews(3);
  EXPECT_EQ(Reason(), "");
}

TEST(MustKeepRules, AnotherTakesOverWhereCapacitiesSaySo) {
  v1::ReviewRules rules = Rules(10, 3);
  for (const auto& [seat, most] : {std::pair(0, 2), {5, 4}}) {
    v1::ReviewCapacity& capacity = *rules.add_capacities();
    capacity.set_seat(Seat(seat));
    capacity.set_max_reviews(most);
  }
  const v1::PlanReviewsResponse answer = Ask(rules);
  ASSERT_EQ(answer.pairs_size(), 30);
  EXPECT_EQ(ReasonOf(MustKeepRules(rules, answer.pairs())), "");
  rules.clear_capacities();
  EXPECT_EQ(ReasonOf(MustKeepRules(rules, answer.pairs())), "PLAN_COUNT_WRONG");
}

TEST(MustKeepRules, MutualPairs) {
  v1::ReviewRules rules = Rules(4, 2);
  rules.set_mutual_allowed(true);
  rules.set_neighbours_allowed(true);
  const v1::PlanReviewsResponse answer = Ask(rules);
  ASSERT_EQ(answer.pairs_size(), 8) << answer.DebugString();
  EXPECT_EQ(ReasonOf(MustKeepRules(rules, answer.pairs())), "");
  // 8 reviews among 6 pairs: two are mutual.
  rules.set_mutual_allowed(false);
  EXPECT_EQ(ReasonOf(MustKeepRules(rules, answer.pairs())), "PLAN_MUTUAL_PAIR");
}

TEST(MustKeepRules, Neighbours) {
  v1::ReviewRules rules = Rules(5, 2);
  rules.set_neighbours_allowed(true);
  const v1::PlanReviewsResponse answer = Ask(rules);
  ASSERT_EQ(answer.pairs_size(), 10);
  rules.set_neighbours_allowed(false);
  EXPECT_EQ(ReasonOf(MustKeepRules(rules, answer.pairs())), "PLAN_NEIGHBOURS");
}

TEST(MustKeepRules, TheLastOfTheRingIsANeighbourOfTheFirst) {
  v1::ReviewRules rules = Rules(6, 1);
  ReviewPairs pairs;
  for (const auto& [reviewer, reviewed] : {std::pair(0, 2), {2, 4}, {4, 1}, {1, 3}, {3, 5}, {5, 0}}) {
    AddPair(pairs, reviewer, reviewed);
  }
  EXPECT_EQ(ReasonOf(MustKeepRules(rules, pairs)), "PLAN_NEIGHBOURS");
  rules.set_neighbours_allowed(true);
  EXPECT_EQ(ReasonOf(MustKeepRules(rules, pairs)), "");
}

TEST_F(MustKeepRulesTest, Conflicts) {
  v1::ReviewConflict& conflict = *rules_.add_conflicts();
  conflict.set_reviewer(pairs_.Get(4).reviewer());
  conflict.set_reviewed(pairs_.Get(4).reviewed());
  EXPECT_EQ(Reason(), "PLAN_CONFLICT");
  std::swap(*conflict.mutable_reviewer(), *conflict.mutable_reviewed());
  EXPECT_EQ(Reason(), "");
}

TEST_F(MustKeepRulesTest, Repeats) {
  *rules_.add_previous_pairs() = pairs_.Get(4);
  EXPECT_EQ(Reason(), "");
  rules_.set_previous_pairs_refused(true);
  EXPECT_EQ(Reason(), "PLAN_REPEATS");
}

}  // namespace
}  // namespace partnerskap::peer_review
