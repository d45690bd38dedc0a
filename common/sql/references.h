// Whether what a request refers to is there.
#ifndef PARTNERSKAP_COMMON_SQL_REFERENCES_H_
#define PARTNERSKAP_COMMON_SQL_REFERENCES_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/sql/resource_table.h"
#include "common/sql/transaction.h"

namespace partnerskap {

// A resource that a field names. Errors: REFERENCE_UNKNOWN.
absl::Status MustExist(ReadTx& tx, const ResourceTableBase& table, absl::string_view name);

// The resource under which a new one is to stand. Errors: PARENT_NOT_FOUND.
absl::Status ParentMustExist(ReadTx& tx, const ResourceTableBase& table, absl::string_view name);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SQL_REFERENCES_H_
