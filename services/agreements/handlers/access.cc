#include "services/agreements/handlers/access.h"

#include <string>
#include <vector>

#include "common/ids/ids.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"
#include "services/agreements/store/projections.h"

namespace partnerskap::agreements {

absl::StatusOr<Permit> AuthorizeShared(const Call& call, absl::string_view name) {
  return Authorize(call, {.name = name});
}

absl::StatusOr<Permit> AuthorizeDecision(const Call& call, absl::string_view decision) {
  const std::vector<std::string> owners = {std::string(ParentName(decision))};
  return Authorize(call, {.name = decision, .owners = owners});
}

absl::StatusOr<Permit> AuthorizeSeat(ReadTx& tx, const Call& call, absl::string_view seat, absl::string_view name) {
  ASSIGN_OR_RETURN(const std::vector<std::string> owners, OwnersOfSeat(tx, seat));
  return Authorize(call, {.name = name, .owners = owners});
}

absl::Status MayFollow(const Call& call, absl::string_view network, ReadTx& tx) {
  const std::string& organization = call.principal.identity.organization;
  if (!network.empty() && !organization.empty()) {
    ASSIGN_OR_RETURN(const bool member, HasSeatIn(tx, organization, network));
    if (member) return absl::OkStatus();
  }
  return Refuse(common::v1::OBJECT_NOT_YOURS, {{"object", network.empty() ? "networks/-" : std::string(network)}});
}

}  // namespace partnerskap::agreements
