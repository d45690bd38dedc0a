#include "cli/request_fields.h"

#include <algorithm>
#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "cli/catalog.h"
#include "common/status/macros.h"
#include "common/time/partial_date.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/json_util.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"

namespace partnerskap::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// Messages in messages that are written as flags of their own (`term.start-date`); deeper ones are written as JSON.
constexpr size_t kDeepest = 3;
constexpr int kNanosPerOre = 10'000'000;
constexpr char kCurrency[] = "SEK";

std::string Kebab(absl::string_view snake) { return absl::StrReplaceAll(snake, {{"_", "-"}}); }

bool Is(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  for (int i = 0; i < field.options().ExtensionSize(google::api::field_behavior); ++i) {
    if (field.options().GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

// A message that has a form of its own in one word.
bool IsWord(const Descriptor* type) {
  return type == google::type::Date::descriptor() || type == google::protobuf::Timestamp::descriptor() ||
         type == google::protobuf::FieldMask::descriptor() || type == google::type::Money::descriptor();
}

std::vector<std::string> EnumWords(const EnumDescriptor& type) {
  std::vector<std::string> words;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) words.push_back(Kebab(absl::AsciiStrToLower(type.value(i)->name())));
  }
  return words;
}

std::string FormOf(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_BYTES ? "BASE64" : "TEXT";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "";
    case FieldDescriptor::CPPTYPE_ENUM:
      return absl::StrJoin(EnumWords(*field.enum_type()), "|");
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
    default:
      return "NUMBER";
  }
  const Descriptor* type = field.message_type();
  if (type == google::type::Date::descriptor()) return "YYYY[-MM[-DD]]";
  if (type == google::protobuf::Timestamp::descriptor()) return "YYYY-MM-DDTHH:MM:SSZ";
  if (type == google::protobuf::FieldMask::descriptor()) return "FIELD,FIELD";
  if (type == google::type::Money::descriptor()) return "KRONOR[.ORE]";
  return "JSON";
}

// What a method makes or changes: the request's one field whose type the answer is.
const FieldDescriptor* BodyOf(const MethodDescriptor& method) {
  const Descriptor& request = *method.input_type();
  if (!absl::StartsWith(method.name(), "Create") && !absl::StartsWith(method.name(), "Update")) return nullptr;
  for (int i = 0; i < request.field_count(); ++i) {
    const FieldDescriptor& field = *request.field(i);
    if (!field.is_repeated() && field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
        field.message_type() == method.output_type()) {
      return &field;
    }
  }
  return nullptr;
}

class Lister {
 public:
  explicit Lister(const MethodDescriptor& method)
      : body_(BodyOf(method)), updates_(absl::StartsWith(method.name(), "Update")) {
    const Descriptor& request = *method.input_type();
    for (int i = 0; i < request.field_count(); ++i) taken_.insert(request.field(i)->name());
    for (int i = 0; i < request.field_count(); ++i) Add({request.field(i)}, "");
    PutFirst();
    std::stable_partition(fields_.begin(), fields_.end(), [](const RequestField& field) { return field.positional; });
  }
  std::vector<RequestField> Take() { return std::move(fields_); }

 private:
  bool IsSkipped(const FieldDescriptor& field, bool in_body) const {
    if (Is(field, google::api::OUTPUT_ONLY)) return true;
    if (!in_body) return false;
    // The resource's name is what an update is about; a new one is named by its parent and id.
    if (field.name() == "name") return !updates_;
    return updates_ && Is(field, google::api::IMMUTABLE);
  }

  // A method on a resource by another word than `name` (ComputeSeatStanding: `seat`).
  void PutFirst() {
    if (absl::c_any_of(fields_, [](const RequestField& field) { return field.positional; })) return;
    const auto first = absl::c_find_if(fields_, [](const RequestField& field) {
      return field.required && field.field().options().HasExtension(google::api::resource_reference);
    });
    if (first != fields_.end() && !first->repeated) first->positional = true;
  }

