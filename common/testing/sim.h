// Time, randomness and threads of a simulation: everything that an Env hands out, on one thread, from one seed.
//
//   SimLoop loop(seed);
//   env.clock = &loop.clock();  env.random = &loop.random();  env.executor = &loop;
//   ASSERT_TRUE(loop.RunUntil([&] { return answered; })) << "seed " << loop.seed();
//
// Lanes, pool tasks and timers run inside RunUntil and nowhere else. Which of the ready tasks comes next is drawn from
// the seed, so that different seeds try different interleavings and one seed always gives the same run. Time stands
// still while anything is ready, then jumps to the next timer.
#ifndef PARTNERSKAP_COMMON_TESTING_SIM_H_
#define PARTNERSKAP_COMMON_TESTING_SIM_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/env/env.h"

namespace partnerskap {

// Wall time that a test sets, and steady time that only grows.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(absl::Time now) : now_(now) {}
  absl::Time Now() override { return now_; }
  absl::Duration Steady() override { return steady_; }

  // Sets wall time alone, in either direction, as an administrator or NTP does. Timers do not notice.
  void SetNow(absl::Time now) { now_ = now; }
  // Moves both. Under a SimLoop, use RunFor: it lets timers fire on the way.
  void Advance(absl::Duration by) {
    now_ += by;
    steady_ += by;
  }

 private:
  absl::Time now_;
  absl::Duration steady_ = absl::Hours(1);
};

// The same bytes from the same seed. Not for keys that anybody relies on.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : engine_(seed) {}
  void Fill(void* bytes, size_t size) override;
  // Evenly from 0 to `below` - 1; `below` is at least 1.
  uint64_t Below(uint64_t below);
  // True with this probability, 0 to 1.
  bool Chance(double probability);

 private:
  std::mt19937_64 engine_;
};

// One loop. Used by the thread that made it; use by another ends the process, for then something did not come from Env.
class SimLoop final : public Executor {
 public:
  // Monday 2026-03-02 08:00 UTC, 09:00 in Stockholm: an ordinary working day.
  static absl::Time DefaultStart();
  // What a hang is: far more steps than the longest honest test takes, or more time than anything in the suite waits.
  static constexpr size_t kMaxSteps = 500'000;
  static constexpr absl::Duration kMaxWait = absl::Hours(1);

  explicit SimLoop(uint64_t seed, absl::Time start = DefaultStart());
  ~SimLoop() override;

  FakeClock& clock() { return clock_; }
  SeededRandom& random() { return random_; }
  uint64_t seed() const { return seed_; }

  std::unique_ptr<Lane> NewLane(absl::string_view name) override;
  // Takes at most `pool_limit` waiting tasks.
  [[nodiscard]] bool TryPost(Task task) override;
  [[nodiscard]] std::unique_ptr<Timer> After(absl::Duration delay, Task task) override;
  // Runs `task` in its own time: a message on its way.
  void Post(Task task);
  // The same, on its way for so long.
  void PostAfter(absl::Duration delay, Task task);
  // Above it TryPost answers false; 1,000 unless set.
  void set_pool_limit(size_t limit) { pool_limit_ = limit; }

  // Runs one ready task, or else the timer that is due next. False when there is neither.
  bool Step();
  // Runs until `done`. False when nothing is left to run, after `max_steps`, or after kMaxWait on the clock.
  [[nodiscard]] bool RunUntil(const std::function<bool()>& done, size_t max_steps = kMaxSteps);
  // Runs what is ready now and what that makes ready; no timer fires. False after kMaxSteps.
  bool RunReady();
  // Lets this much time pass, with everything that happens in it. False after kMaxSteps.
  bool RunFor(absl::Duration duration);

 private:
  class SimLane;
  class SimTimer;
  struct LaneQueue {
    std::deque<Task> tasks;
  };
  using TimerKey = std::pair<absl::Duration, uint64_t>;  // steady time, order of arrival

  bool RunOneReady();
  void FireNextTimer();
  void CheckThread() const;

  const uint64_t seed_;
  const std::thread::id thread_;
  FakeClock clock_;
  SeededRandom random_;
  SeededRandom order_;
  size_t pool_limit_ = 1'000;
  std::vector<Task> pool_;    // from TryPost
  std::vector<Task> posted_;  // from Post
  std::set<std::pair<uint64_t, std::shared_ptr<LaneQueue>>> lanes_;
  std::map<TimerKey, Task> timers_;
  uint64_t last_id_ = 0;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_TESTING_SIM_H_
