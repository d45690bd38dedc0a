// What counting alone says of a review plan: whether there are pairs, partners and capacity enough.
#ifndef PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_COUNTING_H_
#define PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_COUNTING_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "services/peer_review/domain/plan_problem.h"

namespace partnerskap::peer_review {

// Which of a problem's rules are asked for; the search for the rules that clash leaves some out. That no seat reviews
// itself, and how many reviews each seat gives and gets, are always asked for: without them a plan of nothing would do.
struct ActiveRules {
  bool no_mutual_pair = false;
  bool no_host_neighbour = false;
  bool no_repeat = false;
  // Beside PlanProblem::conflicts and PlanProblem::limited, of the same lengths.
  std::vector<bool> conflicts;
  std::vector<bool> limited;
};

// All rules of the problem that have something to say in it.
ActiveRules AllRules(const PlanProblem& problem);

// What the active rules leave open.
struct PlanSpace {
  int reviewers_per_seat = 0;
  bool no_mutual_pair = true;
  // [reviewer][reviewed], by the seats' positions.
  std::vector<std::vector<bool>> allowed;
  std::vector<int> least;
  std::vector<int> most;
};

// Leaving a rule out never takes a plan away: a capacity that is left out raises the most, and keeps the least.
PlanSpace Restrict(const PlanProblem& problem, const ActiveRules& rules);

// Pairs of which one may review the other, and pairs that a plan uses. Unordered pairs where no mutual pair is allowed,
// else ordered ones.
struct PairCount {
  int64_t available = 0;
  int64_t needed = 0;
};
PairCount CountPairs(const PlanSpace& space);

enum class ShortageKind {
  // Fewer pairs in all than a plan uses.
  PAIRS,
  // Fewer may review a seat than must.
  REVIEWERS,
  // A seat may review fewer than it must.
  REVIEWED,
  // Fewer may review a seat or be reviewed by it than must do one or the other, where no pair is mutual.
  PARTNERS,
  // The seats take on fewer reviews than a plan has.
  CAPACITY,
};

struct Shortage {
  ShortageKind kind;
  int64_t available = 0;
  int64_t needed = 0;
  // REVIEWERS, REVIEWED, PARTNERS: the seat that lacks most, the first of several. Else -1.
  int seat = -1;
};

// The first shortage in the order of the kinds, or none: then counting cannot tell, and a plan may or may not exist.
std::optional<Shortage> FindShortage(const PlanSpace& space);

// Whether the same kind of shortage, of the same seat if it is of one, is there in this space too.
bool StillShort(const PlanSpace& space, const Shortage& shortage);

}  // namespace partnerskap::peer_review

#endif  // PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_COUNTING_H_
