// Where a watcher goes on: sealed, and bound to the feed and to what the watcher asked to see of it.
#ifndef PARTNERSKAP_COMMON_FEED_RESUME_TOKEN_H_
#define PARTNERSKAP_COMMON_FEED_RESUME_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/feed/change_reader.h"
#include "common/seal/sealer.h"

namespace partnerskap {

class ResumeTokens {
 public:
  // The tokens of this feed for this filter; those of another network or other message types do not open.
  ResumeTokens(Sealer& sealer, absl::string_view feed_service, const FeedFilter& filter);

  std::string Make(absl::string_view epoch, int64_t sequence) const;

  // The sequence that a watcher has seen, in a feed of `epoch` that keeps `floor` and newer and has reached
  // `committed`. Errors, each with its way out: RESUME_TOKEN_INVALID (not made here, or for another filter),
  // FEED_EPOCH_CHANGED (also for a position that this feed has not reached: the store went back),
  // FEED_POSITION_EXPIRED.
  absl::StatusOr<int64_t> Open(absl::string_view token, absl::string_view epoch, int64_t floor,
                               int64_t committed) const;

 private:
  Sealer& sealer_;
  std::string purpose_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_FEED_RESUME_TOKEN_H_
