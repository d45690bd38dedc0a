#include "tests/processes/service_processes.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/status/macros.h"

namespace partnerskap {
namespace {

constexpr char kBinaries[] = PARTNERSKAP_BINARY_DIR "/bin/";
constexpr char kMember[] = "kommun-0380";
// Nobody is refused for asking too often: what is measured is what happens to what is accepted.
constexpr char kRoles[] = R"(
roles {
  name: "admin" permissions: "*" all_organizations: true
  limits { calls_per_second: 1e9 burst: 1e9 mutations_per_second: 1e9 mutation_burst: 1e9 concurrent_calls: 100000 streams: 100000 }
}
roles {
  name: "member" permissions: ["membership.changes.*"]
  limits { calls_per_second: 1e9 burst: 1e9 }
}
bindings { principal: "spiffe://{any}/org/partnerskapet/sys/admin" roles: "admin" }
bindings { principal: "spiffe://{any}/org/kommun-0380/sys/test" roles: "member" }
bindings { principal: "spiffe://{any}/svc/{any}" roles: "admin" }
)";

// Below the ports that Linux gives to outgoing connections.
constexpr int kFirstPort = 15'000;
constexpr int kLastPort = 32'000;

std::string Capital(absl::string_view service) {
  if (service == "peer_review") return "PeerReview";
  std::string name(service);
  name[0] = absl::ascii_toupper(static_cast<unsigned char>(name[0]));
  return name;
}

std::unique_ptr<ClientChannels> ChannelsOrDie(const TlsFiles& tls) {
  auto channels = ClientChannels::Open(tls);
  if (channels.ok()) return *std::move(channels);
  std::fprintf(stderr, "%s\n", channels.status().ToString().c_str());
  std::abort();
}

}  // namespace

std::string PackageOf(absl::string_view service) {
  return absl::StrCat("partnerskap.", absl::StrReplaceAll(service, {{"_", ""}}), ".v1");
}

std::string MethodPath(absl::string_view service, absl::string_view method) {
  return absl::StrCat("/", PackageOf(service), ".", Capital(service), "Service/", method);
}

std::string FeedPath(absl::string_view service, absl::string_view method) {
  return absl::StrCat("/", PackageOf(service), ".", Capital(service), "FeedService/", method);
}

std::string AuditPath(absl::string_view service) {
  return absl::StrCat("/", PackageOf(service), ".", Capital(service), "AuditService/ListAuditEntries");
}

int FreePort() {
  static auto& engine = *new std::mt19937(std::random_device{}());
  while (true) {
    const int port = std::uniform_int_distribution<int>(kFirstPort, kLastPort)(engine);
    const int socket_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool free = bind(socket_fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
    close(socket_fd);
    if (free) return port;
  }
}

ServiceProcesses::ServiceProcesses(const std::string& directory, ServiceProcessesOptions options)
    : directory_(directory),
      options_(std::move(options)),
      certificates_(directory + "/certs"),
      clock_(NewSystemClock()),
      channels_(ChannelsOrDie(certificates_.Client("partnerskapet", "admin"))),
      member_channels_(ChannelsOrDie(certificates_.Client(kMember, "test"))) {
  std::ofstream(directory_ + "/roles.textproto") << kRoles;
  for (const std::string service : kServices) {
    tls_[service] = certificates_.Service(absl::StrReplaceAll(service, {{"_", "-"}}));
    processes_[service].port = FreePort();
  }
}

std::vector<std::string> ServiceProcesses::Arguments(const std::string& service, const std::string& failpoint) const {
  std::vector<std::string> arguments = options_.wrapper;
  if (failpoint.empty()) {
    arguments.push_back(absl::StrCat(kBinaries, "partnerskap-", absl::StrReplaceAll(service, {{"_", "-"}})));
  } else {
    arguments.insert(arguments.end(), {absl::StrCat(kBinaries, "partnerskap-failing-service"), service,
                                       absl::StrCat("--failpoint=", failpoint)});
  }
  const TlsFiles& tls = tls_.at(service);
  arguments.insert(arguments.end(), {"--state", directory_, "--admin", "off", "--listen", address(service), "--ca",
                                     tls.ca, "--cert", tls.certificate, "--key", tls.key, "--log-level", "error"});
  for (const FeedEdge& edge : kEdges) {
    if (service != edge.consumer) continue;
    const auto route = options_.routes.find({service, edge.producer});
    arguments.insert(arguments.end(),
                     {"--peer", absl::StrCat(edge.producer, "=",
                                             route == options_.routes.end() ? address(edge.producer) : route->second)});
  }
  arguments.insert(arguments.end(), options_.flags.begin(), options_.flags.end());
  return arguments;
}

void ServiceProcesses::Spawn(const std::string& service, const std::string& failpoint) {
  processes_[service].process =
      std::make_unique<TestProcess>(Arguments(service, failpoint), absl::StrCat(directory_, "/", service, ".log"));
}

absl::Status ServiceProcesses::AwaitReady(const std::string& service) {
  const std::string line = processes_.at(service).process->ReadLine();
  if (absl::StartsWith(line, "ready ")) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(service, " did not start; it said \"", line, "\""));
}

absl::Status ServiceProcesses::StartAll() {
  for (const char* service : kServices) Spawn(service);
  for (const char* service : kServices) RETURN_IF_ERROR(AwaitReady(service));
  return absl::OkStatus();
}

absl::Status ServiceProcesses::Kill(const std::string& service) {
  TestProcess& process = *processes_.at(service).process;
  process.Signal(SIGKILL);
  const int code = process.Wait();
  if (code == 128 + SIGKILL) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(service, " had ended by itself, with ", code));
}

bool ServiceProcesses::AwaitDeath(const std::string& service, absl::Duration limit) {
  TestProcess& process = *processes_.at(service).process;
  if (process.Wait(limit) == 128 + SIGKILL) return true;
  process.Signal(SIGKILL);
  process.Wait();
  return false;
}

void ServiceProcesses::Signal(const std::string& service, int signal) {
  processes_.at(service).process->Signal(signal);
}

absl::Status ServiceProcesses::StopAll() {
  for (auto& [service, process] : processes_) process.process->Signal(SIGTERM);
  absl::Status status;
  for (auto& [service, process] : processes_) {
    const int code = process.process->Wait();
    if (code != 0) status.Update(absl::InternalError(absl::StrCat(service, " ended with ", code, " after SIGTERM")));
  }
  return status;
}

std::string ServiceProcesses::address(const std::string& service) const {
  return absl::StrCat("127.0.0.1:", processes_.at(service).port);
}

std::shared_ptr<Peer> ServiceProcesses::NewPeer(const std::string& service, const std::string& other) {
  return channels_->NewPeer(other.empty() ? address(service) : other, {});
}

std::shared_ptr<Peer> ServiceProcesses::NewMemberPeer(const std::string& service) {
  return member_channels_->NewPeer(address(service), {});
}

pid_t ServiceProcesses::pid(const std::string& service) const { return processes_.at(service).process->pid(); }

}  // namespace partnerskap
