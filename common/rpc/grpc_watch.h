// One server stream of a client, over gRPC.
#ifndef PARTNERSKAP_COMMON_RPC_GRPC_WATCH_H_
#define PARTNERSKAP_COMMON_RPC_GRPC_WATCH_H_

#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "common/rpc/grpc_client_queue.h"
#include "common/rpc/peer.h"

namespace partnerskap {

// Lives while gRPC holds its tag, or the caller its PeerStream.
class GrpcWatch : public std::enable_shared_from_this<GrpcWatch> {
 public:
  GrpcWatch(ClientQueue& queue, StreamEvents events) : queue_(queue), events_(std::move(events)) {}

  // Sends the one request and begins to read.
  void Start(grpc::GenericStub& stub, const std::string& method, std::string request, const CallMetadata& metadata);
  void Resume();
  // Ends the call; the last event still comes.
  void Cancel();
  // Ends the call. After this no event comes, and none is running on another thread.
  void Detach();

 private:
  void OnStarted(bool ok);
  void OnSent(bool ok);
  void OnRead(bool ok);
  void OnFinished();
  // Runs the caller's code; false when the caller is not there any more.
  template <typename Event>
  bool Tell(std::unique_lock<std::mutex>& lock, Event event);
  void ReadLocked();
  void FinishLocked();

  ClientQueue& queue_;
  StreamEvents events_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  grpc::ByteBuffer request_, incoming_;
  grpc::Status status_;
  ClientTag tag_;  // one operation at a time

  std::mutex mutex_;
  std::condition_variable told_;
  std::thread::id telling_;  // the thread that runs an event
  bool paused_ = false;      // on_message has said so; no operation is under way
  bool resumed_ = false;     // Resume came while on_message ran
  bool detached_ = false;
  bool ended_ = false;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_GRPC_WATCH_H_
