// One store: an SQLite file with exactly one connection that ever writes or checkpoints, and read-only connections
// beside it, one per read under way, which wait for nobody.
//
// Open: lock file, recover, wal_checkpoint(TRUNCATE), header (application id, version, epoch), migrations, quick check
// of the header tables; then it serves. The full integrity check runs in the background and speaks through `health`.
#ifndef PARTNERSKAP_COMMON_SQL_DATABASE_H_
#define PARTNERSKAP_COMMON_SQL_DATABASE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/env/env.h"
#include "common/sql/transaction.h"
#include "common/sql/writer.h"

namespace partnerskap {

// `0001_create_networks`: forward only, one transaction each with the version bump inside.
struct Migration {
  int version;  // 1, 2, 3 … of the service; the tables of common/ are version 0's
  absl::string_view name;
  absl::string_view sql;
};

struct DatabaseOptions {
  std::string directory;    // holds store.db, store.lock, seal.key; created with mode 0700
  uint32_t application_id;  // of the service; another service's file is refused untouched
  std::vector<Migration> migrations;
  // After migrations, in their transaction: tables whose columns are re-derived when their version grew.
  std::vector<const class ResourceTableBase*> tables;
  std::string vfs;  // "" is the default; tests put a faulty disk here
  // Makes the directory's entries durable once the files are there. Default: fsync of the directory.
  std::function<absl::Status(const std::string& directory)> sync_directory;
  Clock* clock = nullptr;
  Random* random = nullptr;
  Executor* executor = nullptr;
  // Free bytes of the disk that holds the directory: below kWriteFloorBytes (disk_space.h) requests are refused with
  // STORE_FULL, and reads go on. Default: asks the file system.
  std::function<absl::StatusOr<int64_t>(const std::string& directory)> free_bytes;
  // Size of a file `ballast` that the operator of a full disk can delete; 0 makes none.
  int64_t ballast_bytes = 0;
  // Called on an I/O error at commit: the process must end at once, for a retried commit can lose what was
  // acknowledged. Default: log and _exit(74).
  std::function<void(const absl::Status&)> fatal;
  WriterOptions writer;
};

class Database {
 public:
  // Errors, each naming the file and what to do: FAILED_PRECONDITION (another process holds it; another service's file;
  // a newer version), DATA_LOSS (damaged), PERMISSION_DENIED, RESOURCE_EXHAUSTED.
  static absl::StatusOr<std::unique_ptr<Database>> Open(DatabaseOptions options);
  ~Database();

  // Runs `read(ReadTx&)` in one snapshot on a read-only connection and returns its result, a Status or
  // StatusOr. Readers are lent from a pool: as many as reads ever ran at once.
  template <typename F>
  auto Read(F&& read) -> decltype(read(std::declval<ReadTx&>())) {
    auto lease = LeaseReader();
    if (!lease.ok()) return lease.status();
    ReadTx tx(lease->connection());
    return read(tx);
  }

  Writer& writer() { return *writer_; }
  // Changes with each restore; part of every position and token. 16 hex digits.
  const std::string& epoch() const { return epoch_; }
  // The newest durable sequence number of `revisions`.
  int64_t committed_sequence() const { return writer_->committed_sequence(); }
  const std::string& directory() const { return options_.directory; }
  // OK, or what the background checks have found.
  absl::Status health() const;

  // A reader's snapshot, ended when destroyed.
  class Lease {
   public:
    explicit Lease(Database* database, std::unique_ptr<Connection> connection);
    Lease(Lease&&) noexcept;
    ~Lease();
    Connection& connection() { return *connection_; }

   private:
    Database* database_;
    std::unique_ptr<Connection> connection_;
  };
  absl::StatusOr<Lease> LeaseReader();

 private:
  explicit Database(DatabaseOptions options);
  absl::Status Start();
  DatabaseOptions options_;
  std::string epoch_;
  std::unique_ptr<Writer> writer_;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SQL_DATABASE_H_
