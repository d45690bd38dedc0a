#include "services/peer_review/domain/plan_words.h"

#include <algorithm>
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

Words Conflicts(const NoPlan& none, NameOf name) {
  std::vector<std::string> pairs;
  for (const auto& [a, b] : none.conflicts) pairs.push_back(absl::StrCat(name(a), "–", name(b)));
  const Words list = Joined(std::move(pairs));
  return {absl::StrCat("anmälda konflikter hålls isär (", list.sv, ")"),
          absl::StrCat("declared conflicts are kept apart (", list.en, ")")};
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

Words Rule(PlanRule rule, const PlanInput& input, const NoPlan& none, NameOf name) {
  const int k = input.reviewers_per_seat;
  switch (rule) {
    case PlanRule::REVIEWS_PER_SEAT:
      return {absl::StrCat("varje plats granskas av ", k, " och granskar ", k),
              absl::StrCat("every seat is reviewed by ", k, " and reviews ", k)};
    case PlanRule::NO_MUTUAL_PAIR:
      return {"ingen granskar den som granskar den", "none reviews its own reviewer"};
    case PlanRule::NO_HOST_NEIGHBOUR:
      return {"ingen granskar sin granne i värdordningen", "none reviews its neighbour in the host order"};
    case PlanRule::DECLARED_CONFLICT:
      return Conflicts(none, name);
    case PlanRule::CAPACITY:
      return Capacities(none, name);
  }
  return {};
}

Words Rules(const PlanInput& input, const NoPlan& none, NameOf name) {
  std::vector<std::string> sv;
  std::vector<std::string> en;
  for (const PlanRule rule : none.rules) {
    Words words = Rule(rule, input, none, name);
    sv.push_back(std::move(words.sv));
    en.push_back(std::move(words.en));
  }
  return {absl::StrJoin(sv, "; "), absl::StrJoin(en, "; ")};
}

Words Cause(const PlanInput& input, const NoPlan& none, NameOf name) {
  const Words rules = Rules(input, none, name);
  if (!none.shortage.has_value()) {
    return {absl::StrCat("Reglerna går inte att förena: ", rules.sv, "."),
            absl::StrCat("The rules cannot be kept together: ", rules.en, ".")};
  }
  const int64_t available = none.shortage->available;
  const int64_t needed = none.shortage->needed;
  switch (none.shortage->kind) {
    case ShortageKind::PAIRS:
      return {absl::StrCat("Paren räcker inte: ", available, " finns där ", needed, " behövs för ", input.seats.size(),
                           " platser. Reglerna bakom: ", rules.sv, "."),
              absl::StrCat("There are too few pairs: ", available, " are available where ", needed, " are needed for ",
                           input.seats.size(), " seats. The rules behind it: ", rules.en, ".")};
    case ShortageKind::PARTNERS:
      return {absl::StrCat(name(none.seat), " har för få att granska och granskas av: ", available, " finns där ",
                           needed, " behövs. Reglerna bakom: ", rules.sv, "."),
              absl::StrCat(name(none.seat), " has too few to review and be reviewed by: ", available,
                           " are available where ", needed, " are needed. The rules behind it: ", rules.en, ".")};
    case ShortageKind::REVIEWS:
      return {absl::StrCat("Platserna tar tillsammans på sig högst ", available, " granskningar där ", needed,
                           " behövs. Reglerna bakom: ", rules.sv, "."),
              absl::StrCat("The seats together take on at most ", available, " reviews where ", needed,
                           " are needed. The rules behind it: ", rules.en, ".")};
  }
  return {};
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
