// The completion queue of all clients of a process, its threads, and the calls that are under way on it.
#ifndef PARTNERSKAP_COMMON_RPC_GRPC_CLIENT_QUEUE_H_
#define PARTNERSKAP_COMMON_RPC_GRPC_CLIENT_QUEUE_H_

#include <grpcpp/completion_queue.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/any_invocable.h"
#include "common/rpc/grpc_convert.h"

namespace partnerskap {

// What gRPC gets as void*. The function owns its call while gRPC has the tag.
struct ClientTag {
  absl::AnyInvocable<void(bool ok)> run;
  void* Arm(absl::AnyInvocable<void(bool ok)> function) {
    run = std::move(function);
    HandOver(this);
    return this;
  }
};

class ClientQueue {
 public:
  explicit ClientQueue(int threads);
  // Cancels what is under way and waits for it.
  ~ClientQueue();

  // Takes a call in, with what cancels it; false when the queue is closing, and then nothing may be started on it.
  // Between Enter and Leave operations may be started.
  bool Enter(const void* call, const std::function<void()>& cancel);
  void Leave(const void* call);
  grpc::CompletionQueue* queue() { return &queue_; }

 private:
  void Run();

  grpc::CompletionQueue queue_;
  std::mutex mutex_;
  std::condition_variable left_;
  absl::flat_hash_map<const void*, std::function<void()>> calls_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_GRPC_CLIENT_QUEUE_H_
