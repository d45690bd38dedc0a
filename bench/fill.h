// Stores of many rows in little time, as the service itself would have left them: rows, revisions and audit chain are
// written by its own handler and its own statements, only without a queue and without waiting for the disk.
#ifndef PARTNERSKAP_BENCH_FILL_H_
#define PARTNERSKAP_BENCH_FILL_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace partnerskap::bench {

// Makes `directory` with a store of the organizations 0 to `rows` - 1 (rows.h). It must not exist. The rows were
// committed one by one in the year before now, so that a tenth of their request ids is still remembered.
absl::Status FillStore(const std::string& directory, int64_t rows);

}  // namespace partnerskap::bench

#endif  // PARTNERSKAP_BENCH_FILL_H_
