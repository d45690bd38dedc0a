#include "common/sql/batch.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <exception>
#include <new>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/audit/audit.h"
#include "common/env/failpoint.h"
#include "common/env/steady_time.h"
#include "common/sql/store_file.h"
#include "common/status/macros.h"
#include "common/status/memory.h"
#include "common/status/refusal.h"
#include "google/protobuf/util/time_util.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

using common::v1::AuditEntry;
using google::protobuf::util::TimeUtil;

absl::StatusOr<std::string> CallBody(const WriteRequest& request, WriteTx& tx) {
  // The standard library's exceptions (a hostile length) must not end the writer's thread.
  try {
    return request.body(tx);
  } catch (const std::bad_alloc&) {
    return RefuseForMemory();
  } catch (const std::exception& thrown) {
    return absl::InternalError(absl::StrCat(request.context.method, ": ", thrown.what()));
  }
}

AuditEntry EntryOf(const RefusalRecord& refusal) {
  AuditEntry entry;
  entry.set_principal(refusal.principal);
  entry.set_method(refusal.method);
  entry.set_object(refusal.object);
  entry.set_reason(refusal.reason);
  entry.set_code(static_cast<google::rpc::Code>(refusal.code));
  return entry;
}

}  // namespace

BatchRunner::BatchRunner(Connection& connection, Clock& clock, Random& random, const WriterOptions& options)
    : connection_(connection),
      clock_(clock),
      random_(random),
      index_(options.max_request_ids_in_memory, options.request_id_window) {}

absl::Status BatchRunner::Load() {
  ASSIGN_OR_RETURN(place_.head, LoadAuditHead(connection_));
  Rows rows = connection_.Query("SELECT seq, commit_time\n  FROM revisions\n ORDER BY seq DESC\n LIMIT 1", {});
  if (rows.Next()) {
    place_.sequence = rows.Int(0);
    commit_micros_ = rows.Int(1);
  }
  RETURN_IF_ERROR(rows.status());
  // An erasure may have taken the newest revision; its number is not given again.
  ASSIGN_OR_RETURN(int64_t high, StoreInt(connection_, "high_sequence"));
  place_.sequence = std::max(place_.sequence, high);
  commit_micros_ = std::max(commit_micros_, place_.head.commit_micros);
  return absl::OkStatus();
}

absl::Status BatchRunner::Begin() {
  added_.clear();
  commit_micros_ = std::max(commit_micros_, absl::ToUnixMicros(clock_.Now()));
  Failpoint("before_begin");
  return connection_.Execute("BEGIN IMMEDIATE");
}

absl::Status BatchRunner::Commit() {
  Failpoint("before_commit");
  absl::Status status = connection_.Execute("COMMIT");
  if (status.ok()) return status;
  // A full disk is met before the commit record is written. After any other error only a restart knows.
  bool full = (sqlite3_errcode(connection_.handle()) & 0xff) == SQLITE_FULL;
  if (!full) return absl::DataLossError(status.message());
  if (!connection_.autocommit()) connection_.Execute("ROLLBACK").IgnoreError();
  return absl::ResourceExhaustedError(status.message());
}

void BatchRunner::Undo(const Place& place) {
  if (!connection_.autocommit()) connection_.Execute("ROLLBACK").IgnoreError();
  for (RequestIndex::Key key : added_) index_.Remove(key);
  added_.clear();
  place_ = place;
}

