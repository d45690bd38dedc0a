// Server reflection, v1 and v1alpha, as methods of the gate. Permission `system.reflection`. Tells the linked
// descriptors of the services that `methods` holds, and of what their refusals are made: google.rpc's details and the
// packages' reasons.
#ifndef PARTNERSKAP_COMMON_RPC_REFLECTION_H_
#define PARTNERSKAP_COMMON_RPC_REFLECTION_H_

#include "common/rpc/service.h"

namespace partnerskap {

inline constexpr char kReflectionPermission[] = "system.reflection";

// `methods` must outlive every stream.
void RegisterReflection(Methods& methods);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_REFLECTION_H_
