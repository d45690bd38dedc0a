#include "common/env/env.h"

#include <pthread.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/ids/ids.h"

namespace partnerskap {
namespace {

// std::mutex rather than Abseil's: the thread sanitizer sees the standard library's locks, and not those of a library
// that was built without it.

// What the kernel keeps of a thread's name, without the zero byte.
constexpr size_t kMaxThreadNameBytes = 15;

void NameThisThread(absl::string_view name) {
  pthread_setname_np(pthread_self(), std::string(name.substr(0, kMaxThreadNameBytes)).c_str());
}

class SystemClock final : public Clock {
 public:
  absl::Time Now() override { return absl::Now(); }
  absl::Duration Steady() override { return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch()); }
};

class SystemRandom final : public Random {
 public:
  void Fill(void* bytes, size_t size) override {
    auto* next = static_cast<char*>(bytes);
    while (size > 0) {
      const ssize_t got = getrandom(next, size, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) {
        // Without randomness keys and ids would repeat; nothing that follows could be trusted.
        std::perror("getrandom");
        std::abort();
      }
      next += got;
      size -= static_cast<size_t>(got);
    }
  }
};

// Tasks that one or more threads take in order. Shared by its threads and its owner.
class TaskQueue {
 public:
  explicit TaskQueue(size_t limit) : limit_(limit) {}

  bool Push(Task task) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (tasks_.size() >= limit_) return false;
      tasks_.push_back(std::move(task));
    }
    changed_.notify_one();
    return true;
  }

  void Close() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }

  // Runs tasks until the queue is closed and empty.
  void Run() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return closed_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      Task task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      std::move(task)();
      // What the task holds must be gone before the lock is taken: its destructor may post here.
      task = nullptr;
      lock.lock();
    }
  }

 private:
  const size_t limit_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  bool closed_ = false;
};

class ThreadLane final : public Lane {
 public:
  explicit ThreadLane(absl::string_view name)
      : queue_(std::make_shared<TaskQueue>(SIZE_MAX)), thread_([queue = queue_, name = std::string(name)] {
          NameThisThread(name);
          queue->Run();
        }) {}

  ~ThreadLane() override {
    queue_->Close();
    // A task may drop the last handle of its own lane; a thread cannot wait for itself.
    if (thread_.get_id() == std::this_thread::get_id()) {
      thread_.detach();
    } else {
      thread_.join();
    }
  }

  void Post(Task task) override { (void)queue_->Push(std::move(task)); }

 private:
  std::shared_ptr<TaskQueue> queue_;
  std::thread thread_;
};

// Due tasks by time, then by order of arrival.
class TimerQueue {
 public:
  using Key = std::pair<std::chrono::steady_clock::time_point, uint64_t>;

  Key Add(absl::Duration delay, Task task) {
    std::lock_guard<std::mutex> lock(mutex_);
    const Key key(std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(delay), ++last_id_);
    tasks_.emplace(key, std::move(task));
    changed_.notify_one();
    return key;
  }

  void Remove(const Key& key) {
    Task removed;
    std::lock_guard<std::mutex> lock(mutex_);
    const auto found = tasks_.find(key);
    if (found == tasks_.end()) return;
    removed = std::move(found->second);
    tasks_.erase(found);
  }

  void Close() {
    std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
    changed_.notify_one();
  }

  // Runs due tasks until closed; what is not due then is dropped.
  void Run() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!closed_) {
      if (tasks_.empty()) {
        changed_.wait(lock);
        continue;
      }
      const auto first = tasks_.begin();
      const auto due = first->first.first;
      if (std::chrono::steady_clock::now() < due) {
        changed_.wait_until(lock, due);
        continue;
      }
      Task task = std::move(first->second);
      tasks_.erase(first);
      lock.unlock();
      std::move(task)();
      task = nullptr;
      lock.lock();
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Key, Task> tasks_;
  uint64_t last_id_ = 0;
  bool closed_ = false;
};

class QueuedTimer final : public Timer {
 public:
  QueuedTimer(std::shared_ptr<TimerQueue> queue, TimerQueue::Key key) : queue_(std::move(queue)), key_(key) {}
  ~QueuedTimer() override { queue_->Remove(key_); }

 private:
  std::shared_ptr<TimerQueue> queue_;
  TimerQueue::Key key_;
};

class ThreadExecutor final : public Executor {
 public:
  ThreadExecutor(int workers, size_t queue)
      : pool_(std::make_shared<TaskQueue>(queue)), timers_(std::make_shared<TimerQueue>()) {
    for (int i = 0; i < workers; ++i) {
      threads_.emplace_back([pool = pool_, i] {
        NameThisThread(absl::StrCat("worker-", i));
        pool->Run();
      });
    }
    threads_.emplace_back([timers = timers_] {
      NameThisThread("timer");
      timers->Run();
    });
  }

  ~ThreadExecutor() override {
    timers_->Close();
    pool_->Close();
    for (std::thread& thread : threads_) thread.join();
  }

  std::unique_ptr<Lane> NewLane(absl::string_view name) override { return std::make_unique<ThreadLane>(name); }

  bool TryPost(Task task) override { return pool_->Push(std::move(task)); }

  std::unique_ptr<Timer> After(absl::Duration delay, Task task) override {
    // The clock counts nanoseconds in 64 bits: a delay of centuries would wrap around to the past.
    const absl::Duration bounded = std::min(std::max(delay, absl::ZeroDuration()), absl::Hours(24 * 365));
    return std::make_unique<QueuedTimer>(timers_, timers_->Add(bounded, std::move(task)));
  }

 private:
  std::shared_ptr<TaskQueue> pool_;
  std::shared_ptr<TimerQueue> timers_;
  std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<Clock> NewSystemClock() { return std::make_unique<SystemClock>(); }

std::unique_ptr<Random> NewSystemRandom() { return std::make_unique<SystemRandom>(); }

std::unique_ptr<Executor> NewThreadExecutor(int workers, size_t queue) {
  return std::make_unique<ThreadExecutor>(workers, queue);
}

std::string NewUuid(Random& random) {
  std::array<uint8_t, kUuidBytes> bytes;
  random.Fill(bytes.data(), bytes.size());
  return FormatUuid4(bytes);
}

}  // namespace partnerskap
