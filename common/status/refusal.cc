#include "common/status/refusal.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/text/utf8.h"
#include "google/protobuf/any.pb.h"
#include "google/protobuf/message.h"
#include "google/rpc/code.pb.h"
#include "partnerskap/common/v1/options.pb.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

// A caller's value in metadata: long enough for a resource name, short enough that an answer's metadata stays small.
constexpr size_t kMaxMetadataValueBytes = 64;
// Violations of one answer; the rest is counted.
constexpr size_t kMaxViolations = 20;
// A path of a deeply nested field, and one sentence.
constexpr size_t kMaxFieldPathBytes = 128;
constexpr size_t kMaxDescriptionBytes = 200;

constexpr char kTypeUrlPrefix[] = "type.googleapis.com/";

std::string TypeUrl(const google::protobuf::Message& message) {
  return absl::StrCat(kTypeUrlPrefix, message.GetDescriptor()->full_name());
}

// Valid UTF-8 of at most `limit` bytes: strings of a proto3 message that are not UTF-8 cannot be read by most clients.
std::string Clean(absl::string_view text, size_t limit) {
  if (IsValidUtf8(text)) return std::string(CutUtf8(text, limit));
  std::string ascii(text.substr(0, limit));
  for (char& c : ascii) {
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  }
  return ascii;
}

// Replaces each `{key}` by the metadata of that key; `-` if there is none.
std::string FillIn(absl::string_view text, const ReasonMetadata& metadata) {
  std::string filled;
  while (!text.empty()) {
    const size_t open = text.find('{');
    const size_t close = open == absl::string_view::npos ? open : text.find('}', open);
    if (close == absl::string_view::npos) break;
    const absl::string_view key = text.substr(open + 1, close - open - 1);
    const auto value =
        std::find_if(metadata.begin(), metadata.end(), [&](const auto& pair) { return pair.first == key; });
    absl::StrAppend(&filled, text.substr(0, open), value == metadata.end() ? absl::string_view("-") : value->second);
    text.remove_prefix(close + 1);
  }
  absl::StrAppend(&filled, text);
  return filled;
}

// `partnerskap.membership.v1` -> `membership.partnerskap`.
std::string DomainOf(const google::protobuf::EnumValueDescriptor& reason) {
  const std::vector<std::string> parts = absl::StrSplit(reason.file()->package(), '.');
  return parts.size() < 2 ? reason.file()->package() : absl::StrCat(parts[1], ".", parts[0]);
}

void SetDetail(absl::Status& status, const google::protobuf::Message& detail) {
  status.SetPayload(TypeUrl(detail), absl::Cord(detail.SerializeAsString()));
}

template <typename Detail>
bool GetDetail(const absl::Status& status, Detail* detail) {
  const absl::optional<absl::Cord> payload = status.GetPayload(TypeUrl(*detail));
  return payload.has_value() && detail->ParseFromString(std::string(*payload));
}

absl::Status WithReason(absl::StatusCode code, const google::protobuf::EnumValueDescriptor& reason,
                        const ReasonMetadata& metadata) {
  const common::v1::ReasonRule& rule = reason.options().GetExtension(common::v1::reason);
  ReasonMetadata clean;
  google::rpc::ErrorInfo info;
  info.set_reason(reason.name());
  info.set_domain(DomainOf(reason));
  for (const auto& [key, value] : metadata) {
    clean.emplace_back(key, Clean(value, kMaxMetadataValueBytes));
    (*info.mutable_metadata())[key] = clean.back().second;
  }
  const std::string english = rule.en().empty() ? reason.name() : FillIn(rule.en(), clean);
  absl::Status status(code, Clean(english, kMaxMessageBytes));
  SetDetail(status, info);
  if (!rule.sv().empty()) {
    google::rpc::LocalizedMessage localized;
    localized.set_locale("sv-SE");
    localized.set_message(Clean(FillIn(rule.sv(), clean), kMaxMessageBytes));
    SetDetail(status, localized);
  }
  return status;
}

bool NeedsNoReason(absl::StatusCode code) {
  return code == absl::StatusCode::kCancelled || code == absl::StatusCode::kDeadlineExceeded ||
         code == absl::StatusCode::kUnavailable;
}

// What a caller can act on comes first, so that it is what remains when there is too much.
int Rank(absl::string_view type_url) {
  constexpr absl::string_view kOrder[] = {"google.rpc.ErrorInfo",        "google.rpc.RetryInfo",
                                          "google.rpc.ResourceInfo",     "google.rpc.PreconditionFailure",
                                          "google.rpc.LocalizedMessage", "google.rpc.BadRequest"};
  type_url.remove_prefix(std::min(type_url.size(), sizeof(kTypeUrlPrefix) - 1));
  int rank = 0;
  for (const absl::string_view type : kOrder) {
    if (type_url == type) return rank;
    ++rank;
  }
  return rank;
}

// Takes violations from the end until the message fits, and says how many it took.
bool Shrink(google::protobuf::Any& any, size_t room) {
  google::rpc::BadRequest bad_request;
  if (!any.UnpackTo(&bad_request)) return false;
  int dropped = 0;
  while (bad_request.field_violations_size() > 1 && any.ByteSizeLong() > room) {
    bad_request.mutable_field_violations()->RemoveLast();
    if (dropped++ > 0) bad_request.mutable_field_violations()->RemoveLast();
    google::rpc::BadRequest::FieldViolation* rest = bad_request.add_field_violations();
    rest->set_description(absl::StrCat("and ", dropped, " more"));
    any.set_value(bad_request.SerializeAsString());
  }
  return any.ByteSizeLong() <= room;
}

}  // namespace

