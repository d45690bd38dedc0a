#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/ids/ids.h"
#include "common/rpc/list.h"
#include "common/sql/etag.h"
#include "common/sql/references.h"
#include "common/status/macros.h"
#include "services/membership/domain/seats.h"
#include "services/membership/handlers/access.h"
#include "services/membership/handlers/handlers.h"
#include "services/membership/store/facts.h"
#include "services/membership/store/tables.h"

namespace partnerskap::membership {

absl::StatusOr<Answer<v1::ResponsibleBody>> GetResponsibleBody(const Env&, const Call&,
                                                               const v1::GetResponsibleBodyRequest& request,
                                                               ReadTx& tx) {
  return GetAnswer(request, ResponsibleBodies(), tx);
}

absl::StatusOr<Answer<v1::ListResponsibleBodiesResponse>> ListResponsibleBodies(
    const Env& env, const Call& call, const v1::ListResponsibleBodiesRequest& request, ReadTx& tx) {
  return ListAnswer<v1::ListResponsibleBodiesResponse>(env, call, request, {.parent = request.parent()},
                                                       ResponsibleBodies(), tx);
}

absl::StatusOr<v1::ResponsibleBody> CreateResponsibleBody(const Env&, const Call& call,
                                                          const v1::CreateResponsibleBodyRequest& request,
                                                          WriteTx& tx) {
  v1::ResponsibleBody body = request.responsible_body();
  body.set_name(absl::StrCat(request.parent(), "/responsibleBodies/", request.responsible_body_id()));
  RETURN_IF_ERROR(ParentMustExist(tx, Seats(), request.parent()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeSeat(tx, call, request.parent(), body.name()));
  ASSIGN_OR_RETURN(const auto series, BodiesOf(tx, request.parent()));
  RETURN_IF_ERROR(MayBeResponsible(body, series));
  return ResponsibleBodies().Create(tx, permit, std::move(body));
}

absl::StatusOr<v1::ResponsibleBody> EndResponsibleBody(const Env&, const Call& call,
                                                       const v1::EndResponsibleBodyRequest& request, WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::ResponsibleBody body, ResponsibleBodies().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeSeat(tx, call, ParentName(body.name()), body.name()));
  RETURN_IF_ERROR(EtagMustFit(body, request.etag()));
  RETURN_IF_ERROR(MayEndResponsibility(body, request.end_date()));
  *body.mutable_end_date() = request.end_date();
  return ResponsibleBodies().Update(tx, permit, std::move(body), request.etag(), "ended");
}

}  // namespace partnerskap::membership
