#include "tests/processes/run_checks.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/sql/audit_log.h"
#include "common/sql/statement.h"
#include "common/sql/store_file.h"
#include "services/agreements/service.h"
#include "services/membership/service.h"
#include "services/peer_review/service.h"
#include "services/scheduling/service.h"
#include "tests/history/linearizable.h"

namespace partnerskap {
namespace {

using Kind = Operation::Kind;
using Outcome = Operation::Outcome;

// A store that was stopped, or killed for good: opened for writing, for what a killed process left in the WAL is a part
// of it.
class Store {
 public:
  explicit Store(const std::string& path) {
    auto connection = Connection::Open(path, Connection::Mode::kWriter, "");
    if (connection.ok()) connection_ = *std::move(connection);
  }
  bool is_open() const { return connection_ != nullptr; }
  Rows Query(absl::string_view sql) { return connection_->Query(sql, {}); }
  Connection& connection() { return *connection_; }

 private:
  std::unique_ptr<Connection> connection_;
};

// Tables of resources: what has a name and a message, but for the revisions and what comes from other services.
std::vector<std::string> ResourceTables(Store& store) {
  std::vector<std::string> tables;
  Rows rows = store.Query(
      "SELECT name\n  FROM sqlite_schema AS t\n WHERE type = 'table' AND name <> 'revisions'\n"
      "   AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'message')\n"
      "   AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'uid')");
  while (rows.Next()) tables.emplace_back(rows.Text(0));
  return tables;
}

class ServiceJudge {
 public:
  explicit ServiceJudge(const ServiceRun& run) : run_(run), store_(run.store) {}

  Judged Run() {
    if (!store_.is_open()) {
      Broken(absl::StrCat(run_.store, " does not open"));
      return std::move(judged_);
    }
    ReadLog();
    CheckFile();
    CheckAudit();
    CheckFollower();
    if (const absl::Status status = CheckLog(log_); !status.ok()) {
      Broken(absl::StrCat("P9: ", status.message()));
      return std::move(judged_);
    }
    CheckRequests();
    CheckOrder();
    CheckResources();
    CheckStreams();
    return std::move(judged_);
  }

 private:
  void Broken(absl::string_view what) {
    constexpr size_t kEnough = 10;
    if (judged_.broken.size() < kEnough) judged_.broken.push_back(absl::StrCat(run_.service, ": ", what));
  }

  void ReadLog() {
    Rows rows = store_.Query(
        "SELECT seq, tx, name, revision, type, message_type, message, request_id, principal\n  FROM revisions\n"
        " ORDER BY seq");
    while (rows.Next()) {
      log_.push_back({rows.Int(0), rows.Int(1), std::string(rows.Text(2)), rows.Int(3), std::string(rows.Text(4)),
                      std::string(rows.Text(5)), std::string(rows.Bytes(6)), std::string(rows.Text(7)),
                      std::string(rows.Text(8))});
    }
    auto epoch = StoreText(store_.connection(), "epoch");
    if (epoch.ok()) epoch_ = *epoch;
  }

  void CheckFile() {
    Rows rows = store_.Query("PRAGMA integrity_check");
    while (rows.Next()) {
      if (rows.Text(0) != "ok") Broken(absl::StrCat("P4: integrity: ", rows.Text(0)));
    }
    for (const std::string& table : ResourceTables(store_)) {
      Rows differ = store_.Query(
          absl::StrCat("SELECT name\n  FROM ", table, " AS t\n WHERE message IS NOT\n",
                       "       (SELECT message FROM revisions WHERE name = t.name ORDER BY seq DESC LIMIT 1)"));
      if (differ.Next()) Broken(absl::StrCat("P4: ", differ.Text(0), " is not its newest revision"));
    }
  }

  void CheckAudit() {
    ChainVerifier chain;
    Rows rows = store_.Query(absl::StrCat("SELECT ", kAuditColumns, "\n  FROM audit\n ORDER BY sequence"));
    while (rows.Next()) {
      const common::v1::AuditEntry entry = AuditEntryOf(rows);
      if (const absl::Status status = chain.Add(entry); !status.ok()) {
        return Broken(absl::StrCat("P37: ", status.message()));
      }
      if (entry.code() != google::rpc::OK || entry.request_id().empty()) continue;
      const auto [applied, first] = applied_.emplace(entry.request_id(), entry.change_sequence());
      if (!first) Broken(absl::StrCat("P5: request ", entry.request_id(), " was applied twice"));
    }
  }