  void Add(std::vector<const FieldDescriptor*> path, const std::string& prefix) {
    const FieldDescriptor& field = *path.back();
    const bool in_body = path.size() > 1 && path.front() == body_;
    if (IsSkipped(field, in_body && path.size() == 2)) return;
    const bool is_message = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !IsWord(field.message_type());
    if (is_message && !field.is_repeated() && path.size() < kDeepest) {
      // The body's fields stand beside the request's own.
      const std::string inner = &field == body_ ? "" : absl::StrCat(prefix, Kebab(field.name()), ".");
      for (int i = 0; i < field.message_type()->field_count(); ++i) {
        auto deeper = path;
        deeper.push_back(field.message_type()->field(i));
        Add(std::move(deeper), inner);
      }
      return;
    }
    RequestField& added = fields_.emplace_back();
    const bool top = path.size() == 1;
    added.positional = (top && (field.name() == "name" || field.name() == "parent") && !updates_) ||
                       (updates_ && in_body && path.size() == 2 && field.name() == "name");
    const bool clash = in_body && path.size() == 2 && taken_.contains(field.name());
    added.flag = absl::StrCat(clash ? absl::StrCat(Kebab(body_->name()), ".") : prefix, Kebab(field.name()));
    added.required = added.positional || (top && Is(field, google::api::REQUIRED));
    added.repeated = field.is_repeated();
    added.is_switch = field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL && !field.is_repeated();
    added.form = FormOf(field);
    added.path = std::move(path);
  }

  const FieldDescriptor* const body_;
  const bool updates_;
  std::set<std::string> taken_;  // names of the request's own fields
  std::vector<RequestField> fields_;
};

absl::StatusOr<google::type::Money> MoneyFromText(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits('.', 1));
  int64_t kronor = 0;
  int ore = 0;
  const bool negative = absl::StartsWith(text, "-");
  if (!absl::SimpleAtoi(parts[0], &kronor)) return absl::InvalidArgumentError("no amount");
  if (parts.size() == 2 &&
      (parts[1].size() != 2 || !absl::c_all_of(parts[1], absl::ascii_isdigit) || !absl::SimpleAtoi(parts[1], &ore))) {
    return absl::InvalidArgumentError("no amount");
  }
  google::type::Money money;
  money.set_currency_code(kCurrency);
  money.set_units(kronor);
  money.set_nanos((negative ? -ore : ore) * kNanosPerOre);
  return money;
}

absl::Status SetWord(Message& word, const std::string& text) {
  if (auto* date = dynamic_cast<google::type::Date*>(&word); date != nullptr) {
    ASSIGN_OR_RETURN(*date, DateFromText(text));
    return absl::OkStatus();
  }
  if (auto* time = dynamic_cast<google::protobuf::Timestamp*>(&word); time != nullptr) {
    absl::Time parsed;
    std::string error;
    if (!absl::ParseTime(absl::RFC3339_full, text, &parsed, &error)) return absl::InvalidArgumentError(error);
    time->set_seconds(absl::ToUnixSeconds(parsed));
    time->set_nanos(static_cast<int32_t>((parsed - absl::FromUnixSeconds(time->seconds())) / absl::Nanoseconds(1)));
    return absl::OkStatus();
  }
  if (auto* mask = dynamic_cast<google::protobuf::FieldMask*>(&word); mask != nullptr) {
    for (const absl::string_view path : absl::StrSplit(text, ',', absl::SkipEmpty())) {
      mask->add_paths(absl::StrReplaceAll(path, {{"-", "_"}}));
    }
    return absl::OkStatus();
  }
  if (auto* money = dynamic_cast<google::type::Money*>(&word); money != nullptr) {
    ASSIGN_OR_RETURN(*money, MoneyFromText(text));
    return absl::OkStatus();
  }
  const auto parsed = google::protobuf::util::JsonStringToMessage(text, &word);
  return parsed.ok() ? absl::OkStatus() : absl::InvalidArgumentError(std::string(parsed.message()));
}

absl::StatusOr<const google::protobuf::EnumValueDescriptor*> EnumValue(const EnumDescriptor& type,
                                                                       const std::string& text) {
  const std::string name = absl::StrReplaceAll(absl::AsciiStrToUpper(text), {{"-", "_"}});
  const auto* value = type.FindValueByName(name);
  if (value == nullptr || value->number() == 0) return absl::InvalidArgumentError("no such word");
  return value;
}

