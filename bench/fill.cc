#include "bench/fill.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/rows.h"
#include "common/audit/audit.h"
#include "common/env/env.h"
#include "common/rpc/call.h"
#include "common/rpc/serve.h"
#include "common/sql/audit_log.h"
#include "common/sql/database.h"
#include "common/sql/resource_fields.h"
#include "common/sql/store_file.h"
#include "common/status/macros.h"
#include "google/protobuf/util/time_util.h"
#include "services/membership/handlers/handlers.h"
#include "services/membership/service.h"

namespace partnerskap::bench {
namespace {

using google::protobuf::util::TimeUtil;

constexpr absl::Duration kAge = absl::Hours(24 * 365);
// Rows of one transaction.
constexpr int64_t kPortion = 20'000;
// Who has written them all.
constexpr char kPrincipal[] = "spiffe://bench.internal/org/operator/sys/admin";

// The store's own order of things, without its queue. Nothing is synced until the end: a store that is half made is
// thrown away.
class Filler {
 public:
  Filler(Connection& connection, Clock& clock, Random& random, int64_t rows)
      : connection_(connection), random_(random), rows_(rows), begin_(clock.Now() - kAge) {
    auth_.set_scope(common::v1::MethodAuth::ANY);
    call_.method = kCreateMethod;
    call_.auth = &auth_;
    call_.principal.uri = kPrincipal;
    call_.principal.all_organizations = true;
  }

  absl::Status Fill() {
    RETURN_IF_ERROR(connection_.ExecuteScript("PRAGMA journal_mode = OFF"));
    RETURN_IF_ERROR(connection_.ExecuteScript("PRAGMA synchronous = OFF"));
    // All of it stays in memory until it is written once.
    RETURN_IF_ERROR(connection_.ExecuteScript("PRAGMA cache_size = -4000000"));
    for (int64_t from = 0; from < rows_; from += kPortion) {
      RETURN_IF_ERROR(InTransaction(connection_, [&]() -> absl::Status {
        for (int64_t row = from; row < std::min(rows_, from + kPortion); ++row) RETURN_IF_ERROR(Add(row));
        return absl::OkStatus();
      }));
    }
    // As a store that has forgotten what is older than its window.
    return InTransaction(connection_, [&]() -> absl::Status {
      const absl::Time horizon = begin_ + kAge - WriterOptions().request_id_window;
      RETURN_IF_ERROR(SetStoreInt(connection_, "request_horizon", absl::ToUnixMicros(horizon)));
      return SetStoreInt(connection_, "request_expired", std::max<int64_t>(1, RowsBefore(horizon)));
    });
  }

 private:
  absl::Time TimeOf(int64_t row) const { return begin_ + kAge * row / rows_; }
  int64_t RowsBefore(absl::Time time) const {
    return static_cast<int64_t>(absl::FDivDuration(time - begin_, kAge) * static_cast<double>(rows_));
  }

  absl::Status Add(int64_t row) {
    const auto number = static_cast<uint64_t>(row);
    const membership::v1::CreateOrganizationRequest request = CreateOf(number);
    call_.time = TimeOf(row);
    call_.request_id = request.request_id();
    const WriteTx::Context context = {kPrincipal, kCreateMethod, request.request_id(), "", call_.time};
    const int64_t micros = absl::ToUnixMicros(call_.time);
    WriteTx tx(connection_, context, random_, &sequence_, micros);
    RETURN_IF_ERROR(membership::CreateOrganization(env_, call_, request, tx).status());
    return Audit(request, tx, micros);
  }

  absl::Status Audit(const membership::v1::CreateOrganizationRequest& request, const WriteTx& tx, int64_t micros) {
    std::string salt(kAuditSaltBytes, '\0');
    random_.Fill(salt.data(), salt.size());
    common::v1::AuditEntry entry;
    *entry.mutable_commit_time() = TimeUtil::MicrosecondsToTimestamp(micros);
    entry.set_principal(kPrincipal);
    entry.set_method(kCreateMethod);
    entry.set_request_id(request.request_id());
    entry.set_salt(salt);
    entry.set_digest(AuditDigest(salt, DeterministicBytes(request)));
    entry.set_count(1);
    entry.set_change_sequence(tx.first_sequence());
    return AppendAudit(connection_, entry, {sequence_, tx.last_sequence(), "", true}, head_);
  }

  Connection& connection_;
  Random& random_;
  const int64_t rows_;
  const absl::Time begin_;
  Env env_;
  common::v1::MethodAuth auth_;
  Call call_;
  int64_t sequence_ = 0;
  AuditHead head_;
};

}  // namespace

absl::Status FillStore(const std::string& directory, int64_t rows) {
  const std::unique_ptr<Clock> clock = NewSystemClock();
  const std::unique_ptr<Random> random = NewSystemRandom();
  const ServiceDefinition service = membership::Definition();
  {
    const std::unique_ptr<Executor> executor = NewThreadExecutor(1, 1);
    DatabaseOptions options;
    options.directory = directory;
    options.application_id = service.application_id;
    options.migrations = service.migrations;
    options.tables = service.tables;
    options.clock = clock.get();
    options.random = random.get();
    options.executor = executor.get();
    RETURN_IF_ERROR(Database::Open(std::move(options)).status());
  }
  const std::string path = absl::StrCat(directory, "/store.db");
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(path, Connection::Mode::kWriter, ""));
  return Filler(*connection, *clock, *random, rows).Fill();
}

}  // namespace partnerskap::bench
