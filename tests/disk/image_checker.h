// Opens what a power cut leaves, as the next start would, and holds it to the promises. Made to be asked thousands of
// times a second: a disk that it has seen is not opened again, and contents that it has checked are not checked again.
#ifndef PARTNERSKAP_TESTS_DISK_IMAGE_CHECKER_H_
#define PARTNERSKAP_TESTS_DISK_IMAGE_CHECKER_H_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "common/rpc/serve.h"
#include "common/testing/power_disk.h"
#include "common/testing/temp_dir.h"
#include "tests/disk/store_checks.h"

namespace partnerskap::disk {

class ImageChecker {
 public:
  // Where the images are mounted: `directory()`.
  ImageChecker(const ServiceDefinition& definition, uint64_t seed);

  const std::string& directory() const { return directory_; }
  // Images are started by this program from now on.
  void set_definition(const ServiceDefinition& definition) {
    definition_ = definition;
    images_.clear();
  }
  // The image starts, is whole, and holds all that was acknowledged. An error names the promise and where the image is
  // kept. The image is used up.
  absl::Status Check(PowerDisk& image, const std::vector<Acknowledged>& acknowledged);

  uint64_t opened() const { return opened_; }
  uint64_t checked() const { return checked_; }
  uint64_t repeated() const { return repeated_; }
  uint64_t cut_while_starting() const { return cut_while_starting_; }

 private:
  // What is known of contents: all rules hold, and so many of the acknowledged were found with their answers.
  struct Known {
    size_t held = 0;
  };
  absl::Status Open(PowerDisk& image, const std::vector<Acknowledged>& acknowledged, uint64_t& contents);
  absl::Status CheckContents(PowerDisk& image, Database& database, const std::vector<Acknowledged>& acknowledged,
                             uint64_t& contents);
  absl::Status CheckHeld(Database& database, const std::vector<Acknowledged>& acknowledged, Known& known);
  // Now and then the power fails again, at every operation of this start.
  void CutStart(PowerDisk& image, const std::vector<Acknowledged>& acknowledged, absl::Status& broken);

  ServiceDefinition definition_;
  const TempDir files_;
  const std::string directory_, second_directory_;
  SeededRandom draw_;
  std::unordered_map<uint64_t, uint64_t> images_;  // digest of an image -> digest of its contents
  std::unordered_map<uint64_t, Known> contents_;   // by digest of store.db after the start
  uint64_t opened_ = 0, checked_ = 0, repeated_ = 0, cut_while_starting_ = 0;
};

}  // namespace partnerskap::disk

#endif  // PARTNERSKAP_TESTS_DISK_IMAGE_CHECKER_H_
