// grpc.health.v1.Health as methods of the gate: Check and Watch. Permission `system.health`.
#ifndef PARTNERSKAP_COMMON_RPC_HEALTH_H_
#define PARTNERSKAP_COMMON_RPC_HEALTH_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/rpc/service.h"

namespace partnerskap {

inline constexpr char kHealthPermission[] = "system.health";

// What the process says of itself. Any thread may set it; watchers hear of each change.
class Health {
 public:
  // `services` are the full names that a caller may ask for; "" (the process as a whole) always is one. All begin as
  // not serving.
  explicit Health(const std::vector<std::string>& services);
  ~Health();
  // One service, or all with "".
  void Set(absl::string_view service, bool serving);
  bool serving(absl::string_view service) const;

  class State;
  const std::shared_ptr<State>& state() const { return state_; }

 private:
  std::shared_ptr<State> state_;
};

// Check answers NOT_FOUND for a service that is not known; Watch answers SERVICE_UNKNOWN, as the protocol says.
void RegisterHealth(Methods& methods, const Health& health);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_HEALTH_H_
