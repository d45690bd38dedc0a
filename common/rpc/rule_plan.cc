#include "common/rpc/rule_plan.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <shared_mutex>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/ids/ids.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/field_info.pb.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/descriptor_database.h"
#include "partnerskap/common/v1/options.pb.h"

namespace partnerskap {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// Patterns of every resource type that a linked file declares, whether as its own or as one that it refers to.
class ResourceTypes {
 public:
  ResourceTypes() {
    std::vector<std::string> files;
    google::protobuf::DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
    for (const std::string& name : files) {
      const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name);
      if (file == nullptr) continue;
      const auto& options = file->options();
      for (int i = 0; i < options.ExtensionSize(google::api::resource_definition); ++i) {
        Add(options.GetExtension(google::api::resource_definition, i));
      }
      for (int i = 0; i < file->message_type_count(); ++i) AddMessage(*file->message_type(i));
    }
  }

  const std::vector<std::string>& PatternsOf(const std::string& type) const {
    static const auto& none = *new std::vector<std::string>;
    const auto found = patterns_.find(type);
    return found == patterns_.end() ? none : found->second;
  }

 private:
  void AddMessage(const Descriptor& message) {
    if (message.options().HasExtension(google::api::resource)) {
      Add(message.options().GetExtension(google::api::resource));
    }
    for (int i = 0; i < message.nested_type_count(); ++i) AddMessage(*message.nested_type(i));
  }

  void Add(const google::api::ResourceDescriptor& resource) {
    std::vector<std::string>& patterns = patterns_[resource.type()];
    for (const std::string& pattern : resource.pattern()) {
      if (std::find(patterns.begin(), patterns.end(), pattern) == patterns.end()) patterns.push_back(pattern);
    }
  }

  std::map<std::string, std::vector<std::string>> patterns_;
};

const ResourceTypes& Types() {
  static const auto& types = *new ResourceTypes;
  return types;
}

bool IsNumber(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return true;
    default:
      return false;
  }
}

FieldPlan::Kind KindOf(const FieldDescriptor& field) {
  if (field.message_type() == nullptr) return FieldPlan::Kind::kPlain;
  const std::string& type = field.message_type()->full_name();
  if (type == "google.type.Date") return FieldPlan::Kind::kDate;
  if (type == "google.type.Money") return FieldPlan::Kind::kMoney;
  if (type == "google.protobuf.Timestamp") return FieldPlan::Kind::kTimestamp;
  if (type == "google.protobuf.FieldMask") return FieldPlan::Kind::kFieldMask;
  return FieldPlan::Kind::kPlain;
}

// Reads the options of one field into its plan; what is wrong with them becomes a problem.
class FieldReader {
 public:
  FieldReader(const FieldDescriptor& field, std::vector<std::string>& problems)
      : field_(field), rules_(field.options().GetExtension(common::v1::rules)), problems_(problems) {}

  FieldPlan Read() {
    plan_.field = &field_;
    plan_.kind = KindOf(field_);
    plan_.personal = rules_.personal() || rules_.restricted();
    plan_.page_size = field_.name() == "page_size" && field_.cpp_type() == FieldDescriptor::CPPTYPE_INT32;
    ReadBehavior();
    ReadLengths();
    ReadRange();
    ReadAllowed();
    ReadName();
    if (field_.message_type() != nullptr && IsBanned(field_.message_type()->full_name())) {
      // The JSON parser of protobuf 3.21 takes time worse than quadratic in such a value.
      Say(absl::StrCat("is a ", field_.message_type()->full_name(), ", which no request may hold"));
    }
    return std::move(plan_);
  }

 private:
  void Say(const std::string& problem) { problems_.push_back(absl::StrCat(field_.full_name(), " ", problem)); }

  bool is_string() const { return field_.cpp_type() == FieldDescriptor::CPPTYPE_STRING; }

  static bool IsBanned(const std::string& type) {
    return type == "google.protobuf.Any" || type == "google.protobuf.Struct" || type == "google.protobuf.Value" ||
           type == "google.protobuf.ListValue";
  }

