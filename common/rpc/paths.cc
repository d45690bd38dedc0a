#include "common/rpc/paths.h"

#include "absl/strings/str_split.h"

namespace partnerskap {

using google::protobuf::FieldDescriptor;

std::vector<const FieldDescriptor*> ResolvePath(const google::protobuf::Descriptor& message, absl::string_view path) {
  std::vector<const FieldDescriptor*> fields;
  const google::protobuf::Descriptor* at = &message;
  for (const absl::string_view part : absl::StrSplit(path, '.')) {
    if (at == nullptr) return {};
    const FieldDescriptor* field = at->FindFieldByName(std::string(part));
    if (field == nullptr) return {};
    fields.push_back(field);
    at = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_repeated() ? field->message_type()
                                                                                        : nullptr;
  }
  return fields;
}

std::string StringAt(const google::protobuf::Message& message, const std::vector<const FieldDescriptor*>& path) {
  if (path.empty()) return "";
  const google::protobuf::Message* at = &message;
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    if (!at->GetReflection()->HasField(*at, path[i])) return "";
    at = &at->GetReflection()->GetMessage(*at, path[i]);
  }
  return at->GetReflection()->GetString(*at, path.back());
}

}  // namespace partnerskap
