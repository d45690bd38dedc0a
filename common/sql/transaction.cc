#include "common/sql/transaction.h"

namespace partnerskap {

absl::Status WriteTx::AppendRevision(const Permit&, const Revision& revision) {
  int64_t sequence = *sequence_ + 1;
  int64_t first = first_sequence_ == 0 ? sequence : first_sequence_;
  absl::Status status = Execute(
      "INSERT INTO revisions (seq, tx, name, revision, commit_time, type, message_type, message, changed_paths,\n"
      "                       request_id, trace_parent, principal, method)\n"
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      sequence, first, revision.name, revision.revision, commit_micros_, revision.type, revision.message_type,
      Blob{revision.message}, revision.changed_paths, context_.request_id, context_.trace_parent, context_.principal,
      context_.method);
  if (!status.ok()) return status;
  *sequence_ = sequence;
  first_sequence_ = first;
  last_sequence_ = sequence;
  last_message_.assign(revision.message.data(), revision.message.size());
  return absl::OkStatus();
}

}  // namespace partnerskap
