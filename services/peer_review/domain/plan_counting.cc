#include "services/peer_review/domain/plan_counting.h"

#include <algorithm>
#include <numeric>

namespace partnerskap::peer_review {
namespace {

int Partners(const PlanSpace& space, int seat) {
  return static_cast<int>(std::count(space.allowed[seat].begin(), space.allowed[seat].end(), true));
}

Shortage PartnersOf(const PlanSpace& space, int seat) {
  // Without mutual pairs, those that a seat reviews and those that review it are different seats.
  const int needed = space.no_mutual_pair ? space.reviewers_per_seat + space.least[seat]
                                          : std::max(space.reviewers_per_seat, space.least[seat]);
  return {ShortageKind::PARTNERS, Partners(space, seat), needed, seat};
}

Shortage Reviews(const PlanSpace& space) {
  return {ShortageKind::REVIEWS, std::accumulate(space.most.begin(), space.most.end(), int64_t{0}),
          CountPairs(space).needed, -1};
}

}  // namespace

ActiveRules AllRules(const PlanProblem& problem) {
  ActiveRules rules;
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
  const auto forbid = [&space](const std::pair<int, int>& pair) {
    space.allowed[pair.first][pair.second] = false;
    space.allowed[pair.second][pair.first] = false;
  };
  for (size_t i = 0; i < count; ++i) space.allowed[i][i] = false;
  if (rules.no_host_neighbour) {
    for (const auto& pair : problem.host_neighbours) forbid(pair);
  }
  for (size_t i = 0; i < problem.conflicts.size(); ++i) {
    if (rules.conflicts[i]) forbid(problem.conflicts[i]);
  }
  for (size_t i = 0; i < problem.limited.size(); ++i) {
    if (!rules.limited[i]) space.most[problem.limited[i]] = problem.reviewers_per_seat;
  }
  return space;
}

PairCount CountPairs(const PlanSpace& space) {
  const int count = static_cast<int>(space.allowed.size());
  PairCount pairs;
  for (int i = 0; i < count; ++i) pairs.available += Partners(space, i);
  if (space.no_mutual_pair) pairs.available /= 2;
  pairs.needed = static_cast<int64_t>(count) * space.reviewers_per_seat;
  return pairs;
}

std::optional<Shortage> FindShortage(const PlanSpace& space) {
  const PairCount pairs = CountPairs(space);
  if (pairs.available < pairs.needed) return Shortage{ShortageKind::PAIRS, pairs.available, pairs.needed, -1};

  std::optional<Shortage> worst;
  for (size_t i = 0; i < space.allowed.size(); ++i) {
    const Shortage of = PartnersOf(space, static_cast<int>(i));
    if (of.available >= of.needed) continue;
    if (!worst.has_value() || of.needed - of.available > worst->needed - worst->available) worst = of;
  }
  if (worst.has_value()) return worst;

  const Shortage reviews = Reviews(space);
  if (reviews.available < reviews.needed) return reviews;
  return std::nullopt;
}

bool StillShort(const PlanSpace& space, const Shortage& shortage) {
  switch (shortage.kind) {
    case ShortageKind::PAIRS: {
      const PairCount pairs = CountPairs(space);
      return pairs.available < pairs.needed;
    }
    case ShortageKind::PARTNERS: {
      const Shortage partners = PartnersOf(space, shortage.seat);
      return partners.available < partners.needed;
    }
    case ShortageKind::REVIEWS: {
      const Shortage reviews = Reviews(space);
      return reviews.available < reviews.needed;
    }
  }
  return false;
}

}  // namespace partnerskap::peer_review
