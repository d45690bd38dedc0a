// Properties of the review plan over many drawn inputs, held against a checker and an exhaustive search.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "services/peer_review/domain/plan_testing.h"

namespace partnerskap::peer_review {
namespace {

using ::testing::IsEmpty;

class Draw {
 public:
  explicit Draw(uint64_t seed) : random_(seed) {}
  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint64_t>(limit)); }

  // Between loose and impossible: conflicts, capacities and a former round in growing number.
  PlanInput Input(int seats, int reviewers) {
    PlanInput input = Ring(seats, reviewers);
    Shuffle(input.seats);
    input.allow_host_neighbours = Below(3) == 0;
    input.allow_mutual_pairs = Below(6) == 0;
    input.refuse_previous = Below(6) == 0;
    const int conflicts = Below(seats);
    for (int i = 0; i < conflicts; ++i) {
      const int a = Below(seats);
      const int b = (a + 1 + Below(seats - 1)) % seats;
      // Both ways more often than one.
      const Assignment one{input.seats[a], input.seats[b]};
      const Assignment other{one.reviewed, one.reviewer};
      if (std::find(input.conflicts.begin(), input.conflicts.end(), one) != input.conflicts.end()) continue;
      input.conflicts.push_back(one);
      const bool both = Below(3) > 0;
      if (!both || std::find(input.conflicts.begin(), input.conflicts.end(), other) != input.conflicts.end()) continue;
      input.conflicts.push_back(other);
    }
    for (const std::string& seat : input.seats) {
      if (Below(6) == 0) input.capacities.push_back({seat, Below(seats)});
      for (const std::string& other : input.seats) {
        if (other != seat && Below(3) == 0) input.previous.push_back({seat, other});
      }
    }
    return input;
  }

  template <typename T>
  void Shuffle(std::vector<T>& list) {
    for (size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[Below(static_cast<int>(i))]);
  }

  // Another way to say the same.
  PlanInput Reordered(PlanInput input) {
    Shuffle(input.conflicts);
    Shuffle(input.capacities);
    Shuffle(input.previous);
    if (input.allow_host_neighbours) Shuffle(input.seats);
    std::rotate(input.seats.begin(), input.seats.begin() + Below(static_cast<int>(input.seats.size())),
                input.seats.end());
    if (Below(2) == 0) std::reverse(input.seats.begin(), input.seats.end());
    return input;
  }

 private:
  std::mt19937_64 random_;
};

PlanOutcome Outcome(const PlanInput& input) {
  const absl::StatusOr<PlanOutcome> outcome = SolvePlan(input);
  EXPECT_TRUE(outcome.ok()) << outcome.status();
  return outcome.ok() ? *outcome : PlanOutcome(NotFoundInTime{});
}

TEST(PlanProperties, EveryPlanKeepsEveryRule) {
  Draw draw(1);
  int plans = 0;
  int none = 0;
  for (int round = 0; round < 400; ++round) {
    const int seats = 4 + draw.Below(20);
    const PlanInput input = draw.Input(seats, 1 + draw.Below(std::min(5, seats - 2)));
    const PlanOutcome outcome = Outcome(input);
    if (const auto* plan = std::get_if<Plan>(&outcome)) {
      ++plans;
      EXPECT_THAT(Breaches(input, plan->assignments), IsEmpty()) << round;
      EXPECT_TRUE(plan->fewest_repeats) << round;
      for (const Assignment& a : plan->assignments) {
        const bool before = std::find(input.previous.begin(), input.previous.end(), a) != input.previous.end();
        const bool said = std::find(plan->repeated.begin(), plan->repeated.end(), a) != plan->repeated.end();
        EXPECT_EQ(before, said) << a.reviewer << " " << a.reviewed;
      }
    } else {
      ++none;
      EXPECT_TRUE(std::holds_alternative<NoPlan>(outcome)) << Dump(outcome);
    }
  }
  // The draw must reach both sides, or the test says nothing.
  EXPECT_GT(plans, 100);
  EXPECT_GT(none, 100);
}

TEST(PlanProperties, OrderOfTheListsDoesNotMatter) {
  Draw draw(2);
  for (int round = 0; round < 120; ++round) {
    const int seats = 4 + draw.Below(14);
    const PlanInput input = draw.Input(seats, 1 + draw.Below(3));
    const std::string dump = Dump(Outcome(input));
    EXPECT_EQ(dump, Dump(Outcome(input))) << round;
    for (int again = 0; again < 3; ++again) EXPECT_EQ(dump, Dump(Outcome(draw.Reordered(input)))) << round;
  }
}

TEST(PlanProperties, TryingAllComesToTheSame) {
  Draw draw(3);
  int plans = 0;
  int none = 0;
  for (int round = 0; round < 300; ++round) {
    const int seats = 3 + draw.Below(4);
    const PlanInput input = draw.Input(seats, 1 + draw.Below(std::min(2, seats - 1)));
    const std::optional<int> fewest = FewestRepeatsByTryingAll(input, Everything(input));
    const PlanOutcome outcome = Outcome(input);
    if (const auto* plan = std::get_if<Plan>(&outcome)) {
      ++plans;
      ASSERT_TRUE(fewest.has_value()) << Dump(outcome);
      EXPECT_EQ(static_cast<int>(plan->repeated.size()), *fewest) << Dump(outcome);
    } else {
      ++none;
      EXPECT_FALSE(fewest.has_value()) << Dump(outcome);
      EXPECT_TRUE(std::holds_alternative<NoPlan>(outcome)) << Dump(outcome);
    }
  }
  EXPECT_GT(plans, 50);
  EXPECT_GT(none, 50);
}

