#include "services/agreements/domain/signatures.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/ids/ids.h"
#include "common/rpc/list.h"
#include "common/sql/references.h"
#include "common/status/macros.h"
#include "services/agreements/domain/adoptions.h"
#include "services/agreements/handlers/access.h"
#include "services/agreements/handlers/handlers.h"
#include "services/agreements/store/facts.h"
#include "services/agreements/store/projections.h"
#include "services/agreements/store/tables.h"

namespace partnerskap::agreements {

absl::StatusOr<Answer<v1::Signature>> GetSignature(const Env&, const Call&, const v1::GetSignatureRequest& request,
                                                   ReadTx& tx) {
  return GetAnswer(request, Signatures(), tx);
}

absl::StatusOr<Answer<v1::ListSignaturesResponse>> ListSignatures(const Env& env, const Call& call,
                                                                  const v1::ListSignaturesRequest& request,
                                                                  ReadTx& tx) {
  return ListAnswer<v1::ListSignaturesResponse>(env, call, request, {.parent = request.parent()}, Signatures(), tx);
}

absl::StatusOr<v1::Signature> CreateSignature(const Env&, const Call& call, const v1::CreateSignatureRequest& request,
                                              WriteTx& tx) {
  v1::Signature signature = request.signature();
  signature.set_name(absl::StrCat(request.parent(), "/signatures/", request.signature_id()));
  RETURN_IF_ERROR(ParentMustExist(tx, Adoptions(), request.parent()));
  ASSIGN_OR_RETURN(const v1::Adoption adoption, Adoptions().Get(tx, request.parent()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeSeat(tx, call, adoption.seat(), signature.name()));
  RETURN_IF_ERROR(NextState(adoption, "sign", "CreateSignature").status());
  ASSIGN_OR_RETURN(const v1::Agreement agreement, Agreements().Get(tx, ParentName(adoption.name())));
  ASSIGN_OR_RETURN(const auto signatures, SignaturesOf(tx, adoption.name()));
  ASSIGN_OR_RETURN(const PostFacts post, GetPostFacts(tx, signature.post(), adoption.seat()));
  RETURN_IF_ERROR(MaySign(agreement, adoption, signatures, post, signature));
  return Signatures().Create(tx, permit, std::move(signature), "signed");
}

}  // namespace partnerskap::agreements
