// Signatures of *agreements*, and what is computed of adoptions on a day.
#include <algorithm>
#include <set>

#include "partnerskap/agreements/v1/service.pb.h"
#include "partnerskap/membership/v1/posts.pb.h"
#include "tests/simulator/model/agreements_model.h"
#include "tests/simulator/model/dates.h"
#include "tests/simulator/model/membership_model.h"

namespace partnerskap::simulator::model {
namespace {

using namespace agreements::v1;  // NOLINT(google-build-using-namespace): this file speaks of nothing else
using membership::v1::Appointment;
using membership::v1::Network;
using membership::v1::Organization;
using membership::v1::Post;
using membership::v1::PostStanding;
using membership::v1::Seat;

constexpr int kAdjustmentDays = 14;
constexpr int kAnnouncementDays = 2;
constexpr int kAppealDays = 21;

bool IsAdopted(const Adoption& adoption) {
  return adoption.outcome() == Adoption::ADOPTED || adoption.outcome() == Adoption::ADOPTED_WITH_RESERVATION;
}

// ---- signatures

void CheckSlot(Case& judged, const Signature& signature, const Agreement& agreement) {
  const SignerSlot* slot = nullptr;
  for (const SignerSlot& each : agreement.signer_slots()) {
    if (each.slot() == signature.slot()) slot = &each;
  }
  if (slot == nullptr) return judged.Refuse("SIGNATURE_SLOT_UNKNOWN");
  const auto& capacities = slot->capacities();
  const bool named = std::find(capacities.begin(), capacities.end(), signature.capacity()) != capacities.end();
  if (!named && !(slot->equivalent_allowed() && signature.has_equivalence())) judged.Refuse("SIGNER_CAPACITY_WRONG");
}

void CheckMandate(Case& judged, const Signature& signature, const Adoption& adoption) {
  const auto* post = judged.facts.Known<Post>(signature.post());
  if (post == nullptr) return judged.RefuseOneOf({"REFERENCE_UNKNOWN", "SIGNER_WITHOUT_MANDATE"});
  // A post of another seat, or of another office than the one signed in, is none of the rules' words.
  judged.UnclearIf(ParentOf(signature.post()) != adoption.seat());
  judged.UnclearIf(post->capacity() != signature.capacity());
  PostStanding standing;
  if (!StandingOf(*post, judged.facts.KnownUnder<Appointment>(post->name() + "/appointments/"),
                  DayOf(signature.sign_date()), standing)) {
    return judged.Unclear();
  }
  const bool holds = standing.person() == signature.person();
  if (!holds) judged.Refuse("SIGNER_WITHOUT_MANDATE");
  judged.UnclearIf(holds && standing.state() == PostStanding::CARRY_OVER);
}

void CreateSignatureRule(Case& judged, const CreateSignatureRequest& request) {
  auto signature = std::make_unique<Signature>(request.signature());
  signature->set_name(absl::StrCat(request.parent(), "/signatures/", request.signature_id()));
  const auto* adoption = judged.facts.Own<Adoption>(request.parent());
  NeedHolder(judged, adoption == nullptr ? "" : adoption->seat());
  judged.NeedParent(adoption != nullptr);
  judged.MustBeNew(signature->name());
  if (adoption == nullptr) return;
  if (adoption->state() == Adoption::DECIDED) {
    // Both say that it is too early.
    judged.RefuseOneOf({"ADOPTION_STATE", "SIGNED_BEFORE_ADJUSTMENT", "NOT_ADOPTED"});
  } else if (adoption->state() != Adoption::ADJUSTED && adoption->state() != Adoption::ANNOUNCED) {
    judged.Refuse("ADOPTION_STATE");
  } else if (adoption->outcome() == Adoption::ADOPTED_CHANGED) {
    judged.Unclear();
  } else if (!IsAdopted(*adoption)) {
    judged.Refuse("NOT_ADOPTED");
  }
  if (CertainlyBefore(signature->sign_date(), adoption->adjustment_date())) judged.Refuse("SIGNED_BEFORE_ADJUSTMENT");
  judged.UnclearIf(!adoption->has_adjustment_date() &&
                   CertainlyBefore(signature->sign_date(), adoption->decision_date()));
  if (const auto* agreement = judged.facts.Own<Agreement>(ParentOf(request.parent()))) {
    CheckSlot(judged, *signature, *agreement);
  }
  for (const auto* other : judged.facts.OwnUnder<Signature>(request.parent() + "/signatures/")) {
    const bool before_judgment = judged.facts.notes.count(absl::StrCat("annulled ", request.parent())) > 0;
    // What was signed before a judgment belongs to the annulled decision.
    judged.UnclearIf(before_judgment);
    if (before_judgment) continue;
    if (other->slot() == signature->slot()) {
      judged.Refuse("SIGNATURE_SLOT_TAKEN");
    } else if (other->person() == signature->person()) {
      judged.Refuse("SIGNER_SIGNED_OTHER_SLOT");
    }
  }
  judged.UnclearIf(request.signature_id() != absl::StrCat(signature->slot()));
  CheckMandate(judged, *signature, *adoption);
  judged.Write(std::move(signature));
}

// ---- standing of adoptions

using Mark = AdoptionStanding::Mark;

struct Clock {
  bool clear = true;  // the documents say all of it
  bool final_known = false;
  absl::CivilDay final_day;
};

bool DayOrEmpty(const Date& date) { return IsEmpty(date) || IsDay(date); }

Clock AddClock(const Adoption& adoption, AdoptionStanding& standing) {
  Clock clock;
  clock.clear = DayOrEmpty(adoption.decision_date()) && DayOrEmpty(adoption.adjustment_date()) &&
                DayOrEmpty(adoption.announcement_date()) && DayOrEmpty(adoption.extract_date());
  if (!clock.clear) return clock;
  if (adoption.has_decision_date()) {
    *standing.mutable_adjustment_due_date() = DateOf(DayOf(adoption.decision_date()) + kAdjustmentDays);
  }
  if (adoption.has_adjustment_date()) {
    *standing.mutable_announcement_due_date() = DateOf(DayOf(adoption.adjustment_date()) + kAnnouncementDays);
  }
  if (adoption.has_announcement_date()) {
    absl::CivilDay last = DayOf(adoption.announcement_date()) + kAppealDays;
    while (!IsBankDay(last)) ++last;
    *standing.mutable_appeal_end_date() = DateOf(last);
    *standing.mutable_final_date() = DateOf(last + 1);
    clock.final_known = true;
    clock.final_day = last + 1;
  }
  return clock;
}

// The last day of what is recorded: before it the standing speaks of less than what is stored, and how much less is not
// said.
bool IsWholeOn(const Adoption& adoption, absl::CivilDay day) {
  for (const Date& date :
       {adoption.circulation_date(), adoption.preparation_date(), adoption.proposal_date(), adoption.decision_date(),
        adoption.adjustment_date(), adoption.announcement_date(), adoption.annulment_date(), adoption.extract_date()}) {
    if (!IsEmpty(date) && SpanOf(date).last > day) return false;
  }
  return true;
}

AdoptionStanding StandingOfAdoption(Case& judged, const Agreement& agreement, const Adoption& adoption,
                                    absl::CivilDay day) {
  AdoptionStanding standing;
  standing.set_adoption(adoption.name());
  standing.set_seat(adoption.seat());
  *standing.mutable_effective_date() = DateOf(day);
  standing.set_state(adoption.state());
  standing.set_outcome(adoption.outcome());
  const Clock clock = AddClock(adoption, standing);
  judged.UnclearIf(!clock.clear || !IsWholeOn(adoption, day) || !IsDay(agreement.start_date()) ||
                   !IsDay(agreement.end_date()) || adoption.outcome() == Adoption::ADOPTED_CHANGED ||
                   adoption.state() == Adoption::ANNULLED);
  std::set<int> slots;
  absl::CivilDay signed_day;
  for (const auto* signature : judged.facts.OwnUnder<Signature>(adoption.name() + "/signatures/")) {
    if (DayOf(signature->sign_date()) > day) continue;
    judged.UnclearIf(!slots.insert(signature->slot()).second);
    signed_day = std::max(signed_day, DayOf(signature->sign_date()));
  }
  if (judged.unclear() || !IsAdopted(adoption) || !adoption.has_decision_date()) return standing;
  const absl::CivilDay end = DayOf(agreement.end_date());
  const absl::CivilDay bound = std::max(DayOf(agreement.start_date()), DayOf(adoption.decision_date()));
  judged.UnclearIf(bound > end);
  *standing.mutable_bound_date() = DateOf(bound);
  standing.set_bound(bound <= day && day <= end);
  if (slots.size() == 2) {
    *standing.mutable_active_date() = DateOf(std::max(bound, signed_day));
    standing.set_active(standing.bound());
  }
  return standing;
}

const std::vector<std::string>& StandingFields() {
  // Marks are judged in membership's standings, where the table names the states that have them.
  static const auto& fields = *new std::vector<std::string>{"adoption",
                                                            "seat",
                                                            "effective_date",
                                                            "state",
                                                            "outcome",
                                                            "bound",
                                                            "active",
                                                            "bound_date",
                                                            "active_date",
                                                            "adjustment_due_date",
                                                            "announcement_due_date",
                                                            "appeal_end_date",
                                                            "final_date"};
  return fields;
}

template <typename Request>
absl::CivilDay DayAsked(const Case& judged, const Request& request) {
  return request.has_effective_date() ? DayOf(request.effective_date()) : judged.today;
}

void ComputeStandingRule(Case& judged, const ComputeAdoptionStandingRequest& request) {
  const auto* adoption = judged.facts.Own<Adoption>(request.adoption());
  const auto* agreement = judged.facts.Own<Agreement>(ParentOf(request.adoption()));
  if (!judged.NeedSubject(adoption != nullptr && agreement != nullptr)) return;
  judged.JudgeOnly(StandingFields());
  judged.Answer(
      std::make_unique<AdoptionStanding>(StandingOfAdoption(judged, *agreement, *adoption, DayAsked(judged, request))));
}

void ListStandingsRule(Case& judged, const ListAdoptionStandingsRequest& request) {
  const auto* agreement = judged.facts.Own<Agreement>(request.parent());
  if (!judged.NeedSubject(agreement != nullptr)) return;
  const absl::CivilDay day = DayAsked(judged, request);
  auto answer = std::make_unique<ListAdoptionStandingsResponse>();
  int seats = 0, bound = 0, active = 0, unknown = 0;
  for (const Seat* seat : judged.facts.KnownUnder<Seat>(NetworkOf(request.parent()) + "/seats/")) {
    judged.UnclearIf(seat->kind() != Seat::MEMBER || seat->has_exit() ||
                     (seat->has_join_date() && SpanOf(seat->join_date()).last > day));
    const auto* adoption =
        judged.facts.Own<Adoption>(absl::StrCat(request.parent(), "/adoptions/", IdOf(seat->name())));
    AdoptionStanding& standing = *answer->add_adoption_standings();
    ++seats;
    if (adoption == nullptr) {
      ++unknown;
      standing.set_seat(seat->name());
      *standing.mutable_effective_date() = DateOf(day);
      continue;
    }
    standing = StandingOfAdoption(judged, *agreement, *adoption, day);
    bound += standing.bound() ? 1 : 0;
    active += standing.active() ? 1 : 0;
  }
  answer->set_seat_count(seats);
  answer->set_bound_seat_count(bound);
  answer->set_active_seat_count(active);
  answer->set_unknown_seat_count(unknown);
  judged.JudgeOnly(StandingFields());
  judged.Answer(std::move(answer));
}

// ---- duties

bool HasMonths(const Clause& clause) { return clause.has_due() && clause.due().month_offset() != 0; }

void ListDutiesRule(Case& judged, const ListDutiesRequest& request) {
  const auto* agreement = judged.facts.Own<Agreement>(request.parent());
  if (!judged.NeedSubject(agreement != nullptr)) return;
  judged.UnclearIf(!IsDay(agreement->start_date()) || !IsDay(agreement->end_date()));
  std::vector<std::pair<absl::CivilDay, Duty>> duties;
  std::set<int> kinds;
  for (const Clause* clause : judged.facts.OwnUnder<Clause>(request.parent() + "/clauses/")) {
    kinds.insert(clause->kind());
    Duty duty;
    duty.set_clause(clause->name());
    duty.set_kind(clause->kind());
    duty.set_force(clause->force());
    duty.set_debtor(clause->debtor());
    duty.set_text(clause->text());
    duty.set_text_en(clause->text_en());
    // A review that recurs, or a month's length in days, is not spelled out.
    judged.UnclearIf(HasMonths(*clause) || (clause->has_due() && clause->due().times_per_period() > 1));
    const bool due = clause->has_due() && !judged.unclear();
    if (due) *duty.mutable_due_date() = agreement->end_date();
    if (clause->has_fee()) {
      duty.set_amount_kind(clause->fee().kind());
      if (clause->fee().has_amount()) *duty.mutable_amount() = clause->fee().amount();
    }
    duties.emplace_back(due ? DayOf(agreement->end_date()) : absl::CivilDay(9999, 12, 31), duty);
  }
  std::stable_sort(duties.begin(), duties.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  auto answer = std::make_unique<ListDutiesResponse>();
  for (const auto& [day, duty] : duties) *answer->add_duties() = duty;
  for (int kind = Clause::Kind_MIN + 1; kind <= Clause::Kind_MAX; ++kind) {
    if (kinds.count(kind) == 0) answer->add_silences(static_cast<Clause::Kind>(kind));
  }
  judged.JudgeOnly({"clause", "kind", "force", "debtor", "text", "text_en", "due_date", "amount", "amount_kind"});
  judged.Answer(std::move(answer));
}

}  // namespace

void AddAgreementsSigning(Rules& rules) { rules["CreateSignature"] = On(&CreateSignatureRule); }

void AddAgreementsStandings(Rules& rules) {
  rules["ComputeAdoptionStanding"] = On(&ComputeStandingRule);
  rules["ListAdoptionStandings"] = On(&ListStandingsRule);
  rules["ListDuties"] = On(&ListDutiesRule);
}

void AgreementsInvariants(const Facts& facts, std::vector<std::string>& broken) {
  for (const Adoption* adoption : facts.OwnUnder<Adoption>("networks/")) {
    const bool decided = adoption->state() == Adoption::DECIDED || adoption->state() == Adoption::ADJUSTED ||
                         adoption->state() == Adoption::ANNOUNCED;
    if (IdOf(adoption->seat()) != IdOf(adoption->name())) broken.push_back(adoption->name() + " is of another seat");
    if (decided && adoption->outcome() == Adoption::OUTCOME_UNSPECIFIED) {
      broken.push_back(adoption->name() + " is decided, and nobody knows what");
    }
    if (!decided && adoption->state() != Adoption::ANNULLED && adoption->outcome() != Adoption::OUTCOME_UNSPECIFIED) {
      broken.push_back(adoption->name() + " has an outcome before it is decided");
    }
    const Date steps[] = {adoption->decision_date(), adoption->adjustment_date(), adoption->announcement_date()};
    if (CertainlyBefore(steps[1], steps[0]) || CertainlyBefore(steps[2], steps[1])) {
      broken.push_back(adoption->name() + " has its days out of order");
    }
    for (const auto* signature : facts.OwnUnder<Signature>(adoption->name() + "/signatures/")) {
      const bool annulled = facts.notes.count("annulled " + adoption->name()) > 0;
      if (!annulled && CertainlyBefore(signature->sign_date(), adoption->adjustment_date())) {
        broken.push_back(signature->name() + " was made before the minutes were adjusted");
      }
    }
  }
}

}  // namespace partnerskap::simulator::model
