#include "common/rpc/door_call.h"

#include <grpc/grpc.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/rpc/grpc_convert.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

// Set by gRPC only for a certificate with exactly one SPIFFE URI; absent for two.
constexpr char kSpiffeProperty[] = "peer_spiffe_id";
// How long a caller may take an answer when the process is past half of its grace.
constexpr std::chrono::seconds kCutPatience{1};

}  // namespace

// The one chance to answer a unary call. Lost without an answer it answers INTERNAL, so that no caller waits for ever.
class PendingAnswer {
 public:
  explicit PendingAnswer(std::shared_ptr<DoorCall> call) : call_(std::move(call)) {}
  PendingAnswer(PendingAnswer&&) = default;
  PendingAnswer& operator=(PendingAnswer&&) = delete;
  ~PendingAnswer() {
    if (call_ != nullptr) call_->Answer({absl::InternalError("the handler gave no answer"), "", {}});
  }
  void operator()(CallResult result) {
    if (call_ != nullptr) std::exchange(call_, nullptr)->Answer(std::move(result));
  }

 private:
  std::shared_ptr<DoorCall> call_;
};

DoorCall::~DoorCall() {
  if (entered_) door_->Leave(this);
}

void* DoorCall::Arm(Tag& tag) {
  tag.keep = shared_from_this();
  HandOver(&tag);
  return static_cast<QueueTag*>(&tag);
}

void DoorCall::Deliver(QueueTag& tag, bool ok) {
  auto* delivered = static_cast<Tag*>(&tag);
  TakeOver(delivered);
  // Before the function, which may arm the tag again.
  const std::shared_ptr<DoorCall> call = std::move(delivered->keep);
  (call.get()->*delivered->on)(ok);
}

void DoorCall::Post(const std::shared_ptr<DoorState>& door) {
  auto call = std::make_shared<DoorCall>(door);
  door->Posted();
  // Must be asked for before anyone knows which method it will be.
  call->context_.AsyncNotifyWhenDone(call->Arm(call->done_));
  door->service.RequestCall(&call->context_, &call->stream_, door->queue, door->queue, call->Arm(call->accepted_));
}

void DoorCall::OnAccepted(bool ok) {
  if (!ok) {
    // The server stops. The done tag of a call that never began never comes, and would keep the slot for ever.
    done_.keep.reset();
    door_->Completed(DoorState::kTags);
    return;
  }
  // First of all: a slot that is not replaced is a call that waits unseen inside gRPC.
  Post(door_);
  since_ = Steady::now();
  Begin(Enter());
  door_->Completed(1);
}

// The done tag may have come meanwhile, on another thread: then the end is told here, for the other thread could not
// see what the gate had given.
void DoorCall::Begin(const absl::Status& admitted) {
  std::shared_ptr<Session> session;
  if (admitted.ok() && is_stream_) session = door_->gate.Open(admitted_, shared_from_this());
  bool run = false;
  absl::Status end;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    opening_ = false;
    if (over_) {
      end = final_;
    } else if (!admitted.ok()) {
      // Without a Read: the body is never taken from the peer.
      return FinishLocked(admitted);
    } else if (is_stream_ && session == nullptr && !closing_) {
      return FinishLocked(absl::InternalError("the stream has no session"));
    } else {
      session_ = session;
      ReadLocked();
      run = session != nullptr && writable_due_ && !std::exchange(running_, true);
    }
    if (!over_ && !run) return;
  }
  if (run) return RunSession(session);
  session.reset();
  TellEnd(end);
}

CallHead DoorCall::Head() const {
  CallHead head;
  head.method = context_.method();
  for (const grpc::string_ref& uri : context_.auth_context()->FindPropertyValues(kSpiffeProperty)) {
    head.peer_uris.emplace_back(uri.data(), uri.size());
  }
  head.metadata = FromGrpcMetadata(context_.client_metadata());
  // The steady clock of every Env of a process is this one.
  head.deadline = absl::UnixEpoch() + absl::FromChrono(Steady::now().time_since_epoch()) +
                  FromGrpcDeadline(context_.raw_deadline());
  return head;
}

absl::Status DoorCall::Enter() {
  absl::StatusOr<std::unique_ptr<Admitted>> admitted = door_->gate.Admit(Head());
  if (!admitted.ok()) return std::move(admitted).status();
  const Method& method = (*admitted)->method();
  is_stream_ = method.is_stream();
  many_requests_ = method.descriptor != nullptr && method.descriptor->client_streaming();
  if (is_stream_) {
    admitted_ = *std::move(admitted);
  } else {
    unary_admitted_ = *std::move(admitted);
  }
  entered_ = door_->Enter(this);
  if (entered_) return absl::OkStatus();
  absl::Status refusal = Refuse(common::v1::SHUTTING_DOWN);
  TellEnd(refusal);
  return refusal;
}

