#include "tests/simulator/model/verdicts.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/refusal.h"
#include "google/protobuf/util/message_differencer.h"
#include "partnerskap/common/v1/options.pb.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap::simulator::model {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const EnumValueDescriptor* FindReason(const std::string& package, const std::string& reason) {
  const auto* type =
      google::protobuf::DescriptorPool::generated_pool()->FindEnumTypeByName("partnerskap." + package + ".Reason");
  return type == nullptr ? nullptr : type->FindValueByName(reason);
}

// What was found before an object could be judged at all.
bool EndsThere(const std::string& common_reason) {
  static const auto& ends = *new std::set<std::string>{"FIELD_VIOLATIONS", "OBJECT_NOT_YOURS", "RESOURCE_NOT_FOUND",
                                                       "PARENT_NOT_FOUND", "ETAG_STALE"};
  return ends.count(common_reason) > 0;
}

// What no document foretells, and what is only worded by people.
bool IsUnforetold(const std::string& field) {
  static const auto& names = *new std::set<std::string>{
      "uid", "create_time", "update_time", "reason_sv", "reason_en", "membership_position", "agreements_position"};
  return names.count(field) > 0;
}

// `fields`: names, or `rows.seat` for a field of the messages in another; none: all.
void KeepJudged(Message& message, const std::vector<std::string>& fields) {
  std::vector<const FieldDescriptor*> present;
  message.GetReflection()->ListFields(message, &present);
  for (const FieldDescriptor* field : present) {
    const bool chosen = fields.empty() || std::find(fields.begin(), fields.end(), field->name()) != fields.end();
    std::vector<std::string> below;
    for (const std::string& each : fields) {
      if (absl::StartsWith(each, field->name() + ".")) below.push_back(each.substr(field->name().size() + 1));
    }
    if (IsUnforetold(field->name()) || (!chosen && below.empty())) {
      message.GetReflection()->ClearField(&message, field);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_repeated()) {
      KeepJudged(*message.GetReflection()->MutableMessage(&message, field), below);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const int count = message.GetReflection()->FieldSize(message, field);
      for (int i = 0; i < count; ++i) {
        KeepJudged(*message.GetReflection()->MutableRepeatedMessage(&message, field, i), below);
      }
    }
  }
}

void SetIfAny(Message& message, const char* name, const std::string& value) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return;
  if (!message.GetReflection()->GetString(message, field).empty()) {
    message.GetReflection()->SetString(&message, field, value);
  }
}

std::string TextOf(const Message& message, const char* name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return "";
  return message.GetReflection()->GetString(message, field);
}

// Leaves what is judged of an item, so that two can be compared.
void Normalize(Message& item, const std::vector<std::string>& fields, bool etag, bool name) {
  KeepJudged(item, fields);
  for (const auto& [judged, field] : {std::pair(etag, "etag"), std::pair(name, "name")}) {
    const FieldDescriptor* descriptor = item.GetDescriptor()->FindFieldByName(field);
    if (!judged && descriptor != nullptr) item.GetReflection()->ClearField(&item, descriptor);
  }
}

std::string Compare(const Message& expected, const Message& answer, const std::vector<std::string>& fields) {
  if (expected.GetDescriptor() != answer.GetDescriptor()) return "the answer is of another type";
  const std::unique_ptr<Message> left(expected.New()), right(answer.New());
  left->CopyFrom(expected);
  right->CopyFrom(answer);
  const FieldDescriptor* items = ItemsOf(expected);
  if (items == nullptr) {
    const bool etag = !TextOf(expected, "etag").empty(), name = !TextOf(expected, "name").empty();
    Normalize(*left, fields, etag, name);
    Normalize(*right, fields, etag, name);
  } else {
    const auto& reflection = *expected.GetReflection();
    const int count = reflection.FieldSize(expected, items), there = reflection.FieldSize(answer, items);
    for (int i = 0; i < there; ++i) {
      const bool etag = i < count && !TextOf(reflection.GetRepeatedMessage(expected, items, i), "etag").empty();
      Normalize(*reflection.MutableRepeatedMessage(right.get(), items, i), fields, etag, true);
      if (i < count) Normalize(*reflection.MutableRepeatedMessage(left.get(), items, i), fields, etag, true);
    }
    KeepJudged(*left, {});
    KeepJudged(*right, {});
    SetIfAny(*left, "next_page_token", "there");
    SetIfAny(*right, "next_page_token", "there");
  }
  std::string difference;
  google::protobuf::util::MessageDifferencer differ;
  differ.ReportDifferencesToString(&difference);
  return differ.Compare(*left, *right) ? "" : absl::StrCat("expected -> answered: ", difference);
}

}  // namespace

const FieldDescriptor* ItemsOf(const Message& answer) {
  if (answer.GetDescriptor()->FindFieldByName("next_page_token") == nullptr) return nullptr;
  return answer.GetDescriptor()->field(0);
}

