#include "services/peer_review/domain/plan_counting.h"

#include <algorithm>
#include <numeric>

namespace partnerskap::peer_review {
namespace {

int64_t Count(const PlanSpace& space) { return static_cast<int64_t>(space.allowed.size()); }

// Those that may review the seat, that it may review, and that may do the one or the other.
struct Others {
  int64_t reviewers = 0;
  int64_t reviewed = 0;
  int64_t partners = 0;
};

Others OthersOf(const PlanSpace& space, int seat) {
  Others others;
  for (int i = 0; i < Count(space); ++i) {
    const bool reviews = space.allowed[i][seat];
    const bool is_reviewed = space.allowed[seat][i];
    others.reviewers += reviews ? 1 : 0;
    others.reviewed += is_reviewed ? 1 : 0;
    others.partners += reviews || is_reviewed ? 1 : 0;
  }
  return others;
}

// What a kind of shortage counts; it is one where `available` is less than `needed`.
Shortage Measure(const PlanSpace& space, ShortageKind kind, int seat) {
  switch (kind) {
    case ShortageKind::PAIRS: {
      const PairCount pairs = CountPairs(space);
      return {kind, pairs.available, pairs.needed, -1};
    }
    case ShortageKind::REVIEWERS:
      return {kind, OthersOf(space, seat).reviewers, space.reviewers_per_seat, seat};
    case ShortageKind::REVIEWED:
      return {kind, OthersOf(space, seat).reviewed, space.least[seat], seat};
    case ShortageKind::PARTNERS: {
      const int64_t needed = space.no_mutual_pair ? space.reviewers_per_seat + space.least[seat] : 0;
      return {kind, OthersOf(space, seat).partners, needed, seat};
    }
    case ShortageKind::CAPACITY: {
      const int64_t reviews = std::accumulate(space.most.begin(), space.most.end(), int64_t{0});
      return {kind, reviews, Count(space) * space.reviewers_per_seat, -1};
    }
  }
  return {kind, 0, 0, -1};
}

int64_t Lacking(const Shortage& shortage) { return shortage.needed - shortage.available; }

// The seat that lacks most of what the kind counts, the first of several.
Shortage WorstSeat(const PlanSpace& space, ShortageKind kind) {
  Shortage worst = Measure(space, kind, 0);
  for (int seat = 1; seat < Count(space); ++seat) {
    const Shortage measured = Measure(space, kind, seat);
    if (Lacking(measured) > Lacking(worst)) worst = measured;
  }
  return worst;
}

}  // namespace

ActiveRules AllRules(const PlanProblem& problem) {
  ActiveRules rules;
  rules.no_mutual_pair = problem.no_mutual_pair;
  rules.no_host_neighbour = !problem.host_neighbours.empty();
  rules.no_repeat = problem.no_repeat && !problem.previous.empty();
  rules.conflicts.assign(problem.conflicts.size(), true);
  rules.limited.assign(problem.limited.size(), true);
  return rules;
}

PlanSpace Restrict(const PlanProblem& problem, const ActiveRules& rules) {
  const size_t count = problem.seats.size();
  PlanSpace space;
  space.reviewers_per_seat = problem.reviewers_per_seat;
  space.no_mutual_pair = rules.no_mutual_pair;
  space.allowed.assign(count, std::vector<bool>(count, true));
  space.least = problem.least;
  space.most = problem.most;
  for (size_t i = 0; i < count; ++i) space.allowed[i][i] = false;
  if (rules.no_host_neighbour) {
    for (const auto& [a, b] : problem.host_neighbours) space.allowed[a][b] = space.allowed[b][a] = false;
  }
  if (rules.no_repeat) {
    for (const auto& [reviewer, reviewed] : problem.previous) space.allowed[reviewer][reviewed] = false;
  }
  for (size_t i = 0; i < problem.conflicts.size(); ++i) {
    if (rules.conflicts[i]) space.allowed[problem.conflicts[i].first][problem.conflicts[i].second] = false;
  }
  for (size_t i = 0; i < problem.limited.size(); ++i) {
    if (!rules.limited[i]) space.most[problem.limited[i]] = problem.reviewers_per_seat;
  }
  return space;
}

PairCount CountPairs(const PlanSpace& space) {
  PairCount pairs;
  pairs.needed = Count(space) * space.reviewers_per_seat;
  for (int i = 0; i < Count(space); ++i) {
    const Others others = OthersOf(space, i);
    pairs.available += space.no_mutual_pair ? others.partners : others.reviewed;
  }
  // Each unordered pair was seen from both ends.
  if (space.no_mutual_pair) pairs.available /= 2;
  return pairs;
}

std::optional<Shortage> FindShortage(const PlanSpace& space) {
  for (const ShortageKind kind : {ShortageKind::PAIRS, ShortageKind::REVIEWERS, ShortageKind::REVIEWED,
                                  ShortageKind::PARTNERS, ShortageKind::CAPACITY}) {
    const bool of_all = kind == ShortageKind::PAIRS || kind == ShortageKind::CAPACITY;
    const Shortage measured = of_all ? Measure(space, kind, -1) : WorstSeat(space, kind);
    if (Lacking(measured) > 0) return measured;
  }
  return std::nullopt;
}

bool StillShort(const PlanSpace& space, const Shortage& shortage) {
  return Lacking(Measure(space, shortage.kind, shortage.seat)) > 0;
}

}  // namespace partnerskap::peer_review
