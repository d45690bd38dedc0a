#include <utility>

#include "common/ids/ids.h"
#include "common/sql/etag.h"
#include "common/sql/references.h"
#include "common/status/macros.h"
#include "services/agreements/domain/adoptions.h"
#include "services/agreements/domain/texts.h"
#include "services/agreements/handlers/access.h"
#include "services/agreements/handlers/handlers.h"
#include "services/agreements/store/projections.h"
#include "services/agreements/store/tables.h"

namespace partnerskap::agreements {
namespace {

absl::StatusOr<Permit> AuthorizeAdoption(ReadTx& tx, const Call& call, const v1::Adoption& adoption) {
  return AuthorizeSeat(tx, call, adoption.seat(), adoption.name());
}

// What an outcome rests on: a decision of a holder of the seat that says so, while the seat takes part.
absl::Status MayRest(ReadTx& tx, const v1::Adoption& adoption, const v1::RecordAdoptionOutcomeRequest& request,
                     const v1::Decision& decision) {
  ASSIGN_OR_RETURN(const v1::Agreement agreement, Agreements().Get(tx, ParentName(adoption.name())));
  if (!request.adopted_version().empty()) {
    RETURN_IF_ERROR(VersionMustBeOf(agreement.name(), request.adopted_version()));
    RETURN_IF_ERROR(MustExist(tx, AgreementVersions(), request.adopted_version()));
  }
  ASSIGN_OR_RETURN(const SeatFacts seat, GetSeatFacts(tx, adoption.seat()));
  RETURN_IF_ERROR(MustTakePart(seat, agreement, decision.decision_date()));
  RETURN_IF_ERROR(MustBeOfSeat(decision, seat));
  RETURN_IF_ERROR(MustSaySo(decision, request.outcome(), adoption.version(), request.adopted_version()));
  return MustAgreeOnReservation(decision, request.outcome());
}

void Decide(const v1::RecordAdoptionOutcomeRequest& request, const v1::Decision& decision, v1::Adoption& adoption) {
  adoption.set_outcome(request.outcome());
  adoption.set_decision(decision.name());
  *adoption.mutable_decision_reference() = ReferenceTo(decision);
  adoption.set_adopted_version(request.adopted_version());
  if (request.has_fee()) *adoption.mutable_fee() = request.fee();
  adoption.set_funding(request.funding());
}

// The case stays open; that it came back is kept.
void SendBack(const v1::RecordAdoptionOutcomeRequest& request, const v1::Decision& decision, v1::Adoption& adoption) {
  ForgetLaterFacts(adoption);
  v1::AdoptionReturn& back = *adoption.add_returns();
  back.set_outcome(request.outcome());
  if (decision.has_decision_date()) *back.mutable_return_date() = decision.decision_date();
  back.set_decision(decision.name());
}

}  // namespace

absl::StatusOr<v1::Adoption> PrepareAdoption(const Env&, const Call& call, const v1::PrepareAdoptionRequest& request,
                                             WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Adoption adoption, Adoptions().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeAdoption(tx, call, adoption));
  RETURN_IF_ERROR(EtagMustFit(adoption, request.etag()));
  ASSIGN_OR_RETURN(const v1::Adoption::State state, NextState(adoption, "prepare", "PrepareAdoption"));
  adoption.set_state(state);
  ForgetLaterFacts(adoption);
  *adoption.mutable_preparation_date() = request.preparation_date();
  adoption.set_diary_number(request.diary_number());
  RETURN_IF_ERROR(CheckOrder(adoption));
  return Adoptions().Update(tx, permit, std::move(adoption), request.etag(), "prepared");
}

absl::StatusOr<v1::Adoption> ProposeAdoption(const Env&, const Call& call, const v1::ProposeAdoptionRequest& request,
                                             WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Adoption adoption, Adoptions().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeAdoption(tx, call, adoption));
  RETURN_IF_ERROR(EtagMustFit(adoption, request.etag()));
  ASSIGN_OR_RETURN(const v1::Adoption::State state, NextState(adoption, "propose", "ProposeAdoption"));
  adoption.set_state(state);
  *adoption.mutable_proposal_date() = request.proposal_date();
  RETURN_IF_ERROR(CheckOrder(adoption));
  return Adoptions().Update(tx, permit, std::move(adoption), request.etag(), "proposed");
}

