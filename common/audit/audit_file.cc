#include "common/audit/audit_file.h"

#include <unistd.h>

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/sql/audit_log.h"
#include "common/sql/statement.h"
#include "common/sql/store_file.h"
#include "common/status/macros.h"

namespace partnerskap {
namespace {

// Rows that are read at once: about a megabyte.
constexpr int64_t kPortion = 1'000;

absl::Status At(const std::string& path, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat(path, ": ", status.message()));
}

class SqliteAuditFile final : public AuditFile {
 public:
  SqliteAuditFile(std::unique_ptr<Connection> connection, std::string path, std::string epoch)
      : connection_(std::move(connection)), path_(std::move(path)), epoch_(std::move(epoch)) {}

  absl::StatusOr<std::vector<common::v1::AuditEntry>> Read(int64_t after, int64_t limit) override {
    std::vector<common::v1::AuditEntry> entries;
    std::string sql =
        absl::StrCat("SELECT ", kAuditColumns, "\n  FROM audit\n WHERE sequence > ?\n ORDER BY sequence\n LIMIT ?");
    Rows rows = connection_->Query(sql, std::array<SqlValue, 2>{after, limit});
    while (rows.Next()) entries.push_back(AuditEntryOf(rows));
    if (!rows.status().ok()) return At(path_, rows.status());
    return entries;
  }

  const std::string& epoch() const override { return epoch_; }

 private:
  std::unique_ptr<Connection> connection_;
  const std::string path_, epoch_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<AuditFile>> OpenAuditFile(const std::string& path) {
  if (access(path.c_str(), F_OK) != 0) return absl::NotFoundError(absl::StrCat("there is no file ", path));
  auto connection = Connection::Open(path, Connection::Mode::kReader, "");
  if (!connection.ok()) return At(path, connection.status());
  auto epoch = StoreText(**connection, "epoch");
  if (absl::IsDataLoss(epoch.status())) return At(path, epoch.status());
  if (!epoch.ok() || epoch->empty()) {
    return absl::FailedPreconditionError(absl::StrCat(path, " is not a store of this suite"));
  }
  return std::unique_ptr<AuditFile>(std::make_unique<SqliteAuditFile>(*std::move(connection), path, *std::move(epoch)));
}

absl::Status VerifyAuditFile(const std::string& path, ChainVerifier& verifier) {
  ASSIGN_OR_RETURN(std::unique_ptr<AuditFile> file, OpenAuditFile(path));
  while (true) {
    ASSIGN_OR_RETURN(auto entries, file->Read(verifier.sequence(), kPortion));
    if (entries.empty()) return absl::OkStatus();
    for (const auto& entry : entries) RETURN_IF_ERROR(verifier.Add(entry));
  }
}

}  // namespace partnerskap
