#include "common/testing/sim.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "absl/time/civil_time.h"

namespace partnerskap {

void SeededRandom::Fill(void* bytes, size_t size) {
  auto* next = static_cast<char*>(bytes);
  while (size > 0) {
    const uint64_t word = engine_();
    const size_t part = std::min(size, sizeof(word));
    std::memcpy(next, &word, part);
    next += part;
    size -= part;
  }
}

uint64_t SeededRandom::Below(uint64_t below) {
  // Not std::uniform_int_distribution: its results differ between standard libraries. The bias is 2^-50 here.
  return engine_() % below;
}

bool SeededRandom::Chance(double probability) {
  constexpr uint64_t kParts = 1'000'000;
  return Below(kParts) < static_cast<uint64_t>(probability * kParts);
}

class SimLoop::SimLane final : public Lane {
 public:
  SimLane(SimLoop* loop, uint64_t id) : loop_(loop), id_(id), queue_(std::make_shared<LaneQueue>()) {
    loop_->lanes_.emplace(id_, queue_);
  }
  ~SimLane() override {
    loop_->CheckThread();
    loop_->lanes_.erase({id_, queue_});
    while (!queue_->tasks.empty()) {
      Task task = std::move(queue_->tasks.front());
      queue_->tasks.pop_front();
      std::move(task)();
    }
  }
  void Post(Task task) override {
    loop_->CheckThread();
    queue_->tasks.push_back(std::move(task));
  }

 private:
  SimLoop* loop_;
  uint64_t id_;
  std::shared_ptr<LaneQueue> queue_;
};

class SimLoop::SimTimer final : public Timer {
 public:
  SimTimer(SimLoop* loop, TimerKey key) : loop_(loop), key_(key) {}
  ~SimTimer() override {
    loop_->CheckThread();
    const auto found = loop_->timers_.find(key_);
    if (found == loop_->timers_.end()) return;
    // Erased before the task is destroyed: what it holds may cancel other timers.
    Task removed = std::move(found->second);
    loop_->timers_.erase(found);
  }

 private:
  SimLoop* loop_;
  TimerKey key_;
};

absl::Time SimLoop::DefaultStart() {
  return absl::FromCivil(absl::CivilSecond(2026, 3, 2, 8, 0, 0), absl::UTCTimeZone());
}

// Order and randomness come from separate streams: one more random byte in the code must not reorder the tasks.
SimLoop::SimLoop(uint64_t seed, absl::Time start)
    : seed_(seed), thread_(std::this_thread::get_id()), clock_(start), random_(seed), order_(~seed) {}

SimLoop::~SimLoop() {
  // Tasks that never ran may own timers and lanes, which need the loop's members to go away.
  while (!pool_.empty() || !posted_.empty() || !timers_.empty()) {
    const std::vector<Task> pool = std::exchange(pool_, {});
    const std::vector<Task> posted = std::exchange(posted_, {});
    const std::map<TimerKey, Task> timers = std::exchange(timers_, {});
  }
}

void SimLoop::CheckThread() const {
  if (std::this_thread::get_id() == thread_) return;
  std::fputs("SimLoop was used by a second thread: something in the simulation does not take its threads from Env\n",
             stderr);
  std::abort();
}

std::unique_ptr<Lane> SimLoop::NewLane(absl::string_view) {
  CheckThread();
  return std::make_unique<SimLane>(this, ++last_id_);
}

bool SimLoop::TryPost(Task task) {
  CheckThread();
  if (pool_.size() >= pool_limit_) return false;
  pool_.push_back(std::move(task));
  return true;
}

void SimLoop::Post(Task task) {
  CheckThread();
  posted_.push_back(std::move(task));
}

void SimLoop::PostAfter(absl::Duration delay, Task task) {
  CheckThread();
  timers_.emplace(TimerKey(clock_.Steady() + std::max(delay, absl::ZeroDuration()), ++last_id_), std::move(task));
}

std::unique_ptr<Timer> SimLoop::After(absl::Duration delay, Task task) {
  CheckThread();
  const TimerKey key(clock_.Steady() + std::max(delay, absl::ZeroDuration()), ++last_id_);
  timers_.emplace(key, std::move(task));
  return std::make_unique<SimTimer>(this, key);
}

namespace {

Task TakeAt(std::vector<Task>& tasks, size_t index) {
  Task task = std::move(tasks[index]);
  tasks.erase(tasks.begin() + static_cast<std::ptrdiff_t>(index));
  return task;
}

}  // namespace

bool SimLoop::RunOneReady() {
  std::vector<LaneQueue*> ready;
  for (const auto& [id, queue] : lanes_) {
    if (!queue->tasks.empty()) ready.push_back(queue.get());
  }
  const size_t choices = ready.size() + pool_.size() + posted_.size();
  if (choices == 0) return false;
  size_t choice = order_.Below(choices);
  Task task;
  if (choice < ready.size()) {
    task = std::move(ready[choice]->tasks.front());
    ready[choice]->tasks.pop_front();
  } else if (choice -= ready.size(); choice < pool_.size()) {
    task = TakeAt(pool_, choice);
  } else {
    task = TakeAt(posted_, choice - pool_.size());
  }
  std::move(task)();
  return true;
}

void SimLoop::FireNextTimer() {
  const auto next = timers_.begin();
  const absl::Duration due = next->first.first;
  Task task = std::move(next->second);
  timers_.erase(next);
  if (due > clock_.Steady()) clock_.Advance(due - clock_.Steady());
  std::move(task)();
}

bool SimLoop::Step() {
  CheckThread();
  if (RunOneReady()) return true;
  if (timers_.empty()) return false;
  FireNextTimer();
  return true;
}

bool SimLoop::RunUntil(const std::function<bool()>& done, size_t max_steps) {
  const absl::Duration end = clock_.Steady() + kMaxWait;
  for (size_t step = 0; step < max_steps && clock_.Steady() < end; ++step) {
    if (done()) return true;
    if (!Step()) return done();
  }
  return done();
}

bool SimLoop::RunReady() {
  CheckThread();
  for (size_t step = 0; step < kMaxSteps; ++step) {
    if (!RunOneReady()) return true;
  }
  return false;
}

bool SimLoop::RunFor(absl::Duration duration) {
  CheckThread();
  const absl::Duration end = clock_.Steady() + duration;
  for (size_t step = 0; step < kMaxSteps; ++step) {
    if (RunOneReady()) continue;
    if (timers_.empty() || timers_.begin()->first.first > end) {
      if (end > clock_.Steady()) clock_.Advance(end - clock_.Steady());
      return true;
    }
    FireNextTimer();
  }
  return false;
}

}  // namespace partnerskap
