#include "tests/simulator/mirror.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/sql/audit_log.h"

namespace partnerskap::simulator {

using common::v1::Change;

namespace {

std::string KeyOf(absl::string_view principal, absl::string_view method, absl::string_view request_id) {
  return absl::StrCat(principal, " ", method, " ", request_id);
}

// Persons with a protected identity are shown without their names to most.
bool MayBeMasked(absl::string_view name) { return name.substr(0, 8) == "persons/"; }

constexpr char kRevisions[] =
    "SELECT seq, tx, name, revision, commit_time, type, message_type, message\n  FROM revisions\n WHERE seq > ?\n"
    " ORDER BY seq";

StoredRevision RevisionOf(const Rows& rows) {
  return {rows.Int(1),
          std::string(rows.Text(2)),
          rows.Int(3),
          rows.Int(4),
          std::string(rows.Text(5)),
          std::string(rows.Text(6)),
          std::string(rows.Bytes(7))};
}

}  // namespace

bool SaysNothing(absl::StatusCode code) {
  return code == absl::StatusCode::kUnavailable || code == absl::StatusCode::kDeadlineExceeded ||
         code == absl::StatusCode::kCancelled || code == absl::StatusCode::kInternal;
}

std::string Mirror::Broken(absl::string_view promise, absl::string_view what) const {
  return absl::StrCat(promise, ": ", service_, ": ", what);
}

void Mirror::Expect(const std::shared_ptr<Asked>& asked) {
  if (asked->request_id.empty()) return nameless_.push_back(asked);
  asked_.emplace(KeyOf(asked->principal, asked->method->path, asked->request_id), asked);
}

std::string Mirror::Pull(Database& database, Moment now) {
  std::string broken;
  const absl::Status read = database.Read([&](ReadTx& tx) -> absl::Status {
    broken = PullRevisions(tx);
    if (broken.empty()) broken = PullAudit(tx, now);
    return absl::OkStatus();
  });
  if (!read.ok()) return Broken("P1", absl::StrCat("the store cannot be read: ", read.ToString()));
  for (; broken.empty() && audited_through_ < newest(); ++audited_through_) {
    if (audited_.count(at(audited_through_ + 1).transaction) > 0) continue;
    broken = Broken("P4", absl::StrCat("no audit row speaks of ", at(audited_through_ + 1).name, ", sequence ",
                                       audited_through_ + 1));
  }
  for (const auto& asked : std::exchange(heard_, {})) {
    if (broken.empty()) broken = JudgeHeard(*asked);
  }
  for (const auto& asked : std::exchange(heard_refusals_, {})) {
    const std::string key = KeyOf(asked->principal, asked->method->path, asked->request_id);
    if (broken.empty() && refused_.count(key) == 0)
      broken = Broken("P37", absl::StrCat("no audit row of the refusal of ", key));
  }
  for (const SeenState& state : std::exchange(seen_, {})) {
    if (broken.empty()) broken = state.read_micros != 0 ? JudgePast(state) : JudgeSeen(state);
  }
  for (const Change& change : std::exchange(changes_, {})) {
    if (broken.empty()) broken = JudgeChange(change);
  }
  return broken;
}

std::string Mirror::PullRevisions(ReadTx& tx) {
  Rows rows = tx.Query(kRevisions, newest());
  while (rows.Next()) {
    if (rows.Int(0) != newest() + 1) {
      return Broken("P9", absl::StrCat("revision ", rows.Int(0), " follows ", newest()));
    }
    if (std::string broken = AddRevision(RevisionOf(rows)); !broken.empty()) return broken;
  }
  return rows.status().ok() ? "" : Broken("P1", rows.status().ToString());
}

std::string Mirror::AddRevision(StoredRevision revision) {
  std::vector<int64_t>& sequences = names_[revision.name];
  if (revision.revision != static_cast<int64_t>(sequences.size()) + 1) {
    return Broken("P7", absl::StrCat(revision.name, " has revision ", revision.revision, " after ", sequences.size()));
  }
  if (!revisions_.empty() && revision.commit_micros < revisions_.back().commit_micros) {
    return Broken("P7", absl::StrCat("the commit time of sequence ", newest() + 1, " goes back"));
  }
  sequences.push_back(newest() + 1);
  revisions_.push_back(std::move(revision));
  return "";
}

std::string Mirror::PullAudit(ReadTx& tx, Moment now) {
  Rows rows = tx.Query(
      absl::StrCat("SELECT ", kAuditColumns, ", position, answer_sequence, answer\n  FROM audit\n WHERE sequence > ?\n",
                   " ORDER BY sequence"),
      static_cast<int64_t>(audit_.size()));
  while (rows.Next()) {
    AuditRow row{AuditEntryOf(rows), rows.Int(14), std::string(rows.Bytes(16)), nullptr};
    const int64_t answer = rows.IsNull(15) ? 0 : rows.Int(15);
    if (answer > newest()) return Broken("P4", absl::StrCat("the answer of ", row.entry.sequence(), " is not there"));
    if (answer > 0) row.answer = at(answer).message;
    if (std::string broken = AddAudit(std::move(row), now); !broken.empty()) return broken;
  }
  return rows.status().ok() ? "" : Broken("P1", rows.status().ToString());
}

std::string Mirror::AddAudit(AuditRow row, Moment now) {
  const common::v1::AuditEntry& entry = row.entry;
  if (const absl::Status status = chain_.Add(entry); !status.ok()) return Broken("P37", status.message());
  const std::string key = KeyOf(entry.principal(), entry.method(), entry.request_id());
  if (const auto asked = asked_.find(key); !entry.request_id().empty() && asked != asked_.end())
    row.asked = asked->second;
  if (entry.code() != google::rpc::OK) {
    refused_.insert(key);
    audit_.push_back(std::move(row));
    return "";
  }
  if (entry.change_sequence() != 0) audited_.insert(entry.change_sequence());
  if (entry.change_sequence() > row.position || row.position > newest()) {
    return Broken("P4", absl::StrCat("audit row ", entry.sequence(), " speaks of revisions that are not there"));
  }
  if (!entry.request_id().empty() && !applied_.emplace(key, audit_.size()).second) {
    return Broken("P5", absl::StrCat(key, " was applied twice"));
  }
  if (row.asked != nullptr) {
    // Real time: what was answered before another was asked stands before it.
    if (row.asked->first_ok < newest_begin_) {
      return Broken("P7", absl::StrCat(key, " stands after a request that was sent after its answer"));
    }
    if (row.asked->first_sent > now) return Broken("P5", absl::StrCat(key, " was applied before it was asked"));
    newest_begin_ = std::max(newest_begin_, row.asked->first_sent);
  }
  audit_.push_back(std::move(row));
  return "";
}

std::string Mirror::JudgeHeard(const Asked& asked) const {
  const std::string key = KeyOf(asked.principal, asked.method->path, asked.request_id);
  const auto applied = applied_.find(key);
  if (applied == applied_.end()) return Broken("P1", absl::StrCat(key, " was acknowledged and is not there"));
  const AuditRow& row = audit_[applied->second];
  if (asked.position != row.position) {
    return Broken("P7", absl::StrCat(key, " was answered with position ", asked.position, ", not ", row.position));
  }
  if (row.answer == asked.answer) return "";
  return Broken("P7", absl::StrCat(key, " was answered with other bytes than are stored"));
}

std::string Mirror::JudgeSeen(const SeenState& state) const {
  // The snapshot lies at or after the newest revision that was seen, and before the first that was not.
  int64_t from = state.floor, before = newest() + 1;
  std::string why_from = "the floor", why_before = "the present";
  for (const SeenResource& seen : state.resources) {
    const auto sequences = names_.find(seen.name);
    if (sequences == names_.end() || seen.revision < 1 ||
        seen.revision > static_cast<int64_t>(sequences->second.size())) {
      return Broken("P7", absl::StrCat(state.method, " showed revision ", seen.revision, " of ", seen.name,
                                       ", which is not stored"));
    }
    const auto place = static_cast<size_t>(seen.revision);
    const int64_t sequence = sequences->second[place - 1];
    if (at(sequence).message != seen.bytes && !MayBeMasked(seen.name)) {
      return Broken("P7", absl::StrCat(state.method, " showed other bytes of ", seen.name, " than are stored"));
    }
    if (sequence > from) from = sequence, why_from = seen.name;
    if (place < sequences->second.size() && sequences->second[place] < before) {
      before = sequences->second[place], why_before = seen.name;
    }
  }
  for (const std::string& name : state.missing) {
    const auto sequences = names_.find(name);
    if (sequences == names_.end() || sequences->second.front() >= before) continue;
    before = sequences->second.front(), why_before = name;
  }
  if (from < before) return "";
  return Broken("P7", absl::StrCat(state.method, " showed no single state: ", why_from, " needs sequence ", from, ", ",
                                   why_before, " is older than ", before));
}

std::string Mirror::JudgePast(const SeenState& state) const {
  for (const SeenResource& seen : state.resources) {
    const auto sequences = names_.find(seen.name);
    int64_t newest = 0;
    if (sequences != names_.end()) {
      for (int64_t sequence : sequences->second) {
        if (at(sequence).commit_micros <= state.read_micros) newest = sequence;
      }
    }
    if (newest == 0 || (at(newest).message != seen.bytes && !MayBeMasked(seen.name))) {
      return Broken("P7", absl::StrCat(state.method, " of the past showed what was not so: ", seen.name));
    }
  }
  for (const std::string& name : state.missing) {
    const auto sequences = names_.find(name);
    if (sequences == names_.end() || at(sequences->second.front()).commit_micros > state.read_micros) continue;
    return Broken("P7", absl::StrCat(state.method, " of the past did not find ", name));
  }
  return "";
}

std::string Mirror::JudgeChange(const Change& change) const {
  if (change.sequence() < 1 || change.sequence() > newest()) {
    return Broken("P9", absl::StrCat("the feed told of sequence ", change.sequence(), ", which is not stored"));
  }
  const StoredRevision& stored = at(change.sequence());
  if (stored.name == change.name() && stored.revision == change.revision() && stored.type == change.type() &&
      stored.transaction == change.transaction()) {
    return "";
  }
  return Broken("P9", absl::StrCat("the feed told of ", change.name(), " at sequence ", change.sequence(),
                                   ", where the store has ", stored.name));
}

std::string Mirror::Compare(Database& database) const {
  std::string broken;
  const absl::Status read = database.Read([&](ReadTx& tx) -> absl::Status {
    int64_t sequence = 0;
    Rows rows = tx.Query(kRevisions, 0);
    while (rows.Next() && broken.empty() && sequence < newest()) {
      const StoredRevision stored = RevisionOf(rows);
      const StoredRevision& ours = at(++sequence);
      if (rows.Int(0) != sequence || stored.name != ours.name || stored.message != ours.message) {
        broken = Broken("P1", absl::StrCat("sequence ", sequence, " is another than before"));
      }
    }
    if (broken.empty() && sequence != newest())
      broken = Broken("P1", absl::StrCat("only ", sequence, " revisions are left"));
    return rows.status();
  });
  return read.ok() ? broken : Broken("P1", read.ToString());
}

std::string Mirror::Finish() const {
  for (const auto& [key, asked] : asked_) {
    if (asked->mutates() && asked->refused > 0 && asked->refused == asked->sent && applied_.count(key) > 0) {
      return Broken("P6", absl::StrCat(key, " was refused each time, and applied"));
    }
  }
  return "";
}

}  // namespace partnerskap::simulator
