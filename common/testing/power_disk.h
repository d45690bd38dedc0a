// A disk in memory that loses power, fails, lies and fills up: what stores lie on in simulations and in tests/disk.
//
//   PowerDisk disk(directory);            // the real directory still holds store.lock and seal.key
//   disk.Hold(options);                   // DatabaseOptions: store.db and its WAL lie on the disk from now on
//   disk.set_after_io([&](const DiskIo&) {
//     auto image = disk.AfterCut(other_directory, draw, Unsynced::kDrawn);  // as the next boot might find it
//   });
//
// Of each file it knows what processes read (live), what is safe (durable), and the writes in between. Everything that
// is drawn comes from the seed. Disks are told apart by their directory, so that stores of one process can lie on
// different ones. Several threads may use a disk; the callbacks run on the thread of the I/O.
#ifndef PARTNERSKAP_COMMON_TESTING_POWER_DISK_H_
#define PARTNERSKAP_COMMON_TESTING_POWER_DISK_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/sql/database.h"
#include "common/testing/sim.h"

namespace partnerskap {

// The SQLite VFS over all disks there are. PowerDisk registers it; Hold names it.
inline constexpr char kPowerVfs[] = "power";

enum class DiskOperation { kOpen, kRead, kWrite, kTruncate, kSync, kDelete, kSyncDirectory };
inline constexpr int kDiskOperations = 7;

// One operation that has happened.
struct DiskIo {
  DiskOperation operation;
  absl::string_view file;  // without the directory: `store.db-wal`
};

// What becomes of that which no sync has made safe.
enum class Unsynced {
  kLost,   // all of it
  kKept,   // nothing: the cut came late
  kDrawn,  // each write is kept, lost, torn at sectors of 512 bytes, or garbage
};

// The `nth` operation of these kinds fails, counted from when the fault is set; with `sticky` all later ones, too.
// A failed sync loses what it should have made safe, though reading still shows it: so does Linux.
struct DiskFault {
  std::vector<DiskOperation> operations;  // empty: all kinds but reading and opening
  uint64_t nth = 0;                       // 0: never
  bool sticky = false;
};

class PowerDisk {
 public:
  explicit PowerDisk(std::string directory, uint64_t seed = 1);
  ~PowerDisk();
  PowerDisk(const PowerDisk&) = delete;

  const std::string& directory() const { return directory_; }
  // Sets vfs, sync_directory and free_bytes of a store in this directory.
  void Hold(DatabaseOptions& options);

  // The process dies: whoever has files open goes on with a disk that nobody sees any more, without faults and
  // callbacks; here everything written is kept, synced or not, and no lock is left.
  void Kill();
  // The same, and the power fails.
  void CutPower(SeededRandom& draw, Unsynced unsynced);
  // Another disk, in `directory`, as this one would be after a cut or a kill; this one goes on.
  std::unique_ptr<PowerDisk> AfterCut(std::string directory, SeededRandom& draw, Unsynced unsynced) const;
  std::unique_ptr<PowerDisk> AfterKill(std::string directory) const;

  // After every operation but reading; may look at the disk and make others, and must not use this one's stores.
  void set_after_io(std::function<void(const DiskIo&)> after_io);
  // Before every sync of a file takes effect: a slow disk lets time pass, a hung one does not return.
  void set_before_sync(std::function<void()> before_sync);
  void set_fault(DiskFault fault);
  // Whether the fault has struck since it was set.
  bool fault_struck() const;
  // No more bytes than these in all files; below 0: no limit.
  void set_quota(int64_t bytes);
  int64_t used() const;
  // Syncs answer OK and do nothing.
  void set_lies(bool lies);
  // Making and removing files is safe only after a sync of the directory, and in any order, as POSIX has it. Otherwise
  // any later sync makes it safe, in order, as ext4 and XFS have it.
  void set_strict_directory(bool strict);

  // How many there were, failed ones included.
  uint64_t count(DiskOperation operation) const;
  // Whether two open connections have both written or checkpointed one store: SQLite's WAL-reset bug needs that.
  bool two_writers() const;

  // A file's live bytes; "" if there is none. Setting them makes them safe.
  std::vector<std::string> Files() const;
  std::string Contents(absl::string_view file) const;
  void SetContents(absl::string_view file, std::string bytes);
  void Remove(absl::string_view file);
  // Of names and live bytes: two disks with the same look the same to the next process.
  uint64_t Digest() const;

 private:
  PowerDisk(std::string directory, std::shared_ptr<class DiskState> state);
  void Replace(std::shared_ptr<DiskState> state);
  const std::string directory_;
  std::shared_ptr<DiskState> state_;
};

// Makes SQLite's own randomness (the salts of a WAL) the same in each run.
void SeedSqlite(uint64_t seed);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_TESTING_POWER_DISK_H_