  void ReadBehavior() {
    const auto& options = field_.options();
    for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
      switch (options.GetExtension(google::api::field_behavior, i)) {
        case google::api::REQUIRED:
          plan_.required = true;
          break;
        case google::api::OUTPUT_ONLY:
          plan_.output_only = true;
          break;
        case google::api::IMMUTABLE:
          plan_.immutable = true;
          break;
        case google::api::IDENTIFIER:
          plan_.identifier = true;
          break;
        default:
          break;
      }
    }
    if (plan_.required && plan_.output_only) Say("is both REQUIRED and OUTPUT_ONLY");
  }

  void ReadLengths() {
    plan_.min_length = rules_.min_length();
    if (rules_.max_length() != 0) plan_.max_length = rules_.max_length();
    if (rules_.max_items() != 0) plan_.max_items = rules_.max_items();
    if (plan_.min_length > plan_.max_length) Say("has a min_length above its max_length");
    if ((rules_.min_length() != 0 || rules_.max_length() != 0) && !is_string()) Say("has a length and is no text");
    if (rules_.max_items() != 0 && !field_.is_repeated()) Say("has max_items and is not repeated");
    plan_.day_only = rules_.date_precision() == common::v1::FieldRules::DAY;
    if (plan_.day_only && plan_.kind != FieldPlan::Kind::kDate) Say("has a date_precision and is no date");
    if (rules_.pattern().empty()) return;
    if (!is_string()) Say("has a pattern and is no text");
    RE2::Options quiet;
    quiet.set_log_errors(false);
    plan_.pattern = std::make_unique<RE2>(rules_.pattern(), quiet);
    if (!plan_.pattern->ok()) {
      Say(absl::StrCat("has the pattern \"", rules_.pattern(), "\": ", plan_.pattern->error()));
      plan_.pattern.reset();
    }
  }

  void ReadRange() {
    plan_.has_range = rules_.has_range();
    plan_.minimum = rules_.minimum();
    plan_.maximum = rules_.maximum();
    if (!plan_.has_range && (plan_.minimum != 0 || plan_.maximum != 0)) {
      Say("has a minimum or maximum without has_range");
    }
    if (plan_.has_range && plan_.minimum > plan_.maximum) Say("has a minimum above its maximum");
    if (plan_.has_range && !IsNumber(field_) && plan_.kind != FieldPlan::Kind::kMoney) {
      Say("has a range and is no number");
    }
  }

  void ReadAllowed() {
    if (rules_.allowed().empty()) return;
    if (field_.enum_type() == nullptr) {
      Say("has allowed values and is no enum");
      return;
    }
    for (const std::string& name : rules_.allowed()) {
      const auto* value = field_.enum_type()->FindValueByName(name);
      if (value == nullptr) {
        Say(absl::StrCat("allows ", name, ", which is no value of ", field_.enum_type()->full_name()));
      } else {
        plan_.allowed.insert(value->number());
      }
    }
  }

  void ReadName() {
    const auto& options = field_.options();
    plan_.uuid4 = options.GetExtension(google::api::field_info).format() == google::api::FieldInfo::UUID4;
    if (plan_.uuid4 && !is_string()) Say("is to be a UUID4 and is no text");
    if (plan_.identifier) {
      const auto& resource = field_.containing_type()->options().GetExtension(google::api::resource);
      plan_.resource_patterns.assign(resource.pattern().begin(), resource.pattern().end());
      if (plan_.resource_patterns.empty()) Say("is an IDENTIFIER in a message without google.api.resource");
    }
    if (!options.HasExtension(google::api::resource_reference)) return;
    if (!is_string()) Say("refers to a resource and is no text");
    const auto& reference = options.GetExtension(google::api::resource_reference);
    const std::string& type = reference.type().empty() ? reference.child_type() : reference.type();
    if (type == "*") {
      plan_.any_name = true;
      return;
    }
    for (const std::string& pattern : Types().PatternsOf(type)) {
      if (pattern == "*") {
        plan_.any_name = true;
        continue;
      }
      const std::string wanted = reference.type().empty() ? std::string(ParentName(pattern)) : pattern;
      if (!wanted.empty()) plan_.resource_patterns.push_back(wanted);
    }
    if (plan_.resource_patterns.empty() && !plan_.any_name) {
      Say(absl::StrCat("refers to ", type, ", which no linked file declares"));
    }
  }

  const FieldDescriptor& field_;
  const common::v1::FieldRules& rules_;
  std::vector<std::string>& problems_;
  FieldPlan plan_;
};

class PlanCache {
 public:
  const MessagePlan& Get(const Descriptor& message) {
    {
      std::shared_lock<std::shared_mutex> lock(mutex_);
      const auto found = plans_.find(&message);
      if (found != plans_.end()) return *found->second;
    }
    std::unique_lock<std::shared_mutex> lock(mutex_);
    return Build(message);
  }

 private:
  // Under the lock. A type is entered before its fields are read, so that one which holds itself ends.
  const MessagePlan& Build(const Descriptor& message) {
    const auto [entry, is_new] = plans_.emplace(&message, nullptr);
    if (!is_new) return *entry->second;
    entry->second = std::make_unique<MessagePlan>();
    MessagePlan& plan = *entry->second;
    plan.descriptor = &message;
    plan.fields.reserve(message.field_count());
    for (int i = 0; i < message.field_count(); ++i) {
      plan.fields.push_back(FieldReader(*message.field(i), plan.problems).Read());
      FieldPlan& field = plan.fields.back();
      if (field.field->message_type() != nullptr && field.kind == FieldPlan::Kind::kPlain) {
        field.message = &Build(*field.field->message_type());
      }
    }
    FindMask(plan);
    return plan;
  }

  static void FindMask(MessagePlan& plan) {
    for (const FieldPlan& field : plan.fields) {
      if (field.kind == FieldPlan::Kind::kFieldMask && field.field->name() == "update_mask") plan.mask = &field;
      if (plan.masked == nullptr && field.message != nullptr && !field.field->is_repeated() &&
          field.message->descriptor->options().HasExtension(google::api::resource)) {
        plan.masked = &field;
      }
    }
    if (plan.mask == nullptr) {
      plan.masked = nullptr;
    } else if (plan.masked == nullptr) {
      plan.problems.push_back(absl::StrCat(plan.mask->field->full_name(), " stands beside no resource"));
      plan.mask = nullptr;
    }
  }

  std::shared_mutex mutex_;
  absl::flat_hash_map<const Descriptor*, std::unique_ptr<MessagePlan>> plans_;
};

}  // namespace

const MessagePlan& PlanOf(const Descriptor& message) {
  static auto& cache = *new PlanCache;
  return cache.Get(message);
}

}  // namespace partnerskap
