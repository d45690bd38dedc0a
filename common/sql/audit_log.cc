#include "common/sql/audit_log.h"

#include <array>

#include "common/audit/audit.h"
#include "common/status/macros.h"
#include "google/protobuf/util/time_util.h"

namespace partnerskap {

using common::v1::AuditEntry;
using google::protobuf::util::TimeUtil;

absl::StatusOr<AuditHead> LoadAuditHead(Connection& connection) {
  AuditHead head;
  Rows rows =
      connection.Query("SELECT sequence, commit_time, hash\n  FROM audit\n ORDER BY sequence DESC\n LIMIT 1", {});
  if (rows.Next()) head = {rows.Int(0), rows.Int(1), std::string(rows.Bytes(2))};
  RETURN_IF_ERROR(rows.status());
  return head;
}

absl::Status AppendAudit(Connection& connection, AuditEntry& entry, const AuditAnswer& answer, AuditHead& head) {
  entry.set_sequence(head.sequence + 1);
  entry.set_previous_hash(head.hash);
  entry.set_hash(AuditHash(entry));
  int64_t micros = TimeUtil::TimestampToMicroseconds(entry.commit_time());
  SqlValue revision = nullptr, bytes = nullptr;
  if (answer.ok && answer.revision != 0) revision = answer.revision;
  if (answer.ok && answer.revision == 0) bytes = Blob{answer.bytes};
  std::array<SqlValue, 17> values{int64_t{entry.sequence()},
                                  micros,
                                  absl::string_view(entry.principal()),
                                  absl::string_view(entry.method()),
                                  absl::string_view(entry.object()),
                                  absl::string_view(entry.request_id()),
                                  Blob{entry.salt()},
                                  Blob{entry.digest()},
                                  int64_t{entry.code()},
                                  absl::string_view(entry.reason()),
                                  int64_t{entry.count()},
                                  int64_t{entry.change_sequence()},
                                  Blob{entry.previous_hash()},
                                  Blob{entry.hash()},
                                  answer.position,
                                  revision,
                                  bytes};
  RETURN_IF_ERROR(
      connection.Execute("INSERT INTO audit (sequence, commit_time, principal, method, object, request_id, salt, "
                         "digest, code, reason, count,\n"
                         "                   change_sequence, previous_hash, hash, position, answer_sequence, answer)\n"
                         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                         values));
  head = {entry.sequence(), micros, entry.hash()};
  return absl::OkStatus();
}

AuditEntry AuditEntryOf(const Rows& rows) {
  AuditEntry entry;
  entry.set_sequence(rows.Int(0));
  *entry.mutable_commit_time() = TimeUtil::MicrosecondsToTimestamp(rows.Int(1));
  entry.set_principal(std::string(rows.Text(2)));
  entry.set_method(std::string(rows.Text(3)));
  entry.set_object(std::string(rows.Text(4)));
  entry.set_request_id(std::string(rows.Text(5)));
  entry.set_salt(std::string(rows.Bytes(6)));
  entry.set_digest(std::string(rows.Bytes(7)));
  entry.set_code(static_cast<google::rpc::Code>(rows.Int(8)));
  entry.set_reason(std::string(rows.Text(9)));
  entry.set_count(static_cast<int32_t>(rows.Int(10)));
  entry.set_change_sequence(rows.Int(11));
  entry.set_previous_hash(std::string(rows.Bytes(12)));
  entry.set_hash(std::string(rows.Bytes(13)));
  return entry;
}

}  // namespace partnerskap
