// A whole service but its socket: store, methods, roles, gate, feed and reactions, put together as the process does it.
#ifndef PARTNERSKAP_COMMON_TESTING_TEST_SERVICE_H_
#define PARTNERSKAP_COMMON_TESTING_TEST_SERVICE_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/auth/authenticator.h"
#include "common/env/env.h"
#include "common/feed/projections.h"
#include "common/feed/subscriber.h"
#include "common/log/log.h"
#include "common/metrics/metrics.h"
#include "common/rpc/gate.h"
#include "common/rpc/serve.h"
#include "common/rpc/service.h"
#include "common/seal/sealer.h"
#include "common/sql/database.h"

namespace partnerskap {

// Roles for the principals of test_caller.h, made from what the methods declare:
//   admin    everything, everywhere;
//   member   reads, and mutations of scope OWN_ORGANIZATION and NETWORK (what is mutating with scope ANY is the
//            administrator's);
//   reader   reads of scope ANY;
//   service  reads, and everything of scope SERVICE.
// Nobody is limited in rate, so that a test may be as fast as it can.
std::string TestRoles(const Methods& methods);

class TestService {
 public:
  // Opens the store in `directory`. `base` gives clock, randomness, executor and peers; the reactions run when there
  // are peers. Errors as Database::Open; a wrong list of methods is INTERNAL and says all that is wrong.
  // `adjust` may put another disk or other limits under the store; null: as tests have it.
  static absl::StatusOr<std::unique_ptr<TestService>> Open(const ServiceDefinition& definition, const Env& base,
                                                           const std::string& directory,
                                                           const std::function<void(DatabaseOptions&)>& adjust = {});
  // Answers everything that was accepted. What calls the gate must have stopped.
  ~TestService();

  const ServiceDefinition& definition() const { return definition_; }
  const Env& env() const { return env_; }
  const Methods& methods() const { return methods_; }
  Database& database() { return *database_; }
  Gate& gate() { return *gate_; }
  Projections& projections() { return *projections_; }
  Metrics& metrics() { return *metrics_; }

 private:
  explicit TestService(const ServiceDefinition& definition, const Env& base) : definition_(definition), env_(base) {}
  absl::Status Build(const std::string& directory, const std::function<void(DatabaseOptions&)>& adjust);

  const ServiceDefinition definition_;
  Env env_;
  Methods methods_;
  std::unique_ptr<Logger> logger_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<Authenticator> authenticator_;
  std::unique_ptr<Sealer> sealer_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Projections> projections_;
  std::unique_ptr<Gate> gate_;
  std::unique_ptr<Subscriber> subscriber_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_TESTING_TEST_SERVICE_H_
