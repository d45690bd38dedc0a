#include "bench/stores.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/sql/statement.h"
#include "common/status/macros.h"

namespace partnerskap::bench {

absl::StatusOr<StoreCounts> CountStore(const std::string& directory) {
  ASSIGN_OR_RETURN(const auto connection,
                   Connection::Open(absl::StrCat(directory, "/store.db"), Connection::Mode::kReader, ""));
  Rows rows = connection->Query(
      "SELECT (SELECT COUNT(*) FROM organizations), (SELECT COUNT(*) FROM revisions), (SELECT COUNT(*) FROM audit)",
      {});
  StoreCounts counts;
  if (rows.Next()) counts = {rows.Int(0), rows.Int(1), rows.Int(2)};
  RETURN_IF_ERROR(rows.status());
  return counts;
}

absl::Status CopyStore(const std::string& from, const std::string& to) {
  std::error_code error;
  std::filesystem::remove_all(to, error);
  std::filesystem::create_directories(to, error);
  const std::string path = absl::StrCat(to, "/store.db");
  std::filesystem::copy_file(absl::StrCat(from, "/store.db"), path, error);
  if (error) return absl::InternalError(absl::StrCat("cannot copy ", from, " to ", to, ": ", error.message()));
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && fsync(file) == 0;
  if (file >= 0) close(file);
  return synced ? absl::OkStatus() : absl::InternalError(absl::StrCat("cannot sync ", path));
}

absl::Status CheckAdded(const std::string& directory, const StoreCounts& before, int64_t answered) {
  ASSIGN_OR_RETURN(const StoreCounts after, CountStore(directory));
  const int64_t rows = after.organizations - before.organizations, revisions = after.revisions - before.revisions,
                audit = after.audit - before.audit;
  if (rows == answered && revisions == answered && audit == answered) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(directory, ": ", answered, " answers were OK, but ", rows, " rows, ",
                                          revisions, " revisions and ", audit, " audit rows were added"));
}

}  // namespace partnerskap::bench
