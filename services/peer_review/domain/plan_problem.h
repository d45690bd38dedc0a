// Who reviews whom: the input of a review plan, its faults, and the canonical form that counting and solving work on.
#ifndef PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_PROBLEM_H_
#define PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_PROBLEM_H_

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace partnerskap::peer_review {

// Seats in one plan. The largest Swedish networks of municipalities have some forty members; 100 seats are solved in
// one to two seconds, and the number of unknowns grows with the square.
inline constexpr int kMaxSeats = 100;

// One seat reviews another.
struct Assignment {
  std::string reviewer;
  std::string reviewed;
  friend auto operator<=>(const Assignment&, const Assignment&) = default;
};

// The most reviews that a seat takes on, where that is not the number that every seat takes on. Below it, the seat does
// less than its share; above it, the seat may do the share of others.
struct Capacity {
  std::string seat;
  int max_reviews = 0;
};

// Seats are named by any non-empty text; two are the same seat if the texts are equal.
struct PlanInput {
  // 2 to kMaxSeats, each once, in the order in which they host; a ring, so the last is a neighbour of the first.
  std::vector<std::string> seats;
  // k: how many review each seat, and how many each seat reviews. 1 to one less than there are seats.
  int reviewers_per_seat = 0;
  // Two seats may review each other.
  bool allow_mutual_pairs = false;
  // Neighbours in the ring may review each other; then its order means nothing.
  bool allow_host_neighbours = false;
  // The former round's assignments may not come again; else they are avoided where possible.
  bool refuse_previous = false;
  // Who does not review whom. Their order, and saying one twice, mean nothing.
  std::vector<Assignment> conflicts;
  // At most one for each seat.
  std::vector<Capacity> capacities;
  // The former round's plan. Seats that have left since may stand in it.
  std::vector<Assignment> previous;
};

// What is wrong with an input as such, before the question whether a plan exists.
enum class PlanFaultKind {
  TOO_FEW_SEATS,
  TOO_MANY_SEATS,
  SEAT_EMPTY,
  SEAT_TWICE,
  REVIEWERS_NOT_POSITIVE,
  // More reviewers than there are other seats.
  REVIEWERS_TOO_MANY,
  CONFLICT_UNKNOWN_SEAT,
  CONFLICT_WITH_ITSELF,
  CAPACITY_UNKNOWN_SEAT,
  CAPACITY_TWICE,
  CAPACITY_NEGATIVE,
};

struct PlanFault {
  PlanFaultKind kind;
  // The seat that is at fault; empty where it is none.
  std::string seat;
  // Position in the list that is at fault (seats, conflicts or capacities); 0 where there is none.
  int index = 0;
};

// The input in canonical form: equal for inputs that differ only in the order of conflicts, capacities or former
// assignments, in the ring's start or direction, or, where neighbours are allowed, in the order of seats.
struct PlanProblem {
  // Sorted by bytes; everything below refers to seats by position in it.
  std::vector<std::string> seats;
  int reviewers_per_seat = 0;
  bool no_mutual_pair = true;
  bool no_repeat = false;
  // Pairs with first < second, sorted, each once. Empty where neighbours are allowed.
  std::vector<std::pair<int, int>> host_neighbours;
  // (reviewer, reviewed), sorted, each once.
  std::vector<std::pair<int, int>> conflicts;
  // Fewest and most reviews of each seat by its capacity: least = min(k, capacity), most = capacity; both k without
  // one.
  std::vector<int> least;
  std::vector<int> most;
  // Seats whose capacity is below k, ascending: these capacities are rules, larger ones are leave.
  std::vector<int> limited;
  // (reviewer, reviewed) of the former round, sorted, each once.
  std::vector<std::pair<int, int>> previous;
};

// The canonical form, or every fault of the input, in the order of the kinds and then of the lists.
std::variant<PlanProblem, std::vector<PlanFault>> ReadPlanInput(const PlanInput& input);

}  // namespace partnerskap::peer_review

#endif  // PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_PROBLEM_H_
