#include "services/peer_review/domain/plan_testing.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"

namespace partnerskap::peer_review {
namespace {

using Matrix = std::vector<std::vector<bool>>;

std::string DumpPlan(const Plan& plan) {
  std::string out = absl::StrCat("plan ", plan.pairs.available, "/", plan.pairs.needed, " ", plan.fewest_repeats);
  for (const Assignment& a : plan.assignments) absl::StrAppend(&out, " ", a.reviewer, ">", a.reviewed);
  for (const Assignment& a : plan.repeated) absl::StrAppend(&out, " again ", a.reviewer, ">", a.reviewed);
  return out;
}

std::string DumpNoPlan(const NoPlan& none) {
  std::string out = "none";
  if (none.shortage.has_value()) {
    absl::StrAppend(&out, " short ", static_cast<int>(none.shortage->kind), " ", none.shortage->available, "/",
                    none.shortage->needed, " ", none.seat);
  }
  for (const v1::PlanRule rule : none.rules) absl::StrAppend(&out, " rule ", static_cast<int>(rule));
  for (const auto& [a, b] : none.conflicts) absl::StrAppend(&out, " ", a, "!", b);
  for (const Capacity& c : none.capacities) absl::StrAppend(&out, " ", c.seat, "=", c.max_reviews);
  return absl::StrCat(out, " ", none.smallest, " ", none.possible_reviewers.value_or(-1));
}

// Depth first over the ordered pairs, reviewer by reviewer.
class Search {
 public:
  Search(const PlanInput& input, const Wanted& wanted)
      : k_(input.reviewers_per_seat), no_mutual_pair_(wanted.no_mutual_pair && !input.allow_mutual_pairs) {
    const int count = static_cast<int>(input.seats.size());
    std::map<std::string, int> at;
    for (int i = 0; i < count; ++i) at[input.seats[i]] = i;
    may_.assign(count, std::vector<bool>(count, true));
    former_.assign(count, std::vector<bool>(count, false));
    for (int i = 0; i < count; ++i) may_[i][i] = false;
    for (int i = 0; wanted.no_host_neighbour && !input.allow_host_neighbours && i < count; ++i) {
      may_[i][(i + 1) % count] = may_[(i + 1) % count][i] = false;
    }
    for (size_t i = 0; i < input.conflicts.size(); ++i) {
      if (wanted.conflicts[i]) may_[at[input.conflicts[i].reviewer]][at[input.conflicts[i].reviewed]] = false;
    }
    least_.assign(count, k_);
    most_.assign(count, k_);
    for (size_t i = 0; i < input.capacities.size(); ++i) {
      const int seat = at[input.capacities[i].seat];
      const int most = input.capacities[i].max_reviews;
      least_[seat] = std::min(k_, most);
      most_[seat] = wanted.capacities[i] ? most : std::max(k_, most);
    }
    for (const Assignment& a : input.previous) {
      former_[at.at(a.reviewer)][at.at(a.reviewed)] = true;
      if (wanted.no_repeat && input.refuse_previous) may_[at.at(a.reviewer)][at.at(a.reviewed)] = false;
    }
    chosen_.assign(count, std::vector<bool>(count, false));
    received_.assign(count, 0);
    Try(0, 0, 0, 0);
  }
  std::optional<int> fewest() const { return fewest_; }

 private:
  void Try(int i, int j, int given, int repeats) {
    const int count = static_cast<int>(may_.size());
    if (fewest_.has_value() && repeats >= *fewest_) return;
    if (i == count) {
      for (const int received : received_) {
        if (received != k_) return;
      }
      fewest_ = repeats;
      return;
    }
    if (j == count) {
      if (given >= least_[i]) Try(i + 1, 0, 0, repeats);
      return;
    }
    const bool open = may_[i][j] && given < most_[i] && received_[j] < k_;
    if (open && !(no_mutual_pair_ && chosen_[j][i])) {
      chosen_[i][j] = true;
      ++received_[j];
      Try(i, j + 1, given + 1, repeats + (former_[i][j] ? 1 : 0));
      --received_[j];
      chosen_[i][j] = false;
    }
    Try(i, j + 1, given, repeats);
  }

