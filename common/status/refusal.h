// Refusals: a status whose reason is an enumerator of a reasons.proto. Code, English and Swedish text stand beside the
// enumerator as options, so that one grep for a reason finds its documentation, the rule that raises it, and its test.
//
// Inside the process a refusal is an absl::Status; each detail is a payload keyed by its type URL. ToRpcStatus() makes
// what goes on the wire.
#ifndef PARTNERSKAP_COMMON_STATUS_REFUSAL_H_
#define PARTNERSKAP_COMMON_STATUS_REFUSAL_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace partnerskap {

// Facts of a refusal, by the keys that the enumerator's comment names. A value is cut to 64 bytes at a character.
using ReasonMetadata = std::vector<std::pair<std::string, std::string>>;

// One field that breaks a rule: `seat.parties[0].organization`, and what to do about it, in English.
struct Violation {
  std::string field;
  std::string description;
};

// A refusal with ErrorInfo{reason, domain, metadata} and LocalizedMessage sv-SE. The domain is the package's service,
// `membership.partnerskap`. Use the template below.
absl::Status RefuseWith(const google::protobuf::EnumValueDescriptor& reason, const ReasonMetadata& metadata);

// Refuse(v1::SEAT_NOT_FOUND, {{"name", name}}).
template <typename Reason>
absl::Status Refuse(Reason reason, const ReasonMetadata& metadata = {}) {
  return RefuseWith(*google::protobuf::GetEnumDescriptor<Reason>()->FindValueByNumber(reason), metadata);
}

// FIELD_VIOLATIONS with BadRequest: all violations at once, at most 20, then a count of the rest.
absl::Status RefuseFields(const std::vector<Violation>& violations);

// Adds a detail. Each leaves an OK status alone.
absl::Status WithRetry(absl::Status status, absl::Duration after);
absl::Status WithResource(absl::Status status, absl::string_view type, absl::string_view name);
absl::Status WithPrecondition(absl::Status status, absl::string_view type, absl::string_view subject,
                              absl::string_view description);

// The reason's name (`ETAG_STALE`), or "" when the status carries none.
std::string ReasonOf(const absl::Status& status);
// One metadata value of the reason, or "".
std::string ReasonMetadataOf(const absl::Status& status, absl::string_view key);
// The text for people, Swedish, or "".
std::string LocalizedMessageOf(const absl::Status& status);
// The fields that BadRequest names, in order.
std::vector<Violation> ViolationsOf(const absl::Status& status);

// Details of all together at most this many bytes: above about 7.5 KB of metadata gRPC 1.51 clients fail other calls of
// the connection, and proxies take less.
inline constexpr size_t kMaxDetailsBytes = 4096;
// The text itself, cut at a character.
inline constexpr size_t kMaxMessageBytes = 1024;

// The wire form: code, message, details (ErrorInfo first), within the two limits. A status without a reason that is not
// OK is ours: it becomes INTERNAL_ERROR without its text, unless its code is one that needs none (CANCELLED,
// DEADLINE_EXCEEDED, UNAVAILABLE).
google::rpc::Status ToRpcStatus(const absl::Status& status);
// And back, on the client's side.
absl::Status FromRpcStatus(const google::rpc::Status& status);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_STATUS_REFUSAL_H_