  // What was listed while it lived is a part of what is there at the end.
  void CheckFollower() {
    const Log& told = run_.follower->log();
    if (told.size() > log_.size()) return Broken("P9: changes were listed that are lost");
    for (size_t i = 0; i < told.size(); ++i) {
      if (told[i].name != log_[i].name || told[i].revision != log_[i].revision ||
          told[i].request_id != log_[i].request_id) {
        return Broken(absl::StrCat("P9: change ", i + 1, " was listed as ", told[i].name, ", and is ", log_[i].name));
      }
    }
  }

  // Every acknowledged mutation is there with its bytes; what is there was asked for; what was refused is not there.
  void CheckRequests() {
    std::map<std::string, const ClientCall*> asked;
    for (const ClientCall& call : run_.calls) {
      if (call.request_id.empty()) continue;
      asked[call.request_id] = &call;
      const auto applied = applied_.find(call.request_id);
      const std::string what = absl::StrCat(call.method, " on ", call.name);
      if (call.operation.outcome == Outcome::kDone) {
        if (applied == applied_.end()) {
          Broken(absl::StrCat("P1: ", what, " was acknowledged and is lost"));
        } else if (log_[static_cast<size_t>(applied->second) - 1].message != call.answer) {
          Broken(absl::StrCat("P1: ", what, " was answered with other bytes than are stored"));
        }
      }
      const bool refused_at_once = call.operation.outcome == Outcome::kRefused && call.attempts == 1;
      if (refused_at_once && applied != applied_.end()) Broken(absl::StrCat("P6: ", what, " was refused and applied"));
    }
    for (const auto& [id, sequence] : applied_) {
      if (asked.count(id) == 0) Broken(absl::StrCat("P5: request ", id, " was never made"));
    }
  }

  // Outcomes that no answer told are told by the log.
  Operation Settled(const ClientCall& call) const {
    Operation operation = call.operation;
    const auto applied = applied_.find(call.request_id);
    if (call.request_id.empty()) return operation;
    if (applied == applied_.end()) return operation;
    const LogEntry& entry = log_[static_cast<size_t>(applied->second) - 1];
    // Refused in the end, while an earlier attempt of unknown outcome was still under way and came later.
    if (operation.outcome != Outcome::kDone) operation.returned = kNeverReturned;
    operation.outcome = Outcome::kDone;
    operation.revision = entry.revision;
    operation.value = DigestOf(entry.message);
    return operation;
  }

  void CheckOrder() {
    std::vector<AnsweredCall> calls;
    for (const ClientCall& call : run_.calls) {
      AnsweredCall answered{call.operation.call, call.operation.returned, call.position, call.seen};
      if (call.operation.outcome != Outcome::kDone) continue;
      if (call.request_id.empty() && call.seen.empty()) answered.seen = {{call.name, call.operation.revision}};
      calls.push_back(std::move(answered));
    }
    const absl::Status status = CheckSerialOrder(log_, std::move(calls));
    if (!status.ok()) Broken(absl::StrCat("P7: no serial order: ", status.message()));
  }

  void CheckResources() {
    std::map<std::string, KeyHistory> histories;
    for (const ClientCall& call : run_.calls) {
      if (call.name.empty()) continue;
      const Operation operation = Settled(call);
      // Neither answered nor in the log: it constrains nothing.
      if (operation.outcome != Outcome::kUnknown) histories[call.name].push_back(operation);
    }
    // A read of everything that is left, by whoever comes last.
    std::map<std::string, const LogEntry*> newest;
    for (const LogEntry& entry : log_) newest[entry.name] = &entry;
    const int64_t now = SteadyNow();
    for (auto& [name, history] : histories) {
      const auto found = newest.find(name);
      Operation last{now, now + 1, Kind::kRead, Outcome::kDone, 0, 0, 0};
      if (found != newest.end()) last.revision = found->second->revision;
      if (found != newest.end()) last.value = DigestOf(found->second->message);
      history.push_back(last);
      judged_.operations += history.size();
      for (const auto& [checker, check] :
           {std::pair("search", &CheckBySearch), std::pair("revision", &CheckByRevision)}) {
        const absl::Status status = check(history);
        if (!status.ok())
          Broken(absl::StrCat("P7: ", name, " is not linearizable, by ", checker, ": ", status.message()));
      }
    }
  }

