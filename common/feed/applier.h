// One transaction of a producer becomes one transaction here, with the cursor in it: the whole of exactly once.
#ifndef PARTNERSKAP_COMMON_FEED_APPLIER_H_
#define PARTNERSKAP_COMMON_FEED_APPLIER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/feed/subscriber.h"
#include "common/sql/transaction.h"
#include "common/sql/writer.h"
#include "partnerskap/common/v1/feed.pb.h"

namespace partnerskap {

// How far a producer has been followed, as `feed_cursors` has it. Empty when it never was.
struct FeedCursor {
  std::string epoch;
  int64_t sequence = 0;
  std::string resume_token;
};
absl::StatusOr<FeedCursor> ReadCursor(ReadTx& tx, absl::string_view producer);

// What one write does.
struct Effect {
  // Of one transaction of the producer, in order; none when the producer has only been read further; the whole initial
  // state.
  std::vector<common::v1::Change> changes;
  // The sequence up to which everything must have been applied before.
  int64_t after = 0;
  // Where the producer is after it.
  FeedCursor cursor;
  // The initial state: what came before is forgotten.
  bool replaces_all = false;
};

// The write, without `done`. Does nothing when the store has it; fails with ABORTED when what comes before it is not
// there (because that failed), so that no order is ever broken by what waits in the writer's queue.
WriteRequest WriteOf(const Subscription& subscription, std::shared_ptr<const Effect> effect, absl::Time now);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_FEED_APPLIER_H_
