// The door: one generic gRPC entry point on own completion-queue threads. It turns gRPC calls into the gate's, and
// nothing else: no method has another way in.
#ifndef PARTNERSKAP_COMMON_RPC_DOOR_H_
#define PARTNERSKAP_COMMON_RPC_DOOR_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/gate.h"
#include "common/rpc/tls.h"

namespace partnerskap {

struct DoorQueue;  // grpc_queue.h
std::shared_ptr<DoorQueue> NewDoorQueue();

struct DoorOptions {
  std::string listen = "127.0.0.1:0";
  TlsFiles tls;                                    // mTLS always: client certificates are required and verified
  absl::Duration tls_refresh = absl::Seconds(10);  // how often the files are looked at again
  int threads = 2;                                 // on one queue: one slow handler does not stop the others (measured)
  int slots = 16;                                  // accepted at once
  size_t stream_buffer = 16;                       // messages per stream beside the one in gRPC's hands
  absl::Duration peer_limit = absl::Seconds(30);   // a peer that neither sends nor reads is cut off
  int max_message_bytes = 4 << 20;                 // above the gate's largest limit, so that the gate refuses, in words
};

class Door {
 public:
  // Listens. Errors name the address and the fix: port in use, unreadable key, wrong certificate. Clients of other
  // services may be on `queue`, too, while they make no call after Stop; null: the door has one of its own.
  static absl::StatusOr<std::unique_ptr<Door>> Open(DoorOptions options, Gate& gate,
                                                    std::shared_ptr<DoorQueue> queue = nullptr);
  virtual ~Door() = default;
  virtual int port() const = 0;
  // Refuses new calls, ends streams with a resumable status, answers what was accepted. True when all is answered
  // within `grace`. The port stays open, so that callers are refused in words: a process that ends after this (_exit)
  // shows no caller a cut connection in the middle of an answer.
  virtual bool Drain(absl::Duration grace) = 0;
  // Drains, then closes port, connections and threads, within `grace` and about a second. False when a handler blocks a
  // thread: only _exit() is left.
  virtual bool Stop(absl::Duration grace) = 0;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_DOOR_H_
