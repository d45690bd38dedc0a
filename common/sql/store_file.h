// What a store file is: whose it is, which version, and the tables that every store has. Used by Database::Open.
#ifndef PARTNERSKAP_COMMON_SQL_STORE_FILE_H_
#define PARTNERSKAP_COMMON_SQL_STORE_FILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/env/env.h"
#include "common/sql/database.h"
#include "common/sql/statement.h"

namespace partnerskap {

// Version of the tables that CreateStore makes. A store of a higher one is refused.
inline constexpr int64_t kStoreFormat = 1;

// Refuses, without having written a byte, a file that is not this service's or newer than `newest_version`. A missing
// or empty file passes. Errors as in Database::Open.
absl::Status CheckStoreFile(const std::string& path, const std::string& vfs, uint32_t application_id,
                            int newest_version);

// Makes the common tables and the epoch in an empty file; leaves a store that has them alone.
absl::Status CreateStore(Connection& connection, uint32_t application_id, Random& random);

// Runs the migrations that the store lacks, each in a transaction of its own that also raises the version. The last
// one's transaction derives the columns of `tables` anew. Afterwards each table has exactly the columns that its
// messages derive, or FAILED_PRECONDITION names the differences.
absl::Status Migrate(Connection& connection, const std::vector<Migration>& migrations,
                     const std::vector<const ResourceTableBase*>& tables);

// Derives sort keys anew when ICU's collation is another than the one that made them.
absl::Status RefreshCollation(Connection& connection, const std::vector<const ResourceTableBase*>& tables);

// BEGIN IMMEDIATE, `work`, and COMMIT; or ROLLBACK and the first error.
absl::Status InTransaction(Connection& connection, absl::FunctionRef<absl::Status()> work);

// The first sequence that `revisions` keeps; none unless older ones have been given up, which whoever gives them up
// records under this key of the `store` table, in the same transaction.
inline constexpr char kFeedFloorKey[] = "feed_floor";

// A named value of the `store` table; "" or 0 if there is none.
absl::StatusOr<std::string> StoreText(Connection& connection, absl::string_view key);
absl::StatusOr<int64_t> StoreInt(Connection& connection, absl::string_view key);
absl::Status SetStoreText(Connection& connection, absl::string_view key, absl::string_view value);
absl::Status SetStoreInt(Connection& connection, absl::string_view key, int64_t value);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SQL_STORE_FILE_H_
