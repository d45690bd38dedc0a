#include "common/rpc/gate_unary.h"

#include <atomic>
#include <exception>
#include <new>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/env/steady_time.h"
#include "common/feed/projections.h"
#include "common/metrics/metrics.h"
#include "common/rpc/field_rules.h"
#include "common/rpc/paths.h"
#include "common/sql/database.h"
#include "common/status/macros.h"
#include "common/status/memory.h"
#include "common/status/refusal.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Positions of one call: the suite has four services.
constexpr size_t kMaxPositions = 8;
// A check of field rules ends at 100; from here on it may have left fields unseen.
constexpr size_t kManyViolations = 100;
// How gRPC's clients are told when to try again, or not to.
constexpr char kRetryPushbackKey[] = "grpc-retry-pushback-ms";
constexpr char kDoNotRetry[] = "-1";
constexpr char kBehindReason[] = "PROJECTION_BEHIND";
// When the worker pool has no room.
constexpr absl::Duration kRetryWhenBusy = absl::Milliseconds(100);

// The same bytes for the same content, whatever order a map has in memory: a repeat is known by them.
std::string DeterministicBytes(const Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

absl::StatusOr<std::vector<Position>> PositionsOf(const Call& call) {
  std::vector<Position> positions;
  for (const auto& [key, value] : call.metadata) {
    if (key != kPositionKey) continue;
    auto position = ParsePosition(value);
    if (!position.ok() || positions.size() >= kMaxPositions) {
      return RefuseFields({{kPositionKey, "must be a position that a mutation gave, at most 8 of them"}});
    }
    positions.push_back(*std::move(position));
  }
  return positions;
}

// One call on its way. Whoever holds it last, it answers once: a task that is dropped drops the answer, and the
// transport then says that it got none.
class Unary : public std::enable_shared_from_this<Unary> {
 public:
  Unary(std::unique_ptr<GateCall> call, Respond respond)
      : call_(std::move(call)), env_(*call_->state().parts.env), respond_(std::move(respond)) {}

  void Start(const std::string& body) {
    auto request = ReadRequest(*call_, body);
    if (!request.ok()) return Answer(request.status(), "", 0);
    request_ = *std::move(request);
    auto positions = PositionsOf(call_->call());
    if (!positions.ok()) return Answer(positions.status(), "", 0);
    positions_ = *std::move(positions);
    WaitForPositions();
  }

 private:
  const Method& method() const { return call_->method(); }

  // Read your writes: goes on when what the caller has seen elsewhere is known here.
  void WaitForPositions() {
    Projections* projections = call_->state().parts.projections;
    while (projections != nullptr && !positions_.empty()) {
      const Position position = std::move(positions_.back());
      positions_.pop_back();
      // Whichever of the two comes second goes on: the return of WaitFor, or the call of `done`.
      struct Meeting {
        std::atomic<bool> met{false};
        absl::Status status;
      };
      auto meeting = std::make_shared<Meeting>();
      projections->WaitFor(position, call_->call().deadline, [self = shared_from_this(), meeting](absl::Status status) {
        meeting->status = std::move(status);
        if (meeting->met.exchange(true)) self->GoOnAfterWaiting(meeting->status);
      });
      if (!meeting->met.exchange(true)) return;
      if (!meeting->status.ok()) return Answer(meeting->status, "", 0);
    }
    Run();
  }

  // On a thread of the feed, which has more to do than our handler.
  void GoOnAfterWaiting(const absl::Status& status) {
    if (!status.ok()) return Answer(status, "", 0);
    OnPool([self = shared_from_this()] { self->WaitForPositions(); });
  }

  void OnPool(Task task) {
    if (env_.executor->TryPost(std::move(task))) return;
    Answer(WithRetry(Refuse(common::v1::TOO_MANY_CALLS, {{"limit", "worker pool"}}), kRetryWhenBusy), "", 0);
  }

  void Run() {
    if (std::holds_alternative<WriteHandler>(method().handler)) return Write();
    if (!method().auth->slow()) return Read();
    OnPool([self = shared_from_this()] {
      // It may have waited in the pool's queue for longer than its caller does.
      if (SteadyTime(*self->env_.clock) >= self->call_->call().deadline) {
        return self->Answer(Refuse(common::v1::ARRIVED_LATE), "", 0);
      }
      self->Read();
    });
  }

  void Read() {
    auto answer = Guarded([this]() -> absl::StatusOr<std::string> {
      if (const auto* plain = std::get_if<PlainHandler>(&method().handler)) {
        return (*plain)(env_, call_->call(), *request_);
      }
      const auto& read = std::get<ReadHandler>(method().handler);
      return env_.database->Read([&](ReadTx& tx) { return read(env_, call_->call(), *request_, tx); });
    });
    if (!answer.ok()) return Answer(answer.status(), "", 0);
    Answer(absl::OkStatus(), *std::move(answer), 0);
  }

  void Write() {
    const Call& call = call_->call();
    WriteRequest write;
    write.context = {call.principal.uri, call.method, call.request_id, call_->trace_parent(), call.time};
    write.object = call_->object();
    write.content = DeterministicBytes(*request_);
    write.deadline = call.deadline;
    write.validate_only = call.validate_only;
    write.body = [self = shared_from_this()](WriteTx& tx) {
      return self->Guarded([&] {
        return std::get<WriteHandler>(self->method().handler)(self->env_, self->call_->call(), *self->request_, tx);
      });
    };
    prometheus::Gauge& waiting = call_->state().parts.metrics->writer_queue();
    waiting.Increment();
    write.done = [self = shared_from_this(), &waiting](WriteResult result) {
      waiting.Decrement();
      self->Written(std::move(result));
    };
    env_.database->writer().Submit(std::move(write));
  }

  void Written(WriteResult result) {
    if (result.replayed) call_->set_replayed();
    if (result.answer.ok()) return Answer(absl::OkStatus(), *std::move(result.answer), result.position);
    // What the writer did not take in it has not judged, so its audit row is ours.
    const std::string reason = ReasonOf(result.answer.status());
    if (reason != "WRITER_OVERLOADED" && reason != "STARTING" && reason != "SHUTTING_DOWN") call_->set_audited();
    Answer(result.answer.status(), "", 0);
  }

  // Exceptions of the standard library (a hostile length) end here, and not the process.
  template <typename F>
  absl::StatusOr<std::string> Guarded(F&& handler) {
    try {
      return handler();
    } catch (const std::bad_alloc&) {
      call_->state().parts.metrics->exceptions().Increment();
      return RefuseForMemory();
    } catch (const std::exception& thrown) {
      call_->state().parts.metrics->exceptions().Increment();
      return absl::InternalError(absl::StrCat("exception: ", thrown.what()));
    }
  }

  void Answer(const absl::Status& status, std::string bytes, int64_t position) {
    CallResult result;
    call_->AddResponseBytes(bytes.size());
    result.status = call_->End(status);
    result.bytes = std::move(bytes);
    if (status.ok() && method().auth->mutating() && !call_->call().validate_only) {
      const Position here{call_->state().options.service, env_.database->epoch(), position};
      result.trailers.emplace_back(kPositionKey, FormatPosition(here));
    }
    // Most of the deadline has been waited out. A client library that tried again by itself would make its own
    // DEADLINE_EXCEEDED of this answer.
    if (ReasonOf(status) == kBehindReason) result.trailers.emplace_back(kRetryPushbackKey, kDoNotRetry);
    // The place is free when the caller hears, so that it may call again at once.
    call_.reset();
    std::exchange(respond_, nullptr)(std::move(result));
  }

  std::unique_ptr<GateCall> call_;
  const Env& env_;
  Respond respond_;
  std::shared_ptr<Message> request_;
  std::vector<Position> positions_;
};

// `request_id` and `validate_only` as the contract has them in each mutation.
void ReadCallFields(const Message& request, Call& call) {
  const auto* descriptor = request.GetDescriptor();
  const auto& reflection = *request.GetReflection();
  const FieldDescriptor* id = descriptor->FindFieldByName("request_id");
  if (id != nullptr && id->cpp_type() == FieldDescriptor::CPPTYPE_STRING && !id->is_repeated()) {
    call.request_id = reflection.GetString(request, id);
  }
  const FieldDescriptor* only = descriptor->FindFieldByName("validate_only");
  if (only != nullptr && only->cpp_type() == FieldDescriptor::CPPTYPE_BOOL && !only->is_repeated()) {
    call.validate_only = reflection.GetBool(request, only);
  }
}

// What breaks its rules is nobody's name or id, and belongs neither in log nor audit: it may be a megabyte of anything.
void Forget(const std::vector<Violation>& violations, GateCall& call) {
  for (const Violation& violation : violations) {
    if (violation.field == call.method().auth->object()) call.set_object("");
    if (violation.field == "request_id") call.mutable_call().request_id.clear();
  }
  // The check may have stopped before it came to them.
  if (violations.size() < kManyViolations) return;
  call.set_object("");
  call.mutable_call().request_id.clear();
}

}  // namespace

absl::StatusOr<std::shared_ptr<Message>> ReadRequest(GateCall& call, const std::string& body) {
  call.AddRequestBytes(body.size());
  const size_t limit = call.max_request_bytes();
  if (body.size() > limit) {
    return Refuse(common::v1::REQUEST_TOO_LARGE, {{"limit", absl::StrCat(limit)}, {"size", absl::StrCat(body.size())}});
  }
  std::shared_ptr<Message> request(call.method().request_prototype->New());
  if (!request->ParseFromString(body)) return Refuse(common::v1::MALFORMED_REQUEST);
  ClearOutputOnly(*request);
  if (call.method().auth->mutating()) ReadCallFields(*request, call.mutable_call());
  const auto& paths = call.state().object_paths;
  if (const auto path = paths.find(&call.method()); path != paths.end()) {
    call.set_object(StringAt(*request, path->second));
  }
  if (const std::vector<Violation> violations = CheckFieldRules(*request); !violations.empty()) {
    Forget(violations, call);
    return RefuseFields(violations);
  }
  return request;
}

void HandleUnary(std::unique_ptr<GateCall> call, const std::string& body, Respond respond) {
  std::make_shared<Unary>(std::move(call), std::move(respond))->Start(body);
}

}  // namespace partnerskap