absl::Status RefuseWith(const google::protobuf::EnumValueDescriptor& reason, const ReasonMetadata& metadata) {
  const auto code = static_cast<absl::StatusCode>(reason.options().GetExtension(common::v1::reason).code());
  // A reason without a code is a mistake of the contract; as OK it would let the refused call pass.
  return WithReason(code == absl::StatusCode::kOk ? absl::StatusCode::kInternal : code, reason, metadata);
}

absl::Status RefuseFields(const std::vector<Violation>& violations) {
  absl::Status status = Refuse(common::v1::FIELD_VIOLATIONS, {{"count", absl::StrCat(violations.size())}});
  google::rpc::BadRequest bad_request;
  for (const Violation& violation : violations) {
    google::rpc::BadRequest::FieldViolation* added = bad_request.add_field_violations();
    if (bad_request.field_violations_size() > static_cast<int>(kMaxViolations)) {
      added->set_description(absl::StrCat("and ", violations.size() - kMaxViolations, " more"));
      break;
    }
    added->set_field(Clean(violation.field, kMaxFieldPathBytes));
    added->set_description(Clean(violation.description, kMaxDescriptionBytes));
  }
  SetDetail(status, bad_request);
  return status;
}

absl::Status WithRetry(absl::Status status, absl::Duration after) {
  if (status.ok()) return status;
  google::rpc::RetryInfo retry;
  const absl::Duration positive = std::max(after, absl::ZeroDuration());
  retry.mutable_retry_delay()->set_seconds(absl::ToInt64Seconds(positive));
  retry.mutable_retry_delay()->set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(positive - absl::Floor(positive, absl::Seconds(1)))));
  SetDetail(status, retry);
  return status;
}

absl::Status WithResource(absl::Status status, absl::string_view type, absl::string_view name) {
  if (status.ok()) return status;
  google::rpc::ResourceInfo resource;
  resource.set_resource_type(Clean(type, kMaxFieldPathBytes));
  resource.set_resource_name(Clean(name, kMaxDescriptionBytes));
  SetDetail(status, resource);
  return status;
}

absl::Status WithPrecondition(absl::Status status, absl::string_view type, absl::string_view subject,
                              absl::string_view description) {
  if (status.ok()) return status;
  google::rpc::PreconditionFailure failure;
  GetDetail(status, &failure);
  google::rpc::PreconditionFailure::Violation* violation = failure.add_violations();
  violation->set_type(Clean(type, kMaxFieldPathBytes));
  violation->set_subject(Clean(subject, kMaxDescriptionBytes));
  violation->set_description(Clean(description, kMaxDescriptionBytes));
  SetDetail(status, failure);
  return status;
}

std::string ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  return GetDetail(status, &info) ? info.reason() : "";
}

std::string ReasonMetadataOf(const absl::Status& status, absl::string_view key) {
  google::rpc::ErrorInfo info;
  if (!GetDetail(status, &info)) return "";
  const auto value = info.metadata().find(std::string(key));
  return value == info.metadata().end() ? "" : value->second;
}

std::string LocalizedMessageOf(const absl::Status& status) {
  google::rpc::LocalizedMessage localized;
  GetDetail(status, &localized);
  return localized.message();
}

std::vector<Violation> ViolationsOf(const absl::Status& status) {
  google::rpc::BadRequest bad_request;
  GetDetail(status, &bad_request);
  std::vector<Violation> violations;
  for (const auto& violation : bad_request.field_violations()) {
    violations.push_back({violation.field(), violation.description()});
  }
  return violations;
}

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  google::rpc::Status wire;
  if (status.ok()) return wire;
  if (ReasonOf(status).empty() && !NeedsNoReason(status.code())) {
    return ToRpcStatus(Refuse(common::v1::INTERNAL_ERROR));
  }
  wire.set_code(static_cast<int>(status.code()));
  wire.set_message(Clean(status.message(), kMaxMessageBytes));
  std::vector<google::protobuf::Any> details;
  status.ForEachPayload([&](absl::string_view type_url, const absl::Cord& payload) {
    google::protobuf::Any any;
    any.set_type_url(std::string(type_url));
    any.set_value(std::string(payload));
    details.push_back(std::move(any));
  });
  std::sort(details.begin(), details.end(), [](const auto& a, const auto& b) {
    const int rank_a = Rank(a.type_url()), rank_b = Rank(b.type_url());
    return rank_a != rank_b ? rank_a < rank_b : a.type_url() < b.type_url();
  });
  // Tag and length of each element in the enclosing message.
  constexpr size_t kElementBytes = 4;
  size_t room = kMaxDetailsBytes;
  for (google::protobuf::Any& detail : details) {
    if (room <= kElementBytes) break;
    if (detail.ByteSizeLong() > room - kElementBytes && !Shrink(detail, room - kElementBytes)) continue;
    room -= detail.ByteSizeLong() + kElementBytes;
    *wire.add_details() = std::move(detail);
  }
  return wire;
}

absl::Status FromRpcStatus(const google::rpc::Status& wire) {
  absl::Status status(static_cast<absl::StatusCode>(wire.code()), wire.message());
  for (const google::protobuf::Any& detail : wire.details()) {
    status.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return status;
}

}  // namespace partnerskap
