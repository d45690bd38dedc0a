// The review plan as an integer program, solved by COIN-OR CBC; the one place that knows the solver.
#ifndef PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_PROGRAM_H_
#define PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_PROGRAM_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "services/peer_review/domain/plan_counting.h"

namespace partnerskap::peer_review {

// Steps that a question may still use: one for each node of branch and bound, and for each program one for every
// kPairsPerStep pairs that may review, which is about what a node costs. Counted, not timed, so that the same input
// comes to the same end on a slow machine as on a fast one.
inline constexpr int64_t kPairsPerStep = 1000;
struct StepBudget {
  int64_t left = 0;
};

enum class ProgramVerdict {
  // Found, and nothing better exists.
  BEST,
  // Found, but the steps ran out before it was clear that nothing better exists.
  FOUND,
  // Proven: there is none.
  NONE,
  // The steps ran out first.
  LIMIT,
};

struct ProgramAnswer {
  ProgramVerdict verdict;
  // (reviewer, reviewed), sorted; with BEST and FOUND.
  std::vector<std::pair<int, int>> pairs;
};

// What a plan costs: `cost[reviewer][reviewed]`, whole numbers from 0 to 2^20, of which the sum is made smallest.
using PairCosts = std::vector<std::vector<int64_t>>;

// A plan in the space with the smallest sum of costs. With `at_most`, its first costs sum to at most its second.
// Takes what it uses from the budget. Calls from several threads are answered one after the other.
ProgramAnswer SolveProgram(const PlanSpace& space, const PairCosts& costs,
                           const std::optional<std::pair<PairCosts, int64_t>>& at_most, StepBudget& budget);

}  // namespace partnerskap::peer_review

#endif  // PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_PROGRAM_H_
