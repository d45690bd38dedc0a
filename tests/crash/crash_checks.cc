#include "tests/crash/crash_checks.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/audit/audit.h"
#include "common/sql/audit_log.h"
#include "common/sql/statement.h"
#include "common/testing/notes/notes.pb.h"

namespace partnerskap {
namespace {

using testing::notes::v1::Note;

// Opened for writing, as the next start of the service does: the WAL that a killed process left is a part of the store.
class Store {
 public:
  explicit Store(const std::string& path) {
    auto connection = Connection::Open(path, Connection::Mode::kWriter, "");
    if (connection.ok()) {
      connection_ = *std::move(connection);
    } else {
      Broken(absl::StrCat(path, " does not open: ", connection.status().ToString()));
    }
  }
  Rows Query(absl::string_view sql) { return connection_->Query(sql, {}); }
  bool is_open() const { return connection_ != nullptr; }
  int64_t Number(absl::string_view sql) {
    Rows rows = Query(sql);
    return rows.Next() ? rows.Int(0) : -1;
  }
  void Broken(std::string what) {
    // The first few say it; thousands of lines would hide it.
    constexpr size_t kEnough = 20;
    if (broken_.size() < kEnough) broken_.push_back(std::move(what));
  }
  void ExpectNumber(int64_t expected, absl::string_view sql, absl::string_view what) {
    const int64_t number = Number(sql);
    if (number != expected) Broken(absl::StrCat(what, ": ", number, ", not ", expected));
  }
  std::vector<std::string> broken() && { return std::move(broken_); }

 private:
  std::unique_ptr<Connection> connection_;
  std::vector<std::string> broken_;
};

void CheckIntegrity(Store& store) {
  Rows rows = store.Query("PRAGMA integrity_check");
  while (rows.Next()) {
    if (rows.Text(0) != "ok") store.Broken(std::string(rows.Text(0)));
  }
}

void CheckRevisions(Store& store) {
  store.ExpectNumber(store.Number("SELECT MAX(seq)\n  FROM revisions"), "SELECT COUNT(*)\n  FROM revisions",
                     "sequence numbers without a gap");
  store.ExpectNumber(0,
                     "SELECT COUNT(*)\n  FROM (SELECT name\n          FROM revisions\n         GROUP BY name\n"
                     "        HAVING COUNT(*) <> MAX(revision) OR MIN(revision) <> 1)",
                     "names whose revisions have a gap");
  store.ExpectNumber(0,
                     "SELECT COUNT(*)\n  FROM notes AS note\n WHERE message <>\n"
                     "       (SELECT message\n          FROM revisions\n         WHERE name = note.name\n"
                     "         ORDER BY seq DESC\n         LIMIT 1)",
                     "rows that are not their newest revision");
}

void CheckCreated(Store& store, const Promised& promised) {
  std::map<std::string, std::string> first;
  Rows rows = store.Query("SELECT name, message\n  FROM revisions\n WHERE revision = 1\n ORDER BY seq");
  while (rows.Next()) first[std::string(rows.Text(0))] = std::string(rows.Bytes(1));
  for (const auto& [name, answer] : promised.created) {
    const auto found = first.find(name);
    if (found == first.end()) {
      store.Broken(absl::StrCat(name, " was acknowledged and is lost"));
    } else if (found->second != answer) {
      store.Broken(absl::StrCat(name, " was answered with other bytes than are stored"));
    }
  }
  for (const auto& [name, bytes] : first) {
    if (promised.created.count(name) == 0) store.Broken(absl::StrCat(name, " exists and was never asked for"));
  }
}

void CheckUpdated(Store& store, const Promised& promised) {
  std::map<std::string, std::map<std::string, int>> texts;
  Rows rows = store.Query("SELECT name, message\n  FROM revisions\n WHERE revision > 1\n ORDER BY seq");
  while (rows.Next()) {
    Note note;
    note.ParseFromString(std::string(rows.Bytes(1)));
    ++texts[std::string(rows.Text(0))][note.text()];
  }
  for (const auto& [name, updates] : promised.updated) {
    for (const std::string& text : updates) {
      const int times = texts[name][text];
      if (times != 1) store.Broken(absl::StrCat("an acknowledged update of ", name, " was applied ", times, " times"));
    }
    if (texts[name].size() != updates.size()) store.Broken(absl::StrCat(name, " has updates that nobody asked for"));
  }
}

void CheckAudit(Store& store, const Promised& promised) {
  ChainVerifier chain;
  std::map<std::string, int> applied;
  Rows rows = store.Query(absl::StrCat("SELECT ", kAuditColumns, "\n  FROM audit\n ORDER BY sequence"));
  while (rows.Next()) {
    const common::v1::AuditEntry entry = AuditEntryOf(rows);
    if (const absl::Status status = chain.Add(entry); !status.ok()) store.Broken(std::string(status.message()));
    if (entry.code() == google::rpc::OK) ++applied[entry.request_id()];
  }
  for (const std::string& id : promised.request_ids) {
    if (applied[id] != 1) store.Broken(absl::StrCat("request id ", id, " was applied ", applied[id], " times"));
  }
  if (applied.size() != promised.request_ids.size())
    store.Broken("the audit chain holds mutations that nobody asked for");
}

std::map<std::string, std::string> Public(Store& store, absl::string_view table) {
  std::map<std::string, std::string> notes;
  Rows rows = store.Query(absl::StrCat("SELECT name, message\n  FROM ", table, "\n ORDER BY name"));
  while (rows.Next()) {
    Note note;
    note.ParseFromString(std::string(rows.Bytes(1)));
    note.clear_author();
    notes[std::string(rows.Text(0))] = note.SerializeAsString();
  }
  return notes;
}

}  // namespace

std::vector<std::string> CheckWritten(const std::string& path, const Promised& promised) {
  Store store(path);
  if (store.is_open()) {
    CheckIntegrity(store);
    CheckRevisions(store);
    CheckCreated(store, promised);
    CheckUpdated(store, promised);
    CheckAudit(store, promised);
  }
  return std::move(store).broken();
}

std::vector<std::string> CheckFollowed(const std::string& followed, const std::string& follower) {
  Store producer(followed), store(follower);
  if (producer.is_open() && store.is_open()) {
    CheckIntegrity(store);
    store.ExpectNumber(0, "SELECT COUNT(*)\n  FROM effects\n WHERE times <> 1", "changes applied more than once");
    if (Public(producer, "notes") != Public(store, "copies")) store.Broken("the copies are not what was copied");
  }
  return std::move(store).broken();
}

int64_t NewestSequence(const std::string& path) {
  Store store(path);
  return store.is_open() ? store.Number("SELECT MAX(seq)\n  FROM revisions") : -1;
}

}  // namespace partnerskap
