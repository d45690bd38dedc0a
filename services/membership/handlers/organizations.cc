#include "services/membership/domain/organizations.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/filter.h"
#include "common/rpc/list.h"
#include "common/sql/references.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"
#include "services/membership/handlers/access.h"
#include "services/membership/handlers/handlers.h"
#include "services/membership/store/facts.h"
#include "services/membership/store/tables.h"

namespace partnerskap::membership {

absl::StatusOr<Answer<v1::Organization>> GetOrganization(const Env&, const Call&,
                                                         const v1::GetOrganizationRequest& request, ReadTx& tx) {
  return GetAnswer(request, Organizations(), tx);
}

absl::StatusOr<Answer<v1::ListOrganizationsResponse>> ListOrganizations(const Env& env, const Call& call,
                                                                        const v1::ListOrganizationsRequest& request,
                                                                        ReadTx& tx) {
  ASSIGN_OR_RETURN(auto filter, ParseFilter(request.filter(), {"kind", "county_code", "code"}));
  return ListAnswer<v1::ListOrganizationsResponse>(env, call, request, {.equals = std::move(filter)}, Organizations(),
                                                   tx);
}

absl::StatusOr<Answer<v1::BatchGetOrganizationsResponse>> BatchGetOrganizations(
    const Env&, const Call&, const v1::BatchGetOrganizationsRequest& request, ReadTx& tx) {
  return BatchGetAnswer<v1::BatchGetOrganizationsResponse>(request, Organizations(), tx);
}

absl::StatusOr<v1::Organization> CreateOrganization(const Env&, const Call& call,
                                                    const v1::CreateOrganizationRequest& request, WriteTx& tx) {
  v1::Organization organization = request.organization();
  organization.set_name(absl::StrCat("organizations/", request.organization_id()));
  RETURN_IF_ERROR(MayRegisterOrganization(organization, request.organization_id()));
  ASSIGN_OR_RETURN(const auto others, OrganizationsWithCode(tx, organization));
  RETURN_IF_ERROR(MayUseCode(organization, others));
  if (!organization.parent_organization().empty()) {
    RETURN_IF_ERROR(MustExist(tx, Organizations(), organization.parent_organization()));
    ASSIGN_OR_RETURN(const auto parent, Organizations().Get(tx, organization.parent_organization()));
    RETURN_IF_ERROR(MayLieIn(organization, parent));
  }
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeShared(call, organization.name()));
  return Organizations().Create(tx, permit, std::move(organization));
}

}  // namespace partnerskap::membership
