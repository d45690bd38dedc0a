#include "common/sql/references.h"

#include <string>

#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {

absl::Status MustExist(ReadTx& tx, const ResourceTableBase& table, absl::string_view name) {
  ASSIGN_OR_RETURN(const bool exists, table.Exists(tx, name));
  if (exists) return absl::OkStatus();
  return Refuse(common::v1::REFERENCE_UNKNOWN, {{"name", std::string(name)}});
}

absl::Status ParentMustExist(ReadTx& tx, const ResourceTableBase& table, absl::string_view name) {
  ASSIGN_OR_RETURN(const bool exists, table.Exists(tx, name));
  if (exists) return absl::OkStatus();
  return Refuse(common::v1::PARENT_NOT_FOUND, {{"name", std::string(name)}});
}

}  // namespace partnerskap
