#include "common/rpc/readiness.h"

#include <algorithm>
#include <utility>

#include "common/rpc/grpc_log.h"
#include "nlohmann/json.hpp"

namespace partnerskap {
namespace {

std::string Say(const absl::Status& status) { return status.ok() ? "OK" : std::string(status.message()); }

int64_t LagOf(const ProjectionState& state) { return std::max<int64_t>(0, state.producer_sequence - state.sequence); }

}  // namespace

bool IsReady(const Database& database) {
  return database.health().ok() && const_cast<Database&>(database).writer().ready();
}

Readiness ReadinessReport::Report() const {
  const absl::Time now = parts_.clock->Now();
  Database& database = *parts_.database;
  Readiness readiness;
  readiness.ready = IsReady(database);
  nlohmann::ordered_json json;
  json["ready"] = readiness.ready;
  json["service"] = parts_.service;
  json["version"] = parts_.version;
  json["store"] = {{"status", Say(database.health())},
                   {"epoch", database.epoch()},
                   {"sequence", database.committed_sequence()},
                   {"requestIdsIndexed", database.writer().ready()}};
  json["projections"] = nlohmann::ordered_json::array();
  for (const ProjectionState& state : parts_.projections->All()) {
    nlohmann::ordered_json edge = {{"producer", state.producer}, {"epoch", state.epoch},
                                   {"sequence", state.sequence}, {"producerSequence", state.producer_sequence},
                                   {"lag", LagOf(state)},        {"status", Say(state.status)}};
    // Never heard of it: there is no such number.
    if (state.heard > absl::UnixEpoch()) edge["heardSecondsAgo"] = absl::ToDoubleSeconds(now - state.heard);
    json["projections"].push_back(std::move(edge));
  }
  const absl::StatusOr<TlsMaterial> tls = LoadTls(parts_.tls, now);
  json["certificate"] = {{"status", Say(tls.status())}};
  if (tls.ok()) json["certificate"]["ends"] = absl::FormatTime(absl::RFC3339_sec, tls->not_after, absl::UTCTimeZone());
  readiness.json = json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  return readiness;
}

void ReadinessReport::Update(Metrics& metrics) const {
  const absl::Time now = parts_.clock->Now();
  metrics.Gauge("partnerskap_ready", "1 when the store is sound and takes mutations.").Set(IsReady(*parts_.database));
  metrics.Gauge("partnerskap_grpc_log_lines", "Complaints of gRPC since the start, such as broken handshakes.")
      .Set(static_cast<double>(GrpcLogCount()));
  if (const auto tls = LoadTls(parts_.tls, now); tls.ok()) {
    metrics.Gauge("partnerskap_certificate_seconds", "Seconds until the service's certificate ends.")
        .Set(absl::ToDoubleSeconds(tls->not_after - now));
  }
}

}  // namespace partnerskap
