#include "tests/simulator/catalog.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/descriptor.h"
#include "partnerskap/common/v1/options.pb.h"

namespace partnerskap::simulator {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kDepth = 4;

bool Has(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

std::string ParentPattern(const std::string& pattern) {
  const std::string parent = ParentOf(pattern);
  return parent.empty() ? "" : parent;
}

int64_t NumberFor(Maker& make, const FieldDescriptor& field, double noise) {
  const auto& rules = field.options().GetExtension(common::v1::rules);
  if (make.Chance(noise)) return make.OneOf<int64_t>({-1, 0, 1, 2147483647, -2147483647, 1001});
  if (field.name() == "page_size") return make.Between(0, 20);
  if (absl::EndsWith(field.name(), "year")) return make.Between(2015, 2027);
  if (!rules.has_range()) return make.Below(10);
  return rules.minimum() + make.Below(static_cast<int>(std::min<int64_t>(rules.maximum() - rules.minimum(), 12)) + 1);
}

}  // namespace

std::unique_ptr<Message> MethodEntry::NewAnswer() const {
  const Message* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(&answer());
  return std::unique_ptr<Message>(prototype->New());
}

Catalog::Catalog(const std::vector<ServiceDefinition>& definitions) {
  for (const ServiceDefinition& definition : definitions) {
    methods_.push_back(std::make_unique<Methods>());
    definition.register_methods(*methods_.back());
    for (const auto& [path, method] : methods_.back()->all()) {
      if (absl::StartsWith(path, "/grpc.")) continue;
      MethodEntry entry{definition.name, path.substr(path.rfind('/') + 1), path, &method};
      AddResource(entry.answer());
      if (method.is_stream()) {
        watches_[definition.name] = path;
      } else {
        (entry.mutating() ? writes_ : reads_).push_back(std::move(entry));
      }
    }
  }
  for (auto* list : {&reads_, &writes_}) {
    std::sort(list->begin(), list->end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  }
}

void Catalog::AddResource(const Descriptor& message) {
  const auto& resource = message.options().GetExtension(google::api::resource);
  if (resource.type().empty()) return;
  types_[resource.type()] = message.full_name();
  pattern_[resource.type()] = resource.pattern(0);
  owners_[resource.pattern(0)] = resource.type();
}

const MethodEntry* Catalog::Find(const std::string& service, const std::string& name) const {
  for (const auto* list : {&reads_, &writes_}) {
    for (const MethodEntry& entry : *list) {
      if (entry.service == service && entry.name == name) return &entry;
    }
  }
  return nullptr;
}

std::string Catalog::MessageType(const std::string& resource) const {
  const auto found = types_.find(resource);
  return found == types_.end() ? "" : found->second;
}

std::string Catalog::ReferenceFor(Maker& make, const std::string& resource) const {
  const auto& those = make.known().All(MessageType(resource));
  if (!those.empty()) return NameOf(*make.OneOf(those));
  // Of singletons and of what nobody has made yet: a name that could be one.
  const auto pattern = pattern_.find(resource);
  if (pattern == pattern_.end()) return "networks/n0";
  const auto parent = owners_.find(ParentPattern(pattern->second));
  const std::string above = parent == owners_.end() ? "" : ReferenceFor(make, parent->second);
  const std::string last = pattern->second.substr(pattern->second.rfind('/') + 1);
  if (!absl::StartsWith(last, "{")) {
    const auto owner = owners_.find(pattern->second.substr(0, pattern->second.rfind('/')));
    return owner == owners_.end() ? "networks/n0/hostRotation"
                                  : absl::StrCat(ReferenceFor(make, owner->second), "/", last);
  }
  std::string collection = pattern->second.substr(0, pattern->second.rfind('/'));
  collection = collection.substr(collection.rfind('/') + 1);
  return absl::StrCat(above, above.empty() ? "" : "/", collection, "/okand");
}

std::string Catalog::TextFor(Maker& make, const FieldDescriptor& field, double noise) const {
  if (make.Chance(noise)) {
    return make.OneOf<std::string>({"", "networks/n0", "networks/N0/seats/s0", std::string(1'200, 'x'), "\xff\xfe",
                                    "networks/-/seats/-", "*", std::string("a\0b", 3)});
  }
  const auto& reference = field.options().GetExtension(google::api::resource_reference);
  if (!reference.type().empty()) return ReferenceFor(make, reference.type());
  if (!reference.child_type().empty()) {
    const auto pattern = pattern_.find(reference.child_type());
    if (pattern == pattern_.end()) return "networks/n0";
    const auto parent = owners_.find(ParentPattern(pattern->second));
    return parent == owners_.end() ? "" : ReferenceFor(make, parent->second);
  }
  if (field.name() == "etag") return make.Chance(0.6) ? "*" : absl::StrCat(make.Below(4));
  if (absl::EndsWith(field.name(), "_id")) return make.Id("g", 60);
  if (field.name() == "page_token" || field.name() == "resume_token" || field.name() == "filter") {
    return make.Chance(0.95) ? "" : make.Word();
  }
  return make.Word();
}

void Catalog::FillField(Maker& make, Message& message, const FieldDescriptor& field, double noise, int depth) const {
  const auto* reflection = message.GetReflection();
  const int times = field.is_repeated() ? make.Between(field.is_required() ? 1 : 0, 2) + (noise == 0 ? 1 : 0) : 1;
  for (int i = 0; i < times; ++i) {
    const bool add = field.is_repeated();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string text = TextFor(make, field, noise);
        add ? reflection->AddString(&message, &field, text) : reflection->SetString(&message, &field, text);
        break;
      }
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int value = make.EnumValue(*field.enum_type());
        add ? reflection->AddEnumValue(&message, &field, value) : reflection->SetEnumValue(&message, &field, value);
        break;
      }
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (depth > 0) {
          FillMessage(make,
                      add ? *reflection->AddMessage(&message, &field) : *reflection->MutableMessage(&message, &field),
                      noise, depth - 1);
        }
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        if (!add) reflection->SetBool(&message, &field, make.Chance(0.3));
        break;
      case FieldDescriptor::CPPTYPE_INT32: {
        const auto number = static_cast<int32_t>(NumberFor(make, field, noise));
        add ? reflection->AddInt32(&message, &field, number) : reflection->SetInt32(&message, &field, number);
        break;
      }
      case FieldDescriptor::CPPTYPE_INT64:
        if (!add) reflection->SetInt64(&message, &field, NumberFor(make, field, noise));
        break;
      default:
        break;
    }
  }
}

