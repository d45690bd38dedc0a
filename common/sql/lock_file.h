// The lock that keeps a second process away from a store: flock on a file beside it. It goes with its process, however
// that ends, so no stale lock is ever left.
#ifndef PARTNERSKAP_COMMON_SQL_LOCK_FILE_H_
#define PARTNERSKAP_COMMON_SQL_LOCK_FILE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace partnerskap {

class LockFile {
 public:
  // Errors: FAILED_PRECONDITION with the process id that holds it; PERMISSION_DENIED; RESOURCE_EXHAUSTED.
  static absl::StatusOr<std::unique_ptr<LockFile>> Acquire(const std::string& path);
  ~LockFile();
  LockFile(const LockFile&) = delete;

 private:
  explicit LockFile(int fd) : fd_(fd) {}
  int fd_;
};

// Makes `directory` and its parents; the last one with mode 0700. Errors as above.
absl::Status MakeStateDirectory(const std::string& directory);

// fsync of a directory: files made or removed in it stay so over a power cut.
absl::Status SyncDirectory(const std::string& directory);

// The status of `errno` for an operation on a file: what failed, on which path, and the system's words.
absl::Status FileStatus(int error, absl::string_view doing, absl::string_view path);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SQL_LOCK_FILE_H_
