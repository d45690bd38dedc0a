#include "common/sql/statement.h"

#include <sqlite3.h>

#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/status/memory.h"

namespace partnerskap {
namespace {

// How long a connection waits for another's lock. Nothing but a checkpoint that waits for readers ever does.
constexpr int kBusyMilliseconds = 100;

// SQL in a status is cut to this many bytes: enough to find the statement.
constexpr size_t kShownSqlBytes = 120;

// Memory statistics take a global lock at each allocation: a third of the reads of two threads.
void ConfigureOnce() {
  static const int configured = [] {
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return sqlite3_initialize();
  }();
  static_cast<void>(configured);
}

// SQLite binds NULL for a null pointer, also when the length is zero.
const char* Pointer(absl::string_view view) { return view.data() == nullptr ? "" : view.data(); }

int BindOne(sqlite3_stmt* stmt, int index, const SqlValue& value) {
  return std::visit(
      [&](const auto& held) {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, std::nullptr_t>) {
          return sqlite3_bind_null(stmt, index);
        } else if constexpr (std::is_same_v<T, int64_t>) {
          return sqlite3_bind_int64(stmt, index, held);
        } else if constexpr (std::is_same_v<T, Blob>) {
          return sqlite3_bind_blob64(stmt, index, Pointer(held.bytes), held.bytes.size(), SQLITE_STATIC);
        } else {
          return sqlite3_bind_text64(stmt, index, Pointer(held), held.size(), SQLITE_STATIC, SQLITE_UTF8);
        }
      },
      value);
}

int BindAll(sqlite3_stmt* stmt, absl::Span<const SqlValue> values) {
  if (sqlite3_bind_parameter_count(stmt) != static_cast<int>(values.size())) return SQLITE_RANGE;
  for (size_t i = 0; i < values.size(); ++i) {
    if (int code = BindOne(stmt, static_cast<int>(i) + 1, values[i]); code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

absl::Status ConfigureWriter(Connection& connection) {
  // The file's own property, so only heard before the first table: freed pages can be given back after an erasure.
  RETURN_IF_ERROR(connection.ExecuteScript("PRAGMA auto_vacuum = INCREMENTAL"));
  {
    Rows rows = connection.Query("PRAGMA journal_mode = WAL", {});
    bool wal = rows.Next() && rows.Text(0) == "wal";
    RETURN_IF_ERROR(rows.status());
    // SQLite answers the mode that it kept, without an error.
    if (!wal) return absl::FailedPreconditionError("the file system cannot hold a store: no write-ahead log");
  }
  // An fsync at each commit: what was answered survives a power cut. With group commit NORMAL would not be faster.
  RETURN_IF_ERROR(connection.ExecuteScript("PRAGMA synchronous = FULL"));
  RETURN_IF_ERROR(connection.ExecuteScript("PRAGMA foreign_keys = ON"));
  // The writer checkpoints between batches, never inside a commit that somebody waits for.
  RETURN_IF_ERROR(connection.ExecuteScript("PRAGMA wal_autocheckpoint = 0"));
  // A WAL that grew under a long reader gives its space back: 64 MiB.
  RETURN_IF_ERROR(connection.ExecuteScript("PRAGMA journal_size_limit = 67108864"));
  // A batch's pages stay in memory until its commit: 16 MiB.
  return connection.ExecuteScript("PRAGMA cache_size = -16384");
}

absl::Status ConfigureReader(sqlite3* db, Connection& connection) {
  sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return connection.ExecuteScript("PRAGMA query_only = ON");
}

}  // namespace

absl::Status SqlStatus(sqlite3* db, int code, absl::string_view doing) {
  std::string text = absl::StrCat(doing.substr(0, kShownSqlBytes), ": ",
                                  db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code), " (", code, ")");
  // A full disk has no room for the shared memory of the WAL either.
  if (code == SQLITE_IOERR_SHMSIZE) return absl::ResourceExhaustedError(text);
  switch (code & 0xff) {
    case SQLITE_NOMEM:
      return RefuseForMemory();
    case SQLITE_FULL:
      return absl::ResourceExhaustedError(text);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::DataLossError(text);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return absl::AbortedError(text);
    case SQLITE_CONSTRAINT:
      if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID) {
        return absl::AlreadyExistsError(text);
      }
      return absl::FailedPreconditionError(text);
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return absl::PermissionDeniedError(text);
    default:
      return absl::InternalError(text);
  }
}

Rows::Rows(sqlite3* db, sqlite3_stmt* stmt, bool owned, bool* busy, absl::Status status)
    : db_(db), stmt_(stmt), owned_(owned), busy_(busy), status_(std::move(status)) {}

Rows::Rows(Rows&& other) noexcept
    : db_(other.db_),
      stmt_(std::exchange(other.stmt_, nullptr)),
      owned_(other.owned_),
      busy_(std::exchange(other.busy_, nullptr)),
      status_(std::move(other.status_)) {}

Rows::~Rows() {
  if (stmt_ == nullptr) return;
  if (owned_) {
    sqlite3_finalize(stmt_);
    return;
  }
  sqlite3_reset(stmt_);
  sqlite3_clear_bindings(stmt_);
  *busy_ = false;
}

bool Rows::Next() {
  if (!status_.ok() || stmt_ == nullptr) return false;
  int code = sqlite3_step(stmt_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) status_ = SqlStatus(db_, code, sqlite3_sql(stmt_));
  return false;
}

bool Rows::IsNull(int column) const { return sqlite3_column_type(stmt_, column) == SQLITE_NULL; }
int64_t Rows::Int(int column) const { return sqlite3_column_int64(stmt_, column); }
int Rows::columns() const { return stmt_ == nullptr ? 0 : sqlite3_column_count(stmt_); }

absl::string_view Rows::Text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(stmt_, column));
  if (text == nullptr) return "";
  return absl::string_view(text, static_cast<size_t>(sqlite3_column_bytes(stmt_, column)));
}