std::string KeyOf(const Message& item) {
  std::string key;
  for (const char* field : {"name", "agreement", "seat", "post", "clause"}) {
    if (const std::string text = TextOf(item, field); !text.empty()) absl::StrAppend(&key, text, " ");
  }
  const FieldDescriptor* duty = item.GetDescriptor()->FindFieldByName("duty");
  if (duty != nullptr) absl::StrAppend(&key, TextOf(item.GetReflection()->GetMessage(item, duty), "clause"));
  return key;
}

absl::StatusCode CodeOf(const std::string& reason) {
  for (const char* package : {"common.v1", "membership.v1", "agreements.v1", "scheduling.v1", "peerreview.v1"}) {
    const EnumValueDescriptor* value = FindReason(package, reason);
    if (value == nullptr) continue;
    return static_cast<absl::StatusCode>(value->options().GetExtension(common::v1::reason).code());
  }
  return absl::StatusCode::kUnknown;
}

Verdict Refused(const std::string& package, const std::vector<std::string>& reasons) {
  Verdict verdict;
  verdict.reason = reasons.front();
  verdict.also.assign(reasons.begin() + 1, reasons.end());
  const EnumValueDescriptor* own = FindReason(package, verdict.reason);
  verdict.code = own == nullptr ? CodeOf(verdict.reason)
                                : static_cast<absl::StatusCode>(own->options().GetExtension(common::v1::reason).code());
  return verdict;
}

Verdict RefusedSomehow() {
  Verdict verdict;
  verdict.code = absl::StatusCode::kUnknown;
  verdict.reason = "*";
  return verdict;
}

Verdict NotJudged() {
  Verdict verdict;
  verdict.judged = false;
  return verdict;
}

Verdict FirstOf(const std::string& package, const std::vector<std::vector<std::string>>& found) {
  const std::vector<std::string>* first_common = nullptr;
  const std::vector<std::string>* first_own = nullptr;
  int common_number = 0, own_number = 0;
  for (const std::vector<std::string>& reasons : found) {
    const EnumValueDescriptor* own = FindReason(package, reasons.front());
    const EnumValueDescriptor* value = own != nullptr ? own : FindReason("common.v1", reasons.front());
    const std::vector<std::string>*& first = own != nullptr ? first_own : first_common;
    int& number = own != nullptr ? own_number : common_number;
    if (first == nullptr || value->number() < number) {
      first = &reasons;
      number = value->number();
    }
  }
  std::vector<std::string> allowed;
  if (first_common != nullptr) allowed = *first_common;
  const bool judged_further =
      first_common == nullptr || !EndsThere(first_common->front()) ||
      (first_own != nullptr && CodeOf(first_own->front()) == absl::StatusCode::kInvalidArgument);
  if (first_own != nullptr && judged_further) allowed.insert(allowed.end(), first_own->begin(), first_own->end());
  // Both say that the caller does not reach it; which, only the order of two look-ups decides.
  for (const std::vector<std::string>& reasons : found) {
    const bool reached = !EndsThere(reasons.front()) || reasons.front() == "ETAG_STALE";
    // That there is one of that name is found when it is stored, after what it refers to was looked up.
    const bool beside = first_common != nullptr && first_common->front() == "RESOURCE_ALREADY_EXISTS" &&
                        reasons.front() == "REFERENCE_UNKNOWN";
    if (first_common == &reasons || (reached && !beside)) continue;
    allowed.insert(allowed.end(), reasons.begin(), reasons.end());
  }
  return Refused(package, allowed);
}

}  // namespace partnerskap::simulator::model

namespace partnerskap::simulator {

std::string Disagreement(const Verdict& verdict, const absl::Status& status, const google::protobuf::Message* answer) {
  if (!verdict.judged) return "";
  const std::string was = status.ok() ? "it was taken" : absl::StrCat("it was ", status.ToString());
  if (verdict.code == absl::StatusCode::kOk) {
    if (!status.ok()) return absl::StrCat("should be taken; ", was);
    if (verdict.resource == nullptr || answer == nullptr) return "";
    return model::Compare(*verdict.resource, *answer, verdict.fields);
  }
  if (verdict.reason == "*") return status.ok() ? "should be refused; it was taken" : "";
  std::vector<std::string> allowed = verdict.also;
  allowed.insert(allowed.begin(), verdict.reason);
  const std::string reason = ReasonOf(status);
  if (std::find(allowed.begin(), allowed.end(), reason) == allowed.end()) {
    return absl::StrCat("should be refused with ", absl::StrJoin(allowed, " or "), "; ", was, " ", reason);
  }
  if (status.code() != model::CodeOf(reason)) return absl::StrCat(reason, " must not be ", status.ToString());
  return "";
}

}  // namespace partnerskap::simulator
