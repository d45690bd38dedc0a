// One call inside the gate: what is known of it, and its end, which is said once to log, metrics and audit.
#ifndef PARTNERSKAP_COMMON_RPC_GATE_CALL_H_
#define PARTNERSKAP_COMMON_RPC_GATE_CALL_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/rpc/gate.h"
#include "common/rpc/limiter.h"
#include "google/protobuf/descriptor.h"

namespace partnerskap {

// What the parts of a gate share.
struct GateState {
  GateState(GateOptions options, Gate::Parts parts);

  const GateOptions options;
  const Gate::Parts parts;
  Limiter limiter;
  std::atomic<bool> draining{false};
  // Where the object of a method stands in its request.
  absl::flat_hash_map<const Method*, std::vector<const google::protobuf::FieldDescriptor*>> object_paths;
  // Makes trace ids: random once, then counted, for a random number per call is a system call per call.
  uint64_t trace_prefix = 0;
  std::atomic<uint64_t> trace_count{0};
};

// What of an error the caller may see. A status without a reason is ours: it gets an id, under which the log says more.
struct ShownError {
  absl::Status status;
  std::string id;
};
ShownError ShowError(GateState& state, absl::string_view method, const absl::Status& status);

// Writes the audit row of a refusal that never reached the writer. `counted` folds equal ones of a second.
void AuditRefusal(GateState& state, absl::Time time, absl::string_view principal, absl::string_view method,
                  absl::string_view object, const absl::Status& status, bool counted);

class GateCall final : public Admitted {
 public:
  GateCall(std::shared_ptr<GateState> state, const Method& method, std::shared_ptr<const Caller> caller,
           Limiter::Place place, CallHead head);
  // A call whose transport gives it up has been cancelled.
  ~GateCall() override;

  const Method& method() const override { return method_; }
  const Call& call() const override { return call_; }
  size_t max_request_bytes() const override { return caller_->limits.max_request_bytes; }

  Call& mutable_call() { return call_; }
  const Caller& caller() const { return *caller_; }
  GateState& state() { return *state_; }
  // Log, metrics and, where the writer has not done it, audit. The first call counts; returns what the caller may see.
  absl::Status End(const absl::Status& status) const;

  // Facts for the end, set before it.
  void set_object(std::string object);
  void AddRequestBytes(size_t bytes) { request_bytes_ += bytes; }
  void AddResponseBytes(size_t bytes) { response_bytes_ += bytes; }
  void set_replayed() { replayed_ = true; }
  // The writer has judged this mutation and left its audit row.
  void set_audited() { audited_ = true; }
  std::string object() const;
  // A valid traceparent of the caller, or "".
  const std::string& trace_parent() const { return trace_parent_; }

 private:
  void ReadTrace();
  void Audit(const absl::Status& status) const;

  const std::shared_ptr<GateState> state_;
  const Method& method_;
  const std::shared_ptr<const Caller> caller_;
  const Limiter::Place place_;
  Call call_;
  const absl::Duration begun_;
  std::string trace_parent_, trace_id_;
  std::atomic<size_t> request_bytes_{0}, response_bytes_{0};
  std::atomic<bool> replayed_{false}, audited_{false};
  mutable std::atomic<bool> ended_{false};
  mutable std::mutex mutex_;
  std::string object_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_GATE_CALL_H_
