#include "tests/simulator/known.h"

#include <cstdlib>

#include "absl/strings/numbers.h"
#include "google/protobuf/descriptor.h"

namespace partnerskap::simulator {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

std::string TextField(const Message& message, const char* name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING || field->is_repeated()) return "";
  return message.GetReflection()->GetString(message, field);
}

int64_t RevisionOf(const Message& message) {
  int64_t revision = 0;
  return absl::SimpleAtoi(EtagOf(message), &revision) ? revision : 0;
}

}  // namespace

std::string NameOf(const Message& message) { return TextField(message, "name"); }
std::string EtagOf(const Message& message) { return TextField(message, "etag"); }

std::string ParentOf(absl::string_view name) {
  for (int i = 0; i < 2; ++i) {
    const size_t slash = name.rfind('/');
    if (slash == absl::string_view::npos) return "";
    name = name.substr(0, slash);
  }
  return std::string(name);
}

void Known::Observe(const Message& answer) {
  const std::string name = NameOf(answer);
  if (!name.empty() && !EtagOf(answer).empty()) {
    std::shared_ptr<Message> copy(answer.New());
    copy->CopyFrom(answer);
    const std::string& type = answer.GetDescriptor()->full_name();
    Messages& messages = by_type_[type];
    const auto [place, fresh] = places_.try_emplace(name, type, messages.size());
    if (fresh) {
      messages.push_back(std::move(copy));
    } else if (RevisionOf(*messages[place->second.second]) < RevisionOf(answer)) {
      messages[place->second.second] = std::move(copy);
    }
    return;
  }
  const auto* reflection = answer.GetReflection();
  const auto* descriptor = answer.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    if (!field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    for (int k = 0; k < reflection->FieldSize(answer, field); ++k) {
      const Message& item = reflection->GetRepeatedMessage(answer, field, k);
      if (!NameOf(item).empty() && !EtagOf(item).empty()) Observe(item);
    }
  }
}

std::string Known::Etag(const std::string& name) const {
  const auto found = places_.find(name);
  return found == places_.end() ? "" : EtagOf(*by_type_.at(found->second.first)[found->second.second]);
}

const std::vector<std::shared_ptr<const Message>>& Known::All(const std::string& type) const {
  static const auto& none = *new Messages();
  const auto found = by_type_.find(type);
  return found == by_type_.end() ? none : found->second;
}

}  // namespace partnerskap::simulator