  void CheckStreams() {
    const FeedView view{nullptr, ClearedTypes()};
    for (const FeedStream& stream : run_.streams) {
      for (const auto& response : stream.responses) judged_.changes += static_cast<uint64_t>(response.changes_size());
      for (const std::string& broken : CheckFeed(log_, epoch_, stream, view)) Broken(absl::StrCat("P9: ", broken));
    }
  }

  const ServiceRun& run_;
  Store store_;
  Log log_;
  std::string epoch_;
  std::map<std::string, int64_t> applied_;  // request id -> sequence of its change
  Judged judged_;
};

// Every row of every table that holds what another service has told.
std::map<std::string, std::string> KnownRows(Store& store) {
  std::map<std::string, std::string> digests;
  std::vector<std::string> tables;
  Rows names = store.Query("SELECT name\n  FROM sqlite_schema\n WHERE type = 'table' AND name LIKE 'known_%'");
  while (names.Next()) tables.emplace_back(names.Text(0));
  for (const std::string& table : tables) {
    std::vector<std::string> lines;
    Rows rows = store.Query(absl::StrCat("SELECT *\n  FROM ", table));
    while (rows.Next()) {
      std::string& line = lines.emplace_back();
      for (int i = 0; i < rows.columns(); ++i) absl::StrAppend(&line, rows.Bytes(i), "|");
    }
    std::sort(lines.begin(), lines.end());
    for (const std::string& line : lines) absl::StrAppend(&digests[table], line, "\n");
  }
  return digests;
}

absl::Status Hear(Store& store, const ServiceDefinition& consumer, const std::vector<ServiceRun>& runs) {
  const WriteTx::Context context{"feed", "feed", "", "", absl::UnixEpoch()};
  SeededRandom random(0);
  for (const Subscription& subscription : consumer.subscriptions) {
    for (const ServiceRun& run : runs) {
      if (run.service != subscription.producer) continue;
      const absl::Status status = InTransaction(store.connection(), [&]() -> absl::Status {
        int64_t sequence = 0;
        WriteTx tx(store.connection(), context, random, &sequence, 0);
        for (const common::v1::Change& change : run.follower->changes()) {
          if (const absl::Status applied = subscription.react(change, tx); !applied.ok()) return applied;
        }
        return absl::OkStatus();
      });
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<ServiceDefinition> AllDefinitions() {
  return {membership::Definition(), agreements::Definition(), scheduling::Definition(), peer_review::Definition()};
}

Judged JudgeService(const ServiceRun& run) { return ServiceJudge(run).Run(); }

std::vector<std::string> CheckProjections(const std::string& consumer, const std::vector<ServiceRun>& runs,
                                          const std::string& directory) {
  std::vector<std::string> broken;
  for (const ServiceDefinition& definition : AllDefinitions()) {
    if (definition.name != consumer) continue;
    Store again(absl::StrCat(directory, "/", consumer, "-again.db"));
    SeededRandom random(0);
    absl::Status status = CreateStore(again.connection(), definition.application_id, random);
    if (status.ok()) status = Migrate(again.connection(), definition.migrations, definition.tables);
    if (status.ok()) status = Hear(again, definition, runs);
    if (!status.ok()) return {absl::StrCat("P11: ", consumer, " cannot hear it again: ", status.ToString())};
    const auto run = std::find_if(runs.begin(), runs.end(), [&](const ServiceRun& r) { return r.service == consumer; });
    Store kept(run->store);
    const auto known = KnownRows(kept), heard = KnownRows(again);
    for (const auto& [table, rows] : heard) {
      if (known.count(table) == 0 || known.at(table) != rows) {
        broken.push_back(absl::StrCat("P11: ", consumer, " has something else in ", table, " than its producer told"));
      }
    }
    if (known.size() != heard.size()) broken.push_back(absl::StrCat("P11: ", consumer, " knows what nobody told"));
  }
  return broken;
}

}  // namespace partnerskap
