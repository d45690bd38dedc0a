#include "tests/simulator/model/field_rules.h"

#include <algorithm>
#include <map>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/field_info.pb.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"
#include "partnerskap/common/v1/options.pb.h"
#include "re2/re2.h"
#include "tests/simulator/model/dates.h"

namespace partnerskap::simulator::model {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kDefaultLength = 1000;
constexpr int kDefaultItems = 1000;
constexpr char kId[] = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

bool Has(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

// `membership.partnerskap/Seat` -> `networks/{network}/seats/{seat}`, from whatever file declares it.
const std::map<std::string, std::string>& Patterns() {
  static const auto& patterns = *[] {
    auto* found = new std::map<std::string, std::string>();
    for (const char* name : {"membership", "agreements", "scheduling", "peerreview"}) {
      for (const char* file : {"resources", "posts", "clauses", "decisions", "adoptions"}) {
        const FileDescriptor* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(
            absl::StrCat("partnerskap/", name, "/v1/", file, ".proto"));
        if (descriptor == nullptr) continue;
        for (int i = 0; i < descriptor->message_type_count(); ++i) {
          const auto& resource = descriptor->message_type(i)->options().GetExtension(google::api::resource);
          if (resource.pattern_size() > 0) (*found)[resource.type()] = resource.pattern(0);
        }
      }
    }
    return found;
  }();
  return patterns;
}

bool IsNameOf(const std::string& type, bool of_parent, const std::string& name) {
  const auto found = Patterns().find(type);
  if (found == Patterns().end()) return true;
  std::string pattern = found->second;
  if (of_parent) pattern = pattern.substr(0, pattern.rfind('/', pattern.rfind('/') - 1));
  RE2::GlobalReplace(&pattern, R"(\{[a-z_]+\})", kId);
  return RE2::FullMatch(name, pattern);
}

size_t CodePoints(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool StringIsWrong(const FieldDescriptor& field, const std::string& value) {
  if (value.empty()) return false;
  const auto& rules = field.options().GetExtension(common::v1::rules);
  const bool bytes = field.type() == FieldDescriptor::TYPE_BYTES;
  const size_t length = bytes ? value.size() : CodePoints(value);
  const int most = rules.max_length() == 0 ? kDefaultLength : rules.max_length();
  if (length > static_cast<size_t>(most) || length < static_cast<size_t>(rules.min_length())) return true;
  if (!rules.pattern().empty() && !RE2::FullMatch(value, rules.pattern())) return true;
  if (field.options().GetExtension(google::api::field_info).format() == google::api::FieldInfo::UUID4 &&
      !RE2::FullMatch(value, "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")) {
    return true;
  }
  const auto& reference = field.options().GetExtension(google::api::resource_reference);
  if (!reference.type().empty() && reference.type() != "*" && !IsNameOf(reference.type(), false, value)) return true;
  if (!reference.child_type().empty() && !IsNameOf(reference.child_type(), true, value)) return true;
  return false;
}

bool IsNoNameOfItsOwn(const FieldDescriptor& field, const std::string& value) {
  return !IsNameOf(field.containing_type()->options().GetExtension(google::api::resource).type(), false, value);
}

bool NumberIsWrong(const FieldDescriptor& field, int64_t value) {
  const auto& rules = field.options().GetExtension(common::v1::rules);
  return rules.has_range() && (value < rules.minimum() || value > rules.maximum());
}

class Fields {
 public:
  Judgement result() const { return wrong_ ? Judgement::kWrong : unsaid_ ? Judgement::kNotSaid : Judgement::kRight; }
  const std::string& why() const { return why_; }

  // `only`: REQUIRED holds for these fields alone; null: for all.
  void Check(const Message& message, const std::string& path, const std::vector<std::string>* only) {
    const Descriptor& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      const std::string here = path.empty() ? field.name() : absl::StrCat(path, ".", field.name());
      const bool required = Has(field, google::api::REQUIRED) &&
                            (only == nullptr || std::find(only->begin(), only->end(), field.name()) != only->end());
      if (field.is_repeated()) {
        CheckRepeated(message, field, here, required);
      } else {
        CheckOne(message, field, here, required, only != nullptr);
      }
    }
  }

  void Wrong(const std::string& path) {
    if (!wrong_) why_ = path;
    wrong_ = true;
  }
  void NotSaid(const std::string& path) {
    if (!wrong_ && !unsaid_) why_ = path;
    unsaid_ = true;
  }

 private:
  void CheckRepeated(const Message& message, const FieldDescriptor& field, const std::string& path, bool required) {
    const Reflection& reflection = *message.GetReflection();
    const int count = reflection.FieldSize(message, &field);
    if (required && count == 0) Wrong(path);
    const auto& rules = field.options().GetExtension(common::v1::rules);
    if (count > (rules.max_items() == 0 ? kDefaultItems : rules.max_items())) Wrong(path);
    for (int i = 0; i < count; ++i) {
      switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_MESSAGE:
          CheckMessage(field, reflection.GetRepeatedMessage(message, &field, i), path);
          break;
        case FieldDescriptor::CPPTYPE_STRING: {
          const std::string value = reflection.GetRepeatedString(message, &field, i);
          if (value.empty()) NotSaid(path);
          if (StringIsWrong(field, value)) Wrong(path);
          break;
        }
        case FieldDescriptor::CPPTYPE_INT32:
          if (NumberIsWrong(field, reflection.GetRepeatedInt32(message, &field, i))) Wrong(path);
          break;
        case FieldDescriptor::CPPTYPE_ENUM:
          CheckEnum(field, reflection.GetRepeatedEnumValue(message, &field, i), path, true);
          break;
        default:
          break;
      }
    }
  }

  void CheckOne(const Message& message, const FieldDescriptor& field, const std::string& path, bool required,
                bool only_masked) {
    const Reflection& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (!reflection.HasField(message, &field)) {
          if (required) Wrong(path);
          return;
        }
        CheckMessage(field, reflection.GetMessage(message, &field), path);
        break;
      case FieldDescriptor::CPPTYPE_STRING: {
        const std::string value = reflection.GetString(message, &field);
        if (required && value.empty()) Wrong(path);
        // The name in a resource that is created is made of other fields; what stands there is not said.
        if (Has(field, google::api::IDENTIFIER) && !only_masked) break;
        // Of control characters no page speaks.
        if (std::any_of(value.begin(), value.end(), [](char c) { return c >= 0 && c < ' '; })) NotSaid(path);
        if (StringIsWrong(field, value)) Wrong(path);
        if (Has(field, google::api::IDENTIFIER) && IsNoNameOfItsOwn(field, value)) Wrong(path);
        break;
      }
      case FieldDescriptor::CPPTYPE_INT32:
        // Zero of an optional number is its absence; zero of a required one is judged by its range.
        if ((required || reflection.GetInt32(message, &field) != 0) &&
            NumberIsWrong(field, reflection.GetInt32(message, &field))) {
          Wrong(path);
        }
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        CheckEnum(field, reflection.GetEnumValue(message, &field), path, required);
        break;
      default:
        break;
    }
  }

