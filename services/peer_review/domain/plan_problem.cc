#include "services/peer_review/domain/plan_problem.h"

#include <algorithm>
#include <map>
#include <optional>

#include "absl/container/flat_hash_set.h"

namespace partnerskap::peer_review {
namespace {

using Pair = std::pair<int, int>;
using Faults = std::vector<PlanFault>;

void SortUnique(std::vector<Pair>& pairs) {
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
}

// Position by name of the sorted seats.
class Positions {
 public:
  explicit Positions(const std::vector<std::string>& sorted) {
    for (size_t i = 0; i < sorted.size(); ++i) positions_.emplace(sorted[i], static_cast<int>(i));
  }
  std::optional<int> Of(const std::string& seat) const {
    auto it = positions_.find(seat);
    if (it == positions_.end()) return std::nullopt;
    return it->second;
  }

 private:
  std::map<std::string, int> positions_;
};

void CheckSeats(const PlanInput& input, Faults& faults) {
  const int count = static_cast<int>(input.seats.size());
  if (count < 2) faults.push_back({PlanFaultKind::TOO_FEW_SEATS, "", 0});
  if (count > kMaxSeats) faults.push_back({PlanFaultKind::TOO_MANY_SEATS, "", 0});
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < count; ++i) {
    if (input.seats[i].empty()) {
      faults.push_back({PlanFaultKind::SEAT_EMPTY, "", i});
    } else if (!seen.insert(input.seats[i]).second) {
      faults.push_back({PlanFaultKind::SEAT_TWICE, input.seats[i], i});
    }
  }
  if (input.reviewers_per_seat <= 0) {
    faults.push_back({PlanFaultKind::REVIEWERS_NOT_POSITIVE, "", 0});
  } else if (input.reviewers_per_seat >= static_cast<int>(seen.size())) {
    faults.push_back({PlanFaultKind::REVIEWERS_TOO_MANY, "", 0});
  }
}

void ReadRing(const PlanInput& input, const Positions& positions, PlanProblem& problem) {
  if (input.allow_host_neighbours) return;
  const size_t count = input.seats.size();
  for (size_t i = 0; i < count; ++i) {
    const int seat = *positions.Of(input.seats[i]);
    const int next = *positions.Of(input.seats[(i + 1) % count]);
    if (seat != next) problem.host_neighbours.emplace_back(std::min(seat, next), std::max(seat, next));
  }
  SortUnique(problem.host_neighbours);
}

void ReadConflicts(const PlanInput& input, const Positions& positions, PlanProblem& problem, Faults& faults) {
  for (size_t i = 0; i < input.conflicts.size(); ++i) {
    const auto& [reviewer, reviewed] = input.conflicts[i];
    const std::optional<int> a = positions.Of(reviewer);
    const std::optional<int> b = positions.Of(reviewed);
    if (!a.has_value()) faults.push_back({PlanFaultKind::CONFLICT_UNKNOWN_SEAT, reviewer, static_cast<int>(i)});
    if (!b.has_value()) faults.push_back({PlanFaultKind::CONFLICT_UNKNOWN_SEAT, reviewed, static_cast<int>(i)});
    if (!a.has_value() || !b.has_value()) continue;
    if (*a == *b) {
      faults.push_back({PlanFaultKind::CONFLICT_WITH_ITSELF, reviewer, static_cast<int>(i)});
    } else {
      problem.conflicts.emplace_back(*a, *b);
    }
  }
  SortUnique(problem.conflicts);
}

void ReadCapacities(const PlanInput& input, const Positions& positions, PlanProblem& problem, Faults& faults) {
  const int count = static_cast<int>(problem.seats.size());
  problem.least.assign(count, problem.reviewers_per_seat);
  problem.most.assign(count, problem.reviewers_per_seat);
  std::vector<bool> seen(count, false);
  for (size_t i = 0; i < input.capacities.size(); ++i) {
    const Capacity& capacity = input.capacities[i];
    const int index = static_cast<int>(i);
    const std::optional<int> seat = positions.Of(capacity.seat);
    if (capacity.max_reviews < 0) faults.push_back({PlanFaultKind::CAPACITY_NEGATIVE, capacity.seat, index});
    if (!seat.has_value()) {
      faults.push_back({PlanFaultKind::CAPACITY_UNKNOWN_SEAT, capacity.seat, index});
      continue;
    }
    if (seen[*seat]) faults.push_back({PlanFaultKind::CAPACITY_TWICE, capacity.seat, index});
    seen[*seat] = true;
    problem.most[*seat] = std::min(capacity.max_reviews, count - 1);
    problem.least[*seat] = std::min(problem.reviewers_per_seat, problem.most[*seat]);
  }
  for (int i = 0; i < count; ++i) {
    if (problem.most[i] < problem.reviewers_per_seat) problem.limited.push_back(i);
  }
}

}  // namespace

std::variant<PlanProblem, std::vector<PlanFault>> ReadPlanInput(const PlanInput& input) {
  Faults faults;
  CheckSeats(input, faults);
  PlanProblem problem;
  problem.reviewers_per_seat = input.reviewers_per_seat;
  problem.no_mutual_pair = !input.allow_mutual_pairs;
  problem.no_repeat = input.refuse_previous;
  problem.seats = input.seats;
  std::sort(problem.seats.begin(), problem.seats.end());
  problem.seats.erase(std::unique(problem.seats.begin(), problem.seats.end()), problem.seats.end());
  const Positions positions(problem.seats);
  ReadRing(input, positions, problem);
  ReadConflicts(input, positions, problem, faults);
  ReadCapacities(input, positions, problem, faults);
  for (const Assignment& assignment : input.previous) {
    const std::optional<int> reviewer = positions.Of(assignment.reviewer);
    const std::optional<int> reviewed = positions.Of(assignment.reviewed);
    if (reviewer.has_value() && reviewed.has_value()) problem.previous.emplace_back(*reviewer, *reviewed);
  }
  SortUnique(problem.previous);
  if (!faults.empty()) {
    std::stable_sort(faults.begin(), faults.end(),
                     [](const PlanFault& a, const PlanFault& b) { return a.kind < b.kind; });
    return faults;
  }
  return problem;
}

}  // namespace partnerskap::peer_review