bool Has(const NoPlan& none, v1::PlanRule rule) {
  return std::find(none.rules.begin(), none.rules.end(), rule) != none.rules.end();
}

// The rules that a reason names, as the exhaustive search asks for them.
Wanted Named(const PlanInput& input, const NoPlan& none) {
  Wanted wanted;
  wanted.no_mutual_pair = Has(none, v1::NO_MUTUAL_PAIR);
  wanted.no_host_neighbour = Has(none, v1::NO_NEIGHBOUR);
  wanted.no_repeat = Has(none, v1::NO_REPEAT);
  for (const Assignment& conflict : input.conflicts) {
    wanted.conflicts.push_back(std::find(none.conflicts.begin(), none.conflicts.end(), conflict) !=
                               none.conflicts.end());
  }
  for (const Capacity& capacity : input.capacities) {
    wanted.capacities.push_back(std::any_of(none.capacities.begin(), none.capacities.end(),
                                            [&](const Capacity& c) { return c.seat == capacity.seat; }));
  }
  return wanted;
}

TEST(PlanProperties, TheNamedRulesClashAndNoneOfThemIsTooMany) {
  Draw draw(4);
  int seen_by_the_solver = 0;
  for (int round = 0; round < 600; ++round) {
    const int seats = 4 + draw.Below(3);
    const PlanInput input = draw.Input(seats, 1 + draw.Below(2));
    const PlanOutcome outcome = Outcome(input);
    const auto* none = std::get_if<NoPlan>(&outcome);
    if (none == nullptr) continue;
    const Wanted named = Named(input, *none);
    EXPECT_FALSE(FewestRepeatsByTryingAll(input, named).has_value()) << Dump(outcome);
    if (none->shortage.has_value()) continue;
    ++seen_by_the_solver;
    std::vector<Wanted> one_less;
    if (named.no_mutual_pair) one_less.emplace_back(named).no_mutual_pair = false;
    if (named.no_host_neighbour) one_less.emplace_back(named).no_host_neighbour = false;
    if (named.no_repeat) one_less.emplace_back(named).no_repeat = false;
    for (size_t i = 0; i < named.conflicts.size(); ++i) {
      if (named.conflicts[i]) one_less.emplace_back(named).conflicts[i] = false;
    }
    for (size_t i = 0; i < named.capacities.size(); ++i) {
      if (named.capacities[i]) one_less.emplace_back(named).capacities[i] = false;
    }
    EXPECT_THAT(one_less, ::testing::Not(IsEmpty()));
    for (const Wanted& wanted : one_less) {
      EXPECT_TRUE(FewestRepeatsByTryingAll(input, wanted).has_value()) << Dump(outcome);
    }
  }
  EXPECT_GT(seen_by_the_solver, 5);
}

TEST(PlanProperties, FewerReviewersThatAreSaidToBePossibleAre) {
  Draw draw(5);
  int said = 0;
  for (int round = 0; round < 150; ++round) {
    const int seats = 5 + draw.Below(8);
    PlanInput input = draw.Input(seats, 2 + draw.Below(3));
    const PlanOutcome outcome = Outcome(input);
    const auto* none = std::get_if<NoPlan>(&outcome);
    if (none == nullptr) continue;
    ASSERT_TRUE(none->possible_reviewers.has_value());
    for (--input.reviewers_per_seat; input.reviewers_per_seat > 0; --input.reviewers_per_seat) {
      const bool exists = std::holds_alternative<Plan>(Outcome(input));
      EXPECT_EQ(exists, input.reviewers_per_seat == *none->possible_reviewers) << Dump(outcome);
      if (exists) break;
    }
    if (*none->possible_reviewers > 0) ++said;
  }
  EXPECT_GT(said, 10);
}

TEST(PlanProperties, ALimitNeverTurnsTheVerdict) {
  Draw draw(7);
  int cut = 0;
  for (int round = 0; round < 150; ++round) {
    const int seats = 6 + draw.Below(16);
    const PlanInput input = draw.Input(seats, 1 + draw.Below(4));
    const PlanOutcome whole = Outcome(input);
    for (const int64_t steps : {0, 1, 2, 3}) {
      const absl::StatusOr<PlanOutcome> limited = SolvePlan(input, steps);
      ASSERT_TRUE(limited.ok());
      if (std::holds_alternative<NotFoundInTime>(*limited)) {
        ++cut;
        continue;
      }
      ASSERT_EQ(limited->index(), whole.index()) << Dump(whole) << " / " << Dump(*limited);
      const auto* plan = std::get_if<Plan>(&*limited);
      if (plan == nullptr) continue;
      EXPECT_THAT(Breaches(input, plan->assignments), IsEmpty());
      const size_t fewest = std::get<Plan>(whole).repeated.size();
      EXPECT_GE(plan->repeated.size(), fewest);
      if (plan->fewest_repeats) {
        EXPECT_EQ(plan->repeated.size(), fewest);
      }
    }
  }
  EXPECT_GT(cut, 50);
}

TEST(PlanProperties, HundredSeatsAreWithinReach) {
  Draw draw(6);
  PlanInput input = draw.Input(kMaxSeats, 3);
  input.capacities.clear();
  const PlanOutcome outcome = Outcome(input);
  ASSERT_TRUE(std::holds_alternative<Plan>(outcome)) << Dump(outcome);
  EXPECT_THAT(Breaches(input, std::get<Plan>(outcome).assignments), IsEmpty());
}

}  // namespace
}  // namespace partnerskap::peer_review
