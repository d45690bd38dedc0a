// The part of a call that only streams have: session code on one thread at a time, a bounded buffer, back-pressure.
#include <utility>

#include "common/rpc/door_call.h"
#include "common/rpc/grpc_convert.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {

void DoorCall::OnStreamRead(bool ok) {
  std::shared_ptr<Session> session;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    reading_ = false;
    if (finished_) return;
    if (ok) {
      got_request_ = message_due_ = true;
      request_ = FromByteBuffer(incoming_);
      incoming_.Clear();
    } else {
      if (!got_request_ && !many_requests_) return FinishLocked(Refuse(common::v1::WRONG_MESSAGE_COUNT));
      half_closed_ = half_close_due_ = true;
    }
    if (running_ || session_ == nullptr) return;
    running_ = true;
    session = session_;
  }
  RunSession(session);
}

// Whoever finds running_ false sets it and tells the session what is due; the others only leave their news. With two
// threads on the queue a Write's completion, the next message and the half-close come at the same time. The next Read
// goes out only when all has been told.
void DoorCall::RunSession(const std::shared_ptr<Session>& session) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!over_) {
    const bool writable = std::exchange(writable_due_, false);
    const bool message = !writable && std::exchange(message_due_, false);
    if (!writable && !message && !std::exchange(half_close_due_, false)) break;
    std::string request = message ? std::move(request_) : std::string();
    lock.unlock();
    if (writable) {
      session->OnWritable();
    } else if (message) {
      session->OnMessage(std::move(request));
    } else {
      session->OnHalfClose();
    }
    lock.lock();
  }
  running_ = false;
  if (ReadMoreLocked()) ReadLocked();
}

// A caller that sends without reading is not read from while its answers fill the buffer.
bool DoorCall::ReadMoreLocked() const {
  return many_requests_ && !half_closed_ && !closing_ && outgoing_.size() < door_->options.stream_buffer;
}

StreamSink::Sent DoorCall::Send(std::string message) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (closing_ || finished_) return Sent::kClosed;
  const bool no_room = outgoing_.size() >= door_->options.stream_buffer ||
                       (!outgoing_.empty() && outgoing_bytes_ + message.size() > kMaxStreamBufferBytes);
  if (no_room) {
    full_ = true;
    return Sent::kFull;
  }
  outgoing_bytes_ += message.size();
  outgoing_.push_back(std::move(message));
  if (!writing_) WriteLocked();
  return Sent::kOk;
}

void DoorCall::WriteLocked() {
  writing_ = true;
  since_ = Steady::now();
  grpc::WriteOptions options;
  // More follows at once: a watcher that catches up gets 5 to 7 times the messages per second.
  if (outgoing_.size() > 1) options.set_buffer_hint();
  std::string message = std::move(outgoing_.front());
  outgoing_.erase(outgoing_.begin());
  outgoing_bytes_ -= message.size();
  // gRPC takes its own references to the slices.
  stream_.Write(ToByteBuffer(std::move(message)), options, Arm(written_));
}

void DoorCall::OnWritten(bool ok) {
  std::shared_ptr<Session> session;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    writing_ = false;
    if (finished_) return;
    if (!ok) {
      // The call is dead; the done tag follows.
      outgoing_.clear();
      closing_ = true;
      return;
    }
    if (!outgoing_.empty()) {
      WriteLocked();
    } else if (closing_) {
      return FinishLocked(final_);
    }
    if (outgoing_.empty() && std::exchange(full_, false)) writable_due_ = true;
    const bool news = writable_due_ || (!reading_ && ReadMoreLocked());
    if (running_ || session_ == nullptr || !news) return;
    running_ = true;
    session = session_;
  }
  RunSession(session);
}

void DoorCall::Close(const absl::Status& status) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (closing_ || finished_) return;
  closing_ = true;
  final_ = status;
  if (!status.ok()) {
    outgoing_.clear();
    outgoing_bytes_ = 0;
  }
  // Else OnWritten does it: a Finish behind a blocked Write would wait with it.
  if (!writing_) FinishLocked(final_);
}

}  // namespace partnerskap
