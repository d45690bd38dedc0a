#include "common/rpc/gate_call.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/env/steady_time.h"
#include "common/log/log.h"
#include "common/metrics/metrics.h"
#include "common/rpc/paths.h"
#include "common/sql/database.h"
#include "common/status/refusal.h"
#include "common/text/utf8.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

// A method's path or an object's name in the audit chain, where it may be a caller's invention.
constexpr size_t kMaxAuditTextBytes = 200;
// What a caller sends as x-request-id: a UUID, as a rule.
constexpr size_t kMaxRequestIdBytes = 64;

bool IsHex(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isdigit(c) && (c < 'a' || c > 'f')) return false;
  }
  return true;
}

// `00-<32 hex>-<16 hex>-<2 hex>`, W3C Trace Context level 1; neither id all zeros.
bool IsTraceParent(absl::string_view text) {
  return text.size() == 55 && text.substr(0, 3) == "00-" && text[35] == '-' && text[52] == '-' &&
         IsHex(text.substr(3, 32)) && IsHex(text.substr(36, 16)) && IsHex(text.substr(53, 2)) &&
         text.substr(3, 32).find_first_not_of('0') != absl::string_view::npos &&
         text.substr(36, 16).find_first_not_of('0') != absl::string_view::npos;
}

std::string AuditText(absl::string_view text) {
  return IsValidUtf8(text) ? std::string(CutUtf8(text, kMaxAuditTextBytes)) : "not UTF-8";
}

// Codes that say nothing of the request, and that a flood of calls brings by the thousand.
bool ComesInFloods(absl::StatusCode code) {
  return code == absl::StatusCode::kUnauthenticated || code == absl::StatusCode::kResourceExhausted ||
         code == absl::StatusCode::kUnimplemented || code == absl::StatusCode::kUnavailable ||
         code == absl::StatusCode::kDeadlineExceeded;
}

}  // namespace

GateState::GateState(GateOptions gate_options, Gate::Parts gate_parts)
    : options(std::move(gate_options)),
      parts(gate_parts),
      limiter(*gate_parts.env->clock, options.max_calls, options.max_streams) {
  parts.env->random->Fill(&trace_prefix, sizeof(trace_prefix));
  for (const auto& [path, method] : parts.methods->all()) {
    if (method.auth == nullptr || method.auth->object().empty()) continue;
    object_paths[&method] = ResolvePath(*method.descriptor->input_type(), method.auth->object());
  }
}

ShownError ShowError(GateState& state, absl::string_view method, const absl::Status& status) {
  const bool needs_none = status.code() == absl::StatusCode::kCancelled ||
                          status.code() == absl::StatusCode::kDeadlineExceeded ||
                          status.code() == absl::StatusCode::kUnavailable;
  if (status.ok() || needs_none || !ReasonOf(status).empty()) return {status, ReasonMetadataOf(status, "id")};
  const std::string id = NewUuid(*state.parts.env->random);
  absl::Status shown = Refuse(common::v1::INTERNAL_ERROR, {{"id", id}});
  // The store says these two of itself, without words for a caller.
  if (status.code() == absl::StatusCode::kDataLoss) shown = Refuse(common::v1::STORE_CORRUPT);
  if (status.code() == absl::StatusCode::kResourceExhausted) shown = Refuse(common::v1::STORE_FULL);
  state.parts.logger->Event(LogLevel::kError, absl::AsciiStrToLower(ReasonOf(shown)), status.ToString(),
                            {{"error_id", id}, {"method", std::string(method)}});
  return {std::move(shown), id};
}

void AuditRefusal(GateState& state, absl::Time time, absl::string_view principal, absl::string_view method,
                  absl::string_view object, const absl::Status& status, bool counted) {
  Database* database = state.parts.env->database;
  if (database == nullptr) return;
  RefusalRecord record;
  record.time = time;
  record.principal = AuditText(principal);
  record.method = AuditText(method);
  record.object = AuditText(object);
  record.reason = ReasonOf(status);
  record.code = static_cast<int>(status.code());
  record.counted = counted || ComesInFloods(status.code());
  database->writer().RecordRefusal(std::move(record));
}

GateCall::GateCall(std::shared_ptr<GateState> state, const Method& method, std::shared_ptr<const Caller> caller,
                   Limiter::Place place, CallHead head)
    : state_(std::move(state)),
      method_(method),
      caller_(std::move(caller)),
      place_(std::move(place)),
      begun_(state_->parts.env->clock->Steady()) {
  call_.method = std::move(head.method);
  call_.auth = method.auth;
  call_.principal = caller_->principal;
  call_.metadata = std::move(head.metadata);
  call_.time = state_->parts.env->clock->Now();
  call_.deadline = head.deadline;
  if (!method.is_stream() && call_.deadline == absl::InfiniteFuture()) {
    call_.deadline = SteadyTime(*state_->parts.env->clock) + state_->options.default_deadline;
  }
  ReadTrace();
  Metrics& metrics = *state_->parts.metrics;
  (method.is_stream() ? metrics.streams_in_flight() : metrics.calls_in_flight()).Increment();
}

GateCall::~GateCall() {
  if (!ended_) End(absl::CancelledError("given up by the transport")).IgnoreError();
  Metrics& metrics = *state_->parts.metrics;
  (method_.is_stream() ? metrics.streams_in_flight() : metrics.calls_in_flight()).Decrement();
}

void GateCall::ReadTrace() {
  const absl::string_view given = Find(call_.metadata, kTraceKey);
  if (IsTraceParent(given)) {
    trace_parent_ = std::string(given);
    trace_id_ = std::string(given.substr(3, 32));
  } else {
    trace_id_ = absl::StrFormat("%016x%016x", state_->trace_prefix, ++state_->trace_count);
  }
}

void GateCall::set_object(std::string object) {
  std::lock_guard<std::mutex> lock(mutex_);
  object_ = std::move(object);
}

std::string GateCall::object() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return object_;
}

absl::Status GateCall::End(const absl::Status& status) const {
  if (ended_.exchange(true)) return status;
  ShownError shown = ShowError(*state_, method_.path, status);
  Audit(shown.status);
  CallRecord record;
  record.time = call_.time;
  record.method = method_.path;
  record.principal = call_.principal.uri;
  record.code = shown.status.code();
  record.reason = ReasonOf(shown.status);
  record.error_id = shown.id;
  record.duration = state_->parts.env->clock->Steady() - begun_;
  record.request_bytes = request_bytes_;
  record.response_bytes = response_bytes_;
  record.request_id = call_.request_id.empty()
                          ? std::string(Find(call_.metadata, kRequestIdKey).substr(0, kMaxRequestIdBytes))
                          : call_.request_id;
  record.trace_id = trace_id_;
  record.object = object();
  record.stream = method_.is_stream();
  record.replayed = replayed_;
  state_->parts.metrics->CallEnded(method_.path, record.code, record.reason, record.duration, record.stream);
  state_->parts.logger->Call(std::move(record));
  return shown.status;
}

void GateCall::Audit(const absl::Status& status) const {
  if (status.ok() || audited_ || call_.validate_only) return;
  const bool is_permission = status.code() == absl::StatusCode::kPermissionDenied;
  const bool is_limit = status.code() == absl::StatusCode::kResourceExhausted;
  if (!method_.auth->mutating() && !is_permission && !is_limit) return;
  AuditRefusal(*state_, call_.time, call_.principal.uri, method_.path, object(), status, /*counted=*/false);
}

}  // namespace partnerskap
