// From a peer's certificate to a principal with its roles, permissions and limits, by the role file (roles.proto). The
// file is read anew when it changes; a broken new file is reported and the old one stays in force.
#ifndef PARTNERSKAP_COMMON_AUTH_AUTHENTICATOR_H_
#define PARTNERSKAP_COMMON_AUTH_AUTHENTICATOR_H_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/auth/principal.h"
#include "common/env/env.h"

namespace partnerskap {

class Logger;
class Metrics;

// What one principal may use at most. The largest of its roles' values holds.
struct Limits {
  double calls_per_second = 1'000;  // all calls; `burst` at once
  double burst = 2'000;
  double mutations_per_second = 50;  // calls that change something, besides
  double mutation_burst = 200;
  size_t concurrent_calls = 100;  // unary calls under way
  size_t streams = 20;            // watchers
  size_t max_request_bytes = 1 << 20;
};

// `reader:calls_per_second=50`: one limit of one role, from a flag.
struct LimitOverride {
  std::string role;
  std::string limit;
  double value = 0;
};
// INVALID_ARGUMENT says what is wrong and names the limits.
absl::StatusOr<LimitOverride> ParseLimitOverride(absl::string_view text);

// A principal with what it may use. Shared by its calls.
struct Caller {
  Principal principal;
  Limits limits;
};

class Authenticator {
 public:
  struct Options {
    std::string role_file = "";  // path, protobuf text format
    // Which permissions there are; a role's `membership.*` stands for those of them that begin so.
    std::vector<std::string> permissions;
    std::vector<LimitOverride> limits = {};  // over the file's
    // The suite's authority (PEM path), for callers behind the edge: see forwarded_certificate.h. Empty: there is none.
    std::string ca_file = "";
  };
  // `clock` of `env` is used. `logger` and `metrics` may be null. Errors name the file, and line and column if its text
  // is wrong.
  static absl::StatusOr<std::unique_ptr<Authenticator>> Open(Options options, const Env& env, Logger* logger,
                                                             Metrics* metrics);
  // For tests and the simulator: the text of a role file that never changes.
  static absl::StatusOr<std::unique_ptr<Authenticator>> FromText(Options options, absl::string_view text);
  virtual ~Authenticator() = default;

  // `peer_uris` are the URI names of the verified client certificate: exactly one. `metadata` is where the edge says
  // for whom it calls, and where user tokens will come in. Errors: NO_IDENTITY, UNKNOWN_PRINCIPAL.
  virtual absl::StatusOr<std::shared_ptr<const Caller>> Authenticate(
      absl::Span<const std::string> peer_uris, const std::vector<std::pair<std::string, std::string>>& metadata) = 0;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_AUTH_AUTHENTICATOR_H_
