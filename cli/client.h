// The suite as the command line sees it: one call at a time, over four services.
#ifndef PARTNERSKAP_CLI_CLIENT_H_
#define PARTNERSKAP_CLI_CLIENT_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/rpc/grpc_peer.h"
#include "common/rpc/peer.h"
#include "common/rpc/tls.h"
#include "google/protobuf/message.h"

namespace partnerskap::cli {

// Where the services are and who calls.
struct Profile {
  std::map<std::string, std::string> targets;  // `membership` -> `127.0.0.1:7401`
  TlsFiles tls;
  absl::Duration deadline = absl::Seconds(10);
};

// `membership`, `agreements`, `scheduling`, `peer-review` with their ports on loopback.
std::map<std::string, std::string> DefaultTargets();
// The service that a package or method path belongs to: `partnerskap.peerreview.v1` -> `peer-review`; "" if none.
std::string ServiceOf(absl::string_view path);

class Client {
 public:
  virtual ~Client() = default;

  // Calls `/package.Service/Method`. A mutation without `request_id` gets a random one, so that retries are safe. What
  // earlier calls wrote in other services is waited for (x-partnerskap-position). Errors are the server's, with reason.
  virtual absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Call(absl::string_view method,
                                                                          const google::protobuf::Message& request) = 0;
  // Follows a server stream until it ends, or `on_message` returns false (then OK).
  virtual absl::Status Watch(absl::string_view method, const google::protobuf::Message& request,
                             const std::function<bool(const google::protobuf::Message&)>& on_message) = 0;
};

// Errors: as LoadTls, each naming the flag to set.
absl::StatusOr<std::unique_ptr<Client>> Connect(const Profile& profile);

// A client over peers that the caller has, by service name. They answer on other threads than the caller's.
std::unique_ptr<Client> NewClient(std::map<std::string, std::unique_ptr<Peer>> peers, absl::Duration deadline);

// Typed: CallTo<membership::v1::Seat>(client, "partnerskap.membership.v1.MembershipService/GetSeat", request).
template <typename Response>
absl::StatusOr<Response> CallTo(Client& client, absl::string_view method, const google::protobuf::Message& request) {
  auto response = client.Call(method, request);
  if (!response.ok()) return response.status();
  return static_cast<Response&>(**response);
}

}  // namespace partnerskap::cli

#endif  // PARTNERSKAP_CLI_CLIENT_H_
