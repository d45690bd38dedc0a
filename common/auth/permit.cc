#include "common/auth/permit.h"

#include <algorithm>

#include "common/rpc/call.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

bool Reaches(const Call& call, const Object& object) {
  if (call.principal.all_organizations) return true;
  // A method without a policy never gets here; if it did, nobody would pass.
  if (call.auth == nullptr) return false;
  switch (call.auth->scope()) {
    case common::v1::MethodAuth::ANY:
      return true;
    case common::v1::MethodAuth::OWN_ORGANIZATION:
    case common::v1::MethodAuth::NETWORK:
      return !call.principal.identity.organization.empty() &&
             std::find(object.owners.begin(), object.owners.end(), call.principal.identity.organization) !=
                 object.owners.end();
    case common::v1::MethodAuth::SERVICE:
      return !call.principal.identity.service.empty();
    default:
      return false;
  }
}

}  // namespace

absl::StatusOr<Permit> Authorize(const Call& call, const Object& object) {
  if (Reaches(call, object)) return Permit(object.name);
  if (object.existence_protected) {
    return Refuse(common::v1::RESOURCE_NOT_FOUND, {{"name", std::string(object.name)}});
  }
  return Refuse(common::v1::OBJECT_NOT_YOURS, {{"object", std::string(object.name)}});
}

}  // namespace partnerskap
