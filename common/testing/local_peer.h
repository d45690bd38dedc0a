// Calls between services of one simulation: from a peer straight into another service's gate, without a socket, on the
// simulation's loop. What the wire does to a status happens here too.
#ifndef PARTNERSKAP_COMMON_TESTING_LOCAL_PEER_H_
#define PARTNERSKAP_COMMON_TESTING_LOCAL_PEER_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/rpc/gate.h"
#include "common/rpc/peer.h"
#include "common/testing/sim.h"

namespace partnerskap {

// Where a service is reached. It stays while the service stops, dies and starts again. Outlives the peers.
class LocalHost {
 public:
  // `clock` is the host's own, which outlives it; null: the loop's.
  explicit LocalHost(SimLoop& loop, Clock* clock = nullptr);
  ~LocalHost();

  // Calls go to `gate` from now on.
  void Up(Gate& gate);
  // Nothing reaches the gate any more, and nothing that it still answers arrives. Calls and streams under way end with
  // `status`: UNAVAILABLE as when the process is killed, or what a door says that stops. Afterwards no object of the
  // gate's is held here.
  void Down(const absl::Status& status);
  bool up() const;

  struct Incarnation;

 private:
  friend class LocalLink;
  SimLoop& loop_;
  Clock& clock_;
  std::shared_ptr<Incarnation> incarnation_;
};

// What the way to a host does to calls. A test changes it while the simulation runs. Probabilities from 0 to 1.
struct LinkFaults {
  // No call or stream comes through; streams that are open end.
  bool cut = false;
  // The request is lost: the caller hears UNAVAILABLE, nothing happens.
  double lose_request = 0;
  // The answer is lost: the caller hears UNAVAILABLE, and everything has happened.
  double lose_answer = 0;
  // A stream breaks instead of delivering a message.
  double break_stream = 0;
  // One way is dead and nobody is told: what is sent waits, and arrives when the way is open again.
  bool hold_requests = false;
  bool hold_answers = false;
  // The request arrives twice. The first answer is heard.
  double duplicate = 0;
  // Each message is on its way for a time up to this, so that they overtake each other (those of a stream never).
  absl::Duration max_delay = absl::ZeroDuration();
};

// Messages that a stream holds before its sender is told that it is full.
inline constexpr size_t kLocalStreamBuffer = 16;

// A peer at `host` for a client whose certificate carries `uri` (an empty one: no certificate). `faults` may be null;
// else it outlives the peer.
std::unique_ptr<Peer> NewLocalPeer(SimLoop& loop, LocalHost& host, absl::string_view uri,
                                   const LinkFaults* faults = nullptr);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_TESTING_LOCAL_PEER_H_
