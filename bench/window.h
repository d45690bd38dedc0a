// One window of a run: what it measured, and whether the machine was ours while it did.
#ifndef PARTNERSKAP_BENCH_WINDOW_H_
#define PARTNERSKAP_BENCH_WINDOW_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bench/load.h"
#include "bench/raw_store.h"

namespace partnerskap::bench {

// Cores that others used. A window with more than the first is taken again; one with more than the second is dropped.
inline constexpr double kRepeatOthers = 0.15;
inline constexpr double kDropOthers = 0.25;

struct Window {
  double per_second = 0;
  double p50_us = 0, p99_us = 0;  // 0 where there are no calls
  double server_us = 0;           // CPU of the server per call
  double client_us = 0;           // CPU of the client per call
  double others = 0;              // cores that neither of them used
  double spin_ms = 0;             // how long the fixed computation took just before
  int64_t flushes = 0;            // of the disk
};

// What kept a run from being quiet, and what answers said.
struct WindowLog {
  int taken = 0, repeated = 0, dropped = 0;
  std::vector<double> spins;
  uint64_t failed = 0;
  std::string first_error;
};

class Windows {
 public:
  Windows(std::chrono::milliseconds length, std::string disk) : length_(length), disk_(std::move(disk)) {}

  // Streams against one server. `answered` hears of the OK answers of each try, dropped ones too. A window per stream,
  // or nothing if the machine was not ours.
  std::optional<std::vector<Window>> Take(pid_t server, const std::vector<Stream>& streams,
                                          const std::function<void(const std::vector<StreamResult>&)>& answered);
  // In this process.
  std::optional<Window> TakeRaw(const std::function<absl::StatusOr<RawStore::Result>(std::chrono::milliseconds)>& run);

  WindowLog& log() { return log_; }
  std::chrono::milliseconds length() const { return length_; }

 private:
  struct Moment {
    double wall = 0, busy = 0, server = 0, client = 0;
    int64_t flushes = 0;
  };
  Moment Now(pid_t server) const;
  // Whether to keep it; `again` whether to try again.
  bool Judge(double others, bool last_try, bool& again);
  void Note(const std::vector<StreamResult>& results);

  const std::chrono::milliseconds length_;
  const std::string disk_;
  WindowLog log_;
};

}  // namespace partnerskap::bench

#endif  // PARTNERSKAP_BENCH_WINDOW_H_
