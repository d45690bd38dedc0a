// Who reviews whom: a plan that keeps every rule and repeats as little of the former round as possible, or why there is
// none. A pure function of its input: no clock, no chance, no order of a list but the ring's.
#ifndef PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_SOLVER_H_
#define PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_SOLVER_H_

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "partnerskap/peerreview/v1/plan.pb.h"
#include "services/peer_review/domain/plan_counting.h"
#include "services/peer_review/domain/plan_problem.h"

namespace partnerskap::peer_review {

namespace v1 = peerreview::v1;

// Steps (StepBudget) for finding a plan, or for seeing that there is none. The hardest of several hundred random
// questions of 40 seats took 50, the hardest of 100 seats 110. Five hundred take up to 4 s at 40 seats and up to 8 s at
// 100, which is within the 10 s that a caller waits by default.
inline constexpr int64_t kPlanSteps = 500;
// Steps for making the reason smaller once there is none: each program leaves a part of the rules out. A dozen
// conflicts need some twenty programs; hundreds of conflicts would need hundreds, and nobody reads such a list.
inline constexpr int64_t kReasonSteps = 80;

struct Plan {
  // Sorted by reviewer, then reviewed.
  std::vector<Assignment> assignments;
  // Those of the assignments that the former round had too; sorted.
  std::vector<Assignment> repeated;
  // No plan repeats fewer. False only where the search ran into its limit.
  bool fewest_repeats = true;
  // Pairs that the rules leave, and pairs that the plan uses: equal where the plan is tight.
  PairCount pairs;
};

struct NoPlan {
  // What counting says, if counting is enough to see it.
  std::optional<Shortage> shortage;
  // Name of Shortage::seat; empty without one.
  std::string seat;
  // Rules that cannot be kept together, in the order of the enumerators: with any one left out, this reason is gone.
  // Where counting saw the reason, the rules that the count rests on; otherwise those that the solver finds to clash.
  // EACH_REVIEWS_K and EACH_REVIEWED_BY_K stand for one rule and are always both among them.
  std::vector<v1::PlanRule> rules;
  // Which conflicts and which capacities, where NO_CONFLICT or WITHIN_CAPACITY is among the rules; sorted.
  std::vector<Assignment> conflicts;
  std::vector<Capacity> capacities;
  // False where the limit came before it was clear that no smaller set of rules clashes.
  bool smallest = true;
  // The largest number of reviewers per seat, below the one asked for, with which a plan exists under all the rules;
  // 0: with none. Absent where the limit came first.
  std::optional<int> possible_reviewers;
};

// Neither a plan nor a proof that there is none was found within the limit.
struct NotFoundInTime {};

using PlanOutcome = std::variant<Plan, NoPlan, NotFoundInTime, std::vector<PlanFault>>;

// INTERNAL if the solver's plan, checked in whole numbers, breaks a rule.
absl::StatusOr<PlanOutcome> SolvePlan(const PlanInput& input, int64_t steps = kPlanSteps,
                                      int64_t reason_steps = kReasonSteps);

}  // namespace partnerskap::peer_review

#endif  // PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_SOLVER_H_
