#include "common/rpc/grpc_queue.h"

#include "common/rpc/door.h"

namespace partnerskap {

std::shared_ptr<DoorQueue> NewDoorQueue() { return std::make_shared<DoorQueue>(); }

DoorQueue::DoorQueue() : queue(builder.AddCompletionQueue()) {}

DoorQueue::~DoorQueue() {
  // The one of a door that was never opened must be closed and emptied, too.
  queue->Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue->Next(&tag, &ok)) {
  }
}

}  // namespace partnerskap
