// What counting alone says of a review plan: whether there are pairs, partners and capacity enough.
#ifndef PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_COUNTING_H_
#define PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_COUNTING_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "services/peer_review/domain/plan_problem.h"

namespace partnerskap::peer_review {

// The rules of a plan that can be part of why there is none. That no seat reviews itself is not among them: it is what
// reviewing each other means, and is never left out.
enum class PlanRule {
  // Every seat is reviewed by k others and reviews k, or as many as its capacity says.
  REVIEWS_PER_SEAT,
  // Where one seat reviews another, that one does not review it.
  NO_MUTUAL_PAIR,
  // No seat reviews its neighbour in the host order.
  NO_HOST_NEIGHBOUR,
  DECLARED_CONFLICT,
  // Capacities below k. A larger one is leave, not a rule.
  CAPACITY,
};

// Which of a problem's rules are asked for; the search for the rules that clash leaves some out.
// REVIEWS_PER_SEAT is always asked for: without it a plan of nothing would do.
struct ActiveRules {
  bool no_mutual_pair = true;
  bool no_host_neighbour = true;
  // Beside PlanProblem::conflicts and PlanProblem::limited, of the same lengths.
  std::vector<bool> conflicts;
  std::vector<bool> limited;
};

// All rules of the problem.
ActiveRules AllRules(const PlanProblem& problem);

// What the active rules leave open.
struct PlanSpace {
  int reviewers_per_seat = 0;
  bool no_mutual_pair = true;
  // Symmetric, with the seats' positions as indices: may one of the two review the other.
  std::vector<std::vector<bool>> allowed;
  std::vector<int> least;
  std::vector<int> most;
};

// Leaving a rule out never takes a plan away: a capacity that is left out raises the most, and keeps the least.
PlanSpace Restrict(const PlanProblem& problem, const ActiveRules& rules);

// Pairs that may review each other and pairs that a plan uses. Unordered pairs where no mutual pair is allowed, else
// ordered ones.
struct PairCount {
  int64_t available = 0;
  int64_t needed = 0;
};
PairCount CountPairs(const PlanSpace& space);

enum class ShortageKind {
  // Fewer pairs in all than a plan uses.
  PAIRS,
  // A seat has fewer possible partners than it must review and be reviewed by.
  PARTNERS,
  // The seats can do fewer reviews than a plan has.
  REVIEWS,
};

struct Shortage {
  ShortageKind kind;
  int64_t available = 0;
  int64_t needed = 0;
  // PARTNERS: the first seat with the fewest partners in relation to its need. Else -1.
  int seat = -1;
};

// The first shortage in the order of the kinds, or none: then counting cannot tell, and a plan may or may not exist.
std::optional<Shortage> FindShortage(const PlanSpace& space);

// Whether the same kind of shortage, for PARTNERS that of the same seat, is there in this space too.
bool StillShort(const PlanSpace& space, const Shortage& shortage);

}  // namespace partnerskap::peer_review

#endif  // PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_COUNTING_H_
