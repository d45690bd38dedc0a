#include "common/sql/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace partnerskap {
namespace {

// Enough for a process id and its line end.
constexpr size_t kPidBytes = 32;

// Only the owner: a store holds personal data.
constexpr mode_t kDirectoryMode = 0700;
constexpr mode_t kFileMode = 0600;

std::string HolderOf(int fd) {
  char text[kPidBytes] = {};
  ssize_t got = pread(fd, text, sizeof(text) - 1, 0);
  if (got <= 0) return "unknown";
  return std::string(absl::StripAsciiWhitespace(absl::string_view(text, static_cast<size_t>(got))));
}

absl::Status WritePid(int fd, const std::string& path) {
  std::string text = absl::StrCat(getpid(), "\n");
  if (ftruncate(fd, 0) != 0 || pwrite(fd, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
    return FileStatus(errno, "cannot write", path);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status FileStatus(int error, absl::string_view doing, absl::string_view path) {
  return absl::ErrnoToStatus(error, absl::StrCat(doing, " ", path));
}

absl::StatusOr<std::unique_ptr<LockFile>> LockFile::Acquire(const std::string& path) {
  int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kFileMode);
  if (fd < 0) return FileStatus(errno, "cannot open", path);
  std::unique_ptr<LockFile> lock(new LockFile(fd));
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return FileStatus(errno, "cannot lock", path);
    return absl::FailedPreconditionError(
        absl::StrCat(path, " is held by process ", HolderOf(fd), ": stop it, or choose another state directory"));
  }
  RETURN_IF_ERROR(WritePid(fd, path));
  return lock;
}

LockFile::~LockFile() { close(fd_); }

absl::Status MakeStateDirectory(const std::string& directory) {
  for (size_t slash = directory.find('/', 1); slash != std::string::npos; slash = directory.find('/', slash + 1)) {
    std::string parent = directory.substr(0, slash);
    if (mkdir(parent.c_str(), kDirectoryMode) != 0 && errno != EEXIST) {
      return FileStatus(errno, "cannot make directory", parent);
    }
  }
  if (mkdir(directory.c_str(), kDirectoryMode) != 0 && errno != EEXIST) {
    return FileStatus(errno, "cannot make directory", directory);
  }
  struct stat found = {};
  if (stat(directory.c_str(), &found) != 0) return FileStatus(errno, "cannot read", directory);
  if (!S_ISDIR(found.st_mode)) return absl::FailedPreconditionError(absl::StrCat(directory, " is not a directory"));
  if (chmod(directory.c_str(), kDirectoryMode) != 0) return FileStatus(errno, "cannot restrict", directory);
  return absl::OkStatus();
}

absl::Status SyncDirectory(const std::string& directory) {
  int fd = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return FileStatus(errno, "cannot open", directory);
  int synced = fsync(fd);
  int error = errno;
  close(fd);
  return synced == 0 ? absl::OkStatus() : FileStatus(error, "cannot sync", directory);
}

}  // namespace partnerskap
