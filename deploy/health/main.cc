// partnerskap-health: asks one service, or the edge, whether it serves; for supervisors, which have no other client.
// Each run makes a connection of its own, so that a process that lives but takes no new connection is found out.
#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/rpc/grpc_peer.h"
#include "common/status/macros.h"
#include "grpc/health/v1/health.pb.h"

namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using partnerskap::ClientChannels;
using partnerskap::PeerResult;
using partnerskap::TlsFiles;

constexpr int kNotServing = 1;
constexpr int kUsage = 2;
constexpr char kCheck[] = "/grpc.health.v1.Health/Check";
// Below the 5 s after which docker counts a check as failed; a service that is asked rarely needs 50 ms.
constexpr double kDefaultSeconds = 4;
constexpr double kMaxSeconds = 60;

constexpr char kExample[] =
    "Example: partnerskap-health membership 127.0.0.1:7401 --state .state\n"
    "Exit codes: 0 it serves, 1 it does not or nobody answers, 2 misused.";

struct Question {
  std::string name;    // `peer-review` or `edge`
  std::string target;  // HOST:PORT
  std::string state = ".state";
  double seconds = kDefaultSeconds;
};

// The asked one's own certificate: whoever supervises a process has no other.
TlsFiles FilesOf(const Question& question) {
  const std::string folder =
      absl::StrCat(question.state, "/", absl::StrReplaceAll(question.name, {{"-", "_"}}), "/tls/");
  return {.ca = folder + "ca.pem", .certificate = folder + "cert.pem", .key = folder + "key.pem"};
}

absl::Status Ask(const Question& question) {
  ASSIGN_OR_RETURN(const auto channels, ClientChannels::Open(FilesOf(question), 1));
  const auto peer = channels->NewPeer(question.target, {});
  PeerResult answer;
  absl::Notification answered;
  peer->Call(kCheck, HealthCheckRequest().SerializeAsString(), {}, absl::Now() + absl::Seconds(question.seconds),
             [&](PeerResult result) {
               answer = std::move(result);
               answered.Notify();
             });
  answered.WaitForNotification();
  RETURN_IF_ERROR(answer.status);
  HealthCheckResponse response;
  if (!response.ParseFromString(answer.bytes)) return absl::InternalError("its answer cannot be parsed");
  if (response.status() == HealthCheckResponse::SERVING) return absl::OkStatus();
  return absl::UnavailableError("it answers and does not serve yet; its log says what it waits for");
}

}  // namespace

int main(int argc, char** argv) {
  // What gRPC would write beside the one line; GRPC_VERBOSITY=ERROR shows it.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  CLI::App app("Asks a service, or the edge, over a new connection whether it serves, with its own certificate.");
  app.footer(kExample);
  Question question;
  app.add_option("NAME", question.name, "membership, agreements, scheduling, peer-review or edge")->required();
  app.add_option("HOST:PORT", question.target, "Where it answers")->required();
  app.add_option("--state", question.state, "State folder; its NAME/tls holds the certificate")
      ->envname("PARTNERSKAP_STATE")
      ->capture_default_str();
  app.add_option("--deadline", question.seconds, "Seconds until the answer")
      ->check(CLI::Range(0.1, kMaxSeconds))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  const absl::Status status = Ask(question);
  if (status.ok()) {
    std::cout << question.name << " serves\n";
    return 0;
  }
  std::cout << question.name << " at " << question.target << ": " << status.message() << "\n";
  return kNotServing;
}
