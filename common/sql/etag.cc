#include "common/sql/etag.h"

#include <string>

#include "common/status/refusal.h"
#include "google/protobuf/descriptor.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

constexpr char kAnyEtag[] = "*";

std::string TextOf(const google::protobuf::Message& message, const char* field) {
  return message.GetReflection()->GetString(message, message.GetDescriptor()->FindFieldByName(field));
}

}  // namespace

absl::Status EtagMustFit(const google::protobuf::Message& stored, absl::string_view etag) {
  const std::string present = TextOf(stored, "etag");
  if (etag == kAnyEtag || etag == present) return absl::OkStatus();
  return Refuse(common::v1::ETAG_STALE, {{"name", TextOf(stored, "name")}, {"etag", present}});
}

}  // namespace partnerskap
