// Appends to the `audit` table. Used by the writer, on its connection.
#ifndef PARTNERSKAP_COMMON_SQL_AUDIT_LOG_H_
#define PARTNERSKAP_COMMON_SQL_AUDIT_LOG_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/sql/statement.h"
#include "partnerskap/common/v1/audit.pb.h"

namespace partnerskap {

// Where the chain ends. Kept in memory, so it has to be put back when a transaction is.
struct AuditHead {
  int64_t sequence = 0;
  int64_t commit_micros = 0;
  std::string hash;
};

// The columns that the chain does not cover: what a repeat of the request is answered with.
struct AuditAnswer {
  int64_t position = 0;
  int64_t revision = 0;  // whose bytes are the answer, or 0
  absl::string_view bytes;
  bool ok = false;  // refusals have no answer
};

absl::StatusOr<AuditHead> LoadAuditHead(Connection& connection);

// Fills sequence, previous_hash and hash of `entry` and inserts it; `head` is then its.
absl::Status AppendAudit(Connection& connection, common::v1::AuditEntry& entry, const AuditAnswer& answer,
                         AuditHead& head);

// The row as the proto has it, from `SELECT` of kAuditColumns.
inline constexpr char kAuditColumns[] =
    "sequence, commit_time, principal, method, object, request_id, salt, digest, code, reason, count, "
    "change_sequence,\n"
    "       previous_hash, hash";
common::v1::AuditEntry AuditEntryOf(const Rows& rows);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SQL_AUDIT_LOG_H_