absl::StatusOr<std::vector<WriteResult>> BatchRunner::Run(absl::Span<WriteRequest> requests) {
  const Place before = place_;
  std::vector<WriteResult> results;
  if (absl::Status status = Begin(); !status.ok()) {
    for (size_t i = 0; i < requests.size(); ++i) results.push_back({status, place_.sequence, false});
    return results;
  }
  for (WriteRequest& request : requests) {
    results.push_back(RunOne(request));
    if (results.size() == 1 && requests.size() > 1) Failpoint("mid_batch");
    if (!connection_.autocommit()) continue;
    // The error took the whole transaction with it. What ran before fits without this one; alone, it fails for good.
    Undo(before);
    if (results.size() > 1) return Run(requests.first(results.size() - 1));
    results.front().position = place_.sequence;
    AuditLater(request, results.front().answer.status());
    return results;
  }
  absl::Status committed = Commit();
  if (committed.ok()) {
    Failpoint("after_commit_before_reply");
    return results;
  }
  if (!absl::IsResourceExhausted(committed)) return committed;
  Undo(before);
  for (size_t i = 0; i < results.size(); ++i) {
    results[i] = {committed, place_.sequence, false};
    AuditLater(requests[i], committed);
  }
  return results;
}

void BatchRunner::AuditLater(const WriteRequest& request, const absl::Status& status) {
  if (!request.audited || request.validate_only) return;
  const WriteTx::Context& context = request.context;
  unaudited_.push_back({context.time, context.principal, context.method, request.object, ReasonOf(status),
                        static_cast<int>(status.code()), /*counted=*/false});
}

WriteResult BatchRunner::RunOne(WriteRequest& request) {
  WriteResult result;
  if (SteadyTime(clock_) > request.deadline) {
    result.answer = Refuse(common::v1::ARRIVED_LATE);
    AuditRefused(request, result);
    return result;
  }
  auto replayed = Replay(request, result);
  if (!replayed.ok()) {
    result.answer = replayed.status();
    AuditRefused(request, result);
    return result;
  }
  return *replayed ? std::move(result) : RunBody(request);
}

WriteResult BatchRunner::RunBody(WriteRequest& request) {
  const Place before = place_;
  const size_t keys = added_.size();
  WriteResult result;
  if (absl::Status status = connection_.Execute("SAVEPOINT request"); !status.ok()) {
    result.answer = status;
    AuditRefused(request, result);
    return result;
  }
  {
    WriteTx tx(connection_, request.context, random_, &place_.sequence, commit_micros_);
    result.answer = CallBody(request, tx);
    if (result.answer.ok() && !request.validate_only) {
      if (absl::Status status = Finish(request, tx, result); !status.ok()) result.answer = status;
    }
  }
  if (result.answer.ok() && !request.validate_only) {
    absl::Status released = connection_.Execute("RELEASE request");
    if (released.ok()) return result;
    // What is refused must not be committed with the batch.
    result.answer = released;
  }
  for (; added_.size() > keys; added_.pop_back()) index_.Remove(added_.back());
  RollBackTo(before, result);
  if (!result.answer.ok()) AuditRefused(request, result);
  return result;
}

absl::Status BatchRunner::Finish(WriteRequest& request, const WriteTx& tx, WriteResult& result) {
  result.position = place_.sequence;
  // The body may have hidden an error that ended the transaction.
  if (connection_.autocommit()) return absl::InternalError("the transaction is gone");
  if (!request.audited) return absl::OkStatus();
  AuditAnswer answer{place_.sequence, tx.LastRevisionIs(*result.answer) ? tx.last_sequence() : 0, *result.answer, true};
  Failpoint("after_rows_before_audit");
  ASSIGN_OR_RETURN(int64_t row, AuditRow(request, absl::OkStatus(), tx.first_sequence(), answer));
  const WriteTx::Context& context = request.context;
  if (context.request_id.empty()) return absl::OkStatus();
  added_.push_back(RequestIndex::KeyOf(context.principal, context.method, context.request_id));
  index_.Add(added_.back(), row);
  return absl::OkStatus();
}

void BatchRunner::RollBackTo(const Place& place, WriteResult& result) {
  place_ = place;
  result.position = place.sequence;
  if (connection_.autocommit()) return;
  absl::Status status = connection_.Execute("ROLLBACK TO request");
  if (status.ok()) status = connection_.Execute("RELEASE request");
  if (status.ok()) return;
  // Without the savepoint nothing of this transaction may stay.
  result.answer = status;
  connection_.Execute("ROLLBACK").IgnoreError();
}

