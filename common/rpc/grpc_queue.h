// The completion queue of a process that has a door: the door's calls, and those to other services.
//
// gRPC waits for all sockets of a process at once, and whichever thread waits is woken by any of them. With threads of
// their own for peers beside the door's, each of the door's calls would be handed from one to another: four tenths more
// CPU for a Get (measured). So both share one queue and its threads.
#ifndef PARTNERSKAP_COMMON_RPC_GRPC_QUEUE_H_
#define PARTNERSKAP_COMMON_RPC_GRPC_QUEUE_H_

#include <grpcpp/completion_queue.h>
#include <grpcpp/server_builder.h>

#include <memory>

namespace partnerskap {

// What gRPC gets as void*, whoever it belongs to.
struct QueueTag {
  void (*deliver)(QueueTag& tag, bool ok);
};
inline void DeliverTag(void* tag, bool ok) {
  auto* queue_tag = static_cast<QueueTag*>(tag);
  queue_tag->deliver(*queue_tag, ok);
}

// Made first, given to the door, whose threads serve it from Open to Stop, and to the clients.
struct DoorQueue {
  DoorQueue();
  ~DoorQueue();
  DoorQueue(const DoorQueue&) = delete;

  grpc::ServerBuilder builder;
  std::unique_ptr<grpc::ServerCompletionQueue> queue;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_GRPC_QUEUE_H_
