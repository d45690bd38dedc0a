// The first call after a pause: a server of its own that nobody else calls, asked once in a while between windows.
#ifndef PARTNERSKAP_BENCH_IDLE_PROBE_H_
#define PARTNERSKAP_BENCH_IDLE_PROBE_H_

#include <chrono>
#include <cstddef>
#include <vector>

#include "bench/load.h"

namespace partnerskap::bench {

class IdleProbe {
 public:
  static constexpr std::chrono::seconds kPause{5};

  // The connections of `channels` take turns, so each has been quiet for longer than the server.
  explicit IdleProbe(const Channels& channels);
  // Calls once, if nobody has for kPause.
  void Poll();
  // Waits until there are `count` samples; five seconds for each that is missing.
  void Complete(size_t count);

  // Microseconds; negative for an answer that was not OK.
  const std::vector<double>& samples() const { return samples_; }

 private:
  void Call();
  const Channels& channels_;
  std::chrono::steady_clock::time_point last_;
  size_t next_ = 0;
  std::vector<double> samples_;
};

}  // namespace partnerskap::bench

#endif  // PARTNERSKAP_BENCH_IDLE_PROBE_H_
