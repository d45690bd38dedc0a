// For tests of the review plan: inputs, and a checker and an exhaustive search that share no code with the solver.
#ifndef PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_TESTING_H_
#define PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_TESTING_H_

#include <optional>
#include <string>
#include <vector>

#include "services/peer_review/domain/plan_solver.h"

namespace partnerskap::peer_review {

// Seats s00, s01, … in a ring of that order.
PlanInput Ring(int seats, int reviewers);

// Neither reviews the other.
void Part(PlanInput& input, const std::string& a, const std::string& b);

// Everything that an outcome says, as text; equal texts are equal outcomes.
std::string Dump(const PlanOutcome& outcome);

// Each rule of the input that the assignments break, in words; empty for a good plan.
std::vector<std::string> Breaches(const PlanInput& input, const std::vector<Assignment>& assignments);

// Which rules an exhaustive search asks for, by what the input says; conflicts and capacities by their position.
struct Wanted {
  bool no_mutual_pair = true;
  bool no_host_neighbour = true;
  bool no_repeat = true;
  std::vector<bool> conflicts;
  std::vector<bool> capacities;
};
Wanted Everything(const PlanInput& input);

// The fewest repeats of a plan that keeps the wanted rules, or none if there is no plan. For up to some 7 seats.
std::optional<int> FewestRepeatsByTryingAll(const PlanInput& input, const Wanted& wanted);

}  // namespace partnerskap::peer_review

#endif  // PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_TESTING_H_
