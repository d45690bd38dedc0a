// The admin port: plain HTTP for the operator's tools on the same machine.
//
//   GET /healthz   200 while the process lives
//   GET /readyz    200 or 503, and why, as JSON
//   GET /metrics   Prometheus text
//
// It knows no callers and answers anybody who reaches it, so it listens on loopback unless an operator says otherwise.
#ifndef PARTNERSKAP_COMMON_RPC_ADMIN_H_
#define PARTNERSKAP_COMMON_RPC_ADMIN_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace partnerskap {

// What /readyz answers.
struct Readiness {
  bool ready = false;
  std::string json;
};

class AdminPort {
 public:
  // Called on the port's own thread, one at a time.
  struct Parts {
    std::function<std::string()> metrics;
    std::function<Readiness()> readiness;
  };
  // `listen` is HOST:PORT. Errors name --admin, the address and the fix.
  static absl::StatusOr<std::unique_ptr<AdminPort>> Open(const std::string& listen, Parts parts);
  // Waits for the request under way.
  virtual ~AdminPort() = default;
  virtual int port() const = 0;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_ADMIN_H_
