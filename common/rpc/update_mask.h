// Update methods: takes over the fields that a mask names (AIP-134).
#ifndef PARTNERSKAP_COMMON_RPC_UPDATE_MASK_H_
#define PARTNERSKAP_COMMON_RPC_UPDATE_MASK_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace partnerskap {

// Copies top-level fields from `from` to `to`, which are of one type: those that `mask` names, all `updatable` ones
// when it is empty or `*`. Errors: FIELD_VIOLATIONS that names each path which the method does not update.
absl::Status ApplyMask(const google::protobuf::Message& from, const google::protobuf::FieldMask& mask,
                       absl::Span<const absl::string_view> updatable, google::protobuf::Message& to);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_UPDATE_MASK_H_
