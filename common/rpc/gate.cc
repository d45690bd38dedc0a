#include "common/rpc/gate.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/auth/authenticator.h"
#include "common/env/steady_time.h"
#include "common/feed/projections.h"
#include "common/log/log.h"
#include "common/metrics/metrics.h"
#include "common/rpc/gate_call.h"
#include "common/rpc/gate_stream.h"
#include "common/rpc/gate_unary.h"
#include "common/sql/database.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

// When to come back to a process that stops: its successor is up by then, as a rule.
constexpr absl::Duration kRetryWhenStopping = absl::Seconds(1);
// Permissions of the suite itself: health, reflection.
constexpr char kSystemPrefix[] = "system.";
// A path that does not exist, in the log.
constexpr size_t kMaxUnknownMethodBytes = 200;

// A call between its arrival and its place.
struct Arrival {
  const CallHead& head;
  absl::Time time;
  absl::Duration begun;
  const Method* method = nullptr;
  std::shared_ptr<const Caller> caller;
  bool over_rate = false;
};

class GateImpl final : public Gate {
 public:
  GateImpl(GateOptions options, Parts parts) : state_(std::make_shared<GateState>(std::move(options), parts)) {
    ObserveStore();
    Metrics* metrics = state_->parts.metrics;
    metrics->OnScrape([logger = state_->parts.logger](Metrics& m) {
      m.Gauge("partnerskap_log_dropped_lines", "Log lines not written since the start")
          .Set(static_cast<double>(logger->dropped()));
      m.Gauge("partnerskap_protobuf_messages", "Complaints of protobuf since the start, such as text that is not UTF-8")
          .Set(static_cast<double>(ProtobufLogCount()));
    });
  }

  absl::StatusOr<std::unique_ptr<Admitted>> Admit(CallHead head) override {
    const Env& env = *state_->parts.env;
    Arrival arrival{head, env.clock->Now(), env.clock->Steady(), nullptr, nullptr, false};
    absl::Status refused = Judge(arrival);
    if (refused.ok()) {
      auto place = state_->limiter.Enter(*arrival.caller, KindOf(arrival));
      if (place.ok()) {
        return std::make_unique<GateCall>(state_, *arrival.method, std::move(arrival.caller), *std::move(place),
                                          std::move(head));
      }
      refused = place.status();
    }
    Refused(arrival, refused);
    return refused;
  }

  void Handle(std::unique_ptr<Admitted> admitted, std::string body, Respond respond) override {
    HandleUnary(std::unique_ptr<GateCall>(static_cast<GateCall*>(admitted.release())), body, std::move(respond));
  }

  std::shared_ptr<Session> Open(std::shared_ptr<Admitted> admitted, std::shared_ptr<StreamSink> sink) override {
    return OpenStream(std::static_pointer_cast<GateCall>(std::move(admitted)), std::move(sink));
  }

  void Ended(const Admitted& admitted, const absl::Status& status) override {
    static_cast<const GateCall&>(admitted).End(status).IgnoreError();
  }

  void Drain() override { state_->draining = true; }

 private:
  // In the order of the reasons.
  absl::Status Judge(Arrival& arrival) {
    ASSIGN_OR_RETURN(arrival.caller,
                     state_->parts.authenticator->Authenticate(arrival.head.peer_uris, arrival.head.metadata));
    const Principal& principal = arrival.caller->principal;
    arrival.method = state_->parts.methods->Find(arrival.head.method);
    if (arrival.method == nullptr || arrival.method->auth == nullptr) {
      return Refuse(common::v1::UNKNOWN_METHOD, {{"method", arrival.head.method}});
    }
    const common::v1::MethodAuth& auth = *arrival.method->auth;
    const bool is_among_services = !principal.identity.service.empty() || principal.all_organizations;
    if (!principal.Holds(auth.permission()) ||
        (auth.scope() == common::v1::MethodAuth::SERVICE && !is_among_services)) {
      // Whoever tries what it may not is counted among its calls, or trying would be free.
      arrival.over_rate = !state_->limiter.Spend(*arrival.caller);
      return Refuse(common::v1::PERMISSION_MISSING, {{"permission", auth.permission()}});
    }
    if (state_->draining) return WithRetry(Refuse(common::v1::SHUTTING_DOWN), kRetryWhenStopping);
    if (arrival.head.deadline <= SteadyTime(*state_->parts.env->clock)) return Refuse(common::v1::ARRIVED_LATE);
    return absl::OkStatus();
  }

