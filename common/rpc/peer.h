// Another service, or the far end of a client: calls and streams by method path and bytes. Two kinds exist: over gRPC
// (NewGrpcPeer in grpc_peer.h) and inside one process without a socket (NewLocalPeer in testing/local_peer.h).
#ifndef PARTNERSKAP_COMMON_RPC_PEER_H_
#define PARTNERSKAP_COMMON_RPC_PEER_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/rpc/call.h"

namespace partnerskap {

struct PeerResult {
  absl::Status status;  // with reason, fields and details as the server gave them
  std::string bytes;
  CallMetadata trailers;
};

// Events of one server stream, one at a time, in order.
struct StreamEvents {
  // A message. Return false to stop reading until Resume().
  std::function<bool(std::string message)> on_message;
  // The last event, always comes, once.
  absl::AnyInvocable<void(absl::Status)> on_end;
};

// Ends the stream when destroyed; no event comes after that.
class PeerStream {
 public:
  virtual ~PeerStream() = default;
  virtual void Resume() = 0;
};

class Peer {
 public:
  virtual ~Peer() = default;
  // `done` is called once, on any thread. The deadline is absolute, by the Env's clock.
  virtual void Call(absl::string_view method, std::string request, CallMetadata metadata, absl::Time deadline,
                    absl::AnyInvocable<void(PeerResult)> done) = 0;
  virtual std::unique_ptr<PeerStream> Watch(absl::string_view method, std::string request, CallMetadata metadata,
                                            StreamEvents events) = 0;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_PEER_H_
