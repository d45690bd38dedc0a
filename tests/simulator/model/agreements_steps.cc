// An adoption's way through a seat's board: every step, and the same as history.
#include <algorithm>
#include <utility>

#include "partnerskap/agreements/v1/service.pb.h"
#include "tests/simulator/model/agreements_model.h"
#include "tests/simulator/model/dates.h"

namespace partnerskap::simulator::model {
namespace {

using namespace agreements::v1;  // NOLINT(google-build-using-namespace): this file speaks of nothing else
using membership::v1::Organization;
using membership::v1::Seat;

bool GoesBack(Adoption::Outcome outcome) { return outcome == Adoption::REFERRED_BACK || outcome == Adoption::TABLED; }

// ---- the table of steps

template <typename Request>
std::unique_ptr<Adoption> AdoptionIn(Case& judged, const Request& request, const std::vector<Adoption::State>& from) {
  const auto* present = judged.facts.Own<Adoption>(request.name());
  NeedHolder(judged, present == nullptr ? "" : present->seat());
  if (present == nullptr) {
    judged.Refuse("RESOURCE_NOT_FOUND");
    return nullptr;
  }
  judged.CheckEtag(request.etag(), present->etag());
  if (std::find(from.begin(), from.end(), present->state()) == from.end()) {
    judged.Refuse("ADOPTION_STATE");
    return nullptr;
  }
  return std::make_unique<Adoption>(*present);
}

// `date` may not lie before any of the earlier steps.
void CheckOrder(Case& judged, const Date& date, const std::vector<Date>& earlier) {
  for (const Date& each : earlier) {
    if (CertainlyBefore(date, each)) return judged.Refuse("DATES_OUT_OF_ORDER");
  }
}

std::vector<Date> StepsOf(const Adoption& adoption) {
  return {adoption.circulation_date(), adoption.preparation_date(), adoption.proposal_date(),
          adoption.decision_date(),    adoption.adjustment_date(),  adoption.announcement_date()};
}

// What PREPARED does not hold.
void ForgetAfterPrepared(Adoption& adoption) {
  adoption.clear_proposal_date();
  adoption.clear_outcome();
  adoption.clear_decision();
  adoption.clear_decision_reference();
  adoption.clear_decision_date();
  adoption.clear_adopted_version();
  adoption.clear_fee();
  adoption.clear_funding();
  adoption.clear_adjustment_date();
  adoption.clear_extract_date();
  adoption.clear_announcement_date();
}

const std::vector<std::string>& StepFields() {
  // Not judged: how a decision reads by its own marks, what an annulment leaves, where a judgment's source is put.
  static const auto& fields = *new std::vector<std::string>{"name",
                                                            "seat",
                                                            "version",
                                                            "state",
                                                            "outcome",
                                                            "body",
                                                            "diary_number",
                                                            "decision",
                                                            "adopted_version",
                                                            "circulation_date",
                                                            "proposal_date",
                                                            "preparation_date",
                                                            "etag",
                                                            "decision_date",
                                                            "adjustment_date",
                                                            "extract_date",
                                                            "fee",
                                                            "announcement_date",
                                                            "funding",
                                                            "returns",
                                                            "imported"};
  return fields;
}

void Step(Case& judged, std::unique_ptr<Adoption> adoption, Adoption::State to) {
  adoption->set_state(to);
  judged.JudgeOnly(StepFields());
  judged.Write(std::move(adoption));
}

void PrepareRule(Case& judged, const PrepareAdoptionRequest& request) {
  auto adoption = AdoptionIn(judged, request, {Adoption::CIRCULATED, Adoption::ANNULLED});
  if (adoption == nullptr) return;
  if (adoption->state() == Adoption::ANNULLED) {
    // Whether the new case must be younger than the judgment, and older than nothing else, is not said.
    judged.UnclearIf(CertainlyBefore(request.preparation_date(), adoption->annulment_date()));
    for (const Date& step : StepsOf(*adoption)) judged.UnclearIf(CertainlyBefore(request.preparation_date(), step));
    ForgetAfterPrepared(*adoption);
  }
  CheckOrder(judged, request.preparation_date(), {adoption->circulation_date()});
  *adoption->mutable_preparation_date() = request.preparation_date();
  adoption->set_diary_number(request.diary_number());
  Step(judged, std::move(adoption), Adoption::PREPARED);
}

void ProposeRule(Case& judged, const ProposeAdoptionRequest& request) {
  auto adoption = AdoptionIn(judged, request, {Adoption::PREPARED});
  if (adoption == nullptr) return;
  CheckOrder(judged, request.proposal_date(), {adoption->circulation_date(), adoption->preparation_date()});
  for (const AdoptionReturn& back : adoption->returns()) {
    judged.UnclearIf(CertainlyBefore(request.proposal_date(), back.return_date()));
  }
  *adoption->mutable_proposal_date() = request.proposal_date();
  Step(judged, std::move(adoption), Adoption::PROPOSED);
}

void OutcomeRule(Case& judged, const RecordAdoptionOutcomeRequest& request) {
  auto adoption = AdoptionIn(judged, request, {Adoption::PREPARED, Adoption::PROPOSED});
  const bool changed = request.outcome() == Adoption::ADOPTED_CHANGED;
  if (adoption == nullptr) {
    // A wording that is named beside the wrong outcome is refused as well.
    judged.UnclearIf(changed || !request.adopted_version().empty());
    return judged.NeedReference(judged.facts.Own<Decision>(request.decision()) != nullptr);
  }
  if (changed == request.adopted_version().empty()) {
    // "For ADOPTED_CHANGED only": refused, but no reason is named.
    judged.RefuseOneOf({"FIELD_VIOLATIONS", "HISTORY_CONTRADICTED", "DECISION_DOES_NOT_SAY_SO"});
    judged.Unclear();
  }
  judged.UnclearIf(changed && request.adopted_version() == adoption->version());
  if (changed && !request.adopted_version().empty()) {
    CheckVersion(judged, request.adopted_version(), ParentOf(adoption->name()));
  }
  const auto* decision = judged.facts.Own<Decision>(request.decision());
  if (decision == nullptr) return judged.RefuseOneOf({"REFERENCE_UNKNOWN", "DECISION_OF_OTHER_ORGANIZATION"});
  CheckDecision(judged, *decision, adoption->seat(), request.outcome(), adoption->version(), request.adopted_version());
  CheckOrder(judged, decision->decision_date(),
             {adoption->circulation_date(), adoption->preparation_date(), adoption->proposal_date()});
  for (const AdoptionReturn& back : adoption->returns()) {
    judged.UnclearIf(CertainlyBefore(decision->decision_date(), back.return_date()));
  }
  if (GoesBack(request.outcome())) {
    // A fee that comes with no decision has nowhere to go.
    judged.UnclearIf(request.has_fee() || !request.funding().empty());
    ForgetAfterPrepared(*adoption);
    AdoptionReturn& back = *adoption->add_returns();
    back.set_outcome(request.outcome());
    back.set_decision(request.decision());
    if (decision->has_decision_date()) *back.mutable_return_date() = decision->decision_date();
    return Step(judged, std::move(adoption), Adoption::PREPARED);
  }
  adoption->set_outcome(request.outcome());
  adoption->set_decision(request.decision());
  if (decision->has_decision_date()) *adoption->mutable_decision_date() = decision->decision_date();
  adoption->set_adopted_version(request.adopted_version());
  if (request.has_fee()) *adoption->mutable_fee() = request.fee();
  adoption->set_funding(request.funding());
  Step(judged, std::move(adoption), Adoption::DECIDED);
}

void AdjustRule(Case& judged, const AdjustAdoptionRequest& request) {
  auto adoption = AdoptionIn(judged, request, {Adoption::DECIDED});
  if (adoption == nullptr) return;
  CheckOrder(judged, request.adjustment_date(), StepsOf(*adoption));
  *adoption->mutable_adjustment_date() = request.adjustment_date();
  Step(judged, std::move(adoption), Adoption::ADJUSTED);
}

void AnnounceRule(Case& judged, const AnnounceAdoptionRequest& request) {
  auto adoption = AdoptionIn(judged, request, {Adoption::ADJUSTED});
  if (adoption == nullptr) return;
  CheckOrder(judged, request.announcement_date(), StepsOf(*adoption));
  *adoption->mutable_announcement_date() = request.announcement_date();
  Step(judged, std::move(adoption), Adoption::ANNOUNCED);
}

void AnnulRule(Case& judged, const AnnulAdoptionRequest& request) {
  auto adoption = AdoptionIn(judged, request, {Adoption::DECIDED, Adoption::ADJUSTED, Adoption::ANNOUNCED});
  if (adoption == nullptr) return;
  CheckOrder(judged, request.annulment_date(), {adoption->decision_date()});
  // A judgment may come before the minutes are announced.
  judged.UnclearIf(CertainlyBefore(request.annulment_date(), adoption->adjustment_date()) ||
                   CertainlyBefore(request.annulment_date(), adoption->announcement_date()));
  *adoption->mutable_annulment_date() = request.annulment_date();
  judged.Remember(absl::StrCat("annulled ", adoption->name()));
  Step(judged, std::move(adoption), Adoption::ANNULLED);
}

void ExtractRule(Case& judged, const RecordAdoptionExtractRequest& request) {
  auto adoption = AdoptionIn(judged, request, {Adoption::ADJUSTED, Adoption::ANNOUNCED});
  if (adoption == nullptr) return;
  if (adoption->has_extract_date()) judged.Refuse("EXTRACT_RECORDED");
  // An extract comes after what it is of, but it is none of the steps.
  judged.UnclearIf(CertainlyBefore(request.extract_date(), adoption->decision_date()) ||
                   CertainlyBefore(request.extract_date(), adoption->adjustment_date()));
  *adoption->mutable_extract_date() = request.extract_date();
  Step(judged, std::move(adoption), adoption->state());
}

// ---- beginnings

void CheckSeat(Case& judged, const std::string& seat, const std::string& agreement, const std::string& id) {
  if (IdOf(seat) != id || NetworkOf(seat) != NetworkOf(agreement)) judged.Refuse("ADOPTION_ID_NOT_SEAT");
  const auto* known = judged.facts.Known<Seat>(seat);
  judged.NeedReference(known != nullptr);
  judged.UnclearIf(known != nullptr && known->kind() != Seat::MEMBER);
}

void CreateAdoptionRule(Case& judged, const CreateAdoptionRequest& request) {
  auto adoption = std::make_unique<Adoption>(request.adoption());
  adoption->set_name(absl::StrCat(request.parent(), "/adoptions/", request.adoption_id()));
  judged.NeedParent(judged.facts.Own<Agreement>(request.parent()) != nullptr);
  judged.MustBeNew(adoption->name());
  CheckSeat(judged, adoption->seat(), request.parent(), request.adoption_id());
  CheckVersion(judged, adoption->version(), request.parent());
  if (const auto* seat = judged.facts.Known<Seat>(adoption->seat())) {
    CheckTakesPart(judged, *seat, {DateOf(judged.today), adoption->circulation_date()});
  }
  adoption->set_state(Adoption::CIRCULATED);
  judged.Write(std::move(adoption));
}

// How far a state is along the way; ANNULLED stands beside it.
int RankOf(Adoption::State state) { return static_cast<int>(state); }

void CheckHistory(Case& judged, const AdoptionHistory& history) {
  const int rank = RankOf(history.attested_state());
  const int decided = RankOf(Adoption::DECIDED);
  const std::pair<bool, int> facts[] = {
      {history.has_preparation_date() || !history.diary_number().empty(), RankOf(Adoption::PREPARED)},
      {history.has_proposal_date(), RankOf(Adoption::PROPOSED)},
      {history.outcome() != Adoption::OUTCOME_UNSPECIFIED, decided},
      {!history.decision().empty() || history.has_decision_reference() || history.has_decision_date(), decided},
      {!history.adopted_version().empty() || history.has_fee() || !history.funding().empty(), decided},
      {history.has_adjustment_date() || history.has_extract_date(), RankOf(Adoption::ADJUSTED)},
      {history.has_announcement_date(), RankOf(Adoption::ANNOUNCED)}};
  for (const auto& [given, from] : facts) {
    if (given && rank < from) return judged.Refuse("HISTORY_CONTRADICTED");
  }
  if (rank >= decided && history.outcome() == Adoption::OUTCOME_UNSPECIFIED) {
    // A court may have annulled what no source describes.
    if (history.attested_state() == Adoption::ANNULLED) return judged.Unclear();
    return judged.Refuse("HISTORY_CONTRADICTED");
  }
  if (rank >= decided && GoesBack(history.outcome())) return judged.Refuse("HISTORY_CONTRADICTED");
  const bool changed = history.outcome() == Adoption::ADOPTED_CHANGED;
  judged.UnclearIf(changed == history.adopted_version().empty() && rank >= decided);
  judged.UnclearIf(changed && history.adopted_version() == history.version());
}

void CheckHistoryOrder(Case& judged, const AdoptionHistory& history) {
  const std::vector<Date> steps = {history.circulation_date(), history.preparation_date(), history.proposal_date(),
                                   history.decision_date(),    history.adjustment_date(),  history.announcement_date()};
  for (size_t i = 0; i < steps.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (CertainlyBefore(steps[i], steps[j])) return judged.Refuse("DATES_OUT_OF_ORDER");
    }
    judged.UnclearIf(i >= 3 && i <= 4 && CertainlyBefore(history.extract_date(), steps[i]));
  }
}

void ImportRule(Case& judged, const ImportAdoptionRequest& request) {
  AdoptionHistory history = request.adoption_history();
  NeedHolder(judged, history.seat());
  // Parent or seat: the method's object is the seat.
  judged.NeedParent(judged.facts.Own<Agreement>(request.parent()) != nullptr, true);
  auto adoption = std::make_unique<Adoption>();
  adoption->set_name(absl::StrCat(request.parent(), "/adoptions/", request.adoption_id()));
  judged.MustBeNew(adoption->name());
  CheckSeat(judged, history.seat(), request.parent(), request.adoption_id());
  CheckVersion(judged, history.version(), request.parent());
  CheckHistory(judged, history);
  if (!history.adopted_version().empty()) CheckVersion(judged, history.adopted_version(), request.parent());
  if (!history.decision().empty()) {
    judged.UnclearIf(history.has_decision_reference());
    const auto* decision = judged.facts.Own<Decision>(history.decision());
    if (decision == nullptr) {
      judged.RefuseOneOf({"REFERENCE_UNKNOWN", "DECISION_OF_OTHER_ORGANIZATION"});
    } else {
      CheckDecision(judged, *decision, history.seat(), history.outcome(), history.version(), history.adopted_version());
      judged.UnclearIf(history.has_decision_date() && decision->has_decision_date() &&
                       history.decision_date().SerializeAsString() != decision->decision_date().SerializeAsString());
      if (decision->has_decision_date()) *history.mutable_decision_date() = decision->decision_date();
    }
  } else {
    // Whether a day that the reference alone gives becomes the decision's is not said.
    judged.UnclearIf(history.decision_reference().has_decision_date() && !history.has_decision_date());
  }
  CheckHistoryOrder(judged, history);
  if (const auto* seat = judged.facts.Known<Seat>(history.seat())) {
    // On which day the seat of a fact of the past must take part is not said.
    judged.UnclearIf(seat->has_exit() || seat->has_join_date());
  }
  adoption->set_seat(history.seat());
  adoption->set_version(history.version());
  adoption->set_outcome(history.outcome());
  adoption->set_body(history.body());
  adoption->set_diary_number(history.diary_number());
  adoption->set_decision(history.decision());
  adoption->set_adopted_version(history.adopted_version());
  if (history.has_circulation_date()) *adoption->mutable_circulation_date() = history.circulation_date();
  if (history.has_preparation_date()) *adoption->mutable_preparation_date() = history.preparation_date();
  if (history.has_proposal_date()) *adoption->mutable_proposal_date() = history.proposal_date();
  if (history.has_decision_date()) *adoption->mutable_decision_date() = history.decision_date();
  if (history.has_adjustment_date()) *adoption->mutable_adjustment_date() = history.adjustment_date();
  if (history.has_announcement_date()) *adoption->mutable_announcement_date() = history.announcement_date();
  if (history.has_extract_date()) *adoption->mutable_extract_date() = history.extract_date();
  if (history.has_fee()) *adoption->mutable_fee() = history.fee();
  adoption->set_funding(history.funding());
  adoption->set_imported(true);
  Step(judged, std::move(adoption), history.attested_state());
}

}  // namespace

