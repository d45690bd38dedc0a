#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/list.h"
#include "common/sql/references.h"
#include "common/status/macros.h"
#include "services/agreements/domain/texts.h"
#include "services/agreements/handlers/access.h"
#include "services/agreements/handlers/handlers.h"
#include "services/agreements/store/tables.h"

namespace partnerskap::agreements {

absl::StatusOr<Answer<v1::Clause>> GetClause(const Env&, const Call&, const v1::GetClauseRequest& request, ReadTx& tx) {
  return GetAnswer(request, Clauses(), tx);
}

absl::StatusOr<Answer<v1::ListClausesResponse>> ListClauses(const Env& env, const Call& call,
                                                            const v1::ListClausesRequest& request, ReadTx& tx) {
  return ListAnswer<v1::ListClausesResponse>(env, call, request, {.parent = request.parent()}, Clauses(), tx);
}

absl::StatusOr<v1::Clause> CreateClause(const Env&, const Call& call, const v1::CreateClauseRequest& request,
                                        WriteTx& tx) {
  v1::Clause clause = request.clause();
  clause.set_name(absl::StrCat(request.parent(), "/clauses/", request.clause_id()));
  RETURN_IF_ERROR(CheckDetail(clause));
  RETURN_IF_ERROR(ParentMustExist(tx, Agreements(), request.parent()));
  if (!clause.version().empty()) {
    RETURN_IF_ERROR(VersionMustBeOf(request.parent(), clause.version()));
    RETURN_IF_ERROR(MustExist(tx, AgreementVersions(), clause.version()));
  }
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeShared(call, clause.name()));
  return Clauses().Create(tx, permit, std::move(clause));
}

}  // namespace partnerskap::agreements
