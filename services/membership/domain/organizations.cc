#include "services/membership/domain/organizations.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/membership/v1/reasons.pb.h"
#include "services/membership/domain/periods.h"

namespace partnerskap::membership {
namespace {

bool HasOfficialCode(v1::Organization::Kind kind) {
  return kind == v1::Organization::MUNICIPALITY || kind == v1::Organization::REGION;
}

Period PeriodOf(const v1::Organization& organization) { return {organization.start_date(), organization.end_date()}; }

absl::Status ParentMisplaced(const v1::Organization& organization) {
  return Refuse(v1::DISTRICT_PARENT_MISPLACED, {{"kind", v1::Organization::Kind_Name(organization.kind())}});
}

}  // namespace

std::string RequiredOrganizationId(const v1::Organization& organization) {
  if (organization.kind() == v1::Organization::MUNICIPALITY) return absl::StrCat("kommun-", organization.code());
  if (organization.kind() == v1::Organization::REGION) return absl::StrCat("region-", organization.code());
  return "";
}

absl::Status MayRegisterOrganization(const v1::Organization& organization, absl::string_view id) {
  if (HasOfficialCode(organization.kind()) && organization.code().empty()) {
    return Refuse(v1::ORGANIZATION_CODE_MISSING, {{"kind", v1::Organization::Kind_Name(organization.kind())}});
  }
  const std::string required = RequiredOrganizationId(organization);
  if (!required.empty() && id != required) {
    return Refuse(v1::ORGANIZATION_ID_MISMATCH,
                  {{"organization", absl::StrCat("organizations/", id)}, {"expected", required}});
  }
  if ((organization.kind() == v1::Organization::DISTRICT) == organization.parent_organization().empty()) {
    return ParentMisplaced(organization);
  }
  return CheckPeriod(PeriodOf(organization), "organization.end_date");
}

absl::Status MayLieIn(const v1::Organization& district, const v1::Organization& parent) {
  if (parent.kind() == v1::Organization::MUNICIPALITY) return absl::OkStatus();
  return ParentMisplaced(district);
}

absl::Status MayUseCode(const v1::Organization& organization, const std::vector<v1::Organization>& others) {
  if (!HasOfficialCode(organization.kind())) return absl::OkStatus();
  for (const v1::Organization& other : others) {
    // Two periods that nobody has dated both stand for "now".
    const bool both_undated = !organization.has_start_date() && !organization.has_end_date() &&
                              !other.has_start_date() && !other.has_end_date();
    if (both_undated || CertainlyOverlap(PeriodOf(organization), PeriodOf(other))) {
      return Refuse(v1::ORGANIZATION_CODE_TAKEN, {{"code", organization.code()}, {"organization", other.name()}});
    }
  }
  return absl::OkStatus();
}

absl::Status MayHaveParent(absl::string_view network, absl::string_view parent,
                           const std::vector<std::string>& ancestors) {
  if (parent == network || std::find(ancestors.begin(), ancestors.end(), network) != ancestors.end()) {
    return Refuse(v1::PARENT_NETWORK_CIRCULAR, {{"network", std::string(network)}});
  }
  return absl::OkStatus();
}

}  // namespace partnerskap::membership
