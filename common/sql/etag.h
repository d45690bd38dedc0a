// The etag of a stored resource, which is its revision.
#ifndef PARTNERSKAP_COMMON_SQL_ETAG_H_
#define PARTNERSKAP_COMMON_SQL_ETAG_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace partnerskap {

// Before anything of `stored` is judged: who read an older revision decided on other facts. `etag` is what the caller
// saw, `*` for any. Errors: ETAG_STALE.
absl::Status EtagMustFit(const google::protobuf::Message& stored, absl::string_view etag);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SQL_ETAG_H_
