// What /readyz and the metrics say of a service: its store, how far it has followed the others, its certificate.
#ifndef PARTNERSKAP_COMMON_RPC_READINESS_H_
#define PARTNERSKAP_COMMON_RPC_READINESS_H_

#include <string>

#include "common/env/env.h"
#include "common/feed/projections.h"
#include "common/metrics/metrics.h"
#include "common/rpc/admin.h"
#include "common/rpc/tls.h"
#include "common/sql/database.h"

namespace partnerskap {

// Whether the service does all it is there for: the store is sound and takes mutations. What it knows of others may
// lag; its own reads and writes do not wait for them.
bool IsReady(const Database& database);

class ReadinessReport {
 public:
  struct Parts {
    std::string service, version;
    Clock* clock;
    Database* database;
    Projections* projections;
    TlsFiles tls;
  };
  explicit ReadinessReport(Parts parts) : parts_(std::move(parts)) {}

  // {"ready":true, "store":{"status":"OK","epoch":…,"sequence":42,"requestIdsIndexed":true},
  //  "projections":[{"producer":"agreements","sequence":7,"lag":0,"heardSecondsAgo":1.5,"status":"OK"}],
  //  "certificate":{"ends":"2027-11-23T00:00:00Z","status":"OK"}}
  Readiness Report() const;

  // partnerskap_ready, partnerskap_certificate_seconds (until it ends), partnerskap_grpc_log_lines. What the gate sees
  // (store, feeds, calls) it counts itself.
  void Update(Metrics& metrics) const;

 private:
  const Parts parts_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_READINESS_H_
