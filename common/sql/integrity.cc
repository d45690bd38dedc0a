#include "common/sql/integrity.h"

#include <sqlite3.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/audit/audit.h"
#include "common/sql/audit_log.h"
#include "common/sql/statement.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"

namespace partnerskap {
namespace {

constexpr absl::Duration kEvery = absl::Hours(24);
// When the pool has no room, the check comes after this.
constexpr absl::Duration kLater = absl::Minutes(1);
// Steps of SQLite's virtual machine between two looks at whether to stop: some milliseconds.
constexpr int kStepsPerLook = 100'000;
// One problem is enough to say that the file is damaged; the rest of the check would only take time.
constexpr char kCheck[] = "PRAGMA integrity_check(1)";

// Outlives the checker, because a posted task or a firing timer may still hold it.
class Check : public std::enable_shared_from_this<Check> {
 public:
  Check(std::string path, std::string vfs, std::vector<const ResourceTableBase*> tables, Executor& executor)
      : path_(std::move(path)), vfs_(std::move(vfs)), tables_(std::move(tables)), executor_(executor) {}

  void Schedule() {
    if (!executor_.TryPost([self = shared_from_this()] { self->Run(); })) After(kLater);
  }

  // Waits for a check that runs; none begins after.
  void Stop() {
    std::unique_lock<std::mutex> lock(mutex_);
    stopped_ = true;
    timer_.reset();
    idle_.wait(lock, [this] { return !running_; });
  }

  absl::Status status() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return status_;
  }

  bool checked() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return checked_;
  }

 private:
  void After(absl::Duration delay) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (stopped_) return;
    timer_ = executor_.After(delay, [weak = weak_from_this()] {
      if (auto self = weak.lock(); self != nullptr && !self->stopped_) self->Schedule();
    });
  }

  void Run() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (stopped_) return;
      running_ = true;
    }
    absl::Status found = Look();
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (!stopped_) {
        status_ = std::move(found);
        checked_ = true;
      }
      running_ = false;
      idle_.notify_all();
    }
    After(kEvery);
  }

  absl::Status Look() {
    ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, Connection::Open(path_, Connection::Mode::kReader, vfs_));
    sqlite3_progress_handler(
        connection->handle(), kStepsPerLook, [](void* self) { return static_cast<Check*>(self)->stopped_ ? 1 : 0; },
        this);
    RETURN_IF_ERROR(connection->Execute("BEGIN"));
    {
      Rows rows = connection->Query(kCheck, {});
      std::string answer = rows.Next() ? std::string(rows.Text(0)) : "";
      RETURN_IF_ERROR(rows.status());
      if (answer != "ok") return absl::DataLossError(absl::StrCat(path_, ": ", answer));
    }
    ReadTx tx(*connection);
    for (const ResourceTableBase* table : tables_) RETURN_IF_ERROR(table->VerifyDerivation(tx));
    return VerifyAudit(tx);
  }

  static absl::Status VerifyAudit(ReadTx& tx) {
    ChainVerifier chain;
    Rows rows = tx.Query(absl::StrCat("SELECT ", kAuditColumns, "\n  FROM audit\n ORDER BY sequence"));
    while (rows.Next()) RETURN_IF_ERROR(chain.Add(AuditEntryOf(rows)));
    return rows.status();
  }

  const std::string path_, vfs_;
  const std::vector<const ResourceTableBase*> tables_;
  Executor& executor_;
  mutable std::mutex mutex_;
  std::condition_variable idle_;
  std::atomic<bool> stopped_{false};
  bool running_ = false;
  bool checked_ = false;
  absl::Status status_;
  std::unique_ptr<Timer> timer_;
};

class Checker final : public IntegrityChecker {
 public:
  explicit Checker(std::shared_ptr<Check> check) : check_(std::move(check)) { check_->Schedule(); }
  ~Checker() override { check_->Stop(); }
  absl::Status status() const override { return check_->status(); }
  bool checked() const override { return check_->checked(); }

 private:
  std::shared_ptr<Check> check_;
};

}  // namespace

std::unique_ptr<IntegrityChecker> IntegrityChecker::Start(std::string path, std::string vfs,
                                                          std::vector<const ResourceTableBase*> tables,
                                                          Executor& executor) {
  return std::make_unique<Checker>(
      std::make_shared<Check>(std::move(path), std::move(vfs), std::move(tables), executor));
}

}  // namespace partnerskap
