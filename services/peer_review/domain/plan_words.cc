#include "services/peer_review/domain/plan_words.h"

#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace partnerskap::peer_review {
namespace {

using NameOf = absl::FunctionRef<std::string(absl::string_view)>;

Words Joined(std::vector<std::string> names) {
  const int rest = static_cast<int>(names.size()) - kMaxNamed;
  if (rest > 0) names.resize(kMaxNamed);
  const std::string list = absl::StrJoin(names, ", ");
  if (rest <= 0) return {list, list};
  return {absl::StrCat(list, " och ", rest, " till"), absl::StrCat(list, " and ", rest, " more")};
}

// One way "A→B", both ways "A–B".
Words Conflicts(const NoPlan& none, NameOf name) {
  const std::set<Assignment> all(none.conflicts.begin(), none.conflicts.end());
  std::vector<std::string> pairs;
  for (const Assignment& conflict : none.conflicts) {
    const bool mutual = all.contains({conflict.reviewed, conflict.reviewer});
    if (mutual && conflict.reviewed < conflict.reviewer) continue;
    pairs.push_back(absl::StrCat(name(conflict.reviewer), mutual ? "–" : "→", name(conflict.reviewed)));
  }
  const Words list = Joined(std::move(pairs));
  return {absl::StrCat("anmälda hinder mot att granska gäller (", list.sv, ")"),
          absl::StrCat("declared conflicts hold (", list.en, ")")};
}

Words Capacities(const NoPlan& none, NameOf name) {
  std::vector<std::string> seats;
  for (const Capacity& capacity : none.capacities) {
    seats.push_back(absl::StrCat(name(capacity.seat), " ", capacity.max_reviews));
  }
  const Words list = Joined(std::move(seats));
  return {absl::StrCat("några tar högst på sig så många granskningar (", list.sv, ")"),
          absl::StrCat("some take on at most so many reviews (", list.en, ")")};
}

Words Rule(v1::PlanRule rule, const PlanInput& input, const NoPlan& none, NameOf name) {
  const int k = input.reviewers_per_seat;
  switch (rule) {
    case v1::EACH_REVIEWS_K:
      return {absl::StrCat("varje plats granskar ", k), absl::StrCat("every seat reviews ", k)};
    case v1::EACH_REVIEWED_BY_K:
      return {absl::StrCat("varje plats granskas av ", k), absl::StrCat("every seat is reviewed by ", k)};
    case v1::NO_MUTUAL_PAIR:
      return {"ingen granskar den som granskar den", "none reviews its own reviewer"};
    case v1::NO_NEIGHBOUR:
      return {"ingen granskar sin granne i värdordningen", "none reviews its neighbour in the host order"};
    case v1::NO_CONFLICT:
      return Conflicts(none, name);
    case v1::NO_REPEAT:
      return {"ingen granskar samma som förra omgången", "none reviews the same as in the last round"};
    case v1::WITHIN_CAPACITY:
      return Capacities(none, name);
    default:
      return {};
  }
}

Words Rules(const PlanInput& input, const NoPlan& none, NameOf name) {
  std::vector<std::string> sv;
  std::vector<std::string> en;
  for (const v1::PlanRule rule : none.rules) {
    Words words = Rule(rule, input, none, name);
    sv.push_back(std::move(words.sv));
    en.push_back(std::move(words.en));
  }
  return {absl::StrJoin(sv, "; "), absl::StrJoin(en, "; ")};
}

// What is too little, up to "20 available where 24 are needed".
Words TooLittle(const PlanInput& input, const NoPlan& none, NameOf name) {
  switch (none.shortage->kind) {
    case ShortageKind::PAIRS:
      return {absl::StrCat("För ", input.seats.size(), " platser räcker paren inte"),
              absl::StrCat("For ", input.seats.size(), " seats there are too few pairs")};
    case ShortageKind::REVIEWERS:
      return {absl::StrCat("För få kan granska ", name(none.seat)),
              absl::StrCat("Too few may review ", name(none.seat))};
    case ShortageKind::REVIEWED:
      return {absl::StrCat(name(none.seat), " har för få att granska"),
              absl::StrCat(name(none.seat), " has too few to review")};
    case ShortageKind::PARTNERS:
      return {absl::StrCat(name(none.seat), " har för få att granska och granskas av"),
              absl::StrCat(name(none.seat), " has too few to review and be reviewed by")};
    case ShortageKind::CAPACITY:
      return {"Platserna tar tillsammans på sig för få granskningar", "The seats together take on too few reviews"};
  }
  return {};
}

Words Cause(const PlanInput& input, const NoPlan& none, NameOf name) {
  const Words rules = Rules(input, none, name);
  if (!none.shortage.has_value()) {
    return {absl::StrCat("Reglerna går inte att förena: ", rules.sv, "."),
            absl::StrCat("The rules cannot be kept together: ", rules.en, ".")};
  }
  const int64_t available = none.shortage->available;
  const int64_t needed = none.shortage->needed;
  const Words little = TooLittle(input, none, name);
  return {absl::StrCat(little.sv, ": ", available, " finns där ", needed, " behövs. Reglerna bakom: ", rules.sv, "."),
          absl::StrCat(little.en, ": ", available, available == 1 ? " is" : " are", " available where ", needed,
                       needed == 1 ? " is" : " are", " needed. The rules behind it: ", rules.en, ".")};
}

}  // namespace

Words ExplainNoPlan(const PlanInput& input, const NoPlan& none, NameOf name) {
  Words words = Cause(input, none, name);
  if (!none.smallest) {
    absl::StrAppend(&words.sv, " Sökningen nådde sin gräns, så färre regler kan vara orsak nog.");
    absl::StrAppend(&words.en, " The search ran into its limit, so fewer rules may be cause enough.");
  }
  if (!none.possible_reviewers.has_value()) return words;
  if (*none.possible_reviewers > 0) {
    absl::StrAppend(&words.sv, " Med ", *none.possible_reviewers, " granskare per plats finns en plan.");
    absl::StrAppend(&words.en, " With ", *none.possible_reviewers, " reviewers per seat there is a plan.");
  } else {
    absl::StrAppend(&words.sv, " Färre granskare per plats hjälper inte.");
    absl::StrAppend(&words.en, " Fewer reviewers per seat do not help.");
  }
  return words;
}

Words ExplainNotFoundInTime() {
  return {
      "Ingen plan hittades inom gränsen för sökningen; det är inte visat att det saknas en. Ta bort en konflikt eller "
      "minska antalet granskare.",
      "No plan was found within the limit of the search; it is not shown that there is none. Remove a conflict or "
      "ask for fewer reviewers."};
}

}  // namespace partnerskap::peer_review
