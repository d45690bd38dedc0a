// The fields that every resource may have and that the store fills, and how two versions of one resource differ. By
// reflection, over any message.
#ifndef PARTNERSKAP_COMMON_SQL_RESOURCE_FIELDS_H_
#define PARTNERSKAP_COMMON_SQL_RESOURCE_FIELDS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"

namespace partnerskap {

// The text of a field, or "" if the message has no such string field.
std::string TextField(const google::protobuf::Message& message, absl::string_view field);
// Each does nothing if the message has no such field of that type.
void SetTextField(google::protobuf::Message& message, absl::string_view field, absl::string_view value);
void SetTimeField(google::protobuf::Message& message, absl::string_view field, absl::Time value);
// Text and messages only.
void CopyField(const google::protobuf::Message& from, absl::string_view field, google::protobuf::Message& to);

// Bytes that depend on nothing but the message's content.
std::string DeterministicBytes(const google::protobuf::Message& message);

// Names of the top-level fields that differ, sorted, joined by commas; without update_time and etag, which always do.
std::string ChangedPaths(const google::protobuf::Message& before, const google::protobuf::Message& after);

// The first field marked IMMUTABLE (google.api.field_behavior) that differs, or "".
std::string ChangedImmutable(const google::protobuf::Message& before, const google::protobuf::Message& after);

// `partnerskap.membership.seat.created.v1` for partnerskap.membership.v1.Seat and `created`.
std::string EventType(const google::protobuf::Descriptor& type, absl::string_view event);

// Whether its names have no parent: `organizations/{organization}`.
bool IsTopLevel(const google::protobuf::Descriptor& type);

// `membership.partnerskap/Seat`, as google.api.resource declares it; the full name if it does not.
std::string ResourceType(const google::protobuf::Descriptor& type);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SQL_RESOURCE_FIELDS_H_
