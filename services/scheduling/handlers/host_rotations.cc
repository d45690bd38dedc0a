#include <string>
#include <utility>

#include "common/ids/ids.h"
#include "common/rpc/list.h"
#include "common/rpc/update_mask.h"
#include "common/sql/etag.h"
#include "common/status/macros.h"
#include "services/scheduling/domain/rotation.h"
#include "services/scheduling/handlers/access.h"
#include "services/scheduling/handlers/handlers.h"
#include "services/scheduling/store/facts.h"
#include "services/scheduling/store/tables.h"

namespace partnerskap::scheduling {

absl::StatusOr<Answer<v1::HostRotation>> GetHostRotation(const Env&, const Call&,
                                                         const v1::GetHostRotationRequest& request, ReadTx& tx) {
  absl::StatusOr<Answer<v1::HostRotation>> stored = GetAnswer(request, HostRotations(), tx);
  if (stored.ok() || !absl::IsNotFound(stored.status())) return stored;
  // A singleton exists with its network: until it is set, and at times before that, it is the default one.
  const absl::string_view network = ParentName(request.name());
  ASSIGN_OR_RETURN(const bool known, IsKnownNetwork(tx, network));
  if (!known) return stored;
  return Answer<v1::HostRotation>(DefaultRotation(network));
}

absl::StatusOr<v1::HostRotation> UpdateHostRotation(const Env&, const Call& call,
                                                    const v1::UpdateHostRotationRequest& request, WriteTx& tx) {
  const v1::HostRotation& wanted = request.host_rotation();
  const std::string network(ParentName(wanted.name()));
  RETURN_IF_ERROR(NetworkMustBeKnown(tx, network));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeNetwork(tx, call, network, wanted.name()));
  ASSIGN_OR_RETURN(v1::HostRotation rotation, RotationOf(tx, network));
  const bool is_set = !rotation.uid().empty();
  if (is_set) RETURN_IF_ERROR(EtagMustFit(rotation, wanted.etag()));
  RETURN_IF_ERROR(ApplyMask(wanted, request.update_mask(), {"seats", "excluded_months", "sources"}, rotation));
  RETURN_IF_ERROR(CheckRotation(rotation));
  for (const std::string& seat : rotation.seats()) RETURN_IF_ERROR(SeatNamed(tx, seat).status());
  if (!is_set) return HostRotations().Create(tx, permit, std::move(rotation), "updated");
  return HostRotations().Update(tx, permit, std::move(rotation), wanted.etag(), "updated");
}

}  // namespace partnerskap::scheduling
