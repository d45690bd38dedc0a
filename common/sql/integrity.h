// The background check of a store, at start and daily, on a connection of its own: SQLite's integrity check, each row's
// columns and bytes, and the audit chain.
#ifndef PARTNERSKAP_COMMON_SQL_INTEGRITY_H_
#define PARTNERSKAP_COMMON_SQL_INTEGRITY_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/env/env.h"
#include "common/sql/resource_table.h"

namespace partnerskap {

class IntegrityChecker {
 public:
  // Begins the first check at once, on the executor's pool. With `tables`, each row's columns and bytes are compared
  // too.
  static std::unique_ptr<IntegrityChecker> Start(std::string path, std::string vfs,
                                                 std::vector<const ResourceTableBase*> tables, Executor& executor);
  virtual ~IntegrityChecker() = default;  // stops a check that runs
  // What the last finished check found.
  virtual absl::Status status() const = 0;
  // Whether one has finished since the start.
  virtual bool checked() const = 0;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SQL_INTEGRITY_H_
