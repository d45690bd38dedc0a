// The Writer that Database runs. See writer.h for what it promises, and docs/adr/ for why it groups.
#ifndef PARTNERSKAP_COMMON_SQL_GROUP_WRITER_H_
#define PARTNERSKAP_COMMON_SQL_GROUP_WRITER_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/env/env.h"
#include "common/sql/disk_space.h"
#include "common/sql/statement.h"
#include "common/sql/writer.h"

namespace partnerskap {

struct GroupWriterParts {
  std::unique_ptr<Connection> connection;  // the store's only one of Mode::kWriter
  Clock* clock = nullptr;
  Random* random = nullptr;
  Executor* executor = nullptr;
  std::function<void(const absl::Status&)> fatal;  // I/O error at commit; if it returns, nothing is written any more
  DiskGuard disk;
  WriterOptions options;
};

// Errors: the audit chain or the revisions cannot be read.
absl::StatusOr<std::unique_ptr<Writer>> NewGroupWriter(GroupWriterParts parts);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SQL_GROUP_WRITER_H_
