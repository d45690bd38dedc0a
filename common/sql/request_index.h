// Which request ids have been answered: (principal, method, request id) -> audit row. The audit table is the truth;
// this finds the row without an index on disk, whose random keys would be the dearest write of a request.
//
// Rows from `floor` on are in memory; those before it, back to the end of the window, lie in `old_request_keys`. Used
// by the writer's lane alone.
#ifndef PARTNERSKAP_COMMON_SQL_REQUEST_INDEX_H_
#define PARTNERSKAP_COMMON_SQL_REQUEST_INDEX_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/statement.h"

namespace partnerskap {

class RequestIndex {
 public:
  // Half a SHA-256 of the three; the audit row that it leads to is compared in full.
  using Key = absl::uint128;
  static Key KeyOf(absl::string_view principal, absl::string_view method, absl::string_view request_id);

  RequestIndex(size_t max_in_memory, absl::Duration window) : max_in_memory_(max_in_memory), window_(window) {}

  // How many audit rows Rebuild would read.
  absl::StatusOr<int64_t> RowsToRead(Connection& connection) const;
  // Fills the memory from the audit table.
  absl::Status Rebuild(Connection& connection);

  // The audit row's sequence number, or 0.
  absl::StatusOr<int64_t> Find(Connection& connection, Key key) const;
  void Add(Key key, int64_t sequence) { recent_[key] = sequence; }
  void Remove(Key key) { recent_.erase(key); }
  size_t in_memory() const { return recent_.size(); }

  // Outside a transaction. Moves a portion of the oldest to the table if there are too many in memory, and forgets a
  // portion of those past the window. True if there is more to do.
  //
  // The end of the window follows wall time, but never by more than twice the steady time that has passed: a clock that
  // jumps ahead must not make the store forget what it has answered.
  absl::StatusOr<bool> Trim(Connection& connection, absl::Time now, absl::Duration steady);

 private:
  absl::StatusOr<bool> MoveOldest(Connection& connection);
  absl::StatusOr<bool> ForgetExpired(Connection& connection, absl::Time now, absl::Duration steady);

  const size_t max_in_memory_;
  const absl::Duration window_;
  absl::flat_hash_map<Key, int64_t> recent_;
  int64_t floor_ = 1;                              // the first audit row whose key is in memory
  int64_t expired_ = 1;                            // the first audit row that is not forgotten
  int64_t horizon_micros_ = 0;                     // what was committed before it may be forgotten
  bool forgetting_ = false;                        // a portion was full
  absl::Duration trimmed_ = absl::ZeroDuration();  // steady time of the last look at the window
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SQL_REQUEST_INDEX_H_
