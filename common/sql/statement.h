// Statements on one SQLite connection. Only this folder includes sqlite3.h's functions; the rest of the suite writes
//
//   Rows rows = tx.Query("SELECT name, state\n  FROM meetings\n WHERE parent = ?\n ORDER BY name", parent);
//   while (rows.Next()) Use(rows.Text(0), rows.Text(1));
//   RETURN_IF_ERROR(rows.status());
#ifndef PARTNERSKAP_COMMON_SQL_STATEMENT_H_
#define PARTNERSKAP_COMMON_SQL_STATEMENT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

struct sqlite3;
struct sqlite3_stmt;

namespace partnerskap {

// Bytes that are bound as BLOB, where a string would be bound as TEXT.
struct Blob {
  absl::string_view bytes;
};

// What `?` takes. The viewed bytes must live until the statement is done.
using SqlValue = std::variant<std::nullptr_t, int64_t, absl::string_view, Blob>;
// An owned value, for derived columns and lists whose shape is known at run time.
struct OwnedBlob {
  std::string bytes;
};
using OwnedSqlValue = std::variant<std::nullptr_t, int64_t, std::string, OwnedBlob>;

// The rows of one statement. Views from Text() and Bytes() live until the next Next(). Resets its statement when
// destroyed.
class Rows {
 public:
  Rows(Rows&&) noexcept;
  Rows& operator=(Rows&&) = delete;
  ~Rows();
  // The next row; false at the end or after an error, which status() tells.
  bool Next();
  const absl::Status& status() const { return status_; }
  bool IsNull(int column) const;
  int64_t Int(int column) const;
  absl::string_view Text(int column) const;
  absl::string_view Bytes(int column) const;
  int columns() const;

 private:
  friend class Connection;
  Rows(sqlite3* db, sqlite3_stmt* stmt, bool owned, bool* busy, absl::Status status);
  sqlite3* db_;
  sqlite3_stmt* stmt_;
  bool owned_;  // a second use of the same text at once: finalized rather than reset
  bool* busy_;
  absl::Status status_;
};

// One connection with its cache of prepared statements. Used by one thread at a time.
class Connection {
 public:
  enum class Mode { kWriter, kReader };
  // Opens with the flags and pragmas of the mode (see database.cc for each pragma's reason). `vfs` "" is the default.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& path, Mode mode, const std::string& vfs);
  ~Connection();
  Connection(const Connection&) = delete;

  // Prepares (or takes from the cache), binds, and returns the rows. Errors are in Rows::status().
  Rows Query(absl::string_view sql, absl::Span<const SqlValue> values);
  // For statements without rows.
  absl::Status Execute(absl::string_view sql, absl::Span<const SqlValue> values = {});
  // Several statements separated by `;`, without values: migrations and pragmas.
  absl::Status ExecuteScript(const std::string& sql);
  // Rows changed by the last statement.
  int64_t changes() const;
  // False while a transaction is open. Some errors (SQLITE_FULL) end the whole transaction.
  bool autocommit() const;
  sqlite3* handle() const { return db_; }

 private:
  struct Cached {
    sqlite3_stmt* stmt = nullptr;
    bool busy = false;
  };
  explicit Connection(sqlite3* db) : db_(db) {}
  sqlite3* db_;
  absl::flat_hash_map<std::string, std::unique_ptr<Cached>> cache_;
};

// The status of an SQLite error: RESOURCE_EXHAUSTED for FULL, DATA_LOSS for CORRUPT and NOTADB, ABORTED for BUSY,
// ALREADY_EXISTS for a unique or primary key, FAILED_PRECONDITION for other constraints, INTERNAL else. The text is for
// the log: it names SQL, never values.
absl::Status SqlStatus(sqlite3* db, int code, absl::string_view doing);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SQL_STATEMENT_H_
