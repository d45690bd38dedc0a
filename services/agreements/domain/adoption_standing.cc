#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/time/legal_deadlines.h"
#include "common/time/partial_date.h"
#include "services/agreements/domain/dates.h"
#include "services/agreements/domain/signatures.h"
#include "services/agreements/domain/standing.h"

namespace partnerskap::agreements {
namespace {

using Standing = v1::AdoptionStanding;

struct DatedState {
  v1::Adoption::State state;
  google::type::Date date;
};

// The states that lead to the stored one, with the day on which each was reached.
std::vector<DatedState> PathOf(const v1::Adoption& adoption) {
  const std::vector<DatedState> all = {
      {v1::Adoption::CIRCULATED, adoption.circulation_date()}, {v1::Adoption::PREPARED, adoption.preparation_date()},
      {v1::Adoption::PROPOSED, adoption.proposal_date()},      {v1::Adoption::DECIDED, adoption.decision_date()},
      {v1::Adoption::ADJUSTED, adoption.adjustment_date()},    {v1::Adoption::ANNOUNCED, adoption.announcement_date()},
      {v1::Adoption::ANNULLED, adoption.annulment_date()}};
  std::vector<DatedState> path;
  for (const DatedState& step : all) {
    // A written proposal may be skipped, an annulled decision need not have been adjusted; without a date they say
    // nothing.
    if (step.state == adoption.state() || (step.state < adoption.state() && IsKnown(step.date))) path.push_back(step);
  }
  return path;
}

// The facts of one adoption on one day, from which standing and marks follow.
struct Judged {
  const v1::Adoption& adoption;
  const v1::Agreement& agreement;
  absl::CivilDay day;
  v1::Adoption::State state;
  bool adopted;                           // decided on the day, by a decision that adopts the very text
  std::vector<v1::Signature> signatures;  // those that count, made by the day
};

std::vector<v1::Signature> SignedBy(const v1::Adoption& adoption, const std::vector<v1::Signature>& signatures,
                                    absl::CivilDay day) {
  std::vector<v1::Signature> made = StandingSignatures(adoption, signatures);
  made.erase(std::remove_if(made.begin(), made.end(),
                            [&](const v1::Signature& signature) { return !HasCome(signature.sign_date(), day); }),
             made.end());
  return made;
}

bool BothSigned(const Judged& judged) {
  bool first = false, second = false;
  for (const v1::Signature& signature : judged.signatures) {
    first = first || signature.slot() == 1;
    second = second || signature.slot() == 2;
  }
  return first && second;
}

std::optional<absl::CivilDay> DayIfCome(const google::type::Date& date, absl::CivilDay day) {
  return HasCome(date, day) ? FullDay(date) : std::nullopt;
}

void SetClock(const Judged& judged, Standing& standing) {
  const v1::Adoption& adoption = judged.adoption;
  if (!IsDecided(judged.state)) return;
  if (const auto decided = DayIfCome(adoption.decision_date(), judged.day)) {
    *standing.mutable_adjustment_due_date() = DateOf(LastDayToAdjust(*decided));
  }
  if (const auto adjusted = DayIfCome(adoption.adjustment_date(), judged.day)) {
    *standing.mutable_announcement_due_date() = DateOf(LastDayToAnnounce(*adjusted));
  }
  if (const auto announced = DayIfCome(adoption.announcement_date(), judged.day)) {
    *standing.mutable_appeal_end_date() = DateOf(LastDayToAppeal(*announced));
    *standing.mutable_final_date() = DateOf(FirstDayFinal(*announced));
  }
}

// Bound from the later of the period's start and the adopting decision, through the period's last day.
void SetBound(const Judged& judged, Standing& standing) {
  if (!judged.adopted || !IsKnown(judged.adoption.decision_date())) return;
  const google::type::Date& bound = LaterOf(judged.adoption.decision_date(), judged.agreement.start_date());
  *standing.mutable_bound_date() = bound;
  const bool over = IsOver(judged.agreement.end_date(), judged.day);
  standing.set_bound(HasCome(bound, judged.day) && !over);
  if (!BothSigned(judged)) return;
  google::type::Date active = bound;
  for (const v1::Signature& signature : judged.signatures) active = LaterOf(active, signature.sign_date());
  *standing.mutable_active_date() = active;
  standing.set_active(standing.bound() && HasCome(active, judged.day));
}

// Done later than it was due, or not done by a day after it; history without a date is not held to be late.
bool IsLate(const google::type::Date& due, const google::type::Date& done, bool imported, absl::CivilDay day) {
  if (!IsKnown(due)) return false;
  if (HasCome(done, day)) return IsBefore(due, done);
  return !imported && IsOver(due, day);
}

void AddFinality(const Judged& judged, Standing& standing) {
  const v1::Adoption& adoption = judged.adoption;
  if (standing.has_final_date()) {
    if (IsToCome(standing.final_date(), judged.day)) standing.add_marks(Standing::NOT_FINAL);
  } else if (adoption.imported() || HasCome(adoption.announcement_date(), judged.day)) {
    standing.add_marks(Standing::FINALITY_UNKNOWN);
  } else {
    standing.add_marks(Standing::NOT_FINAL);
  }
}

bool Has(const Standing& standing, Standing::Mark mark) {
  return std::find(standing.marks().begin(), standing.marks().end(), mark) != standing.marks().end();
}

bool FeeDiffers(const google::type::Money& fee, const std::vector<v1::Clause>& clauses) {
  const auto is_more = [](const google::type::Money& a, const google::type::Money& b) {
    return a.units() != b.units() ? a.units() > b.units() : a.nanos() > b.nanos();
  };
  for (const v1::Clause& clause : clauses) {
    if (clause.kind() != v1::Clause::FEE || clause.origin() != v1::Clause::AGREEMENT_TEXT) continue;
    const google::type::Money& amount = clause.fee().amount();
    if (is_more(fee, amount)) return true;
    if (clause.fee().kind() == v1::FeeRule::FIXED && is_more(amount, fee)) return true;
  }
  return false;
}

void AddMarks(const Judged& judged, const std::vector<v1::Clause>& clauses, Standing& standing) {
  const v1::Adoption& adoption = judged.adoption;
  if (judged.adopted && !BothSigned(judged)) standing.add_marks(Standing::UNSIGNED);
  if (judged.adopted && !HasCome(adoption.extract_date(), judged.day)) standing.add_marks(Standing::EXTRACT_MISSING);
  if (IsDecided(judged.state)) {
    AddFinality(judged, standing);
    if (!judged.signatures.empty() && Has(standing, Standing::NOT_FINAL)) standing.add_marks(Standing::MAY_BE_ANNULLED);
    if (adoption.outcome() == v1::Adoption::ADOPTED_CHANGED) standing.add_marks(Standing::TEXT_DIFFERS);
    if (IsLate(standing.adjustment_due_date(), adoption.adjustment_date(), adoption.imported(), judged.day)) {
      standing.add_marks(Standing::ADJUSTED_LATE);
    }
    if (IsLate(standing.announcement_due_date(), adoption.announcement_date(), adoption.imported(), judged.day)) {
      standing.add_marks(Standing::ANNOUNCED_LATE);
    }
    if (IsBefore(judged.agreement.start_date(), adoption.decision_date())) standing.add_marks(Standing::DECIDED_LATE);
    if (adoption.has_fee() && FeeDiffers(adoption.fee(), clauses)) standing.add_marks(Standing::FEE_DIFFERS);
  }
  if (adoption.imported()) standing.add_marks(Standing::IMPORTED);
}

struct Words {
  std::string sv, en;
};

Words WordsForBound(const Judged& judged, const Standing& standing) {
  const std::string end = DateToText(judged.agreement.end_date());
  if (!standing.has_bound_date()) {
    return {"Antagen, men ingen källa anger beslutsdagen.", "Adopted, but no source tells the day of the decision."};
  }
  const std::string bound = DateToText(standing.bound_date());
  if (IsOver(judged.agreement.end_date(), judged.day)) {
    return {absl::StrCat("Perioden slutade ", end, "; platsen var bunden från ", bound, "."),
            absl::StrCat("The period ended on ", end, "; the seat was bound from ", bound, ".")};
  }
  if (!standing.bound() && IsToCome(standing.bound_date(), judged.day)) {
    return {absl::StrCat("Antagen; bunden från ", bound, "."), absl::StrCat("Adopted; bound from ", bound, ".")};
  }
  if (!standing.bound()) {
    return {absl::StrCat("Antagen ", bound, "; källan anger inte dagen."),
            absl::StrCat("Adopted ", bound, "; the source does not tell the day.")};
  }
  if (standing.active()) {
    const std::string active = DateToText(standing.active_date());
    return {absl::StrCat("Bunden från ", bound, " och undertecknad på båda platserna från ", active, "."),
            absl::StrCat("Bound from ", bound, " and signed in both slots from ", active, ".")};
  }
  return {absl::StrCat("Bunden från ", bound, "; inte undertecknad på båda platserna."),
          absl::StrCat("Bound from ", bound, "; not signed in both slots.")};
}

Words WordsForUndecided(v1::Adoption::State state) {
  switch (state) {
    case v1::Adoption::CIRCULATED:
      return {"Utsänd till platsen.", "Sent to the seat."};
    case v1::Adoption::PREPARED:
      return {"Ärendet är öppnat.", "The case is open."};
    case v1::Adoption::PROPOSED:
      return {"Ett skriftligt förslag finns.", "A written proposal exists."};
    case v1::Adoption::ANNULLED:
      return {"Beslutet är upphävt; ärendet är öppet igen.", "The decision is annulled; the line is open again."};
    default:
      return {"Ingen källa berättar om antagandet den dagen.", "No source tells of the adoption on that day."};
  }
}

Words WordsFor(const Judged& judged, const Standing& standing) {
  if (!IsDecided(judged.state)) return WordsForUndecided(judged.state);
  if (judged.adopted) return WordsForBound(judged, standing);
  if (judged.adoption.outcome() == v1::Adoption::ADOPTED_CHANGED) {
    return {"Antagen med ändring: en annan lydelse, en konflikt att lösa.",
            "Adopted with a change: another wording, a conflict to resolve."};
  }
  return {"Avslagen; det gäller bara den här platsen.", "Rejected; that closes this seat's line alone."};
}

}  // namespace

v1::Adoption::State StateOn(const v1::Adoption& adoption, absl::CivilDay day) {
  const std::vector<DatedState> path = PathOf(adoption);
  v1::Adoption::State certain = v1::Adoption::STATE_UNSPECIFIED;
  bool to_come = false;
  for (const DatedState& step : path) {
    if (HasCome(step.date, day)) {
      certain = step.state;
    } else if (IsKnown(step.date)) {
      to_come = true;
    }
  }
  return to_come ? certain : adoption.state();
}

v1::AdoptionStanding StandingOfAdoption(const v1::Adoption& adoption, const v1::Agreement& agreement,
                                        const std::vector<v1::Signature>& signatures,
                                        const std::vector<v1::Clause>& clauses, absl::CivilDay day) {
  const v1::Adoption::State state = StateOn(adoption, day);
  const bool adopted = IsDecided(state) && Adopts(adoption.outcome());
  const Judged judged{adoption, agreement, day, state, adopted, SignedBy(adoption, signatures, day)};
  Standing standing;
  standing.set_adoption(adoption.name());
  standing.set_seat(adoption.seat());
  *standing.mutable_effective_date() = DateOf(day);
  standing.set_state(state);
  if (IsDecided(state) || state == v1::Adoption::ANNULLED) standing.set_outcome(adoption.outcome());
  SetClock(judged, standing);
  SetBound(judged, standing);
  AddMarks(judged, clauses, standing);
  const Words words = WordsFor(judged, standing);
  standing.set_reason_sv(words.sv);
  standing.set_reason_en(words.en);
  return standing;
}

v1::AdoptionStanding StandingOfNone(const std::string& seat, absl::CivilDay day) {
  Standing standing;
  standing.set_seat(seat);
  *standing.mutable_effective_date() = DateOf(day);
  standing.set_reason_sv("Ingen källa berättar om något antagande.");
  standing.set_reason_en("No source tells of any adoption.");
  return standing;
}

bool TakesPartOn(const SeatFacts& seat, absl::CivilDay day) {
  return !IsToCome(seat.join_date, day) && !IsOver(seat.exit_date, day);
}

}  // namespace partnerskap::agreements
