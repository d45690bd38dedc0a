// One call of the door, from the slot that waits for it to its end.
//
// Lifetime, the one rule: a call lives while gRPC holds one of its tags, or a handler holds its sink or its answer.
// Both are shared pointers, so nobody has to know who is last. After the done tag no operation is started. Threads:
// tags are delivered on the door's threads, two at once; the sink is used from any thread. The mutex guards gRPC's
// operations and is never held while the gate or a session runs.
#ifndef PARTNERSKAP_COMMON_RPC_DOOR_CALL_H_
#define PARTNERSKAP_COMMON_RPC_DOOR_CALL_H_

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server_builder.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/rpc/door.h"
#include "common/rpc/gate.h"
#include "common/rpc/grpc_queue.h"
#include "common/rpc/service.h"

namespace partnerskap {

class DoorCall;

// Bytes that wait in one stream beside the message in gRPC's hands; above it Send says kFull. One message larger than
// this still passes. 1,000 streams that do not read cost at most 1 GiB.
inline constexpr size_t kMaxStreamBufferBytes = 1 << 20;

// What the calls of one door share. Held by each call, so that an answer that comes late finds it.
class DoorState {
 public:
  using Steady = std::chrono::steady_clock;

  DoorState(DoorOptions options, Gate& gate, std::shared_ptr<DoorQueue> shared)
      : options(std::move(options)), gate(gate), shared(std::move(shared)), queue(this->shared->queue.get()) {}

  const DoorOptions options;
  Gate& gate;
  grpc::AsyncGenericService service;
  const std::shared_ptr<DoorQueue> shared;
  grpc::ServerCompletionQueue* const queue;

  // Takes an admitted call in; false once draining, so that Drain sees every call that was admitted, and none is
  // admitted after it looked.
  bool Enter(DoorCall* call);
  void Leave(DoorCall* call);
  std::vector<std::shared_ptr<DoorCall>> Live();

  // What gRPC may still deliver of slots and calls, two tags each: accepted and done. They come in either order and on
  // two threads, so a call counts until both have been dealt with; only then can nothing more be started for it.
  static constexpr int64_t kTags = 2;
  void Posted() { open_ += kTags; }
  void Completed(int64_t tags);
  // True when nothing but `slots` waiting slots is left before `until`.
  bool WaitForOpen(int64_t slots, Steady::time_point until);

  // From now on nothing enters. What does not end by itself is ended at `cut`.
  void Drain(Steady::time_point cut);
  // When calls that wait for their peer are cut off; the far future unless draining.
  Steady::time_point cut();
  // Waits until it is time to sweep again; false when the sweeper is to end.
  bool WaitForSweep(Steady::duration pause);
  void EndSweeper();

 private:
  std::atomic<int64_t> open_{0};
  std::atomic<bool> draining_{false};
  std::mutex mutex_;  // no other lock is taken under it
  std::condition_variable completed_, sweep_;
  DoorCall* live_ = nullptr;
  Steady::time_point cut_ = Steady::time_point::max();
  bool sweeping_ = true;
};

class DoorCall final : public StreamSink, public std::enable_shared_from_this<DoorCall> {
 public:
  using Steady = DoorState::Steady;

  // What gRPC gets as void*. It owns the call while gRPC has it.
  struct Tag : QueueTag {
    explicit Tag(void (DoorCall::*on)(bool ok)) : QueueTag{&DoorCall::Deliver}, on(on) {}
    void (DoorCall::*on)(bool ok);
    std::shared_ptr<DoorCall> keep;
  };

  // Opens a slot: one call will be accepted on it.
  static void Post(const std::shared_ptr<DoorState>& door);
  // Runs what gRPC has completed.
  static void Deliver(QueueTag& tag, bool ok);

  explicit DoorCall(std::shared_ptr<DoorState> door) : door_(std::move(door)) {}
  ~DoorCall() override;

  // Streams, from any thread.
  Sent Send(std::string message) override;
  void Close(const absl::Status& status) override;

  bool is_stream() const { return is_stream_; }
  // Ends the call if its peer keeps it waiting: longer than the limit, or at all when `cut`.
  void Sweep(Steady::time_point now, bool cut);

 private:
  friend class DoorState;
  friend class PendingAnswer;

  void* Arm(Tag& tag);
  void OnAccepted(bool ok);
  void OnRead(bool ok);
  void OnWritten(bool ok);
  void OnFinished(bool ok);
  void OnDone(bool ok);

  CallHead Head() const;
  absl::Status Enter();
  void Begin(const absl::Status& admitted);
  void HandleUnary();
  void OnStreamRead(bool ok);
  // Session code, one thread at a time.
  void RunSession(const std::shared_ptr<Session>& session);
  void Answer(CallResult result);
  // Tells the gate how an admitted call ended that it did not answer itself.
  void TellEnd(const absl::Status& status);

  // With mutex_ held.
  void ReadLocked();
  void WriteLocked();
  void FinishLocked(const absl::Status& status);
  void AbortLocked(const absl::Status& status);
  bool TooLateLocked(Steady::time_point now) const;
  bool ReadMoreLocked() const;
  absl::Status EndLocked() const;

  const std::shared_ptr<DoorState> door_;
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_{&context_};
  Tag accepted_{&DoorCall::OnAccepted}, read_{&DoorCall::OnRead}, written_{&DoorCall::OnWritten},
      finish_{&DoorCall::OnFinished}, done_{&DoorCall::OnDone};
  // The door's list of live calls, under its mutex.
  DoorCall *previous_ = nullptr, *next_ = nullptr;
  bool entered_ = false;
  // Set before the first Read, then constant.
  bool is_stream_ = false;
  bool many_requests_ = false;
  // The gate's place for this call. A unary call gives it back to the gate with the body.
  std::shared_ptr<Admitted> admitted_;
  std::unique_ptr<Admitted> unary_admitted_;

  std::mutex mutex_;
  grpc::ByteBuffer incoming_;
  std::string request_;
  std::vector<std::string> outgoing_;  // at most stream_buffer; a deque would cost each unary call 576 bytes
  size_t outgoing_bytes_ = 0;
  Steady::time_point since_;  // when we last began to wait for the peer
  absl::Status final_;        // what the call ends with
  std::shared_ptr<Session> session_;
  bool got_request_ = false;  // the first message is here
  bool reading_ = false;      // gRPC has our Read
  bool writing_ = false;      // gRPC has our Write
  bool full_ = false;         // Send has said kFull
  bool closing_ = false;      // no more messages are taken
  bool finished_ = false;     // the status is on its way, or the call is dead
  bool aborted_ = false;      // cut off
  bool over_ = false;         // the done tag has come
  bool opening_ = true;       // the gate has not judged yet, or makes the session
  bool running_ = false;      // a thread runs session code
  bool half_closed_ = false;  // the caller will send no more
  bool message_due_ = false, half_close_due_ = false, writable_due_ = false;  // news that the session has not heard
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_DOOR_CALL_H_