absl::string_view Rows::Bytes(int column) const {
  const void* bytes = sqlite3_column_blob(stmt_, column);
  if (bytes == nullptr) return "";
  return absl::string_view(static_cast<const char*>(bytes), static_cast<size_t>(sqlite3_column_bytes(stmt_, column)));
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const std::string& path, Mode mode,
                                                             const std::string& vfs) {
  ConfigureOnce();
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= mode == Mode::kWriter ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  sqlite3* db = nullptr;
  int code = sqlite3_open_v2(path.c_str(), &db, flags, vfs.empty() ? nullptr : vfs.c_str());
  std::unique_ptr<Connection> connection(new Connection(db));
  if (code != SQLITE_OK) return SqlStatus(db, code, absl::StrCat("open ", path));
  sqlite3_busy_timeout(db, kBusyMilliseconds);
  // Views and triggers of a file that somebody else wrote may not call functions with effects.
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // A mapped file turns a stray pointer into a damaged store, and made SQLite's WAL-reset bug worse.
  RETURN_IF_ERROR(connection->ExecuteScript("PRAGMA mmap_size = 0"));
  // A savepoint whose journal outgrows 64 KiB would open a file in /tmp: a container has none to write to, and a full
  // one would fail requests that the store's own disk could hold.
  RETURN_IF_ERROR(connection->ExecuteScript("PRAGMA temp_store = MEMORY"));
  RETURN_IF_ERROR(mode == Mode::kWriter ? ConfigureWriter(*connection) : ConfigureReader(db, *connection));
  return connection;
}

Connection::~Connection() {
  for (auto& [sql, cached] : cache_) sqlite3_finalize(cached->stmt);
  sqlite3_close_v2(db_);
}

Rows Connection::Query(absl::string_view sql, absl::Span<const SqlValue> values) {
  std::unique_ptr<Cached>& cached = cache_[sql];
  if (cached == nullptr) cached = std::make_unique<Cached>();
  bool owned = cached->busy;
  sqlite3_stmt* stmt = owned ? nullptr : cached->stmt;
  if (stmt == nullptr) {
    int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), owned ? 0 : SQLITE_PREPARE_PERSISTENT,
                                  &stmt, nullptr);
    if (code != SQLITE_OK) return Rows(db_, nullptr, false, nullptr, SqlStatus(db_, code, sql));
    if (stmt == nullptr) return Rows(db_, nullptr, false, nullptr, absl::InternalError("a statement without SQL"));
    if (!owned) cached->stmt = stmt;
  }
  if (!owned) cached->busy = true;
  Rows rows(db_, stmt, owned, &cached->busy, absl::OkStatus());
  if (int code = BindAll(stmt, values); code != SQLITE_OK) rows.status_ = SqlStatus(nullptr, code, sql);
  return rows;
}

absl::Status Connection::Execute(absl::string_view sql, absl::Span<const SqlValue> values) {
  Rows rows = Query(sql, values);
  while (rows.Next()) {
  }
  return rows.status();
}

absl::Status Connection::ExecuteScript(const std::string& sql) {
  int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : SqlStatus(db_, code, sql);
}

int64_t Connection::changes() const { return sqlite3_changes64(db_); }
bool Connection::autocommit() const { return sqlite3_get_autocommit(db_) != 0; }

}  // namespace partnerskap
