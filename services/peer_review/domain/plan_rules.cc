#include "services/peer_review/domain/plan_rules.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/peerreview/v1/reasons.pb.h"
#include "services/peer_review/domain/plan_words.h"

namespace partnerskap::peer_review {
namespace {

using SeatSet = std::set<std::string>;

absl::Status MustStandInRing(const SeatSet& ring, const std::string& seat) {
  if (ring.contains(seat)) return absl::OkStatus();
  return Refuse(v1::PAIR_SEAT_UNKNOWN, {{"seat", seat}});
}

absl::Status CheckRing(const v1::ReviewRules& rules, absl::string_view network) {
  SeatSet seen;
  for (const std::string& seat : rules.seats()) {
    if (!seen.insert(seat).second || !absl::StartsWith(seat, absl::StrCat(network, "/seats/"))) {
      return Refuse(v1::RING_SEAT_WRONG, {{"seat", seat}});
    }
  }
  return absl::OkStatus();
}

absl::Status CheckRingSize(const v1::ReviewRules& rules) {
  if (rules.seats_size() > rules.reviews_per_seat()) return absl::OkStatus();
  return Refuse(v1::RING_TOO_SMALL, {{"seats", absl::StrCat(rules.seats_size())},
                                     {"reviews_per_seat", absl::StrCat(rules.reviews_per_seat())}});
}

// What no rule of a single field could say.
absl::Status CheckFields(const v1::ReviewRules& rules) {
  std::vector<Violation> violations;
  // The gate limits what is given; the order of hosts may be longer.
  if (rules.seats_size() > kMaxSeats) violations.push_back({"rules.seats", absl::StrCat("at most ", kMaxSeats)});
  for (int i = 0; i < rules.conflicts_size(); ++i) {
    if (rules.conflicts(i).reviewer() != rules.conflicts(i).reviewed()) continue;
    violations.push_back({absl::StrCat("rules.conflicts[", i, "].reviewed"), "must be another seat than the reviewer"});
  }
  SeatSet seen;
  for (int i = 0; i < rules.capacities_size(); ++i) {
    if (seen.insert(rules.capacities(i).seat()).second) continue;
    violations.push_back({absl::StrCat("rules.capacities[", i, "].seat"), "must not stand twice"});
  }
  return violations.empty() ? absl::OkStatus() : RefuseFields(violations);
}

std::optional<int> CapacityOf(const v1::ReviewRules& rules, const std::string& seat) {
  for (const v1::ReviewCapacity& capacity : rules.capacities()) {
    if (capacity.seat() == seat) return capacity.max_reviews();
  }
  return std::nullopt;
}

template <typename Pair>
std::set<Assignment> SetOf(const google::protobuf::RepeatedPtrField<Pair>& pairs) {
  std::set<Assignment> set;
  for (const Pair& pair : pairs) set.insert({pair.reviewer(), pair.reviewed()});
  return set;
}

absl::Status CheckPairs(const v1::ReviewRules& rules, const ReviewPairs& pairs) {
  const SeatSet ring(rules.seats().begin(), rules.seats().end());
  for (const v1::ReviewPair& pair : pairs) {
    RETURN_IF_ERROR(MustStandInRing(ring, pair.reviewer()));
    RETURN_IF_ERROR(MustStandInRing(ring, pair.reviewed()));
  }
  std::set<Assignment> seen;
  for (const v1::ReviewPair& pair : pairs) {
    if (!seen.insert({pair.reviewer(), pair.reviewed()}).second) {
      return Refuse(v1::PAIR_REPEATED, {{"reviewer", pair.reviewer()}, {"reviewed", pair.reviewed()}});
    }
  }
  for (const v1::ReviewPair& pair : pairs) {
    if (pair.reviewer() == pair.reviewed()) return Refuse(v1::PLAN_SELF_REVIEW, {{"seat", pair.reviewer()}});
  }
  return absl::OkStatus();
}

absl::Status CheckCounts(const v1::ReviewRules& rules, const ReviewPairs& pairs) {
  std::map<std::string, int> reviews;
  std::map<std::string, int> reviewed_by;
  for (const v1::ReviewPair& pair : pairs) {
    ++reviews[pair.reviewer()];
    ++reviewed_by[pair.reviewed()];
  }
  const int k = rules.reviews_per_seat();
  for (const std::string& seat : rules.seats()) {
    const std::optional<int> capacity = CapacityOf(rules, seat);
    const int least = std::min(k, capacity.value_or(k));
    const bool too_many = !capacity.has_value() && reviews[seat] > k;
    if (reviewed_by[seat] == k && reviews[seat] >= least && !too_many) continue;
    return Refuse(v1::PLAN_COUNT_WRONG, {{"seat", seat},
                                         {"reviews", absl::StrCat(reviews[seat])},
                                         {"reviewed_by", absl::StrCat(reviewed_by[seat])},
                                         {"expected", absl::StrCat(k)}});
  }
  return absl::OkStatus();
}

absl::Status CheckCapacities(const v1::ReviewRules& rules, const ReviewPairs& pairs) {
  for (const v1::ReviewCapacity& capacity : rules.capacities()) {
    const auto reviews = std::count_if(pairs.begin(), pairs.end(), [&capacity](const v1::ReviewPair& pair) {
      return pair.reviewer() == capacity.seat();
    });
    if (reviews <= capacity.max_reviews()) continue;
    return Refuse(v1::PLAN_OVER_CAPACITY, {{"seat", capacity.seat()},
                                           {"reviews", absl::StrCat(reviews)},
                                           {"capacity", absl::StrCat(capacity.max_reviews())}});
  }
  return absl::OkStatus();
}

absl::Status CheckMutual(const v1::ReviewRules& rules, const std::set<Assignment>& all) {
  if (rules.mutual_allowed()) return absl::OkStatus();
  for (const Assignment& pair : all) {
    if (!all.contains({pair.reviewed, pair.reviewer})) continue;
    return Refuse(v1::PLAN_MUTUAL_PAIR, {{"seat", pair.reviewer}, {"other", pair.reviewed}});
  }
  return absl::OkStatus();
}

absl::Status CheckNeighbours(const v1::ReviewRules& rules, const std::set<Assignment>& all) {
  if (rules.neighbours_allowed()) return absl::OkStatus();
  for (int i = 0; i < rules.seats_size(); ++i) {
    const std::string& seat = rules.seats(i);
    const std::string& next = rules.seats((i + 1) % rules.seats_size());
    for (const Assignment& pair : {Assignment{seat, next}, Assignment{next, seat}}) {
      if (!all.contains(pair)) continue;
      return Refuse(v1::PLAN_NEIGHBOURS, {{"reviewer", pair.reviewer}, {"reviewed", pair.reviewed}});
    }
  }
  return absl::OkStatus();
}

absl::Status CheckConflicts(const v1::ReviewRules& rules, const std::set<Assignment>& all) {
  for (const Assignment& conflict : SetOf(rules.conflicts())) {
    if (!all.contains(conflict)) continue;
    return Refuse(v1::PLAN_CONFLICT, {{"reviewer", conflict.reviewer}, {"reviewed", conflict.reviewed}});
  }
  return absl::OkStatus();
}

absl::Status CheckRepeats(const v1::ReviewRules& rules, const std::set<Assignment>& all) {
  if (!rules.previous_pairs_refused()) return absl::OkStatus();
  for (const Assignment& former : SetOf(rules.previous_pairs())) {
    if (!all.contains(former)) continue;
    return Refuse(v1::PLAN_REPEATS, {{"reviewer", former.reviewer}, {"reviewed", former.reviewed}});
  }
  return absl::OkStatus();
}

void PutPlan(const v1::ReviewRules& rules, const Plan& plan, v1::PlanReviewsResponse& answer) {
  std::map<std::string, int> place;
  for (int i = 0; i < rules.seats_size(); ++i) place[rules.seats(i)] = i;
  std::vector<Assignment> assignments = plan.assignments;
  std::sort(assignments.begin(), assignments.end(), [&place](const Assignment& a, const Assignment& b) {
    return std::pair(place.at(a.reviewed), place.at(a.reviewer)) <
           std::pair(place.at(b.reviewed), place.at(b.reviewer));
  });
  for (const Assignment& assignment : assignments) {
    v1::ReviewPair& pair = *answer.add_pairs();
    pair.set_reviewer(assignment.reviewer);
    pair.set_reviewed(assignment.reviewed);
  }
  answer.set_tight(plan.pairs.available == plan.pairs.needed);
  answer.set_repeated_pairs(static_cast<int32_t>(plan.repeated.size()));
  answer.set_may_repeat_fewer(!plan.fewest_repeats);
}

void PutObstacle(const NoPlan& none, const Words& words, v1::PlanObstacle& obstacle) {
  for (const v1::PlanRule rule : none.rules) obstacle.add_clashing_rules(rule);
  if (none.shortage.has_value()) {
    obstacle.set_available_pairs(static_cast<int32_t>(none.shortage->available));
    obstacle.set_needed_pairs(static_cast<int32_t>(none.shortage->needed));
  }
  obstacle.set_seat(none.seat);
  obstacle.set_reason_sv(words.sv);
  obstacle.set_reason_en(words.en);
  for (const Assignment& conflict : none.conflicts) {
    v1::ReviewConflict& clashing = *obstacle.add_clashing_conflicts();
    clashing.set_reviewer(conflict.reviewer);
    clashing.set_reviewed(conflict.reviewed);
  }
  for (const Capacity& capacity : none.capacities) {
    v1::ReviewCapacity& clashing = *obstacle.add_clashing_capacities();
    clashing.set_seat(capacity.seat);
    clashing.set_max_reviews(capacity.max_reviews);
  }
  obstacle.set_may_be_smaller(!none.smallest);
  obstacle.set_possible_reviews_per_seat(none.possible_reviewers.value_or(0));
}

}  // namespace

absl::StatusOr<PlanInput> ReadRules(const v1::ReviewRules& rules, absl::string_view network) {
  RETURN_IF_ERROR(CheckFields(rules));
  RETURN_IF_ERROR(CheckRing(rules, network));
  const SeatSet ring(rules.seats().begin(), rules.seats().end());
  PlanInput input;
  input.seats.assign(rules.seats().begin(), rules.seats().end());
  input.reviewers_per_seat = rules.reviews_per_seat();
  input.allow_mutual_pairs = rules.mutual_allowed();
  input.allow_host_neighbours = rules.neighbours_allowed();
  input.refuse_previous = rules.previous_pairs_refused();
  for (const v1::ReviewConflict& conflict : rules.conflicts()) {
    RETURN_IF_ERROR(MustStandInRing(ring, conflict.reviewer()));
    RETURN_IF_ERROR(MustStandInRing(ring, conflict.reviewed()));
    input.conflicts.push_back({conflict.reviewer(), conflict.reviewed()});
  }
  for (const v1::ReviewCapacity& capacity : rules.capacities()) {
    RETURN_IF_ERROR(MustStandInRing(ring, capacity.seat()));
    input.capacities.push_back({capacity.seat(), capacity.max_reviews()});
  }
  for (const v1::ReviewPair& pair : rules.previous_pairs())
    input.previous.push_back({pair.reviewer(), pair.reviewed()});
  RETURN_IF_ERROR(CheckRingSize(rules));
  return input;
}

absl::Status MustKeepRules(const v1::ReviewRules& rules, const ReviewPairs& pairs) {
  const std::set<Assignment> all = SetOf(pairs);
  RETURN_IF_ERROR(CheckPairs(rules, pairs));
  RETURN_IF_ERROR(CheckCounts(rules, pairs));
  RETURN_IF_ERROR(CheckMutual(rules, all));
  RETURN_IF_ERROR(CheckNeighbours(rules, all));
  RETURN_IF_ERROR(CheckConflicts(rules, all));
  RETURN_IF_ERROR(CheckRepeats(rules, all));
  return CheckCapacities(rules, pairs);
}

v1::PlanReviewsResponse AnswerOf(const v1::ReviewRules& rules, const PlanInput& input, const PlanOutcome& outcome,
                                 absl::FunctionRef<std::string(absl::string_view)> name) {
  v1::PlanReviewsResponse answer;
  *answer.mutable_seats() = rules.seats();
  if (const auto read = ReadPlanInput(input); const auto* problem = std::get_if<PlanProblem>(&read)) {
    const PairCount pairs = CountPairs(Restrict(*problem, AllRules(*problem)));
    answer.set_available_pairs(static_cast<int32_t>(pairs.available));
    answer.set_needed_pairs(static_cast<int32_t>(pairs.needed));
  }
  if (const auto* plan = std::get_if<Plan>(&outcome)) PutPlan(rules, *plan, answer);
  if (const auto* none = std::get_if<NoPlan>(&outcome)) {
    PutObstacle(*none, ExplainNoPlan(input, *none, name), *answer.mutable_obstacle());
  }
  answer.set_undecided(std::holds_alternative<NotFoundInTime>(outcome));
  return answer;
}

}  // namespace partnerskap::peer_review
