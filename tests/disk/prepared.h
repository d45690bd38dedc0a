// One service with work behind it and before it, which can be started any number of times from the same disk.
#ifndef PARTNERSKAP_TESTS_DISK_PREPARED_H_
#define PARTNERSKAP_TESTS_DISK_PREPARED_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/disk/disk_world.h"
#include "tests/disk/example_calls.h"

namespace partnerskap::disk {

struct Prepared {
  ServiceDefinition definition;
  std::map<std::string, std::string> files;  // of the disk, as a killed process left it
  std::vector<Acknowledged> acknowledged;
  std::vector<ExampleCall> next;  // mutations of this service that have not been asked for yet
};

// Runs the four services through the first `calls` example calls, and takes the disk of one that `draw` chooses. With
// no calls, there is no file yet.
absl::StatusOr<Prepared> Prepare(uint64_t seed, size_t calls, size_t next, SeededRandom& draw);

// That service alone, with a disk of the prepared contents, not started.
std::unique_ptr<DiskNode> NodeOf(const Prepared& prepared, SimLoop& loop, int checkpoint_pages);

// Starts the node's store, which nobody has open, holds it to CheckWhole, and to all that the node has acknowledged.
absl::Status CheckNode(DiskNode& node, SimLoop& loop);

}  // namespace partnerskap::disk

#endif  // PARTNERSKAP_TESTS_DISK_PREPARED_H_
