// How much room a store has. A full disk cannot be repaired from inside, because checkpoint and erasure need room too:
// so writing stops while some is left, and a ballast file keeps more for the operator to free.
#ifndef PARTNERSKAP_COMMON_SQL_DISK_SPACE_H_
#define PARTNERSKAP_COMMON_SQL_DISK_SPACE_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace partnerskap {

// Below it nothing is written: room for a WAL of the high-water mark, its checkpoint, and audit rows of refusals.
inline constexpr int64_t kWriteFloorBytes = int64_t{64} << 20;

// What a service keeps beside its store for the operator to free: as much as the floor.
inline constexpr int64_t kBallastBytes = kWriteFloorBytes;

// Bytes that an ordinary process can still write to the file system of `directory`.
absl::StatusOr<int64_t> FreeBytes(const std::string& directory);

// Makes `directory`/ballast of `bytes`, unless it is there or the disk would fall below the floor. Deleting it gives a
// full disk room for a checkpoint and an erasure; the next start makes it again. 0 makes none.
absl::Status MakeBallast(const std::string& directory, int64_t bytes,
                         const std::function<absl::StatusOr<int64_t>(const std::string&)>& free_bytes);

// Looks at most once a second. Used by one thread.
class DiskGuard {
 public:
  DiskGuard(std::string directory, std::function<absl::StatusOr<int64_t>(const std::string&)> free_bytes)
      : directory_(std::move(directory)), free_bytes_(std::move(free_bytes)) {}

  // `steady` is now. A disk that cannot be asked has room.
  bool below_floor(absl::Duration steady);

 private:
  const std::string directory_;
  const std::function<absl::StatusOr<int64_t>(const std::string&)> free_bytes_;
  absl::Duration looked_ = -absl::InfiniteDuration();
  bool below_ = false;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SQL_DISK_SPACE_H_
