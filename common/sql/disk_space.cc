#include "common/sql/disk_space.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "common/sql/lock_file.h"
#include "common/status/macros.h"

namespace partnerskap {
namespace {

// After space has come back, writing goes on within this time.
constexpr absl::Duration kLookEvery = absl::Seconds(1);

}  // namespace

absl::StatusOr<int64_t> FreeBytes(const std::string& directory) {
  struct statvfs found = {};
  if (statvfs(directory.c_str(), &found) != 0) return FileStatus(errno, "cannot ask for the space of", directory);
  return static_cast<int64_t>(found.f_bavail) * static_cast<int64_t>(found.f_frsize);
}

absl::Status MakeBallast(const std::string& directory, int64_t bytes,
                         const std::function<absl::StatusOr<int64_t>(const std::string&)>& free_bytes) {
  std::string path = absl::StrCat(directory, "/ballast");
  if (bytes == 0 || access(path.c_str(), F_OK) == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(int64_t room, free_bytes(directory));
  if (room < bytes + kWriteFloorBytes) return absl::OkStatus();
  int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return FileStatus(errno, "cannot make", path);
  int error = posix_fallocate(fd, 0, bytes);
  close(fd);
  if (error == 0) return absl::OkStatus();
  // Half a ballast would look like a whole one at the next start.
  unlink(path.c_str());
  return FileStatus(error, "cannot make", path);
}

bool DiskGuard::below_floor(absl::Duration steady) {
  if (steady - looked_ < kLookEvery) return below_;
  looked_ = steady;
  auto room = free_bytes_(directory_);
  below_ = room.ok() && *room < kWriteFloorBytes;
  return below_;
}

}  // namespace partnerskap