void DoorCall::TellEnd(const absl::Status& status) {
  if (admitted_ != nullptr) door_->gate.Ended(*admitted_, status);
  if (unary_admitted_ != nullptr) door_->gate.Ended(*unary_admitted_, status);
  admitted_.reset();
  unary_admitted_.reset();
}

void DoorCall::ReadLocked() {
  if (finished_ || reading_) return;
  reading_ = true;
  stream_.Read(&incoming_, Arm(read_));
}

void DoorCall::OnRead(bool ok) {
  if (is_stream_) return OnStreamRead(ok);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    reading_ = false;
    if (finished_) return;
    // No message: half-closed, cancelled, or larger than the core takes. In the last two cases gRPC has decided the
    // status already and ignores ours.
    if (!ok) return FinishLocked(Refuse(common::v1::WRONG_MESSAGE_COUNT));
    got_request_ = true;
  }
  HandleUnary();
}

void DoorCall::HandleUnary() {
  std::string body = FromByteBuffer(incoming_);
  incoming_.Clear();
  door_->gate.Handle(
      std::move(unary_admitted_), std::move(body),
      [answer = PendingAnswer(shared_from_this())](CallResult result) mutable { answer(std::move(result)); });
}

void DoorCall::Answer(CallResult result) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (finished_) return;
  for (const auto& [key, value] : result.trailers) {
    if (IsLegalMetadata(key, value)) context_.AddTrailingMetadata(key, value);
  }
  if (!result.status.ok()) return FinishLocked(result.status);
  finished_ = closing_ = true;
  since_ = Steady::now();
  stream_.WriteAndFinish(ToByteBuffer(std::move(result.bytes)), grpc::WriteOptions(), grpc::Status::OK, Arm(finish_));
}

// The only place that ends a call with a status alone, and it does so once.
void DoorCall::FinishLocked(const absl::Status& status) {
  if (finished_) return;
  finished_ = closing_ = true;
  final_ = status;
  since_ = Steady::now();
  stream_.Finish(ToGrpcStatus(status), Arm(finish_));
}

void DoorCall::OnFinished(bool) {
  // The done tag says the same and comes always.
}

void DoorCall::OnDone(bool) {
  std::shared_ptr<Session> session;  // destroyed without the lock: it will unsubscribe somewhere
  absl::Status end;
  bool tell = false;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    end = EndLocked();
    finished_ = closing_ = over_ = true;
    outgoing_.clear();
    session.swap(session_);
    // Of a unary call that has its body the gate itself knows the end.
    tell = !opening_ && !(got_request_ && !is_stream_);
    final_ = end;
  }
  session.reset();
  if (tell) TellEnd(end);
  door_->Completed(1);
}

// How the call ended. IsCancelled may be asked only from the done tag on.
absl::Status DoorCall::EndLocked() const {
  if (aborted_ || !context_.IsCancelled()) return final_;
  if (FromGrpcDeadline(context_.raw_deadline()) <= absl::ZeroDuration()) {
    return absl::DeadlineExceededError("the deadline passed");
  }
  return absl::CancelledError("the caller went away");
}

// Ends a call whose peer does not take our bytes. Finish would queue behind them; this sends the status at once,
// because trailers are not subject to flow control. It cannot carry details, so the reason leads the text.
void DoorCall::AbortLocked(const absl::Status& status) {
  if (aborted_) return;
  aborted_ = closing_ = true;
  outgoing_.clear();
  outgoing_bytes_ = 0;
  final_ = status;
  const std::string text = absl::StrCat(ReasonOf(status), ": ", status.message());
  grpc_call_cancel_with_status(context_.c_call(), static_cast<grpc_status_code>(status.code()), text.c_str(), nullptr);
}

bool DoorCall::TooLateLocked(Steady::time_point now) const {
  return now - since_ > absl::ToChronoNanoseconds(door_->options.peer_limit);
}

void DoorCall::Sweep(Steady::time_point now, bool cut) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (over_) return;
  const bool late = TooLateLocked(now);
  const bool waits_for_request = reading_ && !got_request_ && !finished_;
  if (writing_ || finished_) {
    if (cut && (is_stream_ || now - since_ > kCutPatience)) return AbortLocked(Refuse(common::v1::SHUTTING_DOWN));
    if (late) AbortLocked(is_stream_ ? Refuse(common::v1::WATCHER_TOO_SLOW) : Refuse(common::v1::PEER_TOO_SLOW));
  } else if (waits_for_request) {
    if (cut) return FinishLocked(Refuse(common::v1::SHUTTING_DOWN));
    if (late) FinishLocked(Refuse(common::v1::PEER_TOO_SLOW));
  }
}

}  // namespace partnerskap
