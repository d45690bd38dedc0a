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

Pair Unordered(int a, int b) { return {std::min(a, b), std::max(a, b)}; }

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

void ReadHostOrder(const PlanInput& input, const Positions& positions, PlanProblem& problem, Faults& faults) {
  if (input.allow_host_neighbours) return;
  std::vector<int> ring;
  std::vector<bool> seen(problem.seats.size(), false);
  for (size_t i = 0; i < input.host_order.size(); ++i) {
    const std::string& name = input.host_order[i];
    const std::optional<int> seat = positions.Of(name);
    if (!seat.has_value()) {
      faults.push_back({PlanFaultKind::HOST_ORDER_UNKNOWN_SEAT, name, static_cast<int>(i)});
    } else if (seen[*seat]) {
      faults.push_back({PlanFaultKind::HOST_ORDER_SEAT_TWICE, name, static_cast<int>(i)});
    } else {
      seen[*seat] = true;
      ring.push_back(*seat);
    }
  }
  for (size_t i = 0; i < seen.size(); ++i) {
    if (!seen[i]) faults.push_back({PlanFaultKind::HOST_ORDER_MISSES_SEAT, problem.seats[i], 0});
  }
  for (size_t i = 0; i < ring.size(); ++i) {
    const int next = ring[(i + 1) % ring.size()];
    if (next != ring[i]) problem.host_neighbours.push_back(Unordered(ring[i], next));
  }
  SortUnique(problem.host_neighbours);
}

void ReadConflicts(const PlanInput& input, const Positions& positions, PlanProblem& problem, Faults& faults) {
  for (size_t i = 0; i < input.conflicts.size(); ++i) {
    const auto& [first, second] = input.conflicts[i];
    const std::optional<int> a = positions.Of(first);
    const std::optional<int> b = positions.Of(second);
    if (!a.has_value()) faults.push_back({PlanFaultKind::CONFLICT_UNKNOWN_SEAT, first, static_cast<int>(i)});
    if (!b.has_value()) faults.push_back({PlanFaultKind::CONFLICT_UNKNOWN_SEAT, second, static_cast<int>(i)});
    if (!a.has_value() || !b.has_value()) continue;
    if (*a == *b) {
      faults.push_back({PlanFaultKind::CONFLICT_WITH_ITSELF, first, static_cast<int>(i)});
    } else {
      problem.conflicts.push_back(Unordered(*a, *b));
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
  problem.seats = input.seats;
  std::sort(problem.seats.begin(), problem.seats.end());
  problem.seats.erase(std::unique(problem.seats.begin(), problem.seats.end()), problem.seats.end());
  const Positions positions(problem.seats);
  ReadHostOrder(input, positions, problem, faults);
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
