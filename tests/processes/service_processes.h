// The four services as a deployment runs them: processes of their own, mTLS, feeds between them. They are killed, held
// and started again at fixed addresses.
#ifndef PARTNERSKAP_TESTS_PROCESSES_SERVICE_PROCESSES_H_
#define PARTNERSKAP_TESTS_PROCESSES_SERVICE_PROCESSES_H_

#include <sys/types.h>

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/env/env.h"
#include "common/rpc/grpc_peer.h"
#include "common/rpc/serve_test_process.h"
#include "common/testing/certs.h"
#include "common/testing/test_caller.h"

namespace partnerskap {

inline constexpr std::array<const char*, 4> kServices = {"membership", "agreements", "scheduling", "peer_review"};
// Who follows whom.
struct FeedEdge {
  const char* consumer;
  const char* producer;
};
inline constexpr FeedEdge kEdges[] = {{"membership", "agreements"},  {"agreements", "membership"},
                                      {"scheduling", "membership"},  {"scheduling", "agreements"},
                                      {"peer_review", "membership"}, {"peer_review", "scheduling"}};

// `partnerskap.membership.v1`, `/partnerskap.membership.v1.MembershipService/`, and the paths of feed and audit.
std::string PackageOf(absl::string_view service);
std::string MethodPath(absl::string_view service, absl::string_view method);
std::string FeedPath(absl::string_view service, absl::string_view method);
std::string AuditPath(absl::string_view service);

struct ServiceProcessesOptions {
  // Where a consumer looks for a producer: {"scheduling", "membership"} -> HOST:PORT. Others are called directly.
  std::map<std::pair<std::string, std::string>, std::string> routes;
  // Put before the program: `faketime` and its arguments.
  std::vector<std::string> wrapper;
  // More flags of every service.
  std::vector<std::string> flags;
};

class ServiceProcesses {
 public:
  // Everything lies under `directory`. Starts nothing.
  ServiceProcesses(const std::string& directory, ServiceProcessesOptions options = {});

  // Of Spawn and what follows: not running before, or running.
  void Spawn(const std::string& service, const std::string& failpoint = "");
  // Until it says that it is ready.
  absl::Status AwaitReady(const std::string& service);
  absl::Status StartAll();
  // SIGKILL. Not OK: it had ended by itself, which no service may.
  absl::Status Kill(const std::string& service);
  // Of a process with a failpoint: until it dies of it, or `limit`, after which it is killed. True: of the failpoint.
  bool AwaitDeath(const std::string& service, absl::Duration limit);
  void Signal(const std::string& service, int signal);
  // SIGTERM, and the end within the grace.
  absl::Status StopAll();

  std::string address(const std::string& service) const;
  std::string store(const std::string& service) const { return directory_ + "/" + service + "/store.db"; }
  const std::string& directory() const { return directory_; }
  // Peers of the administrator, each a connection of its own; `address` is another way there.
  std::shared_ptr<Peer> NewPeer(const std::string& service, const std::string& address = "");
  // Of a system of the member that holds seat s0, which may follow the network's feed.
  std::shared_ptr<Peer> NewMemberPeer(const std::string& service);
  TestCaller Caller(std::shared_ptr<Peer> peer) { return TestCaller(std::move(peer), *clock_, nullptr, nullptr); }
  TestCaller Admin(const std::string& service) { return Caller(NewPeer(service)); }
  pid_t pid(const std::string& service) const;

 private:
  struct Process {
    int port = 0;
    std::unique_ptr<TestProcess> process;
  };
  std::vector<std::string> Arguments(const std::string& service, const std::string& failpoint) const;

  const std::string directory_;
  const ServiceProcessesOptions options_;
  const TestCertificates certificates_;
  std::map<std::string, TlsFiles> tls_;
  const std::unique_ptr<Clock> clock_;
  std::unique_ptr<ClientChannels> channels_, member_channels_;
  std::map<std::string, Process> processes_;
};

// A port of 127.0.0.1 that nobody listens on and that no outgoing connection is given.
int FreePort();

}  // namespace partnerskap

#endif  // PARTNERSKAP_TESTS_PROCESSES_SERVICE_PROCESSES_H_