void NeedHolder(Case& judged, const std::string& seat) {
  const auto* known = judged.facts.Known<Seat>(seat);
  if (known == nullptr) return judged.NeedOrganization(nullptr);
  std::vector<std::string> organizations;
  for (const auto& party : known->parties()) organizations.push_back(party.organization());
  judged.NeedOrganization(&organizations);
}

void CheckDecision(Case& judged, const Decision& decision, const std::string& seat, Adoption::Outcome outcome,
                   const std::string& version, const std::string& adopted_version) {
  const std::string owner = ParentOf(decision.name());
  if (const auto* known = judged.facts.Known<Seat>(seat)) {
    // On which day the seat must take part, a decision's or today, is not said.
    judged.UnclearIf(CertainlyBefore(decision.decision_date(), known->join_date()) ||
                     (known->has_exit() && !CertainlyBefore(decision.decision_date(), known->exit().exit_date())));
    bool holds = false, district = false;
    for (const auto& party : known->parties()) {
      holds = holds || party.organization() == owner;
      const auto* organization = judged.facts.Known<Organization>(party.organization());
      district = district || (organization != nullptr && organization->parent_organization() == owner);
    }
    if (!holds && !district) judged.Refuse("DECISION_OF_OTHER_ORGANIZATION");
    judged.UnclearIf(!holds && district);
  }
  bool says = false;
  for (const DecisionItem& item : decision.items()) {
    const bool adopts = item.kind() == DecisionItem::ADOPTS;
    says = says || (adopts && outcome == Adoption::ADOPTED_CHANGED && item.version() == adopted_version) ||
           (adopts && item.version() == version &&
            (outcome == Adoption::ADOPTED || outcome == Adoption::ADOPTED_WITH_RESERVATION)) ||
           (item.kind() == DecisionItem::REJECTS && outcome == Adoption::REJECTED && item.version() == version) ||
           (item.kind() == DecisionItem::TABLES && outcome == Adoption::TABLED) ||
           (item.kind() == DecisionItem::REFERS_BACK && outcome == Adoption::REFERRED_BACK);
  }
  if (!says) judged.Refuse("DECISION_DOES_NOT_SAY_SO");
  const bool reserved = std::any_of(decision.stances().begin(), decision.stances().end(),
                                    [](const Stance& stance) { return stance.kind() == Stance::RESERVATION; });
  if (outcome == Adoption::ADOPTED_WITH_RESERVATION && !reserved) judged.Refuse("RESERVATION_MISSING");
  if (outcome == Adoption::ADOPTED && reserved) judged.Refuse("RESERVATION_MISSING");
  judged.UnclearIf(reserved && outcome != Adoption::ADOPTED && outcome != Adoption::ADOPTED_WITH_RESERVATION);
}