absl::StatusOr<v1::Adoption> RecordAdoptionOutcome(const Env&, const Call& call,
                                                   const v1::RecordAdoptionOutcomeRequest& request, WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Adoption adoption, Adoptions().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeAdoption(tx, call, adoption));
  RETURN_IF_ERROR(EtagMustFit(adoption, request.etag()));
  RETURN_IF_ERROR(MustExist(tx, Decisions(), request.decision()));
  ASSIGN_OR_RETURN(const v1::Decision decision, Decisions().Get(tx, request.decision()));
  const bool back = SendsBack(request.outcome());
  RETURN_IF_ERROR(CheckAdoptedVersion(request.outcome(), adoption.version(), request.adopted_version()));
  ASSIGN_OR_RETURN(const auto state, NextState(adoption, back ? "sendBack" : "decide", "RecordAdoptionOutcome"));
  if (decision.has_decision_date()) *adoption.mutable_decision_date() = decision.decision_date();
  RETURN_IF_ERROR(CheckOrder(adoption));
  RETURN_IF_ERROR(MayRest(tx, adoption, request, decision));
  adoption.set_state(state);
  if (back) {
    SendBack(request, decision, adoption);
  } else {
    Decide(request, decision, adoption);
  }
  return Adoptions().Update(tx, permit, std::move(adoption), request.etag(), back ? "returned" : "decided");
}

absl::StatusOr<v1::Adoption> AdjustAdoption(const Env&, const Call& call, const v1::AdjustAdoptionRequest& request,
                                            WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Adoption adoption, Adoptions().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeAdoption(tx, call, adoption));
  RETURN_IF_ERROR(EtagMustFit(adoption, request.etag()));
  ASSIGN_OR_RETURN(const v1::Adoption::State state, NextState(adoption, "adjust", "AdjustAdoption"));
  adoption.set_state(state);
  *adoption.mutable_adjustment_date() = request.adjustment_date();
  RETURN_IF_ERROR(CheckOrder(adoption));
  return Adoptions().Update(tx, permit, std::move(adoption), request.etag(), "adjusted");
}

absl::StatusOr<v1::Adoption> AnnounceAdoption(const Env&, const Call& call, const v1::AnnounceAdoptionRequest& request,
                                              WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Adoption adoption, Adoptions().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeAdoption(tx, call, adoption));
  RETURN_IF_ERROR(EtagMustFit(adoption, request.etag()));
  ASSIGN_OR_RETURN(const v1::Adoption::State state, NextState(adoption, "announce", "AnnounceAdoption"));
  adoption.set_state(state);
  *adoption.mutable_announcement_date() = request.announcement_date();
  RETURN_IF_ERROR(CheckOrder(adoption));
  return Adoptions().Update(tx, permit, std::move(adoption), request.etag(), "announced");
}

absl::StatusOr<v1::Adoption> AnnulAdoption(const Env&, const Call& call, const v1::AnnulAdoptionRequest& request,
                                           WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Adoption adoption, Adoptions().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeAdoption(tx, call, adoption));
  RETURN_IF_ERROR(EtagMustFit(adoption, request.etag()));
  ASSIGN_OR_RETURN(const v1::Adoption::State state, NextState(adoption, "annul", "AnnulAdoption"));
  adoption.set_state(state);
  *adoption.mutable_annulment_date() = request.annulment_date();
  *adoption.add_sources() = request.source();
  RETURN_IF_ERROR(CheckOrder(adoption));
  return Adoptions().Update(tx, permit, std::move(adoption), request.etag(), "annulled");
}

absl::StatusOr<v1::Adoption> RecordAdoptionExtract(const Env&, const Call& call,
                                                   const v1::RecordAdoptionExtractRequest& request, WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Adoption adoption, Adoptions().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeAdoption(tx, call, adoption));
  RETURN_IF_ERROR(EtagMustFit(adoption, request.etag()));
  ASSIGN_OR_RETURN(const v1::Adoption::State state, NextState(adoption, "recordExtract", "RecordAdoptionExtract"));
  RETURN_IF_ERROR(MayRecordExtract(adoption));
  adoption.set_state(state);
  *adoption.mutable_extract_date() = request.extract_date();
  RETURN_IF_ERROR(CheckOrder(adoption));
  return Adoptions().Update(tx, permit, std::move(adoption), request.etag(), "extracted");
}

}  // namespace partnerskap::agreements
