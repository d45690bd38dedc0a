// The gate: every call of the process passes it, whatever brought it (the gRPC door, a test, the emulator, the
// simulator). It knows no gRPC.
//
// Admit, before the body is read: method -> policy -> may this principal call it at all -> limits -> deadline.
// Handle, with the body: size -> parse -> field rules -> read-your-writes -> handler -> answer.
// Every mutation and every refused call leaves an audit row; every call one log line and its metrics.
#ifndef PARTNERSKAP_COMMON_RPC_GATE_H_
#define PARTNERSKAP_COMMON_RPC_GATE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/env/env.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"

namespace partnerskap {

// What a transport knows of a call before its body.
struct CallHead {
  std::string method;
  // URI names of the peer's certificate: exactly one makes a principal.
  std::vector<std::string> peer_uris;
  CallMetadata metadata;
  absl::Time deadline = absl::InfiniteFuture();  // by SteadyTime (common/env/steady_time.h)
};

// What goes back. `status` OK with bytes, or a refusal; `trailers` such as x-partnerskap-position.
struct CallResult {
  absl::Status status;
  std::string bytes;
  CallMetadata trailers;
};
using Respond = absl::AnyInvocable<void(CallResult)>;

// An admitted call: holds its place in the limits until it is destroyed, and its start for log and metrics.
class Admitted {
 public:
  virtual ~Admitted() = default;
  virtual const Method& method() const = 0;
  virtual const Call& call() const = 0;
  // Largest request of this principal's role, in bytes.
  virtual size_t max_request_bytes() const = 0;
};

struct GateOptions {
  std::string service;                                  // `membership`: log, metrics, position
  absl::Duration default_deadline = absl::Seconds(10);  // for unary callers that set none
  size_t max_calls = 1'000;                             // unary calls under way, all principals together
  size_t max_streams = 1'000;
};

class Authenticator;  // common/auth/authenticator.h: role file, principals, limits per role
class Logger;         // common/log/log.h
class Metrics;        // common/metrics/metrics.h
class Projections;    // common/feed/projections.h: what this service knows of others; may be null

class Gate {
 public:
  struct Parts {
    const Env* env;
    const Methods* methods;
    Authenticator* authenticator;
    Logger* logger;
    Metrics* metrics;
    Projections* projections = nullptr;
  };
  static std::unique_ptr<Gate> Create(GateOptions options, Parts parts);
  virtual ~Gate() = default;

  // Refusals are logged, counted and audited here.
  virtual absl::StatusOr<std::unique_ptr<Admitted>> Admit(CallHead head) = 0;
  // Unary. `respond` is called once, on any thread; reads run on this one, unless declared slow.
  virtual void Handle(std::unique_ptr<Admitted> admitted, std::string body, Respond respond) = 0;
  // Streams: the session gets the messages; the transport calls `Ended` when it is over.
  virtual std::shared_ptr<Session> Open(std::shared_ptr<Admitted> admitted, std::shared_ptr<StreamSink> sink) = 0;
  virtual void Ended(const Admitted& admitted, const absl::Status& status) = 0;

  // From now on Admit refuses with SHUTTING_DOWN.
  virtual void Drain() = 0;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_GATE_H_