void CheckTakesPart(Case& judged, const Seat& seat, const std::vector<Date>& days) {
  bool never = true, always = true;
  for (const Date& day : days) {
    if (IsEmpty(day)) continue;
    const bool before = CertainlyBefore(day, seat.join_date());
    const bool after = seat.has_exit() && CertainlyBefore(seat.exit().exit_date(), day);
    const bool certain = (IsEmpty(seat.join_date()) || SpanOf(seat.join_date()).last <= SpanOf(day).first) &&
                         (!seat.has_exit() || SpanOf(day).last <= SpanOf(seat.exit().exit_date()).first);
    never = never && (before || after);
    always = always && certain;
  }
  if (never) {
    judged.Refuse("SEAT_NOT_TAKING_PART");
  } else {
    judged.UnclearIf(!always);
  }
}

void AddAgreementsSteps(Rules& rules) {
  rules["CreateAdoption"] = On(&CreateAdoptionRule);
  rules["PrepareAdoption"] = On(&PrepareRule);
  rules["ProposeAdoption"] = On(&ProposeRule);
  rules["RecordAdoptionOutcome"] = On(&OutcomeRule);
  rules["AdjustAdoption"] = On(&AdjustRule);
  rules["AnnounceAdoption"] = On(&AnnounceRule);
  rules["AnnulAdoption"] = On(&AnnulRule);
  rules["RecordAdoptionExtract"] = On(&ExtractRule);
  rules["ImportAdoption"] = On(&ImportRule);
}

}  // namespace partnerskap::simulator::model
