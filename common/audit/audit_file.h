// The audit chain in a store's file: for checking a copy or a backup without the service.
#ifndef PARTNERSKAP_COMMON_AUDIT_AUDIT_FILE_H_
#define PARTNERSKAP_COMMON_AUDIT_AUDIT_FILE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/audit/audit.h"
#include "partnerskap/common/v1/audit.pb.h"

namespace partnerskap {

class AuditFile {
 public:
  virtual ~AuditFile() = default;
  // At most `limit` rows that follow row `after`, by rising sequence; none at the end.
  virtual absl::StatusOr<std::vector<common::v1::AuditEntry>> Read(int64_t after, int64_t limit) = 0;
  // The epoch of the store.
  virtual const std::string& epoch() const = 0;
};

// Opens a copy of a store's file (store.db, with store.db-wal if the copy has one) for reading. Never the file of a
// running service. Errors name the file: NOT_FOUND, DATA_LOSS, FAILED_PRECONDITION if it is not a store of this suite.
absl::StatusOr<std::unique_ptr<AuditFile>> OpenAuditFile(const std::string& path);

// Follows the whole chain of a file from `verifier` on, which afterwards stands at the last row. Errors: DATA_LOSS
// names the first row that does not fit; those of OpenAuditFile.
absl::Status VerifyAuditFile(const std::string& path, ChainVerifier& verifier);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_AUDIT_AUDIT_FILE_H_
