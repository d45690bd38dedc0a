// Runs requests in transactions, on the writer's connection and lane: what a write does to the store. Knows no queue
// and no thread; group_writer.h has those.
#ifndef PARTNERSKAP_COMMON_SQL_BATCH_H_
#define PARTNERSKAP_COMMON_SQL_BATCH_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/env/env.h"
#include "common/sql/audit_log.h"
#include "common/sql/request_index.h"
#include "common/sql/statement.h"
#include "common/sql/writer.h"

namespace partnerskap {

// Refusals that were folded into one audit row.
struct CountedRefusal {
  RefusalRecord refusal;
  int32_t count = 1;
};

class BatchRunner {
 public:
  BatchRunner(Connection& connection, Clock& clock, Random& random, const WriterOptions& options);
  // Reads where revisions and audit end.
  absl::Status Load();

  // Runs requests from the front in one transaction, and returns their results: of one at least, of all if nothing ends
  // the transaction early. Not OK: COMMIT failed on I/O, nobody knows what is on the disk, and the process must end.
  absl::StatusOr<std::vector<WriteResult>> Run(absl::Span<WriteRequest> requests);

  // Audit rows for calls that were refused outside. RESOURCE_EXHAUSTED: not written, try later.
  absl::Status WriteRefusals(const std::vector<CountedRefusal>& refusals);

  // Refused requests whose audit rows went with their transaction, since the last call: for WriteRefusals, later.
  std::vector<RefusalRecord> TakeUnaudited() { return std::exchange(unaudited_, {}); }

  RequestIndex& index() { return index_; }
  // The newest revision. Durable whenever no Run is under way.
  int64_t sequence() const { return place_.sequence; }

 private:
  // What a rollback must put back beside the database.
  struct Place {
    int64_t sequence = 0;
    AuditHead head;
  };

  absl::Status Begin();
  absl::Status Commit();
  // Back to `place`, without the keys of this transaction.
  void Undo(const Place& place);
  WriteResult RunOne(WriteRequest& request);
  WriteResult RunBody(WriteRequest& request);
  absl::Status Finish(WriteRequest& request, const WriteTx& tx, WriteResult& result);
  void RollBackTo(const Place& place, WriteResult& result);
  void AuditLater(const WriteRequest& request, const absl::Status& status);
  void AuditRefused(const WriteRequest& request, WriteResult& result);
  absl::StatusOr<int64_t> AuditRow(const WriteRequest& request, const absl::Status& outcome, int64_t change_sequence,
                                   const AuditAnswer& answer);
  // The first answer, if this request was answered before.
  absl::StatusOr<bool> Replay(const WriteRequest& request, WriteResult& result);

  Connection& connection_;
  Clock& clock_;
  Random& random_;
  RequestIndex index_;
  Place place_;
  int64_t commit_micros_ = 0;             // of this transaction; never falls
  std::vector<RequestIndex::Key> added_;  // in this transaction
  std::vector<RefusalRecord> unaudited_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SQL_BATCH_H_
