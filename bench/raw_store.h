// What SQLite alone does with the same rows and tables, in this process, on one thread and without anything around it:
// finished values, bound to prepared statements. The service cannot be faster than this.
#ifndef PARTNERSKAP_BENCH_RAW_STORE_H_
#define PARTNERSKAP_BENCH_RAW_STORE_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace partnerskap::bench {

class RawStore {
 public:
  struct Result {
    int64_t done = 0;        // creations or reads
    double seconds = 0;      // of the window
    double cpu_seconds = 0;  // of the thread
  };
  // A store with at least one row, which no process has open.
  static absl::StatusOr<std::unique_ptr<RawStore>> Open(const std::string& directory);
  virtual ~RawStore() = default;

  // Durable transactions of `batch` creations: one organization, one revision and one audit row each, inside a
  // SAVEPOINT as the writer has it. Checkpoints between transactions, as the writer does.
  virtual absl::StatusOr<Result> Create(int batch, std::chrono::milliseconds window) = 0;
  // One of the organizations 0 to `rows` - 1, and the first page of them in their order.
  virtual absl::StatusOr<Result> Get(uint64_t rows, std::chrono::milliseconds window) = 0;
  virtual absl::StatusOr<Result> List(std::chrono::milliseconds window) = 0;
};

}  // namespace partnerskap::bench

#endif  // PARTNERSKAP_BENCH_RAW_STORE_H_
