// A directory that is gone when the test is.
#ifndef PARTNERSKAP_COMMON_TESTING_TEMP_DIR_H_
#define PARTNERSKAP_COMMON_TESTING_TEMP_DIR_H_

#include <string>

#include "absl/strings/string_view.h"

namespace partnerskap {

class TempDir {
 public:
  // Under $TEST_TMPDIR, else in memory (/dev/shm, if it has room: a simulation commits thousands of times, and what a
  // disk does is the subject of other tests; kDisk leaves this out), else $TMPDIR or /tmp. Ends the process with the
  // reason if it cannot be made. With $PARTNERSKAP_KEEP_TEMP set it stays, and its path is printed: for looking at what
  // a failed test left.
  enum class Place { kMemory, kDisk };
  explicit TempDir(Place place = Place::kMemory);
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(absl::string_view name) const;

 private:
  std::string path_;
};

// Copies the files of `from`, which a running process may hold open, into the new directory `to`: what a process that
// is killed now leaves behind. SQLite's shared memory (`-shm`) is not a part of that and is left out.
void CopyStateDirectory(const std::string& from, const std::string& to);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_TESTING_TEMP_DIR_H_