  const int k_;
  const bool no_mutual_pair_;
  Matrix may_;
  Matrix former_;
  Matrix chosen_;
  std::vector<int> least_;
  std::vector<int> most_;
  std::vector<int> received_;
  std::optional<int> fewest_;
};

}  // namespace

PlanInput Ring(int seats, int reviewers) {
  PlanInput input;
  for (int i = 0; i < seats; ++i) input.seats.push_back(absl::StrCat("s", i / 10, i % 10));
  input.reviewers_per_seat = reviewers;
  return input;
}

void Part(PlanInput& input, const std::string& a, const std::string& b) {
  input.conflicts.push_back({a, b});
  input.conflicts.push_back({b, a});
}

std::string Dump(const PlanOutcome& outcome) {
  if (const auto* plan = std::get_if<Plan>(&outcome)) return DumpPlan(*plan);
  if (const auto* none = std::get_if<NoPlan>(&outcome)) return DumpNoPlan(*none);
  if (std::holds_alternative<NotFoundInTime>(outcome)) return "not found";
  std::string out = "faults";
  for (const PlanFault& fault : std::get<std::vector<PlanFault>>(outcome)) {
    absl::StrAppend(&out, " ", static_cast<int>(fault.kind), " ", fault.seat);
  }
  return out;
}

std::vector<std::string> Breaches(const PlanInput& input, const std::vector<Assignment>& assignments) {
  std::vector<std::string> breaches;
  std::set<Assignment> all;
  std::map<std::string, int> given;
  std::map<std::string, int> received;
  for (const Assignment& a : assignments) {
    if (a.reviewer == a.reviewed) breaches.push_back(absl::StrCat(a.reviewer, " reviews itself"));
    if (!all.insert(a).second) breaches.push_back(absl::StrCat(a.reviewer, " reviews ", a.reviewed, " twice"));
    if (!input.allow_mutual_pairs && all.contains({a.reviewed, a.reviewer}))
      breaches.push_back(absl::StrCat(a.reviewer, "<>", a.reviewed));
    ++given[a.reviewer];
    ++received[a.reviewed];
  }
  const size_t count = input.seats.size();
  for (size_t i = 0; !input.allow_host_neighbours && i < count; ++i) {
    const std::string& a = input.seats[i];
    const std::string& b = input.seats[(i + 1) % count];
    if (all.contains({a, b}) || all.contains({b, a})) breaches.push_back(absl::StrCat("neighbours ", a, " ", b));
  }
  for (const Assignment& conflict : input.conflicts) {
    if (all.contains(conflict)) breaches.push_back(absl::StrCat("conflict ", conflict.reviewer, conflict.reviewed));
  }
  for (const Assignment& former : input.previous) {
    if (input.refuse_previous && all.contains(former)) breaches.push_back(absl::StrCat("again ", former.reviewer));
  }
  for (const std::string& seat : input.seats) {
    int least = input.reviewers_per_seat;
    int most = input.reviewers_per_seat;
    for (const Capacity& capacity : input.capacities) {
      if (capacity.seat != seat) continue;
      most = capacity.max_reviews;
      least = std::min(least, most);
    }
    if (given[seat] < least || given[seat] > most) breaches.push_back(absl::StrCat(seat, " reviews ", given[seat]));
    if (received[seat] != input.reviewers_per_seat) breaches.push_back(absl::StrCat(seat, " got ", received[seat]));
  }
  if (given.size() > count || received.size() > count) breaches.push_back("a seat that is none");
  return breaches;
}

Wanted Everything(const PlanInput& input) {
  Wanted wanted;
  wanted.conflicts.assign(input.conflicts.size(), true);
  wanted.capacities.assign(input.capacities.size(), true);
  return wanted;
}

std::optional<int> FewestRepeatsByTryingAll(const PlanInput& input, const Wanted& wanted) {
  return Search(input, wanted).fewest();
}

}  // namespace partnerskap::peer_review
