#include "common/metrics/metrics.h"

#include <sstream>

#include "prometheus/text_serializer.h"

namespace partnerskap {
namespace {

// Seconds. From a read in memory to the default deadline of a unary call.
const std::vector<double>& DurationBoundaries() {
  static const auto& boundaries = *new std::vector<double>{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                           0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10};
  return boundaries;
}

// Revisions of one commit: the largest batch is 256 requests, most of which make one or two.
const std::vector<double>& CommitBoundaries() {
  static const auto& boundaries = *new std::vector<double>{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
  return boundaries;
}

constexpr const char* kCodes[17] = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

}  // namespace

Metrics::Metrics(absl::string_view service, absl::string_view version, absl::Time start) : service_(service) {
  constexpr char kInFlight[] = "partnerskap_rpc_in_flight";
  constexpr char kInFlightHelp[] = "Admitted calls that have not ended";
  calls_in_flight_ = &Gauge(kInFlight, kInFlightHelp, {{"kind", "unary"}});
  streams_in_flight_ = &Gauge(kInFlight, kInFlightHelp, {{"kind", "stream"}});
  writer_queue_ = &Gauge("partnerskap_writer_queue", "Mutations that wait for the writer or for their commit");
  commit_changes_ = &Histogram("partnerskap_commit_changes", "Revisions written by one commit", {}, CommitBoundaries());
  exceptions_ = &Counter("partnerskap_exceptions_total", "Exceptions of handlers that the gate caught");
  Gauge("partnerskap_start_time_seconds", "When the process started, Unix time")
      .Set(absl::ToDoubleSeconds(start - absl::UnixEpoch()));
  Gauge("partnerskap_build_info", "Always 1; the labels say what runs", {{"version", std::string(version)}}).Set(1);
}

Metrics::Method& Metrics::MethodOf(absl::string_view path) {
  std::lock_guard<std::mutex> lock(mutex_);
  std::unique_ptr<Method>& method = methods_[path];
  if (method == nullptr) {
    method = std::make_unique<Method>();
    const Labels labels = {{"service", service_}, {"method", std::string(path)}};
    auto& calls = prometheus::BuildCounter()
                      .Name("partnerskap_rpc_calls_total")
                      .Help("Calls that have ended")
                      .Register(registry_);
    for (int code = 0; code < 17; ++code) {
      Labels with_code = labels;
      with_code["code"] = kCodes[code];
      method->by_code[code] = &calls.Add(with_code);
    }
    method->duration = &prometheus::BuildHistogram()
                            .Name("partnerskap_rpc_duration_seconds")
                            .Help("From the arrival of a unary call to its answer")
                            .Register(registry_)
                            .Add(labels, DurationBoundaries());
  }
  return *method;
}

void Metrics::CallEnded(absl::string_view method, absl::StatusCode code, absl::string_view reason,
                        absl::Duration duration, bool stream) {
  Method& series = MethodOf(method);
  const int number = static_cast<int>(code);
  series.by_code[number >= 0 && number < 17 ? number : static_cast<int>(absl::StatusCode::kUnknown)]->Increment();
  if (!stream) series.duration->Observe(absl::ToDoubleSeconds(duration));
  if (reason.empty()) return;
  prometheus::Counter* refusals;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    prometheus::Counter*& counter = refusals_[reason];
    if (counter == nullptr) {
      counter = &Counter("partnerskap_refusals_total", "Refused calls by reason", {{"reason", std::string(reason)}});
    }
    refusals = counter;
  }
  refusals->Increment();
}

prometheus::Counter& Metrics::Counter(const std::string& name, const std::string& help, const Labels& labels) {
  Labels all = labels;
  all["service"] = service_;
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry_).Add(all);
}

prometheus::Gauge& Metrics::Gauge(const std::string& name, const std::string& help, const Labels& labels) {
  Labels all = labels;
  all["service"] = service_;
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry_).Add(all);
}

prometheus::Histogram& Metrics::Histogram(const std::string& name, const std::string& help, const Labels& labels,
                                          const std::vector<double>& boundaries) {
  Labels all = labels;
  all["service"] = service_;
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry_).Add(all, boundaries);
}

void Metrics::OnScrape(std::function<void(Metrics&)> update) {
  std::lock_guard<std::mutex> lock(mutex_);
  updates_.push_back(std::move(update));
}

std::string Metrics::Text() {
  std::vector<std::function<void(Metrics&)>> updates;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    updates = updates_;
  }
  for (const auto& update : updates) update(*this);
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, registry_.Collect());
  return out.str();
}

}  // namespace partnerskap