  static Limiter::Kind KindOf(const Arrival& arrival) {
    const Principal& principal = arrival.caller->principal;
    Limiter::Kind kind;
    kind.stream = arrival.method->is_stream();
    kind.mutating = arrival.method->auth->mutating();
    kind.reserved = absl::StartsWith(arrival.method->auth->permission(), kSystemPrefix) ||
                    principal.all_organizations || !principal.identity.service.empty();
    return kind;
  }

  void Refused(const Arrival& arrival, const absl::Status& refused) {
    const Env& env = *state_->parts.env;
    CallRecord record;
    record.time = arrival.time;
    record.method = arrival.head.method.substr(0, kMaxUnknownMethodBytes);
    if (arrival.caller != nullptr) {
      record.principal = arrival.caller->principal.uri;
    } else if (arrival.head.peer_uris.size() == 1) {
      record.principal = arrival.head.peer_uris[0];
    }
    record.code = refused.code();
    record.reason = ReasonOf(refused);
    record.duration = env.clock->Steady() - arrival.begun;
    record.stream = arrival.method != nullptr && arrival.method->is_stream();
    const bool is_known = arrival.method != nullptr && arrival.method->auth != nullptr;
    state_->parts.metrics->CallEnded(is_known ? arrival.method->path : "unknown", record.code, record.reason,
                                     record.duration, record.stream);
    // Who is refused for what it is, or asks for what is not there, leaves a trace; that a read came late does not.
    const bool is_passing =
        refused.code() == absl::StatusCode::kUnavailable || refused.code() == absl::StatusCode::kDeadlineExceeded;
    if (!is_passing || arrival.method->auth->mutating()) {
      AuditRefusal(*state_, arrival.time, record.principal, record.method, "", refused, arrival.over_rate);
    }
    state_->parts.logger->Call(std::move(record));
  }

  void ObserveStore() {
    Database* database = state_->parts.env->database;
    if (database == nullptr) return;
    Metrics* metrics = state_->parts.metrics;
    // On the completer's lane only.
    auto last = std::make_shared<int64_t>(database->committed_sequence());
    database->writer().OnCommit([metrics, last](int64_t sequence) {
      metrics->commit_changes().Observe(static_cast<double>(sequence - std::exchange(*last, sequence)));
    });
    metrics->OnScrape([database, projections = state_->parts.projections](Metrics& m) {
      m.Gauge("partnerskap_committed_sequence", "Newest durable revision")
          .Set(static_cast<double>(database->committed_sequence()));
      m.Gauge("partnerskap_writer_ready", "1 when mutations are taken").Set(database->writer().ready() ? 1 : 0);
      m.Gauge("partnerskap_store_healthy", "1 while the checks of the store find nothing")
          .Set(database->health().ok() ? 1 : 0);
      if (projections == nullptr) return;
      for (const ProjectionState& edge : projections->All()) {
        m.Gauge("partnerskap_feed_lag_changes", "Changes of the producer that are not applied yet",
                {{"producer", edge.producer}})
            .Set(static_cast<double>(edge.producer_sequence - edge.sequence));
        m.Gauge("partnerskap_feed_heard_seconds", "When the producer last spoke, Unix time",
                {{"producer", edge.producer}})
            .Set(absl::ToDoubleSeconds(edge.heard - absl::UnixEpoch()));
        m.Gauge("partnerskap_feed_standing", "1 while changes of the producer are applied",
                {{"producer", edge.producer}})
            .Set(edge.status.ok() ? 1 : 0);
      }
    });
  }

  const std::shared_ptr<GateState> state_;
};

}  // namespace

std::unique_ptr<Gate> Gate::Create(GateOptions options, Parts parts) {
  return std::make_unique<GateImpl>(std::move(options), parts);
}

}  // namespace partnerskap
