#include "services/peer_review/handlers/access.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/rpc/effective_date.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"
#include "services/peer_review/store/facts.h"

namespace partnerskap::peer_review {
namespace {

absl::StatusOr<std::vector<std::string>> OwnersToday(ReadTx& tx, const Call& call, absl::string_view network) {
  ASSIGN_OR_RETURN(const absl::CivilDay today, EffectiveDay(call, {}));
  return OwnersOfNetwork(tx, network, today);
}

}  // namespace

absl::StatusOr<Permit> AuthorizeSeat(ReadTx& tx, const Call& call, absl::string_view seat, absl::string_view name) {
  ASSIGN_OR_RETURN(const std::vector<std::string> owners, OwnersOfSeat(tx, seat));
  return Authorize(call, {.name = name, .owners = owners});
}

absl::StatusOr<Permit> AuthorizeNetwork(ReadTx& tx, const Call& call, absl::string_view network,
                                        absl::string_view name) {
  ASSIGN_OR_RETURN(const std::vector<std::string> owners, OwnersToday(tx, call, network));
  return Authorize(call, {.name = name, .owners = owners});
}

absl::Status MayFollow(const Call& call, absl::string_view network, ReadTx& tx) {
  const std::string& organization = call.principal.identity.organization;
  if (!network.empty() && !organization.empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> owners, OwnersToday(tx, call, network));
    if (std::find(owners.begin(), owners.end(), organization) != owners.end()) return absl::OkStatus();
  }
  return Refuse(common::v1::OBJECT_NOT_YOURS, {{"object", network.empty() ? "networks/-" : std::string(network)}});
}

}  // namespace partnerskap::peer_review
