#include "common/sql/database.h"

#include <unistd.h>

#include <cstdio>
#include <mutex>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/env/failpoint.h"
#include "common/sql/disk_space.h"
#include "common/sql/group_writer.h"
#include "common/sql/integrity.h"
#include "common/sql/lock_file.h"
#include "common/sql/store_file.h"
#include "common/status/macros.h"

namespace partnerskap {
namespace {

// sysexits.h EX_IOERR: tells the supervisor that the disk failed, not the configuration.
constexpr int kExitIoError = 74;

// Readers that wait in the pool. More than the threads that read at once are closed when they come back.
constexpr size_t kMaxIdleReaders = 16;

void EndProcess(const absl::Status& status) {
  std::string line = absl::StrCat(
      "{\"severity\":\"CRITICAL\",\"message\":\"the store cannot be written; the process ends\",\"error\":\"",
      absl::CHexEscape(status.message()), "\"}\n");
  std::fwrite(line.data(), 1, line.size(), stderr);
  _exit(kExitIoError);
}

// The same status, with the file that it is about.
absl::Status At(const std::string& path, const absl::Status& status) {
  if (status.ok() || status.message().find(path) != absl::string_view::npos) return status;
  return absl::Status(status.code(), absl::StrCat(path, ": ", status.message()));
}

absl::Status TruncateWal(Connection& connection) {
  // A commit after a hole that the page cache hid would be lost at the next power cut: nothing of the WAL may be left
  // when the first new commit is made.
  Failpoint("checkpoint");
  Rows rows = connection.Query("PRAGMA wal_checkpoint(TRUNCATE)", {});
  bool blocked = rows.Next() && rows.Int(0) != 0;
  RETURN_IF_ERROR(rows.status());
  return blocked ? absl::FailedPreconditionError("another process reads the store") : absl::OkStatus();
}

absl::Status Prepare(Connection& connection, const DatabaseOptions& options) {
  RETURN_IF_ERROR(TruncateWal(connection));
  RETURN_IF_ERROR(options.sync_directory(options.directory));
  RETURN_IF_ERROR(CreateStore(connection, options.application_id, *options.random));
  RETURN_IF_ERROR(Migrate(connection, options.migrations, options.tables));
  RETURN_IF_ERROR(RefreshCollation(connection, options.tables));
  return TruncateWal(connection);
}

}  // namespace

struct Database::State {
  std::unique_ptr<LockFile> lock;
  std::string path;
  std::unique_ptr<IntegrityChecker> checker;
  std::mutex mutex;
  std::vector<std::unique_ptr<Connection>> idle;  // guarded by mutex
};

Database::Database(DatabaseOptions options) : options_(std::move(options)), state_(std::make_unique<State>()) {
  if (!options_.fatal) options_.fatal = EndProcess;
  if (!options_.free_bytes) options_.free_bytes = FreeBytes;
  if (!options_.sync_directory) options_.sync_directory = SyncDirectory;
  state_->path = absl::StrCat(options_.directory, "/store.db");
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(DatabaseOptions options) {
  std::unique_ptr<Database> database(new Database(std::move(options)));
  absl::Status status = database->Start();
  if (!status.ok()) return At(database->state_->path, status);
  return database;
}

absl::Status Database::Start() {
  RETURN_IF_ERROR(MakeStateDirectory(options_.directory));
  ASSIGN_OR_RETURN(state_->lock, LockFile::Acquire(absl::StrCat(options_.directory, "/store.lock")));
  int newest = options_.migrations.empty() ? 0 : options_.migrations.back().version;
  RETURN_IF_ERROR(CheckStoreFile(state_->path, options_.vfs, options_.application_id, newest));
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
                   Connection::Open(state_->path, Connection::Mode::kWriter, options_.vfs));
  RETURN_IF_ERROR(Prepare(*connection, options_));
  ASSIGN_OR_RETURN(epoch_, StoreText(*connection, "epoch"));
  RETURN_IF_ERROR(MakeBallast(options_.directory, options_.ballast_bytes, options_.free_bytes));
  GroupWriterParts parts{std::move(connection), options_.clock, options_.random,
                         options_.executor,     options_.fatal, DiskGuard(options_.directory, options_.free_bytes),
                         options_.writer};
  ASSIGN_OR_RETURN(writer_, NewGroupWriter(std::move(parts)));
  state_->checker = IntegrityChecker::Start(state_->path, options_.vfs, options_.tables, *options_.executor);
  return absl::OkStatus();
}

Database::~Database() {
  state_->checker.reset();
  if (writer_ != nullptr) writer_->Close();
  // Before the writer's connection, which empties and removes the WAL as the last one.
  state_->idle.clear();
  writer_.reset();
}

absl::Status Database::health() const { return state_->checker->status(); }

absl::StatusOr<Database::Lease> Database::LeaseReader() {
  std::unique_ptr<Connection> connection;
  {
    std::lock_guard<std::mutex> lock(state_->mutex);
    if (!state_->idle.empty()) {
      connection = std::move(state_->idle.back());
      state_->idle.pop_back();
    }
  }
  if (connection == nullptr) {
    ASSIGN_OR_RETURN(connection, Connection::Open(state_->path, Connection::Mode::kReader, options_.vfs));
  }
  RETURN_IF_ERROR(connection->Execute("BEGIN"));
  return Lease(this, std::move(connection));
}

Database::Lease::Lease(Database* database, std::unique_ptr<Connection> connection)
    : database_(database), connection_(std::move(connection)) {}

Database::Lease::Lease(Lease&&) noexcept = default;

Database::Lease::~Lease() {
  // One that cannot end its snapshot is closed rather than lent again.
  if (connection_ == nullptr || !connection_->Execute("ROLLBACK").ok()) return;
  std::lock_guard<std::mutex> lock(database_->state_->mutex);
  if (database_->state_->idle.size() < kMaxIdleReaders) database_->state_->idle.push_back(std::move(connection_));
}

}  // namespace partnerskap
