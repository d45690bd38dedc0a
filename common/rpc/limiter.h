// Who uses how much: calls and streams under way, and calls per second, per principal and in all.
#ifndef PARTNERSKAP_COMMON_RPC_LIMITER_H_
#define PARTNERSKAP_COMMON_RPC_LIMITER_H_

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/authenticator.h"
#include "common/env/env.h"

namespace partnerskap {

// Calls that run to a limit, at once and on the average: a bucket that fills at `rate` a second up to `burst`.
class TokenBucket {
 public:
  // Takes one, if there is one. `now` is steady and never goes back.
  bool Take(absl::Duration now, double rate, double burst);
  // Until there is one; after Take has failed.
  absl::Duration Wait(double rate) const;
  bool IsFull(absl::Duration now, double rate, double burst);

 private:
  void Fill(absl::Duration now, double rate, double burst);
  bool begun_ = false;
  double tokens_ = 0;
  absl::Duration filled_;
};

class Limiter {
 public:
  // A place among the calls under way; given back when destroyed. Empty after a move.
  class Place {
   public:
    Place() = default;
    Place(Place&& other) noexcept { *this = std::move(other); }
    Place& operator=(Place&& other) noexcept;
    ~Place();

   private:
    friend class Limiter;
    Limiter* limiter_ = nullptr;
    std::string principal_;
    bool stream_ = false;
  };
  struct Kind {
    bool stream = false;
    bool mutating = false;
    // Health, other services and operators have a share that others cannot use up.
    bool reserved = false;
  };

  Limiter(Clock& clock, size_t max_calls, size_t max_streams)
      : clock_(clock), max_calls_(max_calls), max_streams_(max_streams) {}

  // Errors: TOO_MANY_CALLS, then RATE_EXCEEDED, each with RetryInfo.
  absl::StatusOr<Place> Enter(const Caller& caller, Kind kind);
  // Counts a call that gets no place, or a further message of a stream. False when the principal is over its rate.
  bool Spend(const Caller& caller);
  // How many principals are remembered: those with calls under way, and those that called not long ago.
  size_t principals();

 private:
  static constexpr size_t kFirstSweep = 1'000;
  struct Usage {
    size_t calls = 0, streams = 0;
    TokenBucket rate, mutation_rate;
    Limits limits;
  };
  Usage& UsageOf(const Caller& caller, absl::Duration now);
  void Leave(const std::string& principal, bool stream);

  Clock& clock_;
  const size_t max_calls_, max_streams_;
  std::mutex mutex_;
  size_t calls_ = 0, streams_ = 0;
  absl::flat_hash_map<std::string, std::unique_ptr<Usage>> usages_;
  size_t sweep_at_ = kFirstSweep;  // number of principals at which idle ones are forgotten
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_LIMITER_H_
