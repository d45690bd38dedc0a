// The model behind power_disk.h: files, names, locks and faults of one disk. Used by power_disk and power_vfs alone.
#ifndef PARTNERSKAP_COMMON_TESTING_DISK_STATE_H_
#define PARTNERSKAP_COMMON_TESTING_DISK_STATE_H_

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/testing/power_disk.h"

namespace partnerskap {

// A write, or a truncation to `offset`.
struct DiskWrite {
  size_t offset = 0;
  std::string bytes;
  bool truncates = false;
};

// SQLite's shared memory of a WAL: 32 KiB regions, and 8 locks.
inline constexpr int kSharedLocks = 8;

// Who holds what is told by the address of the open file.
struct DiskFile {
  std::string live, durable;
  std::vector<DiskWrite> unsynced;

  // SQLite's five levels on a database file.
  std::set<const void*> shared;
  const void* reserved = nullptr;
  const void* exclusive = nullptr;  // or waits for it (PENDING), while others are in `shared`

  std::vector<std::unique_ptr<char[]>> regions;
  std::set<const void*> mapped;
  std::array<std::set<const void*>, kSharedLocks> shared_locks;
  std::array<const void*, kSharedLocks> exclusive_locks{};
  std::set<const void*> writers;  // open files that have written or checkpointed
};

// Making or removing a name.
struct NameChange {
  std::string name;
  std::shared_ptr<DiskFile> file;  // null: removed
};

struct DiskSettings {
  std::shared_ptr<const std::function<void(const DiskIo&)>> after_io;
  std::shared_ptr<const std::function<void()>> before_sync;
  DiskFault fault;
  uint64_t fault_count = 0;  // operations of the fault's kinds since it was set
  int64_t quota = -1;
  bool lies = false;
  bool strict_directory = false;
};

// Results of operations; power_vfs makes SQLite's codes of them.
enum class DiskResult { kOk, kFailed, kFull };

class DiskState {
 public:
  explicit DiskState(uint64_t seed) : random_(seed) {}

  std::string directory;  // where it is or was mounted; set once

  // The disk as it is, or as a cut leaves it, without settings, locks and open files.
  std::shared_ptr<DiskState> AfterKill();
  std::shared_ptr<DiskState> AfterCut(SeededRandom& draw, Unsynced unsynced);
  DiskSettings TakeSettings();

  // Whether this operation fails; counts it.
  bool Fails(DiskOperation operation);
  // Runs the callback, without the lock.
  void After(DiskOperation operation, absl::string_view file);
  void BeforeSync();

  std::shared_ptr<DiskFile> Find(const std::string& name);
  std::shared_ptr<DiskFile> Make(const std::string& name);
  bool Remove(const std::string& name);
  // Makes a file of these bytes, or none, and safe at once.
  void Place(const std::string& name, std::optional<std::string> bytes);
  DiskResult Write(DiskFile& file, size_t offset, absl::string_view bytes);
  DiskResult Truncate(DiskFile& file, size_t size);
  DiskResult Sync(DiskFile& file);
  DiskResult SyncDirectory();
  int64_t Used() const;

  // Guards everything here, but is taken by the callers, for an operation is more than one of these calls.
  std::mutex mutex;
  DiskSettings settings;
  std::map<std::string, std::shared_ptr<DiskFile>> names;
  std::array<uint64_t, kDiskOperations> counts{};
  bool two_writers = false;
  bool struck = false;

 private:
  std::map<std::string, std::shared_ptr<DiskFile>> durable_names_;
  std::vector<NameChange> unsynced_names_;
  SeededRandom random_;
};

// The disk that holds this path, and the file's name on it; null if there is none.
std::shared_ptr<DiskState> DiskOf(const std::string& path, std::string* name);

// Registers the VFS with SQLite, once.
void RegisterPowerVfs();

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_TESTING_DISK_STATE_H_
