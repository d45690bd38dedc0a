// What a service counts, as Prometheus text. The families that the suite always has are members here; others are made
// by the functions below. Everything can be called from any thread; counting costs less than 100 ns.
#ifndef PARTNERSKAP_COMMON_METRICS_METRICS_H_
#define PARTNERSKAP_COMMON_METRICS_METRICS_H_

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace partnerskap {

class Metrics {
 public:
  using Labels = std::map<std::string, std::string>;

  // `service` becomes the label of every series; `version` that of partnerskap_build_info.
  Metrics(absl::string_view service, absl::string_view version, absl::Time start);
  Metrics(const Metrics&) = delete;

  // partnerskap_rpc_calls_total{service,method,code}, partnerskap_rpc_duration_seconds{service,method} (streams are not
  // in it), partnerskap_refusals_total{service,reason}. `method` is a path that exists, or "unknown": never a caller's
  // text, for each new value is memory kept for ever.
  void CallEnded(absl::string_view method, absl::StatusCode code, absl::string_view reason, absl::Duration duration,
                 bool stream);

  // partnerskap_rpc_in_flight{service,kind="unary"|"stream"}.
  prometheus::Gauge& calls_in_flight() { return *calls_in_flight_; }
  prometheus::Gauge& streams_in_flight() { return *streams_in_flight_; }
  // partnerskap_writer_queue: mutations that wait or run. partnerskap_commit_changes: revisions of one commit.
  prometheus::Gauge& writer_queue() { return *writer_queue_; }
  prometheus::Histogram& commit_changes() { return *commit_changes_; }
  // partnerskap_exceptions_total: standard-library exceptions that the gate caught.
  prometheus::Counter& exceptions() { return *exceptions_; }

  // A series by its name and labels, made at the first call. Names are checked: a wrong one ends the process.
  prometheus::Counter& Counter(const std::string& name, const std::string& help, const Labels& labels = {});
  prometheus::Gauge& Gauge(const std::string& name, const std::string& help, const Labels& labels = {});
  prometheus::Histogram& Histogram(const std::string& name, const std::string& help, const Labels& labels,
                                   const std::vector<double>& boundaries);

  // Runs before each Text(): sets gauges that are read rather than counted (feed lag, committed sequence, readiness).
  void OnScrape(std::function<void(Metrics&)> update);
  // All series in the Prometheus text format 0.0.4.
  std::string Text();

 private:
  struct Method {
    // By absl::StatusCode.
    prometheus::Counter* by_code[17] = {};
    prometheus::Histogram* duration = nullptr;
  };
  Method& MethodOf(absl::string_view path);

  const std::string service_;
  prometheus::Registry registry_;
  std::mutex mutex_;
  absl::flat_hash_map<std::string, std::unique_ptr<Method>> methods_;
  absl::flat_hash_map<std::string, prometheus::Counter*> refusals_;
  std::vector<std::function<void(Metrics&)>> updates_;
  prometheus::Gauge* calls_in_flight_;
  prometheus::Gauge* streams_in_flight_;
  prometheus::Gauge* writer_queue_;
  prometheus::Histogram* commit_changes_;
  prometheus::Counter* exceptions_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_METRICS_METRICS_H_
