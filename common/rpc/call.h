// One call, as handlers see it. No gRPC here.
#ifndef PARTNERSKAP_COMMON_RPC_CALL_H_
#define PARTNERSKAP_COMMON_RPC_CALL_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/principal.h"
#include "partnerskap/common/v1/options.pb.h"

namespace partnerskap {

// Keys in lower case, in the order received.
using CallMetadata = std::vector<std::pair<std::string, std::string>>;
// The first value of `key`, or "".
absl::string_view Find(const CallMetadata& metadata, absl::string_view key);

// Metadata keys that the suite reads and writes.
inline constexpr char kPositionKey[] = "x-partnerskap-position";  // `membership/<epoch>/<sequence>`
inline constexpr char kRequestIdKey[] = "x-request-id";
inline constexpr char kTraceKey[] = "traceparent";
inline constexpr char kLanguageKey[] = "accept-language";

struct Call {
  // `/partnerskap.membership.v1.MembershipService/GetSeat`.
  std::string method;
  // The method's declared policy; never null in a handler.
  const common::v1::MethodAuth* auth = nullptr;
  Principal principal;
  CallMetadata metadata;
  absl::Time deadline = absl::InfiniteFuture();  // by SteadyTime (common/env/steady_time.h)
  // When the gate took the call. The only "now" that a rule looks at.
  absl::Time time;
  // The request's `request_id`, or empty.
  std::string request_id;
  // The request's `validate_only`.
  bool validate_only = false;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_CALL_H_
