#include "services/peer_review/handlers/access.h"

#include <string>
#include <vector>

#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"
#include "services/peer_review/store/facts.h"

namespace partnerskap::peer_review {

absl::StatusOr<Permit> AuthorizeSeat(ReadTx& tx, const Call& call, absl::string_view seat, absl::string_view name) {
  ASSIGN_OR_RETURN(const std::vector<std::string> owners, OwnersOfSeat(tx, seat));
  return Authorize(call, {.name = name, .owners = owners});
}

absl::StatusOr<Permit> AuthorizeNetwork(ReadTx& tx, const Call& call, absl::string_view network,
                                        absl::string_view name) {
  ASSIGN_OR_RETURN(const std::vector<std::string> owners, OwnersOfNetwork(tx, network));
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

}  // namespace partnerskap::peer_review