  void CheckEnum(const FieldDescriptor& field, int value, const std::string& path, bool required) {
    if (field.enum_type()->FindValueByNumber(value) == nullptr) Wrong(path);
    if (required && value == 0) Wrong(path);
  }

  void CheckMessage(const FieldDescriptor& field, const Message& value, const std::string& path) {
    const std::string& type = field.message_type()->full_name();
    if (type == "google.type.Date") {
      CheckDate(field, static_cast<const google::type::Date&>(value), path);
    } else if (type == "google.type.Money") {
      CheckMoney(static_cast<const google::type::Money&>(value), path);
    } else if (!absl::StartsWith(type, "google.")) {
      Check(value, path, nullptr);
    }
  }

  void CheckDate(const FieldDescriptor& field, const google::type::Date& date, const std::string& path) {
    if (IsEmpty(date)) {
      NotSaid(path);
    } else if (!IsWellFormed(date)) {
      Wrong(path);
    } else if (field.options().GetExtension(common::v1::rules).date_precision() == common::v1::FieldRules::DAY &&
               !IsDay(date)) {
      Wrong(path);
    }
  }

  void CheckMoney(const google::type::Money& money, const std::string& path) {
    if (money.currency_code() != "SEK" || money.units() < 0 || money.nanos() != 0) NotSaid(path);
  }

