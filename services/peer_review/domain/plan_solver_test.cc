#include "services/peer_review/domain/plan_solver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "services/peer_review/domain/plan_testing.h"

namespace partnerskap::peer_review {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

template <typename Kind>
Kind Get(const PlanInput& input, int64_t steps = kPlanSteps, int64_t reason_steps = kReasonSteps) {
  const absl::StatusOr<PlanOutcome> outcome = SolvePlan(input, steps, reason_steps);
  EXPECT_TRUE(outcome.ok()) << outcome.status();
  if (!outcome.ok()) return {};
  EXPECT_TRUE(std::holds_alternative<Kind>(*outcome)) << Dump(*outcome);
  if (!std::holds_alternative<Kind>(*outcome)) return {};
  return std::get<Kind>(*outcome);
}

TEST(PlanSolver, TenSeatsInARingHaveAPlanOfThree) {
  const PlanInput input = Ring(10, 3);
  const Plan plan = Get<Plan>(input);
  EXPECT_EQ(plan.assignments.size(), 30u);
  EXPECT_THAT(Breaches(input, plan.assignments), IsEmpty());
  EXPECT_EQ(plan.pairs.available, 35);
  EXPECT_EQ(plan.pairs.needed, 30);
}

TEST(PlanSolver, NineSeatsAreTight) {
  const PlanInput input = Ring(9, 3);
  const Plan plan = Get<Plan>(input);
  EXPECT_THAT(Breaches(input, plan.assignments), IsEmpty());
  EXPECT_EQ(plan.pairs.available, 27);
  EXPECT_EQ(plan.pairs.needed, 27);
}

TEST(PlanSolver, EightSeatsHaveNone) {
  const NoPlan none = Get<NoPlan>(Ring(8, 3));
  ASSERT_TRUE(none.shortage.has_value());
  EXPECT_EQ(none.shortage->kind, ShortageKind::PAIRS);
  EXPECT_EQ(none.shortage->available, 20);
  EXPECT_EQ(none.shortage->needed, 24);
  EXPECT_THAT(none.rules,
              ElementsAre(v1::EACH_REVIEWS_K, v1::EACH_REVIEWED_BY_K, v1::NO_MUTUAL_PAIR, v1::NO_NEIGHBOUR));
  EXPECT_EQ(none.possible_reviewers, 2);
  EXPECT_TRUE(none.smallest);
}

TEST(PlanSolver, SixSeatsHaveNoneEvenWithoutTheNeighbourRule) {
  PlanInput input = Ring(6, 3);
  input.allow_host_neighbours = true;
  const NoPlan none = Get<NoPlan>(input);
  EXPECT_EQ(none.shortage->available, 15);
  EXPECT_EQ(none.shortage->needed, 18);
  EXPECT_THAT(none.rules, ElementsAre(v1::EACH_REVIEWS_K, v1::EACH_REVIEWED_BY_K, v1::NO_MUTUAL_PAIR));
  // With the neighbour rule there are fewer pairs still, but the reason is the same: the rule is not to blame.
  EXPECT_THAT(Get<NoPlan>(Ring(6, 3)).rules,
              ElementsAre(v1::EACH_REVIEWS_K, v1::EACH_REVIEWED_BY_K, v1::NO_MUTUAL_PAIR));
}

TEST(PlanSolver, SevenSeatsUseEveryPairWhereNeighboursMayReviewEachOther) {
  PlanInput input = Ring(7, 3);
  input.allow_host_neighbours = true;
  const Plan plan = Get<Plan>(input);
  EXPECT_THAT(Breaches(input, plan.assignments), IsEmpty());
  EXPECT_EQ(plan.pairs.available, 21);
}

TEST(PlanSolver, TooFewPartnersNameTheSeatAndTheRulesThatTakeThem) {
  PlanInput input = Ring(10, 3);
  Part(input, "s00", "s02");
  Part(input, "s04", "s06");
  Part(input, "s00", "s03");
  const NoPlan none = Get<NoPlan>(input);
  ASSERT_TRUE(none.shortage.has_value());
  EXPECT_EQ(none.shortage->kind, ShortageKind::PARTNERS);
  EXPECT_EQ(none.seat, "s00");
  // Both ways of the two that s00 has, and not those of s04 and s06.
  EXPECT_EQ(none.conflicts.size(), 4u);
  for (const Assignment& conflict : none.conflicts)
    EXPECT_TRUE(conflict.reviewer == "s00" || conflict.reviewed == "s00");
  EXPECT_THAT(none.rules, ElementsAre(v1::EACH_REVIEWS_K, v1::EACH_REVIEWED_BY_K, v1::NO_MUTUAL_PAIR, v1::NO_NEIGHBOUR,
                                      v1::NO_CONFLICT));
  EXPECT_EQ(none.possible_reviewers, 2);
}

TEST(PlanSolver, ReviewsThatNobodyTakesOnNameTheCapacities) {
  PlanInput input = Ring(10, 3);
  input.capacities = {{"s04", 1}, {"s02", 4}};
  const NoPlan none = Get<NoPlan>(input);
  ASSERT_TRUE(none.shortage.has_value());
  EXPECT_EQ(none.shortage->kind, ShortageKind::CAPACITY);
  EXPECT_THAT(none.rules, ElementsAre(v1::EACH_REVIEWS_K, v1::EACH_REVIEWED_BY_K, v1::WITHIN_CAPACITY));
  ASSERT_EQ(none.capacities.size(), 1u);
  EXPECT_EQ(none.capacities[0].seat, "s04");
  EXPECT_EQ(none.capacities[0].max_reviews, 1);
  // With one reviewer each, s04 does its share.
  EXPECT_EQ(none.possible_reviewers, 2);
}

// Seven seats that may not review one another have only the other four to work with, who can give 8 of the 14 reviews
// that the seven need: each count is met, and still there is no plan. Only the solver sees it.
TEST(PlanSolver, RulesThatClashWithoutAnyShortageAreFoundAndNamed) {
  PlanInput input = Ring(11, 2);
  input.allow_host_neighbours = true;
  for (int a = 0; a < 7; ++a) {
    for (int b = a + 1; b < 7; ++b) Part(input, input.seats[a], input.seats[b]);
  }
  // 42 conflicts, most of them to blame: more steps than the service spends on a reason.
  const NoPlan none = Get<NoPlan>(input, kPlanSteps, 300);
  EXPECT_FALSE(none.shortage.has_value());
  EXPECT_TRUE(none.smallest);
  EXPECT_THAT(none.rules, ElementsAre(v1::EACH_REVIEWS_K, v1::EACH_REVIEWED_BY_K, v1::NO_CONFLICT));
  EXPECT_LT(none.conflicts.size(), input.conflicts.size());
  PlanInput only = input;
  only.conflicts = none.conflicts;
  EXPECT_EQ(Get<NoPlan>(only, kPlanSteps, 300).conflicts, none.conflicts);
}

TEST(PlanSolver, CapacitiesAreKeptAndOthersStepIn) {
  PlanInput input = Ring(10, 3);
  input.capacities = {{"s04", 0}, {"s07", 2}, {"s01", 4}, {"s02", 4}, {"s05", 4}, {"s09", 5}};
  const Plan plan = Get<Plan>(input);
  EXPECT_THAT(Breaches(input, plan.assignments), IsEmpty());
  for (const Assignment& a : plan.assignments) EXPECT_NE(a.reviewer, "s04");
}

TEST(PlanSolver, TheFormerRoundIsNotRepeatedWhereThatCanBe) {
  PlanInput input = Ring(12, 3);
  input.previous = Get<Plan>(input).assignments;
  const Plan plan = Get<Plan>(input);
  EXPECT_THAT(plan.repeated, IsEmpty());
  EXPECT_TRUE(plan.fewest_repeats);
  EXPECT_THAT(Breaches(input, plan.assignments), IsEmpty());
}

TEST(PlanSolver, RepeatsThatCannotBeAvoidedAreSaid) {
  PlanInput input = Ring(10, 3);
  // Every ordered pair but those from s00 was there before.
  for (const std::string& a : input.seats) {
    for (const std::string& b : input.seats) {
      if (a != b && a != "s00") input.previous.push_back({a, b});
    }
  }
  const Plan plan = Get<Plan>(input);
  EXPECT_EQ(plan.repeated.size(), 27u);
  EXPECT_TRUE(plan.fewest_repeats);
}

TEST(PlanSolver, RefusedRepeatsAreARule) {
  PlanInput input = Ring(10, 3);
  input.refuse_previous = true;
  input.previous = Get<Plan>(input).assignments;
  const Plan plan = Get<Plan>(input);
  EXPECT_THAT(Breaches(input, plan.assignments), IsEmpty());
  EXPECT_THAT(plan.repeated, IsEmpty());
  for (const Assignment& a : plan.assignments) input.previous.push_back(a);
  for (const std::string& other : input.seats) {
    if (other != "s00") input.previous.push_back({other, "s00"});
  }
  const NoPlan none = Get<NoPlan>(input);
  EXPECT_THAT(none.rules, ::testing::Contains(v1::NO_REPEAT));
}

TEST(PlanSolver, MutualPairsMakeRoomWhereTheyAreAllowed) {
  PlanInput input = Ring(8, 3);
  input.allow_mutual_pairs = true;
  const Plan plan = Get<Plan>(input);
  EXPECT_THAT(Breaches(input, plan.assignments), IsEmpty());
  EXPECT_EQ(plan.pairs.available, 40);
}

TEST(PlanSolver, AConflictOneWayTurnsThePairRound) {
  PlanInput input = Ring(9, 3);
  // Every pair is used; each conflict leaves one way for it.
  for (const Assignment& a : Get<Plan>(input).assignments) input.conflicts.push_back(a);
  const Plan plan = Get<Plan>(input);
  EXPECT_THAT(Breaches(input, plan.assignments), IsEmpty());
}

TEST(PlanSolver, EveryPairReversedIsAnotherPlan) {
  // Nine seats leave no choice of pairs, only of direction: the former round turned round repeats nothing.
  PlanInput input = Ring(9, 3);
  input.previous = Get<Plan>(input).assignments;
  const Plan plan = Get<Plan>(input);
  EXPECT_THAT(plan.repeated, IsEmpty());
}

// Many half-open choices: no plan is seen without branching.
PlanInput Branching() {
  PlanInput input = Ring(20, 4);
  for (int i = 0; i < 20; ++i) {
    for (int d = 2; d < 10; ++d) input.previous.push_back({input.seats[i], input.seats[(i + d) % 20]});
  }
  return input;
}

TEST(PlanSolver, TheLimitIsAnOutcomeOfItsOwn) {
  EXPECT_TRUE(Get<Plan>(Branching()).fewest_repeats);
  Get<NotFoundInTime>(Branching(), 0);
  // Enough for the fewest repeats, not for choosing among the plans that have so few: still a plan, and the same again.
  const Plan first = Get<Plan>(Branching(), 1);
  EXPECT_THAT(Breaches(Branching(), first.assignments), IsEmpty());
  EXPECT_EQ(first.assignments, Get<Plan>(Branching(), 1).assignments);
}

TEST(PlanSolver, CountingNeedsNoSteps) {
  const NoPlan none = Get<NoPlan>(Ring(8, 3), 0, 0);
  EXPECT_EQ(none.rules.size(), 4u);
  EXPECT_TRUE(none.smallest);
  EXPECT_FALSE(none.possible_reviewers.has_value());
}

TEST(PlanSolver, AReasonThatTheLimitCutShortSaysSo) {
  PlanInput input = Ring(11, 2);
  input.allow_host_neighbours = true;
  for (int a = 0; a < 7; ++a) {
    for (int b = a + 1; b < 7; ++b) Part(input, input.seats[a], input.seats[b]);
  }
  const NoPlan none = Get<NoPlan>(input, 1, 3);
  EXPECT_FALSE(none.smallest);
  EXPECT_FALSE(none.possible_reviewers.has_value());
  EXPECT_THAT(none.rules, ::testing::Contains(v1::NO_CONFLICT));
}

TEST(PlanSolver, FaultsComeBeforeAnySearch) {
  PlanInput input = Ring(8, 3);
  input.seats.push_back("s00");
  input.reviewers_per_seat = 0;
  const auto faults = Get<std::vector<PlanFault>>(input);
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_EQ(faults[0].kind, PlanFaultKind::SEAT_TWICE);
  EXPECT_EQ(faults[1].kind, PlanFaultKind::REVIEWERS_NOT_POSITIVE);
}

TEST(PlanSolver, ThreadsGetTheSamePlan) {
  const std::string alone = Dump(*SolvePlan(Branching()));
  std::vector<std::string> dumps(4);
  std::vector<std::thread> threads;
  for (std::string& dump : dumps) threads.emplace_back([&dump] { dump = Dump(*SolvePlan(Branching())); });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& dump : dumps) EXPECT_EQ(dump, alone);
}

}  // namespace
}  // namespace partnerskap::peer_review
