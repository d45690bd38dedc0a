#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/list.h"
#include "common/sql/references.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"
#include "services/agreements/domain/texts.h"
#include "services/agreements/handlers/access.h"
#include "services/agreements/handlers/handlers.h"
#include "services/agreements/store/facts.h"
#include "services/agreements/store/projections.h"
#include "services/agreements/store/tables.h"

namespace partnerskap::agreements {

absl::StatusOr<Answer<v1::Agreement>> GetAgreement(const Env&, const Call&, const v1::GetAgreementRequest& request,
                                                   ReadTx& tx) {
  return GetAnswer(request, Agreements(), tx);
}

absl::StatusOr<Answer<v1::ListAgreementsResponse>> ListAgreements(const Env& env, const Call& call,
                                                                  const v1::ListAgreementsRequest& request,
                                                                  ReadTx& tx) {
  return ListAnswer<v1::ListAgreementsResponse>(env, call, request, {.parent = request.parent()}, Agreements(), tx);
}

absl::StatusOr<v1::Agreement> CreateAgreement(const Env&, const Call& call, const v1::CreateAgreementRequest& request,
                                              WriteTx& tx) {
  v1::Agreement agreement = request.agreement();
  agreement.set_name(absl::StrCat(request.parent(), "/agreements/", request.agreement_id()));
  RETURN_IF_ERROR(CheckPeriod(agreement));
  RETURN_IF_ERROR(CheckSignerSlots(agreement));
  RETURN_IF_ERROR(NetworkMustBeKnown(tx, request.parent()));
  if (!agreement.predecessor().empty()) {
    RETURN_IF_ERROR(MustExist(tx, Agreements(), agreement.predecessor()));
    ASSIGN_OR_RETURN(const v1::Agreement predecessor, Agreements().Get(tx, agreement.predecessor()));
    RETURN_IF_ERROR(MaySucceed(agreement, predecessor));
  }
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeShared(call, agreement.name()));
  return Agreements().Create(tx, permit, std::move(agreement));
}

absl::StatusOr<Answer<v1::AgreementVersion>> GetAgreementVersion(const Env&, const Call&,
                                                                 const v1::GetAgreementVersionRequest& request,
                                                                 ReadTx& tx) {
  return GetAnswer(request, AgreementVersions(), tx);
}

absl::StatusOr<Answer<v1::ListAgreementVersionsResponse>> ListAgreementVersions(
    const Env& env, const Call& call, const v1::ListAgreementVersionsRequest& request, ReadTx& tx) {
  return ListAnswer<v1::ListAgreementVersionsResponse>(env, call, request, {.parent = request.parent()},
                                                       AgreementVersions(), tx);
}

absl::StatusOr<v1::AgreementVersion> CreateAgreementVersion(const Env&, const Call& call,
                                                            const v1::CreateAgreementVersionRequest& request,
                                                            WriteTx& tx) {
  v1::AgreementVersion version = request.agreement_version();
  version.set_name(absl::StrCat(request.parent(), "/versions/", request.agreement_version_id()));
  RETURN_IF_ERROR(CheckCustody(version));
  RETURN_IF_ERROR(CheckDigest(version));
  RETURN_IF_ERROR(ParentMustExist(tx, Agreements(), request.parent()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeShared(call, version.name()));
  version.clear_text();
  if (version.custody() != v1::AgreementVersion::HELD) {
    return AgreementVersions().Create(tx, permit, std::move(version));
  }
  const std::string& text = request.agreement_version().text();
  version.set_sha256(Sha256Hex(text));
  version.set_text_size(static_cast<int64_t>(text.size()));
  ASSIGN_OR_RETURN(version, AgreementVersions().Create(tx, permit, std::move(version)));
  RETURN_IF_ERROR(WriteText(tx, permit, version.name(), text));
  return version;
}

absl::StatusOr<Answer<v1::DownloadAgreementTextResponse>> DownloadAgreementText(
    const Env&, const Call&, const v1::DownloadAgreementTextRequest& request, ReadTx& tx) {
  ASSIGN_OR_RETURN(const v1::AgreementVersion version, AgreementVersions().Get(tx, request.version()));
  RETURN_IF_ERROR(MustBeHeld(version));
  ASSIGN_OR_RETURN(std::string text, TextOf(tx, version.name()));
  if (Sha256Hex(text) != version.sha256()) return Refuse(common::v1::STORE_CORRUPT);
  v1::DownloadAgreementTextResponse response;
  response.set_text(std::move(text));
  response.set_media_type(version.media_type());
  response.set_sha256(version.sha256());
  return Answer<v1::DownloadAgreementTextResponse>(response);
}

}  // namespace partnerskap::agreements
