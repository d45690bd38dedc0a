// SQLite's side of power_disk.h: the VFS `power`.
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>
#include <utility>

#include "common/testing/disk_state.h"

namespace partnerskap {
namespace {

// As SQLite's own for Unix says.
constexpr int kSectorSize = 4096;
constexpr int kMaxPath = 512;

struct Handle {
  std::shared_ptr<DiskState> disk;
  std::shared_ptr<DiskFile> file;
  std::string name;
  int level = SQLITE_LOCK_NONE;
  // SQLite's own VFS syncs the directory after the first sync of a journal or WAL that it may have made.
  bool sync_directory = false;
};

struct OpenFile {
  sqlite3_file base;
  Handle* handle;
};

// The disk that this thread used last. Removing a file goes by its path alone, and a process that is dead already (see
// PowerDisk::Kill) must not remove what lies there now: it has used a file of its own disk just before.
thread_local std::shared_ptr<DiskState> last_used;

void Use(const std::shared_ptr<DiskState>& disk) {
  if (last_used != disk) last_used = disk;
}

Handle& HandleOf(sqlite3_file* file) {
  Handle& handle = *reinterpret_cast<OpenFile*>(file)->handle;
  Use(handle.disk);
  return handle;
}

// After the callback, which may have used others.
void After(const std::shared_ptr<DiskState>& disk, DiskOperation operation, absl::string_view file) {
  disk->After(operation, file);
  Use(disk);
}

int Code(DiskResult result, int failed) {
  if (result == DiskResult::kFull) return SQLITE_FULL;
  return result == DiskResult::kOk ? SQLITE_OK : failed;
}

void UnlockLocked(Handle& handle, int level) {
  DiskFile& file = *handle.file;
  if (file.exclusive == &handle) file.exclusive = nullptr;
  if (file.reserved == &handle) file.reserved = nullptr;
  if (level == SQLITE_LOCK_NONE) file.shared.erase(&handle);
  handle.level = std::min(handle.level, level);
}

void UnmapLocked(Handle& handle) {
  DiskFile& file = *handle.file;
  for (int i = 0; i < kSharedLocks; ++i) {
    file.shared_locks[i].erase(&handle);
    if (file.exclusive_locks[i] == &handle) file.exclusive_locks[i] = nullptr;
  }
  file.mapped.erase(&handle);
  if (file.mapped.empty()) file.regions.clear();
}

int Close(sqlite3_file* opened) {
  Handle& handle = HandleOf(opened);
  {
    std::lock_guard<std::mutex> lock(handle.disk->mutex);
    UnlockLocked(handle, SQLITE_LOCK_NONE);
    UnmapLocked(handle);
    handle.file->writers.erase(&handle);
  }
  delete &handle;
  return SQLITE_OK;
}

int Read(sqlite3_file* opened, void* into, int size, sqlite3_int64 offset) {
  Handle& handle = HandleOf(opened);
  std::lock_guard<std::mutex> lock(handle.disk->mutex);
  if (handle.disk->Fails(DiskOperation::kRead)) return SQLITE_IOERR_READ;
  const std::string& live = handle.file->live;
  const size_t from = std::min(static_cast<size_t>(offset), live.size());
  const size_t got = std::min(static_cast<size_t>(size), live.size() - from);
  std::memcpy(into, live.data() + from, got);
  if (got == static_cast<size_t>(size)) return SQLITE_OK;
  std::memset(static_cast<char*>(into) + got, 0, static_cast<size_t>(size) - got);
  return SQLITE_IOERR_SHORT_READ;
}

int Write(sqlite3_file* opened, const void* from, int size, sqlite3_int64 offset) {
  Handle& handle = HandleOf(opened);
  int code = SQLITE_IOERR_WRITE;
  {
    std::lock_guard<std::mutex> lock(handle.disk->mutex);
    if (!handle.disk->Fails(DiskOperation::kWrite)) {
      const absl::string_view bytes(static_cast<const char*>(from), static_cast<size_t>(size));
      code = Code(handle.disk->Write(*handle.file, static_cast<size_t>(offset), bytes), SQLITE_IOERR_WRITE);
    }
  }
  After(handle.disk, DiskOperation::kWrite, handle.name);
  return code;
}

int Truncate(sqlite3_file* opened, sqlite3_int64 size) {
  Handle& handle = HandleOf(opened);
  int code = SQLITE_IOERR_TRUNCATE;
  {
    std::lock_guard<std::mutex> lock(handle.disk->mutex);
    if (!handle.disk->Fails(DiskOperation::kTruncate)) {
      code = Code(handle.disk->Truncate(*handle.file, static_cast<size_t>(size)), SQLITE_IOERR_TRUNCATE);
    }
  }
  After(handle.disk, DiskOperation::kTruncate, handle.name);
  return code;
}

int Sync(sqlite3_file* opened, int) {
  Handle& handle = HandleOf(opened);
  DiskState& disk = *handle.disk;
  disk.BeforeSync();
  Use(handle.disk);
  int code;
  {
    std::lock_guard<std::mutex> lock(disk.mutex);
    code = Code(disk.Sync(*handle.file), SQLITE_IOERR_FSYNC);
  }
  After(handle.disk, DiskOperation::kSync, handle.name);
  if (code != SQLITE_OK || !std::exchange(handle.sync_directory, false)) return code;
  {
    std::lock_guard<std::mutex> lock(disk.mutex);
    // Its failure is not told: neither does SQLite's own.
    disk.SyncDirectory();
  }
  After(handle.disk, DiskOperation::kSyncDirectory, "");
  return SQLITE_OK;
}

int FileSize(sqlite3_file* opened, sqlite3_int64* size) {
  Handle& handle = HandleOf(opened);
  std::lock_guard<std::mutex> lock(handle.disk->mutex);
  *size = static_cast<sqlite3_int64>(handle.file->live.size());
  return SQLITE_OK;
}

bool HasOthers(const std::set<const void*>& holders, const Handle& handle) {
  return holders.size() > (holders.contains(&handle) ? 1U : 0U);
}

int Lock(sqlite3_file* opened, int level) {
  Handle& handle = HandleOf(opened);
  std::lock_guard<std::mutex> lock(handle.disk->mutex);
  DiskFile& file = *handle.file;
  if (handle.level >= level) return SQLITE_OK;
  if (file.exclusive != nullptr && file.exclusive != &handle) return SQLITE_BUSY;
  if (level == SQLITE_LOCK_SHARED) {
    file.shared.insert(&handle);
  } else {
    if (file.reserved != nullptr && file.reserved != &handle) return SQLITE_BUSY;
    file.reserved = &handle;
    if (level == SQLITE_LOCK_EXCLUSIVE) {
      file.exclusive = &handle;
      // Nobody new gets in, and those who are in may leave.
      if (HasOthers(file.shared, handle)) {
        handle.level = SQLITE_LOCK_PENDING;
        return SQLITE_BUSY;
      }
    }
  }
  handle.level = level;
  return SQLITE_OK;
}

int Unlock(sqlite3_file* opened, int level) {
  Handle& handle = HandleOf(opened);
  std::lock_guard<std::mutex> lock(handle.disk->mutex);
  if (handle.level > level) UnlockLocked(handle, level);
  return SQLITE_OK;
}

int CheckReserved(sqlite3_file* opened, int* reserved) {
  Handle& handle = HandleOf(opened);
  std::lock_guard<std::mutex> lock(handle.disk->mutex);
  *reserved = handle.file->reserved != nullptr ? 1 : 0;
  return SQLITE_OK;
}

int Control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int SectorSize(sqlite3_file*) { return kSectorSize; }
int Characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int SharedMap(sqlite3_file* opened, int region, int size, int extend, void volatile** at) {
  Handle& handle = HandleOf(opened);
  std::lock_guard<std::mutex> lock(handle.disk->mutex);
  DiskFile& file = *handle.file;
  file.mapped.insert(&handle);
  *at = nullptr;
  while (file.regions.size() <= static_cast<size_t>(region)) {
    if (extend == 0) return SQLITE_OK;
    const int64_t quota = handle.disk->settings.quota;
    if (quota >= 0 && handle.disk->Used() + size > quota) return SQLITE_IOERR_SHMSIZE;
    file.regions.push_back(std::make_unique<char[]>(static_cast<size_t>(size)));
  }
  *at = file.regions[static_cast<size_t>(region)].get();
  return SQLITE_OK;
}

// SQLite's slots: 0 is the writer's, 1 the checkpoint's.
constexpr int kLastWritingSlot = 1;

bool SharedLockLocked(Handle& handle, int slot, bool exclusive) {
  DiskFile& file = *handle.file;
  const void* holder = file.exclusive_locks[slot];
  if (holder != nullptr && holder != &handle) return false;
  return !exclusive || !HasOthers(file.shared_locks[slot], handle);
}

int SharedLock(sqlite3_file* opened, int first, int count, int flags) {
  Handle& handle = HandleOf(opened);
  std::lock_guard<std::mutex> lock(handle.disk->mutex);
  DiskFile& file = *handle.file;
  const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    for (int slot = first; slot < first + count; ++slot) {
      file.shared_locks[slot].erase(&handle);
      if (file.exclusive_locks[slot] == &handle) file.exclusive_locks[slot] = nullptr;
    }
    return SQLITE_OK;
  }
  for (int slot = first; slot < first + count; ++slot) {
    if (!SharedLockLocked(handle, slot, exclusive)) return SQLITE_BUSY;
  }
  for (int slot = first; slot < first + count; ++slot) {
    if (exclusive) {
      file.exclusive_locks[slot] = &handle;
    } else {
      file.shared_locks[slot].insert(&handle);
    }
  }
  if (exclusive && first <= kLastWritingSlot) {
    file.writers.insert(&handle);
    handle.disk->two_writers = handle.disk->two_writers || file.writers.size() > 1;
  }
  return SQLITE_OK;
}

void SharedBarrier(sqlite3_file*) { std::atomic_thread_fence(std::memory_order_seq_cst); }

int SharedUnmap(sqlite3_file* opened, int) {
  Handle& handle = HandleOf(opened);
  std::lock_guard<std::mutex> lock(handle.disk->mutex);
  UnmapLocked(handle);
  return SQLITE_OK;
}

const sqlite3_io_methods kMethods = {
    2,           Close,         Read,    Write,      Truncate,        Sync,      FileSize,   Lock,
    Unlock,      CheckReserved, Control, SectorSize, Characteristics, SharedMap, SharedLock, SharedBarrier,
    SharedUnmap, nullptr,       nullptr};

int Open(sqlite3_vfs*, const char* path, sqlite3_file* opened, int flags, int* out) {
  opened->pMethods = nullptr;
  if (path == nullptr) return SQLITE_CANTOPEN;  // a temporary file: the stores keep theirs in memory
  std::string name;
  std::shared_ptr<DiskState> disk = DiskOf(path, &name);
  if (disk == nullptr) return SQLITE_CANTOPEN;
  Use(disk);
  bool made = false;
  {
    std::lock_guard<std::mutex> lock(disk->mutex);
    if (disk->Fails(DiskOperation::kOpen)) return SQLITE_CANTOPEN;
    std::shared_ptr<DiskFile> file = disk->Find(name);
    made = file == nullptr;
    if (made && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    if (made) file = disk->Make(name);
    auto handle = std::make_unique<Handle>();
    handle->disk = disk;
    handle->file = std::move(file);
    handle->name = name;
    handle->sync_directory =
        (flags & SQLITE_OPEN_CREATE) != 0 && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
    reinterpret_cast<OpenFile*>(opened)->handle = handle.release();
    opened->pMethods = &kMethods;
  }
  if (out != nullptr) *out = flags;
  if (made) After(disk, DiskOperation::kOpen, name);
  return SQLITE_OK;
}

int Delete(sqlite3_vfs*, const char* path, int sync_directory) {
  std::string name;
  std::shared_ptr<DiskState> disk = DiskOf(path, &name);
  if (disk == nullptr) return SQLITE_IOERR_DELETE_NOENT;
  if (last_used != nullptr && last_used->directory == disk->directory) disk = last_used;
  {
    std::lock_guard<std::mutex> lock(disk->mutex);
    if (disk->Fails(DiskOperation::kDelete)) return SQLITE_IOERR_DELETE;
    if (!disk->Remove(name)) return SQLITE_IOERR_DELETE_NOENT;
  }
  After(disk, DiskOperation::kDelete, name);
  if (sync_directory == 0) return SQLITE_OK;
  {
    std::lock_guard<std::mutex> lock(disk->mutex);
    if (disk->SyncDirectory() != DiskResult::kOk) return SQLITE_IOERR_DIR_FSYNC;
  }
  After(disk, DiskOperation::kSyncDirectory, "");
  return SQLITE_OK;
}

int Access(sqlite3_vfs*, const char* path, int flags, int* result) {
  std::string name;
  *result = 0;
  std::shared_ptr<DiskState> disk = DiskOf(path, &name);
  if (disk == nullptr) return SQLITE_OK;
  std::lock_guard<std::mutex> lock(disk->mutex);
  std::shared_ptr<DiskFile> file = disk->Find(name);
  // As for SQLite's own, an empty file is none.
  *result = file != nullptr && (flags != SQLITE_ACCESS_EXISTS || !file->live.empty()) ? 1 : 0;
  return SQLITE_OK;
}

int FullPath(sqlite3_vfs*, const char* path, int size, char* out) {
  if (std::strlen(path) >= static_cast<size_t>(size)) return SQLITE_CANTOPEN;
  std::strcpy(out, path);
  return SQLITE_OK;
}

int LastError(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

void RegisterPowerVfs() {
  static const int registered = [] {
    static sqlite3_vfs vfs = *sqlite3_vfs_find(nullptr);
    vfs.iVersion = 2;
    vfs.zName = kPowerVfs;
    vfs.szOsFile = sizeof(OpenFile);
    vfs.mxPathname = kMaxPath;
    vfs.pAppData = nullptr;
    vfs.xOpen = Open;
    vfs.xDelete = Delete;
    vfs.xAccess = Access;
    vfs.xFullPathname = FullPath;
    vfs.xGetLastError = LastError;
    return sqlite3_vfs_register(&vfs, 0);
  }();
  static_cast<void>(registered);
}

void SeedSqlite(uint64_t seed) {
  sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, static_cast<int>(seed | 1), static_cast<sqlite3*>(nullptr));
}

}  // namespace partnerskap
