// A service in a simulation: it starts, stops and dies, and its directory and address stay.
#ifndef PARTNERSKAP_COMMON_TESTING_SIM_SERVICE_H_
#define PARTNERSKAP_COMMON_TESTING_SIM_SERVICE_H_

#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/rpc/serve.h"
#include "common/testing/local_peer.h"
#include "common/testing/sim.h"
#include "common/testing/temp_dir.h"
#include "common/testing/test_caller.h"
#include "common/testing/test_service.h"

namespace partnerskap {

class SimService {
 public:
  // Not started yet. `loop` and `definition`'s functions outlive it.
  SimService(SimLoop& loop, const ServiceDefinition& definition);
  ~SimService();

  // This service's calls and feed of `other`, by that service's name, over a way with `faults` (null: none). Before
  // Start.
  void Connect(SimService& other, const LinkFaults* faults = nullptr);

  // Opens the store of the last life, or a new one. Fails the test if it cannot.
  void Start();
  // As SIGTERM does: refuses new calls, ends streams, answers what it has.
  void Stop();
  // As SIGKILL does: what is committed at this instant is there at the next start, and nothing else happens any more.
  void Kill();
  // As a restore from a backup does: the store, stopped, becomes that of `backup` with a new epoch.
  void RestoreFrom(const std::string& backup);
  // Copies the store as it is now, while it runs or not: for RestoreFrom.
  std::string Backup();
  bool running() const { return service_ != nullptr; }

  const std::string& name() const { return definition_.name; }
  const std::string& directory() const { return directory_; }
  SimLoop& loop() { return loop_; }
  LocalHost& host() { return host_; }
  // While it runs.
  TestService& service() { return *service_; }
  Database& database() { return service_->database(); }

  // Callers of this service; they stay over restarts. `faults` outlives them.
  TestCaller Caller(absl::string_view uri, const LinkFaults* faults = nullptr);
  TestCaller Admin() { return Caller(TestAdminUri()); }
  TestCaller Member(absl::string_view organization) { return Caller(TestMemberUri(organization)); }
  TestCaller Reader() { return Caller(TestReaderUri()); }

 private:
  SimLoop& loop_;
  const ServiceDefinition definition_;
  const TempDir files_;
  int copies_ = 0;
  std::string directory_;
  LocalHost host_;
  std::shared_ptr<const MethodPaths> paths_;
  std::map<std::string, std::unique_ptr<Peer>> peers_;
  std::unique_ptr<TestService> service_;
};

// SHA-256 of each table of the store by name, in hex, without `audit` and SQLite's own: two equal digests are two equal
// stores.
std::map<std::string, std::string> TableDigests(Database& database);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_TESTING_SIM_SERVICE_H_
