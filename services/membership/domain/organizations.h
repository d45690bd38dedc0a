// Rules of organizations and networks. Pure: facts in, a refusal or OK out.
#ifndef PARTNERSKAP_SERVICES_MEMBERSHIP_DOMAIN_ORGANIZATIONS_H_
#define PARTNERSKAP_SERVICES_MEMBERSHIP_DOMAIN_ORGANIZATIONS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "partnerskap/membership/v1/resources.pb.h"

namespace partnerskap::membership {

// The id that an organization must have: `kommun-0380`, `region-03`; empty where any id may be chosen.
std::string RequiredOrganizationId(const v1::Organization& organization);

// Errors: ORGANIZATION_CODE_MISSING, ORGANIZATION_ID_MISMATCH, DISTRICT_PARENT_MISPLACED, PERIOD_REVERSED.
absl::Status MayRegisterOrganization(const v1::Organization& organization, absl::string_view id);

// One municipality or region at a time has a code. `others` have the same kind and code.
// A district lies in a municipality. Errors: DISTRICT_PARENT_MISPLACED.
absl::Status MayLieIn(const v1::Organization& district, const v1::Organization& parent);
// Errors: ORGANIZATION_CODE_TAKEN.
absl::Status MayUseCode(const v1::Organization& organization, const std::vector<v1::Organization>& others);

// `ancestors` are the networks above the parent, nearest first. Errors: PARENT_NETWORK_CIRCULAR.
absl::Status MayHaveParent(absl::string_view network, absl::string_view parent,
                           const std::vector<std::string>& ancestors);

}  // namespace partnerskap::membership

#endif  // PARTNERSKAP_SERVICES_MEMBERSHIP_DOMAIN_ORGANIZATIONS_H_