void BatchRunner::AuditRefused(const WriteRequest& request, WriteResult& result) {
  result.position = place_.sequence;
  if (!request.audited || request.validate_only || connection_.autocommit()) return;
  auto row = AuditRow(request, result.answer.status(), 0, {place_.sequence, 0, "", false});
  // A refusal without its audit row must not be answered as if it had one.
  if (!row.ok()) result.answer = row.status();
}

absl::StatusOr<int64_t> BatchRunner::AuditRow(const WriteRequest& request, const absl::Status& outcome,
                                              int64_t change_sequence, const AuditAnswer& answer) {
  std::array<char, kAuditSaltBytes> salt{};
  random_.Fill(salt.data(), salt.size());
  AuditEntry entry;
  *entry.mutable_commit_time() = TimeUtil::MicrosecondsToTimestamp(commit_micros_);
  entry.set_principal(request.context.principal);
  entry.set_method(request.context.method);
  entry.set_object(request.object);
  entry.set_request_id(request.context.request_id);
  entry.set_salt(salt.data(), salt.size());
  entry.set_digest(AuditDigest(entry.salt(), request.content));
  entry.set_code(static_cast<google::rpc::Code>(outcome.code()));
  entry.set_reason(ReasonOf(outcome));
  entry.set_count(1);
  entry.set_change_sequence(change_sequence);
  RETURN_IF_ERROR(AppendAudit(connection_, entry, answer, place_.head));
  return entry.sequence();
}

absl::StatusOr<bool> BatchRunner::Replay(const WriteRequest& request, WriteResult& result) {
  const WriteTx::Context& context = request.context;
  if (!request.audited || request.validate_only || context.request_id.empty()) return false;
  ASSIGN_OR_RETURN(int64_t row, index_.Find(connection_, RequestIndex::KeyOf(context.principal, context.method,
                                                                             context.request_id)));
  if (row == 0) return false;
  Rows rows = connection_.Query(
      "SELECT a.salt, a.digest, a.position, a.answer_sequence, a.answer, r.message\n"
      "  FROM audit AS a\n"
      "  LEFT JOIN revisions AS r ON r.seq = a.answer_sequence\n"
      " WHERE a.sequence = ?\n   AND a.principal = ?\n   AND a.method = ?\n   AND a.request_id = ?",
      std::array<SqlValue, 4>{row, absl::string_view(context.principal), absl::string_view(context.method),
                              absl::string_view(context.request_id)});
  if (!rows.Next()) {
    RETURN_IF_ERROR(rows.status());
    return false;
  }
  if (rows.Bytes(1) != AuditDigest(rows.Bytes(0), request.content)) {
    return Refuse(common::v1::REQUEST_ID_REUSED, {{"request_id", context.request_id}});
  }
  bool is_revision = !rows.IsNull(3);
  int answer_column = is_revision ? 5 : 4;
  // Erased since: neither the first answer nor a second run would be true.
  if (rows.IsNull(answer_column) || (is_revision && rows.Bytes(answer_column).empty()))
    return Refuse(common::v1::RESOURCE_NOT_FOUND, {{"name", request.object}});
  result.answer = std::string(rows.Bytes(answer_column));
  result.position = rows.Int(2);
  result.replayed = true;
  return true;
}

absl::Status BatchRunner::WriteRefusals(const std::vector<CountedRefusal>& refusals) {
  const Place before = place_;
  RETURN_IF_ERROR(Begin());
  for (const CountedRefusal& counted : refusals) {
    AuditEntry entry = EntryOf(counted.refusal);
    *entry.mutable_commit_time() = TimeUtil::MicrosecondsToTimestamp(commit_micros_);
    entry.set_count(counted.count);
    absl::Status status = AppendAudit(connection_, entry, {place_.sequence, 0, "", false}, place_.head);
    if (!status.ok()) {
      Undo(before);
      return status;
    }
  }
  absl::Status status = Commit();
  if (!status.ok()) Undo(before);
  return status;
}

}  // namespace partnerskap
