// Store folders of a run: copied, counted, compared.
#ifndef PARTNERSKAP_BENCH_STORES_H_
#define PARTNERSKAP_BENCH_STORES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace partnerskap::bench {

struct StoreCounts {
  int64_t organizations = 0, revisions = 0, audit = 0;
};
// Of a store that no process has open, or whose process may still write: one snapshot.
absl::StatusOr<StoreCounts> CountStore(const std::string& directory);

// Copies a store that no process has open, and waits until the disk has it.
absl::Status CopyStore(const std::string& from, const std::string& to);

// The organizations, revisions and audit rows that were added since `before` are `answered` each; else DATA_LOSS.
absl::Status CheckAdded(const std::string& directory, const StoreCounts& before, int64_t answered);

}  // namespace partnerskap::bench

#endif  // PARTNERSKAP_BENCH_STORES_H_
