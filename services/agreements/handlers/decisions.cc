#include "services/agreements/domain/decisions.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/list.h"
#include "common/sql/etag.h"
#include "common/sql/references.h"
#include "common/status/macros.h"
#include "services/agreements/handlers/access.h"
#include "services/agreements/handlers/handlers.h"
#include "services/agreements/store/facts.h"
#include "services/agreements/store/projections.h"
#include "services/agreements/store/tables.h"

namespace partnerskap::agreements {
namespace {

absl::Status TargetsMustExist(ReadTx& tx, const v1::Decision& decision) {
  for (const v1::DecisionItem& item : decision.items()) {
    if (!item.version().empty()) RETURN_IF_ERROR(MustExist(tx, AgreementVersions(), item.version()));
    if (!item.post().empty()) RETURN_IF_ERROR(PostMustBeKnown(tx, item.post()));
  }
  return absl::OkStatus();
}

// An outcome that rests on the decision says whether anybody reserved, also when the reservation is entered after it.
absl::Status TellAdoptions(WriteTx& tx, const Call& call, const v1::Decision& decision) {
  ASSIGN_OR_RETURN(auto adoptions, AdoptionsByDecision(tx, decision.name()));
  for (v1::Adoption& adoption : adoptions) {
    if (adoption.outcome() != v1::Adoption::ADOPTED) continue;
    ASSIGN_OR_RETURN(const Permit permit, AuthorizeSeat(tx, call, adoption.seat(), adoption.name()));
    adoption.set_outcome(v1::Adoption::ADOPTED_WITH_RESERVATION);
    const std::string etag = adoption.etag();
    RETURN_IF_ERROR(Adoptions().Update(tx, permit, std::move(adoption), etag, "reserved").status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Answer<v1::Decision>> GetDecision(const Env&, const Call&, const v1::GetDecisionRequest& request,
                                                 ReadTx& tx) {
  return GetAnswer(request, Decisions(), tx);
}

absl::StatusOr<Answer<v1::ListDecisionsResponse>> ListDecisions(const Env& env, const Call& call,
                                                                const v1::ListDecisionsRequest& request, ReadTx& tx) {
  return ListAnswer<v1::ListDecisionsResponse>(env, call, request, {.parent = request.parent()}, Decisions(), tx);
}

absl::StatusOr<v1::Decision> CreateDecision(const Env&, const Call& call, const v1::CreateDecisionRequest& request,
                                            WriteTx& tx) {
  v1::Decision decision = request.decision();
  decision.set_name(absl::StrCat(request.parent(), "/decisions/", request.decision_id()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeDecision(call, decision.name()));
  RETURN_IF_ERROR(CheckDecision(decision));
  RETURN_IF_ERROR(OrganizationMustBeKnown(tx, request.parent()));
  RETURN_IF_ERROR(TargetsMustExist(tx, decision));
  return Decisions().Create(tx, permit, std::move(decision));
}

absl::StatusOr<v1::Decision> RecordReservation(const Env&, const Call& call,
                                               const v1::RecordReservationRequest& request, WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Decision decision, Decisions().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeDecision(call, decision.name()));
  RETURN_IF_ERROR(EtagMustFit(decision, request.etag()));
  const Subject subject{request.person(), request.party()};
  RETURN_IF_ERROR(CheckSubject(subject));
  RETURN_IF_ERROR(MustHaveTakenPart(decision, subject));
  RETURN_IF_ERROR(MustNotHaveReserved(decision, subject));
  AddReservation(subject, decision);
  RETURN_IF_ERROR(TellAdoptions(tx, call, decision));
  return Decisions().Update(tx, permit, std::move(decision), request.etag(), "reserved");
}

absl::StatusOr<v1::Decision> RecordSeparateStatement(const Env&, const Call& call,
                                                     const v1::RecordSeparateStatementRequest& request, WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Decision decision, Decisions().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeDecision(call, decision.name()));
  RETURN_IF_ERROR(EtagMustFit(decision, request.etag()));
  const Subject subject{request.person(), request.party()};
  RETURN_IF_ERROR(CheckSubject(subject));
  ASSIGN_OR_RETURN(const int item, PermittingItem(decision, subject));
  RETURN_IF_ERROR(MustNotHaveStated(decision, subject, item));
  v1::SeparateStatement& statement = *decision.add_separate_statements();
  statement.set_party(request.party());
  statement.set_person(request.person());
  statement.set_permitting_item(item);
  if (request.has_receipt_date()) *statement.mutable_receipt_date() = request.receipt_date();
  statement.set_document(request.document());
  return Decisions().Update(tx, permit, std::move(decision), request.etag(), "stated");
}

}  // namespace partnerskap::agreements
