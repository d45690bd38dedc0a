#include "common/rpc/grpc_watch.h"

#include <utility>

#include "common/rpc/grpc_convert.h"

namespace partnerskap {

void GrpcWatch::Start(grpc::GenericStub& stub, const std::string& method, std::string request,
                      const CallMetadata& metadata) {
  const auto self = shared_from_this();
  const std::weak_ptr<GrpcWatch> weak = self;
  const bool entered = queue_.Enter(this, [weak] {
    if (const auto watch = weak.lock()) watch->Cancel();
  });
  std::unique_lock<std::mutex> lock(mutex_);
  if (!entered) {
    ended_ = true;
    Tell(lock, [this] { events_.on_end(absl::CancelledError("this process stops")); });
    return;
  }
  for (const auto& [key, value] : metadata) {
    if (IsLegalMetadata(key, value)) context_.AddMetadata(key, value);
  }
  request_ = ToByteBuffer(std::move(request));
  call_ = stub.PrepareCall(&context_, method, queue_.queue());
  call_->StartCall(tag_.Arm([self](bool ok) { self->OnStarted(ok); }));
}

void GrpcWatch::OnStarted(bool ok) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!ok) return FinishLocked();
  call_->WriteLast(request_, grpc::WriteOptions(),
                   tag_.Arm([self = shared_from_this()](bool sent) { self->OnSent(sent); }));
}

void GrpcWatch::OnSent(bool ok) {
  std::lock_guard<std::mutex> lock(mutex_);
  request_.Clear();
  ok ? ReadLocked() : FinishLocked();
}

void GrpcWatch::ReadLocked() {
  call_->Read(&incoming_, tag_.Arm([self = shared_from_this()](bool ok) { self->OnRead(ok); }));
}

void GrpcWatch::FinishLocked() {
  call_->Finish(&status_, tag_.Arm([self = shared_from_this()](bool) { self->OnFinished(); }));
}

template <typename Event>
bool GrpcWatch::Tell(std::unique_lock<std::mutex>& lock, Event event) {
  if (detached_) return false;
  telling_ = std::this_thread::get_id();
  lock.unlock();
  event();
  lock.lock();
  telling_ = std::thread::id();
  told_.notify_all();
  return !detached_;
}

void GrpcWatch::OnRead(bool ok) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (!ok) return FinishLocked();
  std::string message = FromByteBuffer(incoming_);
  incoming_.Clear();
  resumed_ = false;
  bool more = true;
  const bool heard = Tell(lock, [&] { more = events_.on_message(std::move(message)); });
  paused_ = heard && !more && !resumed_;
  // Of a cancelled call the next Read says false, and the end follows.
  if (!paused_) ReadLocked();
}

void GrpcWatch::OnFinished() {
  std::unique_lock<std::mutex> lock(mutex_);
  ended_ = true;
  Tell(lock, [this] { events_.on_end(FromGrpcStatus(status_)); });
  // What the caller's functions hold may hold this stream.
  StreamEvents events = std::move(events_);
  lock.unlock();
  queue_.Leave(this);
}

void GrpcWatch::Resume() {
  std::lock_guard<std::mutex> lock(mutex_);
  resumed_ = true;
  if (!std::exchange(paused_, false)) return;
  ReadLocked();
}

void GrpcWatch::Cancel() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (ended_) return;
  context_.TryCancel();
  // A paused call has no operation under way that would tell of the end.
  if (std::exchange(paused_, false)) ReadLocked();
}

void GrpcWatch::Detach() {
  {
    std::unique_lock<std::mutex> lock(mutex_);
    detached_ = true;
    told_.wait(lock, [this] { return telling_ == std::thread::id() || telling_ == std::this_thread::get_id(); });
  }
  Cancel();
}

}  // namespace partnerskap
