// What must be true of a store that a new process finds, whatever befell the disk.
#ifndef PARTNERSKAP_TESTS_DISK_STORE_CHECKS_H_
#define PARTNERSKAP_TESTS_DISK_STORE_CHECKS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/serve.h"
#include "common/sql/database.h"
#include "common/testing/power_disk.h"
#include "common/testing/sim.h"

namespace partnerskap::disk {

// A mutation that the administrator was told had happened.
struct Acknowledged {
  std::string path, request, request_id;
  std::string answer;
};

// Options as the service's process has them, on this disk and loop. `fatal` hears of a store that ends the process.
DatabaseOptions OptionsOf(const ServiceDefinition& definition, PowerDisk& disk, SimLoop& loop,
                          std::function<void(const absl::Status&)> fatal);

// SQLite finds no damage; every row's columns and newest revision are those of its bytes; sequence numbers, revisions
// and times are in order and without gaps; the audit chain verifies; each change has its audit row or reaction, and
// each audit row its change; no request was applied twice. Returns how many audit rows there are, or what is wrong.
absl::StatusOr<int64_t> CheckWhole(Database& database, const ServiceDefinition& definition);

// Of these, how many are in the store, from the first on; INTERNAL if one is in it with another answer, or comes after
// one that is not.
absl::StatusOr<size_t> CountHeld(Database& database, const std::vector<Acknowledged>& acknowledged);

// Asks the service for each once more, through its gate: the same bytes are answered, and nothing changes. On a disk of
// its own, which is not open.
absl::Status CheckRepeats(const ServiceDefinition& definition, PowerDisk& disk,
                          const std::vector<Acknowledged>& acknowledged);

// Writes what is on the disk to a directory of its own, for a person to look at, and returns its path.
std::string Keep(const PowerDisk& disk);

}  // namespace partnerskap::disk

#endif  // PARTNERSKAP_TESTS_DISK_STORE_CHECKS_H_
