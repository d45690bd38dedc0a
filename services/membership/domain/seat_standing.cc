#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/time/partial_date.h"
#include "services/membership/domain/periods.h"
#include "services/membership/domain/seats.h"
#include "services/membership/domain/standing.h"

namespace partnerskap::membership {
namespace {

constexpr struct {
  AdoptionStage stage;
  const char* name;
} kStages[] = {{AdoptionStage::kUnderWay, "UNDER_WAY"},
               {AdoptionStage::kAdopted, "ADOPTED"},
               {AdoptionStage::kNotAdopted, "NOT_ADOPTED"},
               {AdoptionStage::kAnnulled, "ANNULLED"}};

struct Verdict {
  v1::SeatStanding::State state;
  std::string sv, en;
};

// From the later of the period's start and the day of the adopting decision; absent while that day is unknown.
google::type::Date BoundDate(const TermFacts& term) {
  const google::type::Date& decided = term.adoption->decision_date;
  const std::optional<absl::CivilDay> last = LatestDay(decided);
  if (!last) return {};
  // A vague decision counts by the last day that it may mean: nobody is bound on a day that no source attests.
  return IsAfter(*last, term.start) ? decided : term.start;
}

bool Adopted(const TermFacts& term) {
  return term.adoption.has_value() && term.adoption->stage == AdoptionStage::kAdopted;
}

const TermFacts* SuccessorOf(const TermFacts& term, const std::vector<TermFacts>& terms) {
  auto found = std::find_if(terms.begin(), terms.end(), [&](const TermFacts& other) {
    return !term.successor.empty() && other.agreement == term.successor;
  });
  return found == terms.end() ? nullptr : &*found;
}

bool SuccessorAdopted(const TermFacts& term, const std::vector<TermFacts>& terms, absl::CivilDay day) {
  const TermFacts* successor = SuccessorOf(term, terms);
  return successor != nullptr && Adopted(*successor) && !IsBefore(day, successor->adoption->decision_date);
}

// Signatures made under this decision by the day. Those of a decision that was annulled before it do not count.
int SignaturesBy(const AdoptionFacts& adoption, absl::CivilDay day) {
  return static_cast<int>(std::count_if(
      adoption.signature_dates.begin(), adoption.signature_dates.end(), [&](const google::type::Date& date) {
        return !IsBefore(day, date) && Compare(date, adoption.decision_date) != DateOrder::kBefore;
      }));
}

// The text of an adopted term on a day that may lie before, in or after it.
Verdict JudgeAdopted(const TermFacts& term, const std::vector<TermFacts>& terms, absl::CivilDay day) {
  const google::type::Date bound = BoundDate(term);
  const std::string decided = DateToText(term.adoption->decision_date);
  if (bound.year() == 0) {
    return {v1::SeatStanding::UNKNOWN, "Antagen, men ingen källa anger beslutsdagen.",
            "Adopted, but no source tells the day of the decision."};
  }
  if (IsBefore(day, bound)) {
    if (IsBefore(day, term.adoption->decision_date)) {
      return {v1::SeatStanding::DECIDING, absl::StrCat("Beslutet fattades först ", decided, "."),
              absl::StrCat("The decision was not taken until ", decided, ".")};
    }
    return {v1::SeatStanding::DECIDING, absl::StrCat("Antagen; perioden börjar ", DateToText(term.start), "."),
            absl::StrCat("Adopted; the period starts on ", DateToText(term.start), ".")};
  }
  if (!IsAfter(day, bound) && !FullDay(bound)) {
    return {v1::SeatStanding::UNKNOWN, absl::StrCat("Antagen ", decided, "; källan anger inte dagen."),
            absl::StrCat("Adopted ", decided, "; the source does not tell the day.")};
  }
  const bool renewed = SuccessorAdopted(term, terms, day);
  if (IsAfter(day, term.end)) {
    if (renewed)
      return {v1::SeatStanding::RENEWED, "Perioden är slut; efterföljaren är antagen.",
              "The period has ended; its successor is adopted."};
    return {v1::SeatStanding::LAPSED,
            absl::StrCat("Perioden slutade ", DateToText(term.end), "; ingen antagen efterföljare är känd."),
            absl::StrCat("The period ended on ", DateToText(term.end), "; no adopted successor is known.")};
  }
  const std::string since_sv = absl::StrCat("Bunden från ", DateToText(bound), " (beslut ", decided, ").");
  const std::string since_en = absl::StrCat("Bound from ", DateToText(bound), " (decision ", decided, ").");
  if (renewed) return {v1::SeatStanding::RENEWED, since_sv, since_en};
  const std::optional<absl::CivilDay> end = LatestDay(term.end);
  if (end && *end - day <= kTermEndingDays) return {v1::SeatStanding::TERM_ENDING, since_sv, since_en};
  if (SignaturesBy(*term.adoption, day) >= 2) return {v1::SeatStanding::ACTIVE, since_sv, since_en};
  return {v1::SeatStanding::BOUND, since_sv, since_en};
}

Verdict JudgeTerm(const TermFacts& term, const std::vector<TermFacts>& terms, absl::CivilDay day) {
  if (!term.adoption)
    return {v1::SeatStanding::UNKNOWN, "Ingen källa berättar om antagandet.", "No source tells of the adoption."};
  switch (term.adoption->stage) {
    case AdoptionStage::kAdopted:
      return JudgeAdopted(term, terms, day);
    case AdoptionStage::kNotAdopted:
      return {v1::SeatStanding::LAPSED, "Nämnden har inte antagit överenskommelsens text.",
              "The board has not adopted the agreement's text."};
    case AdoptionStage::kAnnulled:
      return {v1::SeatStanding::DECIDING, "Beslutet är upphävt; ärendet är öppet igen.",
              "The decision was annulled; the line is open again."};
    case AdoptionStage::kUnderWay:
      break;
  }
  if (IsAfter(day, term.end)) {
    return {v1::SeatStanding::UNKNOWN, "Ärendet var öppnat; ingen källa berättar om beslutet.",
            "The case was opened; no source tells of the decision."};
  }
  return {v1::SeatStanding::DECIDING, "Ärendet är på väg genom nämnden.", "The case is on its way through the board."};
}

void AddMarks(const v1::Seat& seat, const TermFacts* term, bool carry_over, absl::CivilDay day,
              v1::SeatStanding& standing) {
  if (IsBoundOn(standing, term, day)) {
    const AdoptionFacts& adoption = *term->adoption;
    if (SignaturesBy(adoption, day) < 2) standing.add_marks(v1::SeatStanding::UNSIGNED);
    if (adoption.extract_date.year() == 0 || IsBefore(day, adoption.extract_date))
      standing.add_marks(v1::SeatStanding::EXTRACT_MISSING);
    if (adoption.final_date.year() == 0 || IsBefore(day, adoption.final_date))
      standing.add_marks(v1::SeatStanding::NOT_FINAL);
  }
  if (IsOnHold(seat, day)) standing.add_marks(v1::SeatStanding::ON_HOLD);
  if (carry_over) standing.add_marks(v1::SeatStanding::CARRY_OVER);
}

}  // namespace

std::string AdoptionStageName(AdoptionStage stage) {
  for (const auto& row : kStages) {
    if (row.stage == stage) return row.name;
  }
  return "";
}

std::optional<AdoptionStage> AdoptionStageFromName(const std::string& name) {
  for (const auto& row : kStages) {
    if (row.name == name) return row.stage;
  }
  return std::nullopt;
}

const TermFacts* ChooseTerm(const std::vector<TermFacts>& terms, const std::string& agreement, absl::CivilDay day) {
  const TermFacts* chosen = nullptr;
  for (const TermFacts& term : terms) {
    if (!agreement.empty()) {
      if (term.agreement == agreement) return &term;
      continue;
    }
    if (IsBefore(day, term.start)) continue;
    if (chosen == nullptr || ListOrder(term.start, chosen->start) > 0) chosen = &term;
  }
  return chosen;
}

bool IsBoundOn(const v1::SeatStanding& standing, const TermFacts* term, absl::CivilDay day) {
  if (term == nullptr || IsAfter(day, term->end)) return false;
  return standing.state() == v1::SeatStanding::BOUND || standing.state() == v1::SeatStanding::ACTIVE ||
         standing.state() == v1::SeatStanding::TERM_ENDING || standing.state() == v1::SeatStanding::RENEWED;
}

v1::SeatStanding StandingOfSeat(const v1::Seat& seat, const std::vector<TermFacts>& terms, const std::string& agreement,
                                bool carry_over, absl::CivilDay day) {
  v1::SeatStanding standing;
  standing.set_seat(seat.name());
  *standing.mutable_effective_date() = DateOf(day);
  const TermFacts* term = ChooseTerm(terms, agreement, day);
  Verdict verdict{v1::SeatStanding::UNKNOWN, "Ingen överenskommelse är känd för dagen.",
                  "No agreement is known for the day."};
  if (term != nullptr) {
    standing.set_agreement(term->agreement);
    if (term->adoption) {
      standing.set_adoption(term->adoption->adoption);
      if (Adopted(*term) && BoundDate(*term).year() != 0) *standing.mutable_bound_date() = BoundDate(*term);
    }
    verdict = JudgeTerm(*term, terms, day);
  }
  if (HasLeft(seat, day)) {
    const std::string exit = DateToText(seat.exit().exit_date());
    verdict = {v1::SeatStanding::LEFT, absl::StrCat("Lämnade ", exit, "."), absl::StrCat("Left on ", exit, ".")};
  }
  standing.set_state(verdict.state);
  standing.set_reason_sv(verdict.sv);
  standing.set_reason_en(verdict.en);
  AddMarks(seat, term, carry_over, day, standing);
  return standing;
}

int MunicipalityCount(const std::vector<v1::Organization>& organizations) {
  std::set<std::string> municipalities;
  for (const v1::Organization& organization : organizations) {
    if (organization.kind() == v1::Organization::MUNICIPALITY) municipalities.insert(organization.name());
    if (organization.kind() == v1::Organization::DISTRICT) municipalities.insert(organization.parent_organization());
  }
  return static_cast<int>(municipalities.size());
}

}  // namespace partnerskap::membership
