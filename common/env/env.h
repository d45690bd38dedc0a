// Everything that comes from outside a service: time, randomness, threads, other services. Handlers, store and feed
// take them from here and from nowhere else, so that the whole suite can run in one thread, on a fake clock, from one
// seed.
#ifndef PARTNERSKAP_COMMON_ENV_ENV_H_
#define PARTNERSKAP_COMMON_ENV_ENV_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/any_invocable.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace partnerskap {

using Task = absl::AnyInvocable<void()>;

// Wall time for what is stored and shown; steady time for waiting and measuring.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() = 0;
  // Since an arbitrary moment; never goes back.
  virtual absl::Duration Steady() = 0;
};

// Random bytes good enough for keys, salts and ids.
class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(void* bytes, size_t size) = 0;
};

// Runs what is posted one after another, in order. Destroying a lane runs what was posted before, then ends its thread.
class Lane {
 public:
  virtual ~Lane() = default;
  virtual void Post(Task task) = 0;
};

// Cancels its task when destroyed, unless it runs already. Never waits.
class Timer {
 public:
  virtual ~Timer() = default;
};

// Threads, or one loop on a fake clock.
class Executor {
 public:
  virtual ~Executor() = default;
  // A lane of its own; `name` is the thread's name (at most 15 bytes).
  virtual std::unique_ptr<Lane> NewLane(absl::string_view name) = 0;
  // The bounded pool for work that may take over a millisecond. False when the pool's queue is full.
  [[nodiscard]] virtual bool TryPost(Task task) = 0;
  // Runs `task` on the timer's lane after `delay`; it must be short.
  [[nodiscard]] virtual std::unique_ptr<Timer> After(absl::Duration delay, Task task) = 0;
};

class Database;
class Peer;
class Sealer;

// What a handler gets. One per process, alive as long as it.
struct Env {
  Clock* clock = nullptr;
  Random* random = nullptr;
  Executor* executor = nullptr;
  Database* database = nullptr;
  Sealer* sealer = nullptr;
  // Other services by name (`membership`), for calls and feeds.
  absl::flat_hash_map<std::string, Peer*> peers;
};

// The real ones.
std::unique_ptr<Clock> NewSystemClock();
std::unique_ptr<Random> NewSystemRandom();
// `workers` threads for TryPost, whose queue holds `queue` tasks.
std::unique_ptr<Executor> NewThreadExecutor(int workers, size_t queue);

// A UUID4 from `random`, in the canonical lower-case form.
std::string NewUuid(Random& random);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_ENV_ENV_H_
