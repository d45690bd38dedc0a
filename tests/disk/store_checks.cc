#include "tests/disk/store_checks.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/audit/audit.h"
#include "common/sql/audit_log.h"
#include "common/sql/resource_table.h"
#include "common/status/macros.h"
#include "common/testing/sim_service.h"
#include "common/testing/temp_dir.h"
#include "common/testing/test_caller.h"
#include "common/testing/test_service.h"

namespace partnerskap::disk {
namespace {

// Each query answers the first thing that is wrong, or no row.
constexpr std::pair<absl::string_view, absl::string_view> kRules[] = {
    {"sequence numbers have a gap",
     "SELECT COUNT(*), MAX(seq)\n  FROM revisions\nHAVING COUNT(*) <> IFNULL(MAX(seq), 0)"},
    {"revisions of a name have a gap",
     "SELECT name, COUNT(*), MAX(revision)\n  FROM revisions\n GROUP BY name\n"
     "HAVING COUNT(*) <> MAX(revision) OR MIN(revision) <> 1"},
    {"times go back",
     "SELECT seq, before\n  FROM (SELECT seq, commit_time, LAG(commit_time) OVER (ORDER BY seq) AS before\n"
     "          FROM revisions)\n WHERE commit_time < before"},
    {"a transaction does not begin with its own revision",
     "SELECT r.seq, r.tx\n  FROM revisions AS r\n  LEFT JOIN revisions AS first ON first.seq = r.tx\n"
     " WHERE first.seq IS NULL\n    OR first.tx <> first.seq"},
    {"a change has neither audit row nor reaction",
     "SELECT r.seq, r.method\n  FROM revisions AS r\n  LEFT JOIN audit AS a ON a.change_sequence = r.tx\n"
     " WHERE r.seq = r.tx\n   AND r.method NOT LIKE 'feed:%'\n"
     "   AND (a.sequence IS NULL OR a.request_id <> r.request_id OR a.principal <> r.principal)"},
    {"an audit row tells of a change that is not there",
     "SELECT a.sequence, a.change_sequence\n  FROM audit AS a\n"
     "  LEFT JOIN revisions AS r ON r.seq = a.change_sequence\n"
     " WHERE a.change_sequence <> 0\n   AND (r.seq IS NULL OR r.request_id <> a.request_id)"},
    {"a reaction changed something and kept no cursor",
     "SELECT r.seq, r.method\n  FROM revisions AS r\n"
     " WHERE r.method LIKE 'feed:%'\n   AND SUBSTR(r.method, 6) NOT IN (SELECT producer FROM feed_cursors)"},
    {"a request was applied twice",
     "SELECT request_id, COUNT(*)\n  FROM audit\n WHERE code = 0\n   AND request_id <> ''\n"
     " GROUP BY principal, method, request_id\nHAVING COUNT(*) > 1"},
};

absl::Status Broken(absl::string_view what) { return absl::InternalError(what); }

absl::Status CheckRules(ReadTx& tx) {
  for (const auto& [rule, sql] : kRules) {
    Rows rows = tx.Query(sql);
    if (rows.Next()) return Broken(absl::StrCat(rule, ": ", rows.Text(0), ", ", rows.Text(1)));
    RETURN_IF_ERROR(rows.status());
  }
  return absl::OkStatus();
}

absl::Status CheckIntegrity(ReadTx& tx) {
  Rows rows = tx.Query("PRAGMA integrity_check(1)");
  const std::string answer = rows.Next() ? std::string(rows.Text(0)) : "";
  RETURN_IF_ERROR(rows.status());
  return answer == "ok" ? absl::OkStatus() : Broken(absl::StrCat("SQLite says: ", answer));
}

absl::StatusOr<int64_t> CheckAudit(ReadTx& tx) {
  ChainVerifier chain;
  Rows rows = tx.Query(absl::StrCat("SELECT ", kAuditColumns, "\n  FROM audit\n ORDER BY sequence"));
  while (rows.Next()) RETURN_IF_ERROR(chain.Add(AuditEntryOf(rows)));
  RETURN_IF_ERROR(rows.status());
  return chain.sequence();
}

}  // namespace

DatabaseOptions OptionsOf(const ServiceDefinition& definition, PowerDisk& disk, SimLoop& loop,
                          std::function<void(const absl::Status&)> fatal) {
  DatabaseOptions options;
  options.directory = disk.directory();
  options.application_id = definition.application_id;
  options.migrations = definition.migrations;
  options.tables = definition.tables;
  options.clock = &loop.clock();
  options.random = &loop.random();
  options.executor = &loop;
  options.fatal = std::move(fatal);
  disk.Hold(options);
  return options;
}

absl::StatusOr<int64_t> CheckWhole(Database& database, const ServiceDefinition& definition) {
  return database.Read([&definition](ReadTx& tx) -> absl::StatusOr<int64_t> {
    RETURN_IF_ERROR(CheckIntegrity(tx));
    for (const ResourceTableBase* table : definition.tables) RETURN_IF_ERROR(table->VerifyDerivation(tx));
    RETURN_IF_ERROR(CheckRules(tx));
    return CheckAudit(tx);
  });
}

absl::StatusOr<size_t> CountHeld(Database& database, const std::vector<Acknowledged>& acknowledged) {
  return database.Read([&acknowledged](ReadTx& tx) -> absl::StatusOr<size_t> {
    std::map<std::pair<std::string, std::string>, std::string> answers;
    Rows rows = tx.Query(
        "SELECT a.method, a.request_id, IFNULL(a.answer, r.message)\n  FROM audit AS a\n"
        "  LEFT JOIN revisions AS r ON r.seq = a.answer_sequence\n WHERE a.code = 0");
    while (rows.Next()) answers[{std::string(rows.Text(0)), std::string(rows.Text(1))}] = std::string(rows.Bytes(2));
    RETURN_IF_ERROR(rows.status());
    size_t held = 0;
    for (size_t i = 0; i < acknowledged.size(); ++i) {
      const Acknowledged& each = acknowledged[i];
      const auto found = answers.find({each.path, each.request_id});
      if (found == answers.end()) continue;
      if (found->second != each.answer) return Broken(absl::StrCat(each.path, " was answered otherwise"));
      if (held++ != i) return Broken(absl::StrCat(each.path, " is there and one before it is not"));
    }
    return held;
  });
}

absl::Status CheckRepeats(const ServiceDefinition& definition, PowerDisk& disk,
                          const std::vector<Acknowledged>& acknowledged) {
  SimLoop loop(1);
  absl::Status fatal;
  Env base;
  base.clock = &loop.clock();
  base.random = &loop.random();
  base.executor = &loop;
  ASSIGN_OR_RETURN(std::unique_ptr<TestService> service,
                   TestService::Open(definition, base, disk.directory(), [&](DatabaseOptions& options) {
                     disk.Hold(options);
                     options.fatal = [&fatal](const absl::Status& status) { fatal = status; };
                   }));
  const auto before = TableDigests(service->database());
  for (const Acknowledged& each : acknowledged) {
    auto admitted = service->gate().Admit({each.path, {TestAdminUri()}, {}, absl::InfiniteFuture()});
    RETURN_IF_ERROR(admitted.status());
    std::optional<CallResult> result;
    service->gate().Handle(*std::move(admitted), each.request,
                           [&result](CallResult answer) { result = std::move(answer); });
    if (!loop.RunUntil([&result] { return result.has_value(); })) return Broken("a repeat was not answered");
    if (!result->status.ok()) {
      return Broken(absl::StrCat("a repeat of ", each.path, " was refused: ", result->status.ToString()));
    }
    if (result->bytes != each.answer) return Broken(absl::StrCat("a repeat of ", each.path, " was answered otherwise"));
  }
  if (TableDigests(service->database()) != before) return Broken("a repeat changed something");
  return fatal;
}

std::string Keep(const PowerDisk& disk) {
  std::string directory = (std::filesystem::temp_directory_path() / "partnerskap_kept_XXXXXX").string();
  if (mkdtemp(directory.data()) == nullptr) return absl::StrCat(directory, ", which could not be made");
  for (const std::string& file : disk.Files()) {
    std::ofstream(absl::StrCat(directory, "/", file), std::ios::binary) << disk.Contents(file);
  }
  return directory;
}

}  // namespace partnerskap::disk
