#include "common/sql/resource_fields.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/ids/ids.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"

namespace partnerskap {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* FieldOf(const Message& message, absl::string_view name) {
  return message.GetDescriptor()->FindFieldByName(std::string(name));
}

const FieldDescriptor* TextFieldOf(const Message& message, absl::string_view name) {
  const FieldDescriptor* field = FieldOf(message, name);
  bool is_text = field != nullptr && !field->is_repeated() && field->type() == FieldDescriptor::TYPE_STRING;
  return is_text ? field : nullptr;
}

bool IsSet(const Message& message, const FieldDescriptor& field) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  return field.is_repeated() ? reflection.FieldSize(message, &field) > 0 : reflection.HasField(message, &field);
}

bool Differs(const Message& before, const Message& after, const FieldDescriptor& field) {
  bool was = IsSet(before, field), is = IsSet(after, field);
  if (!was || !is) return was != is;
  google::protobuf::util::MessageDifferencer differencer;
  return !differencer.CompareWithFields(before, after, {&field}, {&field});
}

bool IsImmutable(const FieldDescriptor& field) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == google::api::IMMUTABLE) return true;
  }
  return false;
}

std::string SnakeCase(absl::string_view camel) {
  std::string snake;
  for (char c : camel) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c)) && !snake.empty()) snake.push_back('_');
    snake.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
  }
  return snake;
}

}  // namespace

std::string TextField(const Message& message, absl::string_view name) {
  const FieldDescriptor* field = TextFieldOf(message, name);
  return field == nullptr ? "" : message.GetReflection()->GetString(message, field);
}

void SetTextField(Message& message, absl::string_view name, absl::string_view value) {
  const FieldDescriptor* field = TextFieldOf(message, name);
  if (field != nullptr) message.GetReflection()->SetString(&message, field, std::string(value));
}

void SetTimeField(Message& message, absl::string_view name, absl::Time value) {
  const FieldDescriptor* field = FieldOf(message, name);
  if (field == nullptr || field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return;
  if (field->message_type()->full_name() != google::protobuf::Timestamp::descriptor()->full_name()) return;
  // Whole microseconds, so that the column loses nothing.
  auto stamp = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(value));
  message.GetReflection()->MutableMessage(&message, field)->ParseFromString(stamp.SerializeAsString());
}

void CopyField(const Message& from, absl::string_view name, Message& to) {
  const FieldDescriptor* field = FieldOf(from, name);
  if (field == nullptr || field->is_repeated()) return;
  const google::protobuf::Reflection& reflection = *from.GetReflection();
  if (!reflection.HasField(from, field)) {
    to.GetReflection()->ClearField(&to, field);
  } else if (field->type() == FieldDescriptor::TYPE_STRING) {
    to.GetReflection()->SetString(&to, field, reflection.GetString(from, field));
  } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    to.GetReflection()->MutableMessage(&to, field)->CopyFrom(reflection.GetMessage(from, field));
  }
}

std::string DeterministicBytes(const Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

std::string ChangedPaths(const Message& before, const Message& after) {
  std::vector<std::string> paths;
  const google::protobuf::Descriptor& type = *before.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.name() == "update_time" || field.name() == "etag") continue;
    if (Differs(before, after, field)) paths.push_back(field.name());
  }
  std::sort(paths.begin(), paths.end());
  return absl::StrJoin(paths, ",");
}

std::string ChangedImmutable(const Message& before, const Message& after) {
  const google::protobuf::Descriptor& type = *before.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (IsImmutable(field) && Differs(before, after, field)) return field.name();
  }
  return "";
}

std::string EventType(const google::protobuf::Descriptor& type, absl::string_view event) {
  absl::string_view package = type.file()->package();
  size_t dot = package.rfind('.');
  absl::string_view version = dot == absl::string_view::npos ? "v1" : package.substr(dot + 1);
  return absl::StrCat(package.substr(0, dot), ".", SnakeCase(type.name()), ".", event, ".", version);
}

bool IsTopLevel(const google::protobuf::Descriptor& type) {
  const auto& patterns = type.options().GetExtension(google::api::resource).pattern();
  return patterns.size() == 1 && ParentName(patterns[0]).empty();
}

std::string ResourceType(const google::protobuf::Descriptor& type) {
  const std::string& declared = type.options().GetExtension(google::api::resource).type();
  return declared.empty() ? type.full_name() : declared;
}

}  // namespace partnerskap
