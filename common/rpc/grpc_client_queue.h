// The completion queue of all clients of a process, its threads, and the calls that are under way on it.
#ifndef PARTNERSKAP_COMMON_RPC_GRPC_CLIENT_QUEUE_H_
#define PARTNERSKAP_COMMON_RPC_GRPC_CLIENT_QUEUE_H_

#include <grpcpp/completion_queue.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/any_invocable.h"
#include "common/rpc/grpc_convert.h"
#include "common/rpc/grpc_queue.h"

namespace partnerskap {

// What gRPC gets as void*. The function owns its call while gRPC has the tag.
struct ClientTag : QueueTag {
  ClientTag() : QueueTag{&ClientTag::Deliver} {}
  void* Arm(absl::AnyInvocable<void(bool ok)> function) {
    run = std::move(function);
    HandOver(this);
    return static_cast<QueueTag*>(this);
  }
  static void Deliver(QueueTag& tag, bool ok) {
    TakeOver(&tag);
    // Before the function, which may arm the tag again.
    auto run = std::move(static_cast<ClientTag&>(tag).run);
    run(ok);
  }
  absl::AnyInvocable<void(bool ok)> run;
};

class ClientQueue {
 public:
  // With threads of its own.
  explicit ClientQueue(int threads);
  // On the threads of a door. Calls are under way only while it is open.
  explicit ClientQueue(std::shared_ptr<DoorQueue> shared);
  // Cancels what is under way and waits for it.
  ~ClientQueue();

  // Takes a call in, with what cancels it; false when the queue is closing, and then nothing may be started on it.
  // Between Enter and Leave operations may be started.
  bool Enter(const void* call, const std::function<void()>& cancel);
  void Leave(const void* call);
  grpc::CompletionQueue* queue() { return shared_ != nullptr ? shared_->queue.get() : &queue_; }

 private:
  void Run();

  const std::shared_ptr<DoorQueue> shared_;
  grpc::CompletionQueue queue_;  // unused if shared_ is there
  std::mutex mutex_;
  std::condition_variable left_;
  absl::flat_hash_map<const void*, std::function<void()>> calls_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_GRPC_CLIENT_QUEUE_H_
