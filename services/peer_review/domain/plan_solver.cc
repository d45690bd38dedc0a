#include "services/peer_review/domain/plan_solver.h"

#include <algorithm>
#include <bit>
#include <random>
#include <set>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "services/peer_review/domain/plan_program.h"

namespace partnerskap::peer_review {
namespace {

using Pairs = std::vector<std::pair<int, int>>;

// Tie-breaks are drawn from 0 to 2^20: with a few thousand pairs, two plans of equal sum are then so unlikely that the
// best plan is the same whichever solver, and whichever version of it, looks for it.
constexpr int kTieBreakBits = 20;
// Fixed: the draw stands for "no order is better than another", not for chance.
constexpr uint64_t kTieBreakSeed = 1;

PairCosts NoCosts(const PlanProblem& problem) {
  return PairCosts(problem.seats.size(), std::vector<int64_t>(problem.seats.size(), 0));
}

PairCosts RepeatCosts(const PlanProblem& problem) {
  PairCosts costs = NoCosts(problem);
  for (const auto& [reviewer, reviewed] : problem.previous) costs[reviewer][reviewed] = 1;
  return costs;
}

PairCosts TieBreakCosts(const PlanProblem& problem) {
  // The standard fixes every number that this generator gives.
  std::mt19937_64 draw(kTieBreakSeed);
  PairCosts costs = NoCosts(problem);
  for (std::vector<int64_t>& row : costs) {
    for (int64_t& cost : row) cost = static_cast<int64_t>(draw() >> (64 - kTieBreakBits));
  }
  return costs;
}

Assignment Named(const PlanProblem& problem, const std::pair<int, int>& pair) {
  return {problem.seats[pair.first], problem.seats[pair.second]};
}

bool WasBefore(const PlanProblem& problem, const std::pair<int, int>& pair) {
  return std::binary_search(problem.previous.begin(), problem.previous.end(), pair);
}

int64_t Repeats(const PlanProblem& problem, const Pairs& pairs) {
  return std::count_if(pairs.begin(), pairs.end(), [&problem](const auto& pair) { return WasBefore(problem, pair); });
}

// In whole numbers: the solver computes with floating point.
bool Keeps(const PlanSpace& space, const Pairs& pairs) {
  const size_t count = space.allowed.size();
  std::vector<int> reviews(count, 0);
  std::vector<int> reviewed(count, 0);
  const std::set<std::pair<int, int>> all(pairs.begin(), pairs.end());
  for (const auto& [i, j] : pairs) {
    if (!space.allowed[i][j]) return false;
    if (space.no_mutual_pair && all.contains({j, i})) return false;
    ++reviews[i];
    ++reviewed[j];
  }
  for (size_t i = 0; i < count; ++i) {
    if (reviewed[i] != space.reviewers_per_seat) return false;
    if (reviews[i] < space.least[i] || reviews[i] > space.most[i]) return false;
  }
  return true;
}

// First the fewest repeats, then the tie-breaks among the plans with so few.
ProgramAnswer FindBest(const PlanProblem& problem, const PlanSpace& space, StepBudget& budget) {
  const PairCosts tie_breaks = TieBreakCosts(problem);
  if (problem.previous.empty()) return SolveProgram(space, tie_breaks, std::nullopt, budget);
  const PairCosts repeats = RepeatCosts(problem);
  ProgramAnswer fewest = SolveProgram(space, repeats, std::nullopt, budget);
  if (fewest.verdict != ProgramVerdict::BEST) return fewest;
  ProgramAnswer best = SolveProgram(space, tie_breaks, std::make_pair(repeats, Repeats(problem, fewest.pairs)), budget);
  // Out of steps between the two: the first plan has the fewest repeats as well.
  if (best.pairs.empty()) return fewest;
  best.verdict = ProgramVerdict::BEST;
  return best;
}

enum class Existence { YES, NO, UNKNOWN };

Existence Exists(const PlanProblem& problem, const ActiveRules& rules, StepBudget& budget) {
  const PlanSpace space = Restrict(problem, rules);
  if (FindShortage(space).has_value()) return Existence::NO;
  switch (SolveProgram(space, NoCosts(problem), std::nullopt, budget).verdict) {
    case ProgramVerdict::BEST:
    case ProgramVerdict::FOUND:
      return Existence::YES;
    case ProgramVerdict::NONE:
      return Existence::NO;
    case ProgramVerdict::LIMIT:
      return Existence::UNKNOWN;
  }
  return Existence::UNKNOWN;
}

// Leaves out of `rules` what can be left out while there is still no plan, one after the other: first whole kinds, from
// the most particular to the most general, then capacities and conflicts in their order. What is left clashes,
// and without any one of it does not. Returns whether every question was answered.
bool LeaveOutWhatCan(ActiveRules& rules, absl::FunctionRef<Existence(const ActiveRules&)> exists) {
  bool all_known = true;
  const auto try_out = [&](auto change) {
    ActiveRules fewer = rules;
    change(fewer);
    const Existence still = exists(fewer);
    if (still == Existence::NO) rules = std::move(fewer);
    if (still == Existence::UNKNOWN) all_known = false;
  };
  const auto any = [](const std::vector<bool>& of, size_t begin, size_t end) {
    return std::find(of.begin() + begin, of.begin() + end, true) != of.begin() + end;
  };
  for (std::vector<bool> ActiveRules::*list : {&ActiveRules::limited, &ActiveRules::conflicts}) {
    const size_t count = (rules.*list).size();
    if (any(rules.*list, 0, count)) try_out([&](ActiveRules& fewer) { (fewer.*list).assign(count, false); });
  }
  if (rules.no_repeat) try_out([](ActiveRules& fewer) { fewer.no_repeat = false; });
  if (rules.no_host_neighbour) try_out([](ActiveRules& fewer) { fewer.no_host_neighbour = false; });
  if (rules.no_mutual_pair) try_out([](ActiveRules& fewer) { fewer.no_mutual_pair = false; });
  // Halves, quarters and so on before single ones: most of a long list has nothing to do with the reason.
  for (std::vector<bool> ActiveRules::*list : {&ActiveRules::limited, &ActiveRules::conflicts}) {
    const size_t count = (rules.*list).size();
    for (size_t width = std::bit_ceil(count) / 2; width > 0; width /= 2) {
      for (size_t begin = 0; begin < count; begin += width) {
        const size_t end = std::min(begin + width, count);
        if (!any(rules.*list, begin, end)) continue;
        try_out(
            [&](ActiveRules& fewer) { std::fill((fewer.*list).begin() + begin, (fewer.*list).begin() + end, false); });
      }
    }
  }
  return all_known;
}

std::optional<int> PossibleReviewers(const PlanInput& input, StepBudget& budget) {
  PlanInput fewer = input;
  while (--fewer.reviewers_per_seat > 0) {
    const auto read = ReadPlanInput(fewer);
    const PlanProblem& problem = std::get<PlanProblem>(read);
    const Existence exists = Exists(problem, AllRules(problem), budget);
    if (exists == Existence::YES) return fewer.reviewers_per_seat;
    if (exists == Existence::UNKNOWN) return std::nullopt;
  }
  return 0;
}

NoPlan WhyNot(const PlanInput& input, const PlanProblem& problem, const std::optional<Shortage>& shortage,
              StepBudget& budget, StepBudget& reason_budget) {
  NoPlan none;
  none.shortage = shortage;
  if (shortage.has_value() && shortage->seat >= 0) none.seat = problem.seats[shortage->seat];

  ActiveRules rules = AllRules(problem);
  none.smallest = LeaveOutWhatCan(rules, [&](const ActiveRules& fewer) {
    if (!shortage.has_value()) return Exists(problem, fewer, reason_budget);
    return StillShort(Restrict(problem, fewer), *shortage) ? Existence::NO : Existence::YES;
  });

  for (size_t i = 0; i < problem.conflicts.size(); ++i) {
    if (rules.conflicts[i]) none.conflicts.push_back(Named(problem, problem.conflicts[i]));
  }
  for (size_t i = 0; i < problem.limited.size(); ++i) {
    if (!rules.limited[i]) continue;
    none.capacities.push_back({problem.seats[problem.limited[i]], problem.most[problem.limited[i]]});
  }
  none.rules = {v1::EACH_REVIEWS_K, v1::EACH_REVIEWED_BY_K};
  if (rules.no_mutual_pair) none.rules.push_back(v1::NO_MUTUAL_PAIR);
  if (rules.no_host_neighbour) none.rules.push_back(v1::NO_NEIGHBOUR);
  if (!none.conflicts.empty()) none.rules.push_back(v1::NO_CONFLICT);
  if (rules.no_repeat) none.rules.push_back(v1::NO_REPEAT);
  if (!none.capacities.empty()) none.rules.push_back(v1::WITHIN_CAPACITY);
  none.possible_reviewers = PossibleReviewers(input, budget);
  return none;
}

}  // namespace

absl::StatusOr<PlanOutcome> SolvePlan(const PlanInput& input, int64_t steps, int64_t reason_steps) {
  auto read = ReadPlanInput(input);
  if (auto* faults = std::get_if<std::vector<PlanFault>>(&read)) return PlanOutcome(std::move(*faults));
  const PlanProblem& problem = std::get<PlanProblem>(read);
  StepBudget budget{steps};
  StepBudget reason_budget{reason_steps};
  const PlanSpace space = Restrict(problem, AllRules(problem));
  if (const auto shortage = FindShortage(space))
    return PlanOutcome(WhyNot(input, problem, shortage, budget, reason_budget));

  const ProgramAnswer best = FindBest(problem, space, budget);
  if (best.verdict == ProgramVerdict::LIMIT) return PlanOutcome(NotFoundInTime{});
  if (best.verdict == ProgramVerdict::NONE)
    return PlanOutcome(WhyNot(input, problem, std::nullopt, budget, reason_budget));
  if (!Keeps(space, best.pairs)) return absl::InternalError("the solver's plan breaks a rule");

  Plan plan;
  for (const std::pair<int, int>& pair : best.pairs) {
    plan.assignments.push_back(Named(problem, pair));
    if (WasBefore(problem, pair)) plan.repeated.push_back(Named(problem, pair));
  }
  plan.fewest_repeats = problem.previous.empty() || best.verdict == ProgramVerdict::BEST;
  plan.pairs = CountPairs(space);
  return PlanOutcome(std::move(plan));
}

}  // namespace partnerskap::peer_review
