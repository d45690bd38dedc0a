// Peers over gRPC: mTLS, one connection each, on completion-queue threads that all of a process share.
#ifndef PARTNERSKAP_COMMON_RPC_GRPC_PEER_H_
#define PARTNERSKAP_COMMON_RPC_GRPC_PEER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/peer.h"
#include "common/rpc/tls.h"

namespace partnerskap {

// What a service keeps back of a deadline that it passes on: time for the way back and its own answer.
inline constexpr absl::Duration kHopAllowance = absl::Milliseconds(20);

struct DoorQueue;  // grpc_queue.h

struct GrpcPeerOptions {
  // Taken off each deadline: kHopAllowance in a service, nothing in a client.
  absl::Duration hop = absl::ZeroDuration();
  // Of unary calls whose caller sets none: as long as the gate gives them.
  absl::Duration default_deadline = absl::Seconds(10);
  // The name that the peer's certificate must carry, where it is not the target's host.
  std::string server_name;
};

// Credentials, queue and threads of all peers of a process.
class ClientChannels {
 public:
  // `threads` run all callbacks: two, so that one slow callback does not stop the others. Errors as LoadTls.
  static absl::StatusOr<std::unique_ptr<ClientChannels>> Open(const TlsFiles& tls, int threads = 2);
  // On the threads of a door: calls may be made from its Open to its Stop. `queue` as the door has it.
  static absl::StatusOr<std::unique_ptr<ClientChannels>> Open(const TlsFiles& tls, std::shared_ptr<DoorQueue> queue);
  // Ends every call and stream (each hears CANCELLED) and waits for their callbacks. Not from a callback.
  virtual ~ClientChannels() = default;
  // `target` is HOST:PORT. Calls while there is no connection fail with UNAVAILABLE, after at most two retries; a
  // restarted peer is found again within 2 s. Only UNAVAILABLE is retried, so a mutation carries its request_id.
  // The peer may go before or after this object, but makes no calls after it.
  virtual std::unique_ptr<Peer> NewPeer(const std::string& target, GrpcPeerOptions options) = 0;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_GRPC_PEER_H_