void Catalog::FillMessage(Maker& make, Message& message, double noise, int depth) const {
  if (auto* date = dynamic_cast<google::type::Date*>(&message)) {
    *date = make.Date(-1'500, 300);
    if (make.Chance(noise)) date->set_month(13);
    return;
  }
  const Descriptor& descriptor = *message.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (field.name() == "read_time" || field.name() == "request_id" || field.name() == "validate_only") continue;
    const bool required = Has(field, google::api::REQUIRED);
    if (make.Chance(required ? 1 - noise : 0.25)) FillField(make, message, field, noise, depth);
  }
}

std::unique_ptr<Message> Catalog::Fill(Maker& make, const Message& prototype, double noise) const {
  std::unique_ptr<Message> request(prototype.New());
  FillMessage(make, *request, noise, kDepth);
  return request;
}

void Catalog::Spoil(Maker& make, Message& request) const {
  Message* message = &request;
  for (int depth = 0; depth < kDepth; ++depth) {
    const Descriptor& descriptor = *message->GetDescriptor();
    if (descriptor.field_count() == 0) return;
    const FieldDescriptor& field = *descriptor.field(make.Below(descriptor.field_count()));
    if (field.name() == "request_id" || field.name() == "validate_only") return;
    const bool inside = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field.is_repeated() &&
                        message->GetReflection()->HasField(*message, &field) && make.Chance(0.8);
    if (!inside) {
      if (make.Chance(0.3)) return message->GetReflection()->ClearField(message, &field);
      return FillField(make, *message, field, 0.5, 1);
    }
    message = message->GetReflection()->MutableMessage(message, &field);
  }
}

}  // namespace partnerskap::simulator
