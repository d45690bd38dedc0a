#include "common/rpc/grpc_client_queue.h"

#include <pthread.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace partnerskap {

ClientQueue::ClientQueue(int threads) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this, i] {
      pthread_setname_np(pthread_self(), absl::StrCat("peer-", i).c_str());
      Run();
    });
  }
}

ClientQueue::ClientQueue(std::shared_ptr<DoorQueue> shared) : shared_(std::move(shared)) {}

ClientQueue::~ClientQueue() {
  std::vector<std::function<void()>> cancels;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    closing_ = true;
    for (const auto& [call, cancel] : calls_) cancels.push_back(cancel);
  }
  // Without the lock: cancelling starts operations, whose completion takes it.
  for (const auto& cancel : cancels) cancel();
  cancels.clear();
  {
    std::unique_lock<std::mutex> lock(mutex_);
    left_.wait(lock, [this] { return calls_.empty(); });
  }
  queue_.Shutdown();
  for (std::thread& thread : threads_) thread.join();
}

bool ClientQueue::Enter(const void* call, const std::function<void()>& cancel) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (closing_) return false;
  calls_.emplace(call, cancel);
  return true;
}

void ClientQueue::Leave(const void* call) {
  std::function<void()> cancel;  // destroyed without the lock
  std::lock_guard<std::mutex> lock(mutex_);
  const auto found = calls_.find(call);
  if (found == calls_.end()) return;
  cancel = std::move(found->second);
  calls_.erase(found);
  if (closing_) left_.notify_all();
}

void ClientQueue::Run() {
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) DeliverTag(tag, ok);
}

}  // namespace partnerskap
