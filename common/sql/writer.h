// The one writer: requests wait in a queue; the writer's lane takes what is there, runs each inside a SAVEPOINT of one
// transaction, commits once with one fsync, and hands the answers to the completer's lane. No caller waits on a thread.
//
// In the transaction of the effect stand: rows, revisions, the audit row, and the idempotency key (principal, method,
// request id), which is a column of the audit row with an index in memory.
#ifndef PARTNERSKAP_COMMON_SQL_WRITER_H_
#define PARTNERSKAP_COMMON_SQL_WRITER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/sql/transaction.h"

namespace partnerskap {

struct WriterOptions {
  size_t max_queue = 10'000;     // waiting requests; above it WRITER_OVERLOADED (a second of work at full speed)
  size_t max_batch = 256;        // requests of one transaction: bounds the time until the first answer
  int checkpoint_pages = 4'000;  // pages in the WAL at which the writer checkpoints between batches (16 MiB)
  absl::Duration request_id_window = absl::Hours(24 * 35);  // how long a request id is remembered
  size_t max_request_ids_in_memory = 1'000'000;             // beyond it the oldest lie in a key-sorted table
  // A disk that lets a batch or a checkpoint wait longer is taken for hung, and the process ends: callers have given up
  // long before, and a restart elsewhere is the only thing that helps.
  absl::Duration max_disk_wait = absl::Seconds(20);
};

struct WriteResult {
  absl::StatusOr<std::string> answer;  // serialized response
  // The store's sequence number after this write (of the first run, for a repeat): the caller's position.
  int64_t position = 0;
  bool replayed = false;
};

struct WriteRequest {
  WriteTx::Context context;
  std::string object;  // name for the audit row, or empty
  // Deterministically serialized request: two calls are the same when it is. Empty with `audited` false.
  std::string content;
  absl::Time deadline = absl::InfiniteFuture();  // by SteadyTime; not begun after it
  bool validate_only = false;                    // run, answer, roll back: no row of any kind
  bool audited = true;                           // false for reactions to feeds, which store a cursor instead
  // Runs on the writer's lane; may run again. Returns the answer's bytes.
  std::function<absl::StatusOr<std::string>(WriteTx&)> body;
  // Runs on the completer's lane, after the fsync for an OK answer.
  absl::AnyInvocable<void(WriteResult)> done;
};

// A call refused before it reached the writer. Written in batches, at most a second later; no answer waits for it.
struct RefusalRecord {
  absl::Time time;
  std::string principal, method, object, reason;
  int code = 0;  // absl::StatusCode
  // Overload, rate and unauthenticated refusals: one row per principal, reason and second, with a count.
  bool counted = false;
};

class Writer {
 public:
  virtual ~Writer() = default;
  // Queues. `done` is always called once: with WRITER_OVERLOADED or STARTING at once if it cannot be queued.
  virtual void Submit(WriteRequest request) = 0;
  virtual void RecordRefusal(RefusalRecord refusal) = 0;
  // Mutations are refused with STARTING until the index of request ids has been rebuilt.
  virtual bool ready() const = 0;
  // The newest durable sequence number. `on_commit` runs on the completer's lane after each commit that made revisions.
  virtual int64_t committed_sequence() const = 0;
  virtual void OnCommit(std::function<void(int64_t sequence)> on_commit) = 0;
  // Waits until all that was submitted is answered, checkpoints, and refuses what comes later with SHUTTING_DOWN.
  virtual void Close() = 0;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SQL_WRITER_H_