absl::StatusOr<bool> BoolFromText(const std::string& text) {
  bool value = false;
  if (!absl::SimpleAtob(text, &value)) return absl::InvalidArgumentError("neither true nor false");
  return value;
}

template <typename T>
absl::StatusOr<T> NumberFromText(const std::string& text) {
  T value = 0;
  if (!absl::SimpleAtoi(text, &value)) return absl::InvalidArgumentError("no number");
  return value;
}

// Sets or adds one value.
absl::Status SetValue(Message& message, const FieldDescriptor& field, const std::string& text) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  const bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string value = text;
      if (field.type() == FieldDescriptor::TYPE_BYTES && !absl::Base64Unescape(text, &value)) {
        return absl::InvalidArgumentError("no base64");
      }
      many ? reflection.AddString(&message, &field, value) : reflection.SetString(&message, &field, value);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_BOOL: {
      ASSIGN_OR_RETURN(const bool value, BoolFromText(text));
      many ? reflection.AddBool(&message, &field, value) : reflection.SetBool(&message, &field, value);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_INT32: {
      ASSIGN_OR_RETURN(const int32_t value, NumberFromText<int32_t>(text));
      many ? reflection.AddInt32(&message, &field, value) : reflection.SetInt32(&message, &field, value);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      ASSIGN_OR_RETURN(const int64_t value, NumberFromText<int64_t>(text));
      many ? reflection.AddInt64(&message, &field, value) : reflection.SetInt64(&message, &field, value);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      ASSIGN_OR_RETURN(const auto* value, EnumValue(*field.enum_type(), text));
      many ? reflection.AddEnum(&message, &field, value) : reflection.SetEnum(&message, &field, value);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return SetWord(many ? *reflection.AddMessage(&message, &field) : *reflection.MutableMessage(&message, &field),
                     text);
    default:
      return absl::UnimplementedError("a type that no field of the contract has");
  }
}

absl::Status SetField(Message& request, const RequestField& flag, const std::string& text) {
  Message* message = &request;
  for (size_t i = 0; i + 1 < flag.path.size(); ++i) {
    message = message->GetReflection()->MutableMessage(message, flag.path[i]);
  }
  absl::Status status = SetValue(*message, flag.field(), text);
  if (status.ok()) return status;
  return absl::InvalidArgumentError(
      absl::StrCat("--", flag.flag, " ", text, ": ", status.message(), "; it is written ", flag.form));
}

// The top-level fields of the body that were given: what an update changes.
void FillMask(const MethodDescriptor& method, const std::set<std::string>& given, Message& request) {
  const FieldDescriptor* mask = method.input_type()->FindFieldByName("update_mask");
  if (mask == nullptr || request.GetReflection()->HasField(request, mask)) return;
  auto* paths = static_cast<google::protobuf::FieldMask*>(request.GetReflection()->MutableMessage(&request, mask))
                    ->mutable_paths();
  for (const std::string& path : given) *paths->Add() = path;
}

}  // namespace

std::vector<RequestField> RequestFields(const MethodDescriptor& method) { return Lister(method).Take(); }

absl::StatusOr<std::unique_ptr<Message>> RequestOf(const MethodDescriptor& method, const FlagValues& values) {
  std::unique_ptr<Message> request = NewMessage(*method.input_type());
  const FieldDescriptor* body = BodyOf(method);
  std::set<std::string> changed;
  for (const RequestField& flag : RequestFields(method)) {
    const auto given = values.find(flag.flag);
    if (given == values.end() || given->second.empty()) continue;
    for (const std::string& text : given->second) RETURN_IF_ERROR(SetField(*request, flag, text));
    const bool of_body = flag.path.size() > 1 && flag.path.front() == body;
    if (of_body && flag.path[1]->name() != "name" && flag.path[1]->name() != "etag") {
      changed.insert(flag.path[1]->name());
    }
  }
  if (absl::StartsWith(method.name(), "Update")) FillMask(method, changed, *request);
  return request;
}

std::string VerbOf(const MethodDescriptor& method) {
  std::string verb;
  for (const char c : method.name()) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c)) && !verb.empty()) verb.push_back('-');
    verb.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
  }
  return verb;
}

}  // namespace partnerskap::cli
