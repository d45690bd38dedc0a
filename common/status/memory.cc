#include "common/status/memory.h"

#include "absl/time/time.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

// Other calls end within it and give back what they hold.
constexpr absl::Duration kRetryAfter = absl::Seconds(1);

}  // namespace

absl::Status RefuseForMemory() {
  return WithRetry(Refuse(common::v1::TOO_MANY_CALLS, {{"limit", "memory"}}), kRetryAfter);
}

}  // namespace partnerskap
