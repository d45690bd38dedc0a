#include "common/sql/store_file.h"

#include <sqlite3.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/env/failpoint.h"
#include "common/sql/resource_table.h"
#include "common/sql/wal_check.h"
#include "common/status/macros.h"
#include "common/text/collation.h"

namespace partnerskap {
namespace {

// Tables of every store. `revisions` is history and feed at once; rows leave it only by a registered erasure.
constexpr char kCommonTables[] = R"sql(
CREATE TABLE store (
  key TEXT PRIMARY KEY,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE revisions (
  seq INTEGER PRIMARY KEY,          -- given by the writer: 1, 2, 3 ..., never again
  tx INTEGER NOT NULL,              -- seq of the first revision of the same request
  name TEXT NOT NULL,
  revision INTEGER NOT NULL,        -- of this name: 1, 2, 3 ...
  commit_time INTEGER NOT NULL,     -- microseconds UTC; never falls as seq rises
  type TEXT NOT NULL,               -- what happened
  message_type TEXT NOT NULL,
  message BLOB NOT NULL,            -- stored bytes after the change; empty when erased
  changed_paths TEXT NOT NULL,      -- comma separated
  request_id TEXT NOT NULL,
  trace_parent TEXT NOT NULL,
  principal TEXT NOT NULL,
  method TEXT NOT NULL
) STRICT;
-- SQLite adds seq to it, so it answers "newest of this name" by itself.
CREATE INDEX revisions_by_name ON revisions (name);

CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY,
  commit_time INTEGER NOT NULL,     -- microseconds UTC
  principal TEXT NOT NULL,
  method TEXT NOT NULL,
  object TEXT NOT NULL,
  request_id TEXT NOT NULL,
  salt BLOB NOT NULL,               -- of digest; erased with personal data
  digest BLOB NOT NULL,             -- HMAC-SHA-256 of the request under salt
  code INTEGER NOT NULL,            -- google.rpc.Code
  reason TEXT NOT NULL,
  count INTEGER NOT NULL,
  change_sequence INTEGER NOT NULL, -- first revision that the call made, or 0
  previous_hash BLOB NOT NULL,
  hash BLOB NOT NULL,
  position INTEGER NOT NULL,        -- newest revision of the store after the call; this and the rest are not hashed
  answer_sequence INTEGER,          -- the revision whose bytes were the answer
  answer BLOB                       -- or the answer's bytes; both NULL for a refusal
) STRICT;

CREATE TABLE old_request_keys (
  key BLOB PRIMARY KEY,             -- see request_index.h
  sequence INTEGER NOT NULL         -- of the audit row
) STRICT, WITHOUT ROWID;

CREATE TABLE feed_cursors (
  producer TEXT PRIMARY KEY,
  epoch TEXT NOT NULL,
  sequence INTEGER NOT NULL,        -- applied through this sequence number of the producer
  resume_token TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// SQLite's header: 100 bytes, big endian, user_version at 60 and application_id at 68.
constexpr int kHeaderBytes = 100;
constexpr int kUserVersionAt = 60;
constexpr int kApplicationIdAt = 68;

uint32_t BigEndian(const unsigned char* bytes) {
  return (uint32_t{bytes[0]} << 24) | (uint32_t{bytes[1]} << 16) | (uint32_t{bytes[2]} << 8) | uint32_t{bytes[3]};
}

constexpr absl::string_view kSetStore =
    "INSERT INTO store (key, value)\nVALUES (?, ?)\n    ON CONFLICT (key) DO UPDATE SET value = excluded.value";

struct Header {
  uint32_t application_id = 0;
  int64_t version = 0;
  bool exists = false;
  bool empty = true;  // no file, or no page, or no table
};

absl::Status Judge(const std::string& path, const Header& header, uint32_t application_id, int newest_version) {
  if (header.empty) return absl::OkStatus();
  if (header.application_id != application_id) {
    return absl::FailedPreconditionError(absl::StrCat(path, " belongs to another application (id ",
                                                      absl::Hex(header.application_id), ", not ",
                                                      absl::Hex(application_id), "): check the state directory"));
  }
  if (header.version > newest_version) {
    return absl::FailedPreconditionError(absl::StrCat(path, " has version ", header.version,
                                                      ", this program knows up to ", newest_version,
                                                      ": start the newer program, or restore an older backup"));
  }
  return absl::OkStatus();
}

// A file of a store, read through the VFS without opening a database: even a read-only connection makes files beside
// it, and recovers.
class RawFile {
 public:
  // What SQLite knows a kind of file by, and what stands behind the store's name.
  struct Kind {
    int flag;
    absl::string_view suffix;
  };
  static constexpr Kind kStore = {SQLITE_OPEN_MAIN_DB, ""};
  static constexpr Kind kJournal = {SQLITE_OPEN_MAIN_JOURNAL, "-journal"};
  static constexpr Kind kWal = {SQLITE_OPEN_WAL, "-wal"};

  // Null when there is no such file.
  static absl::StatusOr<std::unique_ptr<RawFile>> Open(const std::string& store, const std::string& vfs_name,
                                                       Kind kind) {
    sqlite3_vfs* vfs = sqlite3_vfs_find(vfs_name.empty() ? nullptr : vfs_name.c_str());
    if (vfs == nullptr) return absl::InvalidArgumentError(absl::StrCat("there is no SQLite VFS ", vfs_name));
    const std::string path = absl::StrCat(store, kind.suffix);
    std::string full(static_cast<size_t>(vfs->mxPathname) + 1, '\0');
    if (vfs->xFullPathname(vfs, path.c_str(), static_cast<int>(full.size()), full.data()) != SQLITE_OK) {
      return absl::InvalidArgumentError(absl::StrCat(path, " is not a path"));
    }
    int exists = 0;
    const bool looked = vfs->xAccess(vfs, full.c_str(), SQLITE_ACCESS_EXISTS, &exists) == SQLITE_OK;
    if (!looked || exists == 0) return nullptr;
    std::unique_ptr<RawFile> file(new RawFile(path, full, vfs->szOsFile));
    int flags = SQLITE_OPEN_READONLY | kind.flag;
    RETURN_IF_ERROR(file->StatusOf(vfs->xOpen(vfs, file->name_, file->file(), flags, &flags)));
    RETURN_IF_ERROR(file->StatusOf(file->file()->pMethods->xFileSize(file->file(), &file->size_)));
    return file;
  }
  ~RawFile() {
    if (file()->pMethods != nullptr) file()->pMethods->xClose(file());
    sqlite3_free_filename(const_cast<char*>(name_));
  }
  RawFile(const RawFile&) = delete;

  int64_t size() const { return size_; }
  absl::Status Read(int64_t offset, char* bytes, size_t size) {
    return StatusOf(file()->pMethods->xRead(file(), bytes, static_cast<int>(size), offset));
  }

 private:
  RawFile(std::string path, const std::string& full, int memory)
      : path_(std::move(path)),
        name_(sqlite3_create_filename(full.c_str(), "", "", 0, nullptr)),
        memory_(std::calloc(1, static_cast<size_t>(memory)), std::free) {}
  sqlite3_file* file() { return static_cast<sqlite3_file*>(memory_.get()); }
  absl::Status StatusOf(int code) const {
    return code == SQLITE_OK ? absl::OkStatus() : SqlStatus(nullptr, code, absl::StrCat("cannot read ", path_));
  }

  const std::string path_;
  const char* const name_;
  const std::unique_ptr<void, void (*)(void*)> memory_;
  sqlite3_int64 size_ = 0;
};

// The first bytes of the store's file.
absl::StatusOr<Header> ReadRawHeader(const std::string& path, const std::string& vfs) {
  Header header;
  ASSIGN_OR_RETURN(const std::unique_ptr<RawFile> file, RawFile::Open(path, vfs, RawFile::kStore));
  if (file == nullptr) return header;
  header.exists = true;
  if (file->size() == 0) return header;
  std::array<unsigned char, kHeaderBytes> bytes{};
  auto* chars = reinterpret_cast<char*>(bytes.data());
  if (file->size() >= kHeaderBytes) RETURN_IF_ERROR(file->Read(0, chars, kHeaderBytes));
  if (absl::string_view(chars, 15) != "SQLite format 3") {
    // The power may have failed while the first page was written: what it should be stands in the journal of a store
    // that was being made, or in the WAL, and the connection that looks next reads it there.
    for (const RawFile::Kind kind : {RawFile::kJournal, RawFile::kWal}) {
      ASSIGN_OR_RETURN(const std::unique_ptr<RawFile> beside, RawFile::Open(path, vfs, kind));
      if (beside != nullptr) return header;
    }
    return absl::DataLossError(absl::StrCat(path, " is no SQLite file, or damaged: restore the newest backup"));
  }
  header.application_id = BigEndian(bytes.data() + kApplicationIdAt);
  header.version = static_cast<int32_t>(BigEndian(bytes.data() + kUserVersionAt));
  // A file that was being made when its process died has neither yet; what follows looks for tables.
  header.empty = header.application_id == 0 && header.version == 0;
  return header;
}

absl::Status CheckWalOf(const std::string& path, const std::string& vfs) {
  ASSIGN_OR_RETURN(const std::unique_ptr<RawFile> file, RawFile::Open(path, vfs, RawFile::kWal));
  if (file == nullptr) return absl::OkStatus();
  const absl::Status status =
      CheckWal(file->size(), [&](int64_t offset, char* bytes, size_t size) { return file->Read(offset, bytes, size); });
  if (!absl::IsDataLoss(status)) return status;
  return absl::DataLossError(absl::StrCat(path, "-wal: ", status.message(),
                                          ": nothing was changed; keep a copy of both files, and restore the newest "
                                          "backup"));
}

absl::StatusOr<int64_t> OneInt(Connection& connection, absl::string_view sql) {
  Rows rows = connection.Query(sql, {});
  int64_t value = rows.Next() ? rows.Int(0) : 0;
  RETURN_IF_ERROR(rows.status());
  return value;
}

// What a connection sees, the WAL's pages included.
absl::StatusOr<Header> ReadHeader(Connection& connection) {
  Header header;
  ASSIGN_OR_RETURN(int64_t application_id, OneInt(connection, "PRAGMA application_id"));
  header.application_id = static_cast<uint32_t>(application_id);
  ASSIGN_OR_RETURN(header.version, OneInt(connection, "PRAGMA user_version"));
  ASSIGN_OR_RETURN(int64_t tables, OneInt(connection, "SELECT COUNT(*) FROM sqlite_schema"));
  header.empty = tables == 0 && header.application_id == 0 && header.version == 0;
  return header;
}

std::string NewEpoch(Random& random) {
  std::array<char, 8> bytes{};
  random.Fill(bytes.data(), bytes.size());
  return absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size()));
}

absl::Status RederiveAll(Connection& connection, const std::vector<const ResourceTableBase*>& tables) {
  ReadTx tx(connection);
  for (const ResourceTableBase* table : tables) {
    RETURN_IF_ERROR(table->CheckColumns(tx));
    RETURN_IF_ERROR(table->Rederive(tx));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckStoreFile(const std::string& path, const std::string& vfs, uint32_t application_id,
                            int newest_version) {
  ASSIGN_OR_RETURN(Header raw, ReadRawHeader(path, vfs));
  RETURN_IF_ERROR(Judge(path, raw, application_id, newest_version));
  if (!raw.exists) return absl::OkStatus();
  RETURN_IF_ERROR(CheckWalOf(path, vfs));
  auto connection = Connection::Open(path, Connection::Mode::kReader, vfs);
  if (!connection.ok()) return connection.status();
  auto header = ReadHeader(**connection);
  // A journal that must be played back needs a writer, and only a store that was being made has one.
  if (absl::IsPermissionDenied(header.status())) return absl::OkStatus();
  if (!header.ok()) return header.status();
  return Judge(path, *header, application_id, newest_version);
}

absl::Status CreateStore(Connection& connection, uint32_t application_id, Random& random) {
  ASSIGN_OR_RETURN(Header header, ReadHeader(connection));
  if (!header.empty) {
    ASSIGN_OR_RETURN(int64_t format, StoreInt(connection, "format"));
    if (format == kStoreFormat) return absl::OkStatus();
    return absl::FailedPreconditionError(
        absl::StrCat("the store has format ", format, ", this program knows ", kStoreFormat));
  }
  return InTransaction(connection, [&]() -> absl::Status {
    RETURN_IF_ERROR(connection.ExecuteScript(kCommonTables));
    RETURN_IF_ERROR(connection.ExecuteScript(absl::StrCat("PRAGMA application_id = ", application_id)));
    RETURN_IF_ERROR(SetStoreInt(connection, "format", kStoreFormat));
    return SetStoreText(connection, "epoch", NewEpoch(random));
  });
}

absl::Status Migrate(Connection& connection, const std::vector<Migration>& migrations,
                     const std::vector<const ResourceTableBase*>& tables) {
  ASSIGN_OR_RETURN(int64_t version, OneInt(connection, "PRAGMA user_version"));
  int expected = 1;
  for (const Migration& migration : migrations) {
    if (migration.version != expected++) {
      return absl::InternalError(absl::StrCat("migration ", migration.name, " stands out of order"));
    }
    if (migration.version <= version) continue;
    bool last = &migration == &migrations.back();
    absl::Status status = InTransaction(connection, [&]() -> absl::Status {
      RETURN_IF_ERROR(connection.ExecuteScript(std::string(migration.sql)));
      Failpoint("mid_migration");
      RETURN_IF_ERROR(connection.ExecuteScript(absl::StrCat("PRAGMA user_version = ", migration.version)));
      // Earlier ones leave tables that today's derivation does not fit yet.
      return last ? RederiveAll(connection, tables) : absl::OkStatus();
    });
    if (!status.ok()) {
      return absl::Status(status.code(), absl::StrCat("migration ", migration.name, ": ", status.message()));
    }
  }
  ReadTx tx(connection);
  for (const ResourceTableBase* table : tables) RETURN_IF_ERROR(table->CheckColumns(tx));
  return absl::OkStatus();
}

absl::Status RefreshCollation(Connection& connection, const std::vector<const ResourceTableBase*>& tables) {
  ASSIGN_OR_RETURN(std::string current, IcuVersion());
  ASSIGN_OR_RETURN(std::string stored, StoreText(connection, "collation"));
  if (stored == current) return absl::OkStatus();
  return InTransaction(connection, [&]() -> absl::Status {
    RETURN_IF_ERROR(RederiveAll(connection, tables));
    return SetStoreText(connection, "collation", current);
  });
}

absl::Status InTransaction(Connection& connection, absl::FunctionRef<absl::Status()> work) {
  RETURN_IF_ERROR(connection.Execute("BEGIN IMMEDIATE"));
  absl::Status status = work();
  if (status.ok()) status = connection.Execute("COMMIT");
  if (!status.ok() && !connection.autocommit()) connection.Execute("ROLLBACK").IgnoreError();
  return status;
}

absl::StatusOr<std::string> StoreText(Connection& connection, absl::string_view key) {
  Rows rows = connection.Query("SELECT value\n  FROM store\n WHERE key = ?", std::array<SqlValue, 1>{key});
  std::string value = rows.Next() ? std::string(rows.Text(0)) : "";
  RETURN_IF_ERROR(rows.status());
  return value;
}

absl::StatusOr<int64_t> StoreInt(Connection& connection, absl::string_view key) {
  Rows rows = connection.Query("SELECT value\n  FROM store\n WHERE key = ?", std::array<SqlValue, 1>{key});
  int64_t value = rows.Next() ? rows.Int(0) : 0;
  RETURN_IF_ERROR(rows.status());
  return value;
}

absl::Status SetStoreText(Connection& connection, absl::string_view key, absl::string_view value) {
  return connection.Execute(kSetStore, std::array<SqlValue, 2>{key, value});
}

absl::Status SetStoreInt(Connection& connection, absl::string_view key, int64_t value) {
  return connection.Execute(kSetStore, std::array<SqlValue, 2>{key, value});
}

}  // namespace partnerskap