  bool wrong_ = false;
  bool unsaid_ = false;
  std::string why_;
};

// The resource of an Update, or null.
const FieldDescriptor* ResourceOf(const Descriptor& request) {
  if (request.FindFieldByName("update_mask") == nullptr) return nullptr;
  return request.field(0);
}

void CheckMask(const Message& request, const Descriptor& resource, const std::vector<std::string>& mask,
               Fields& fields) {
  for (const std::string& path : mask) {
    const FieldDescriptor* field = resource.FindFieldByName(path);
    if (path == "*" || absl::StrContains(path, '.')) {
      fields.NotSaid("update_mask");
    } else if (field == nullptr || Has(*field, google::api::IMMUTABLE)) {
      fields.Wrong("update_mask");
    } else if (Has(*field, google::api::OUTPUT_ONLY) || path == "name" || path == "etag") {
      fields.NotSaid("update_mask");
    }
  }
  const Message& value = request.GetReflection()->GetMessage(request, request.GetDescriptor()->field(0));
  const FieldDescriptor* name = resource.FindFieldByName("name");
  if (value.GetReflection()->GetString(value, name).empty()) fields.Wrong("name");
}

}  // namespace

void ClearOutputOnly(Message& message) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> present;
  reflection.ListFields(message, &present);
  for (const FieldDescriptor* field : present) {
    if (Has(*field, google::api::OUTPUT_ONLY)) {
      reflection.ClearField(&message, field);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      if (!field->is_repeated()) {
        ClearOutputOnly(*reflection.MutableMessage(&message, field));
        continue;
      }
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        ClearOutputOnly(*reflection.MutableRepeatedMessage(&message, field, i));
      }
    }
  }
}

std::vector<std::string> MaskOf(const Message& request, const std::vector<std::string>& otherwise) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("update_mask");
  if (!request.GetReflection()->HasField(request, field)) return otherwise;
  const auto& mask =
      static_cast<const google::protobuf::FieldMask&>(request.GetReflection()->GetMessage(request, field));
  if (mask.paths_size() == 0) return otherwise;
  return {mask.paths().begin(), mask.paths().end()};
}

Judgement JudgeFields(const Message& request, std::string& why) {
  Fields fields;
  const Descriptor& type = *request.GetDescriptor();
  const FieldDescriptor* resource = ResourceOf(type);
  if (resource == nullptr) {
    fields.Check(request, "", nullptr);
  } else if (!request.GetReflection()->HasField(request, resource)) {
    fields.Wrong(resource->name());
  } else {
    std::vector<std::string> changeable;
    for (int i = 0; i < resource->message_type()->field_count(); ++i) {
      const FieldDescriptor& field = *resource->message_type()->field(i);
      if (!Has(field, google::api::IMMUTABLE)) changeable.push_back(field.name());
    }
    const std::vector<std::string> mask = MaskOf(request, changeable);
    fields.Check(request.GetReflection()->GetMessage(request, resource), resource->name(), &mask);
    CheckMask(request, *resource->message_type(), MaskOf(request, {}), fields);
    const std::unique_ptr<Message> rest(request.New());
    rest->CopyFrom(request);
    rest->GetReflection()->ClearField(rest.get(), resource);
    const std::vector<std::string> none;
    fields.Check(*rest, "", &none);
  }
  why = fields.why();
  return fields.result();
}

}  // namespace partnerskap::simulator::model
