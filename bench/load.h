// The load client: a closed loop over one completion queue and one thread. As many calls are under way as asked for;
// each answer's status is looked at, and of some also the body.
#ifndef PARTNERSKAP_BENCH_LOAD_H_
#define PARTNERSKAP_BENCH_LOAD_H_

#include <grpcpp/channel.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/histogram.h"
#include "common/rpc/tls.h"

namespace partnerskap::bench {

using Channels = std::vector<std::shared_ptr<grpc::Channel>>;
// `count` connections of their own to 127.0.0.1:`port`, with the credentials that production has.
Channels Connect(int port, const TlsFiles& tls, int count);
// The same without TLS, for servers that are not ours.
Channels ConnectPlain(int port, int count);

// Calls of one method.
struct Stream {
  const Channels* channels = nullptr;
  std::string method;
  int in_flight = 1;
  // The next request's number, and its bytes.
  std::function<uint64_t()> number;
  std::function<std::string(uint64_t)> request;
  // Judges one answer in kCheckEvery; may be empty.
  std::function<bool(uint64_t, const std::string&)> check;
};

struct StreamResult {
  Histogram latency;        // of calls that began and ended in the window
  uint64_t in_window = 0;   // OK answers that came in the window
  uint64_t ok = 0;          // all OK answers, of the warm-up and the end too
  uint64_t failed = 0;      // answers with another status, or with a body that is not the one asked for
  std::string first_error;  // what the first of them said
};

struct LoadTimes {
  std::chrono::milliseconds warm_up{150};
  std::chrono::milliseconds window{700};
  // Called when the window begins and ends, on the loop's thread.
  std::function<void()> begin, end;
};

// Runs the streams together. Ends when the window has and every call is answered; each call has a deadline.
std::vector<StreamResult> RunLoad(const std::vector<Stream>& streams, const LoadTimes& times);

// One call, and how long it took, in microseconds. Negative: not OK, or not what `check` wants.
double TimeOneCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& method, const std::string& request,
                   const std::function<bool(const std::string&)>& check);

}  // namespace partnerskap::bench

#endif  // PARTNERSKAP_BENCH_LOAD_H_
