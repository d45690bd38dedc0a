// Changes as a watcher may see them, read from `revisions`.
#ifndef PARTNERSKAP_COMMON_FEED_CHANGE_READER_H_
#define PARTNERSKAP_COMMON_FEED_CHANGE_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/sql/transaction.h"
#include "partnerskap/common/v1/feed.pb.h"

namespace partnerskap {

// What one watcher sees of the feed.
struct FeedFilter {
  std::string network;                             // `networks/partnerskapet`: what lies under it, and organizations
  absl::flat_hash_set<std::string> message_types;  // empty: all
  absl::flat_hash_set<std::string> hidden_types;   // never
  bool Passes(absl::string_view name, absl::string_view message_type) const;
};

// When a page ends. At least one transaction is read, unless it alone is larger than `split_bytes`.
struct PageLimits {
  size_t changes = 64;
  // 17 pages wait in a stream at most (16 in its buffer, one in gRPC's hands): with this a watcher that has stopped
  // reading holds about 200 KiB, and a thousand of them the 200 MiB that they may cost together.
  size_t bytes = 12 << 10;
  // Rows looked at, those that do not pass among them: a few milliseconds.
  size_t rows = 2'000;
  // A transaction above it is split, below the 4 MiB that gRPC clients take by default.
  size_t split_bytes = 2 << 20;
};

struct ChangePage {
  std::vector<common::v1::Change> changes;
  // Read so far; the next page begins after it.
  int64_t read = 0;
  // The last sequence of which the whole transaction has been read, in this page or before. Less than `read` only
  // inside a transaction that is split.
  int64_t covered = 0;
};

// Changes after `after` up to and including `through`, in order. `covered` is that of the page before. `through` is the
// end of a transaction. `epoch` goes into each change. Errors: STORE_CORRUPT when stored bytes are not a message of
// their type.
absl::StatusOr<ChangePage> ReadChanges(ReadTx& tx, const FeedFilter& filter, absl::string_view epoch, int64_t after,
                                       int64_t covered, int64_t through, const PageLimits& limits);

// The state at `at`: of each name its newest revision not above `at`, in the order of those revisions (a child may come
// before its parent), without names that were erased. Pages by `after` as above; complete when `read` is `at`.
absl::StatusOr<ChangePage> ReadState(ReadTx& tx, const FeedFilter& filter, absl::string_view epoch, int64_t after,
                                     int64_t at, const PageLimits& limits);

// The first sequence that the feed keeps (kFeedFloorKey of store_file.h); 1 unless older ones have been given up.
absl::StatusOr<int64_t> FeedFloor(ReadTx& tx);
// The newest sequence number that this snapshot holds; 0 for none.
absl::StatusOr<int64_t> NewestSequence(ReadTx& tx);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_FEED_CHANGE_READER_H_
