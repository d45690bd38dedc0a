#include "services/peer_review/domain/plan_counting.h"

#include <gtest/gtest.h>

#include "services/peer_review/domain/plan_testing.h"

namespace partnerskap::peer_review {
namespace {

PlanSpace Space(const PlanInput& input) {
  const auto read = ReadPlanInput(input);
  const PlanProblem& problem = std::get<PlanProblem>(read);
  return Restrict(problem, AllRules(problem));
}

// Leaves out the conflicts between the two.
void Leave(const PlanProblem& problem, const std::string& a, const std::string& b, ActiveRules& rules) {
  for (size_t i = 0; i < problem.conflicts.size(); ++i) {
    const std::string& reviewer = problem.seats[problem.conflicts[i].first];
    const std::string& reviewed = problem.seats[problem.conflicts[i].second];
    if ((reviewer == a && reviewed == b) || (reviewer == b && reviewed == a)) rules.conflicts[i] = false;
  }
}

TEST(PlanCounting, PairsOfTheRing) {
  for (const auto& [seats, available, needed] :
       std::vector<std::tuple<int, int, int>>{{8, 20, 24}, {9, 27, 27}, {10, 35, 30}, {40, 740, 120}}) {
    const PairCount pairs = CountPairs(Space(Ring(seats, 3)));
    EXPECT_EQ(pairs.available, available) << seats;
    EXPECT_EQ(pairs.needed, needed) << seats;
    EXPECT_EQ(FindShortage(Space(Ring(seats, 3))).has_value(), available < needed) << seats;
  }
}

TEST(PlanCounting, PairsWithoutTheNeighbourRule) {
  PlanInput input = Ring(6, 3);
  input.allow_host_neighbours = true;
  const auto shortage = FindShortage(Space(input));
  ASSERT_TRUE(shortage.has_value());
  EXPECT_EQ(shortage->kind, ShortageKind::PAIRS);
  EXPECT_EQ(shortage->available, 15);
  EXPECT_EQ(shortage->needed, 18);
}

TEST(PlanCounting, AMutualPairThatIsAllowedCountsTwice) {
  const auto read = ReadPlanInput(Ring(8, 3));
  const PlanProblem& problem = std::get<PlanProblem>(read);
  ActiveRules rules = AllRules(problem);
  rules.no_mutual_pair = false;
  EXPECT_EQ(CountPairs(Restrict(problem, rules)).available, 40);
  EXPECT_FALSE(FindShortage(Restrict(problem, rules)).has_value());
}

TEST(PlanCounting, ASeatWithTooFewPartnersIsNamed) {
  PlanInput input = Ring(10, 3);
  // s00 has the neighbours s01 and s09; seven others are left, six are needed.
  Part(input, "s00", "s02");
  EXPECT_FALSE(FindShortage(Space(input)).has_value());
  Part(input, "s03", "s00");
  const auto shortage = FindShortage(Space(input));
  ASSERT_TRUE(shortage.has_value());
  EXPECT_EQ(shortage->kind, ShortageKind::PARTNERS);
  EXPECT_EQ(shortage->seat, 0);
  EXPECT_EQ(shortage->available, 5);
  EXPECT_EQ(shortage->needed, 6);
}

TEST(PlanCounting, AConflictOneWayLeavesThePair) {
  PlanInput input = Ring(9, 3);
  input.conflicts = {{"s00", "s02"}};
  EXPECT_EQ(CountPairs(Space(input)).available, 27);
  EXPECT_FALSE(FindShortage(Space(input)).has_value());
  input.conflicts.push_back({"s02", "s00"});
  EXPECT_EQ(CountPairs(Space(input)).available, 26);
}

TEST(PlanCounting, TooFewReviewersAndTooFewToReview) {
  PlanInput input = Ring(10, 3);
  for (const char* other : {"s02", "s03", "s04", "s05"}) input.conflicts.push_back({other, "s00"});
  EXPECT_FALSE(FindShortage(Space(input)).has_value());
  input.conflicts.push_back({"s06", "s00"});
  auto shortage = FindShortage(Space(input));
  ASSERT_TRUE(shortage.has_value());
  EXPECT_EQ(shortage->kind, ShortageKind::REVIEWERS);
  EXPECT_EQ(shortage->seat, 0);
  EXPECT_EQ(shortage->available, 2);
  EXPECT_EQ(shortage->needed, 3);

  for (Assignment& conflict : input.conflicts) std::swap(conflict.reviewer, conflict.reviewed);
  shortage = FindShortage(Space(input));
  ASSERT_TRUE(shortage.has_value());
  EXPECT_EQ(shortage->kind, ShortageKind::REVIEWED);
  EXPECT_EQ(shortage->seat, 0);
  input.capacities = {{"s00", 2}, {"s07", 4}};
  EXPECT_FALSE(FindShortage(Space(input)).has_value());
}

TEST(PlanCounting, RefusedRepeatsTakePairs) {
  PlanInput input = Ring(10, 3);
  for (const char* other : {"s02", "s03", "s04", "s05", "s06"}) input.previous.push_back({other, "s00"});
  EXPECT_FALSE(FindShortage(Space(input)).has_value());
  input.refuse_previous = true;
  const auto shortage = FindShortage(Space(input));
  ASSERT_TRUE(shortage.has_value());
  EXPECT_EQ(shortage->kind, ShortageKind::REVIEWERS);
}

TEST(PlanCounting, ASmallCapacityNeedsFewerPartners) {
  PlanInput input = Ring(10, 3);
  Part(input, "s00", "s02");
  Part(input, "s03", "s00");
  input.capacities = {{"s00", 2}, {"s05", 4}};
  EXPECT_FALSE(FindShortage(Space(input)).has_value());
}

TEST(PlanCounting, ReviewsThatNobodyTakesOn) {
  PlanInput input = Ring(10, 3);
  input.capacities = {{"s04", 1}, {"s07", 4}};
  const auto shortage = FindShortage(Space(input));
  ASSERT_TRUE(shortage.has_value());
  EXPECT_EQ(shortage->kind, ShortageKind::CAPACITY);
  EXPECT_EQ(shortage->available, 29);
  EXPECT_EQ(shortage->needed, 30);
  input.capacities.push_back({"s08", 4});
  EXPECT_FALSE(FindShortage(Space(input)).has_value());
}

TEST(PlanCounting, StillShortAsksForTheSameShortage) {
  PlanInput input = Ring(10, 3);
  for (const auto& [a, b] : {std::pair("s00", "s02"), {"s00", "s03"}, {"s04", "s06"}, {"s04", "s07"}, {"s04", "s08"}}) {
    Part(input, a, b);
  }
  const auto read = ReadPlanInput(input);
  const PlanProblem& problem = std::get<PlanProblem>(read);
  const auto shortage = FindShortage(Restrict(problem, AllRules(problem)));
  ASSERT_TRUE(shortage.has_value());
  EXPECT_EQ(shortage->seat, 4);
  ActiveRules rules = AllRules(problem);
  // One conflict of s04 less: now s00 and s04 lack one each, and s04 still does.
  Leave(problem, "s04", "s06", rules);
  EXPECT_TRUE(StillShort(Restrict(problem, rules), *shortage));
  Leave(problem, "s04", "s07", rules);
  EXPECT_FALSE(StillShort(Restrict(problem, rules), *shortage));
}

}  // namespace
}  // namespace partnerskap::peer_review
