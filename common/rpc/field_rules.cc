#include "common/rpc/field_rules.h"

#include <cmath>
#include <cstdint>
#include <set>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/ids/ids.h"
#include "common/rpc/paths.h"
#include "common/rpc/rule_plan.h"
#include "common/text/utf8.h"
#include "common/time/partial_date.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/unknown_field_set.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"

namespace partnerskap {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// A hostile request of a mebibyte can break half a million rules: enough to know when to stop looking. An answer
// names 20.
constexpr size_t kMaxFound = 100;
// Paths of one mask: more than any resource has fields.
constexpr int kMaxMaskPaths = 100;
// A caller's text inside a description.
constexpr size_t kMaxQuotedBytes = 64;
// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, what google.protobuf.Timestamp allows.
constexpr int64_t kFirstTimestamp = -62'135'596'800;
constexpr int64_t kLastTimestamp = 253'402'300'799;
constexpr int32_t kNanosPerSecond = 1'000'000'000;
// An öre in nano-kronor, and the öre of a krona.
constexpr int32_t kNanosPerOre = 10'000'000;
constexpr int64_t kOrePerKrona = 100;
// Kronor that still count in öre in 64 bits.
constexpr int64_t kMaxKronor = INT64_MAX / kOrePerKrona - 1;

// Which REQUIRED fields of a message are asked for.
struct Mask {
  bool all = true;                                // each
  bool populated_only = false;                    // none of this message: an absent mask means what is there
  absl::flat_hash_map<std::string, Mask> fields;  // else these
  const Mask* Of(const FieldDescriptor& field) const {
    static const Mask& full = *new Mask;
    if (all || populated_only) return &full;
    const auto found = fields.find(field.name());
    return found == fields.end() ? nullptr : &found->second;
  }
};

size_t CodePoints(absl::string_view text) {
  size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

// Line feed, carriage return and tab belong to text; other control characters only hide what it says.
bool HasControlCharacter(absl::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7F) return true;
  }
  return false;
}

bool IsAnyName(absl::string_view name) {
  for (const absl::string_view part : absl::StrSplit(name, '/')) {
    if (!IsResourceId(part) && !IsCollectionId(part)) return false;
  }
  return true;
}

std::string Quoted(absl::string_view text) {
  return IsValidUtf8(text) ? absl::StrCat("\"", CutUtf8(text, kMaxQuotedBytes), "\"") : "the value";
}

class Check {
 public:
  explicit Check(std::vector<Violation>& found) : found_(found) {}

  void Walk(const Message& message, const MessagePlan& plan, const Mask& mask) {
    Mask resource_mask;
    if (plan.mask != nullptr) resource_mask = ReadMask(message, plan);
    for (const FieldPlan& field : plan.fields) {
      if (found_.size() >= kMaxFound) return;
      if (field.output_only) continue;
      const Mask* inner = mask.Of(*field.field);
      path_.push_back({field.field, -1});
      const bool asked = field.required && !mask.populated_only && inner != nullptr;
      if (&field == plan.masked) {
        CheckMasked(message, field, resource_mask);
      } else {
        static const Mask& full = *new Mask;
        CheckField(message, field, asked, inner == nullptr ? full : *inner);
      }
      path_.pop_back();
    }
  }

 private:
  struct Step {
    const FieldDescriptor* field;
    int index;
  };

  void Say(absl::string_view description) {
    if (found_.size() >= kMaxFound) return;
    std::string path;
    for (const Step& step : path_) {
      absl::StrAppend(&path, path.empty() ? "" : ".", step.field->name());
      if (step.index >= 0) absl::StrAppend(&path, "[", step.index, "]");
    }
    found_.push_back({std::move(path), std::string(description)});
  }

  // The resource of an Update: `name` says which, `etag` what the caller has seen of it.
  void CheckMasked(const Message& message, const FieldPlan& field, const Mask& mask) {
    const Reflection& reflection = *message.GetReflection();
    if (!reflection.HasField(message, field.field)) return Say("is required");
    const Message& resource = reflection.GetMessage(message, field.field);
    for (const FieldPlan& part : field.message->fields) {
      if (!part.identifier && part.field->name() != "etag") continue;
      if (part.field->cpp_type() != FieldDescriptor::CPPTYPE_STRING || part.field->is_repeated()) continue;
      if (!resource.GetReflection()->GetString(resource, part.field).empty()) continue;
      path_.push_back({part.field, -1});
      Say(part.identifier ? "is required: it says which resource" : "is required: the etag last read, or *");
      path_.pop_back();
    }
    Walk(resource, *field.message, mask);
  }

  Mask ReadMask(const Message& message, const MessagePlan& plan) {
    Mask mask;
    const Reflection& reflection = *message.GetReflection();
    const auto& paths =
        static_cast<const google::protobuf::FieldMask&>(reflection.GetMessage(message, plan.mask->field));
    if (!reflection.HasField(message, plan.mask->field) || paths.paths_size() == 0) {
      mask.all = false;
      mask.populated_only = true;
      return mask;
    }
    path_.push_back({plan.mask->field, -1});
    if (paths.paths_size() > kMaxMaskPaths) Say(absl::StrCat("names more than ", kMaxMaskPaths, " fields"));
    if (paths.paths_size() != 1 || paths.paths(0) != "*") {
      mask.all = false;
      for (int i = 0; i < std::min(paths.paths_size(), kMaxMaskPaths); ++i) {
        ReadMaskPath(paths.paths(i), *plan.masked->message, mask);
      }
    }
    path_.pop_back();
    return mask;
  }

  void ReadMaskPath(const std::string& path, const MessagePlan& resource, Mask& mask) {
    const auto fields = ResolvePath(*resource.descriptor, path);
    if (fields.empty()) {
      return Say(absl::StrCat("names ", Quoted(path), ", which ", resource.descriptor->name(), " does not have"));
    }
    const MessagePlan* at = &resource;
    Mask* node = &mask;
    for (const FieldDescriptor* field : fields) {
      if (at == nullptr) {
        return Say(absl::StrCat("names ", Quoted(path), ", a part of a value that changes only as a whole"));
      }
      const FieldPlan& plan = at->fields[field->index()];
      if (plan.output_only || plan.immutable || plan.identifier) {
        return Say(absl::StrCat("names ", Quoted(path), ", which cannot be changed"));
      }
      const auto [next, is_new] = node->fields.try_emplace(field->name());
      // A path to the whole field stands before paths into it.
      if (field == fields.back()) {
        next->second = Mask();
      } else if (is_new) {
        next->second.all = false;
      }
      node = &next->second;
      at = plan.message;
    }
  }

  void CheckField(const Message& message, const FieldPlan& plan, bool asked, const Mask& mask) {
    const Reflection& reflection = *message.GetReflection();
    if (plan.field->is_repeated()) return CheckRepeated(message, reflection, plan, asked);
    if (plan.field->has_presence() && !reflection.HasField(message, plan.field)) {
      if (asked) Say("is required");
      return;
    }
    if (plan.field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      return CheckMessage(reflection.GetMessage(message, plan.field), plan, mask);
    }
    CheckScalar(message, reflection, plan, asked, -1);
  }

  void CheckRepeated(const Message& message, const Reflection& reflection, const FieldPlan& plan, bool asked) {
    const int size = reflection.FieldSize(message, plan.field);
    if (size == 0) {
      if (asked) Say("is required");
      return;
    }
    if (static_cast<uint32_t>(size) > plan.max_items) {
      return Say(absl::StrCat("has ", size, " elements; at most ", plan.max_items, " are taken"));
    }
    static const Mask& full = *new Mask;
    for (int i = 0; i < size && found_.size() < kMaxFound; ++i) {
      path_.back().index = i;
      if (plan.field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        CheckMessage(reflection.GetRepeatedMessage(message, plan.field, i), plan, full);
      } else {
        // An element that is there must say something.
        CheckScalar(message, reflection, plan,
                    plan.field->cpp_type() == FieldDescriptor::CPPTYPE_STRING ||
                        plan.field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM,
                    i);
      }
    }
    path_.back().index = -1;
  }

  void CheckMessage(const Message& value, const FieldPlan& plan, const Mask& mask) {
    switch (plan.kind) {
      case FieldPlan::Kind::kDate:
        return CheckDate(static_cast<const google::type::Date&>(value), plan);
      case FieldPlan::Kind::kMoney:
        return CheckMoney(static_cast<const google::type::Money&>(value), plan);
      case FieldPlan::Kind::kTimestamp:
        return CheckTimestamp(static_cast<const google::protobuf::Timestamp&>(value));
      case FieldPlan::Kind::kFieldMask:
        return;
      case FieldPlan::Kind::kPlain:
        return Walk(value, *plan.message, mask);
    }
  }

  void CheckDate(const google::type::Date& date, const FieldPlan& plan) {
    const absl::Status status = ValidateDate(date);
    if (!status.ok()) return Say(absl::StrCat("is no date: ", status.message()));
    if (plan.day_only && PrecisionOf(date) != DatePrecision::kDay) Say("must be a full day: year, month and day");
  }

  void CheckMoney(const google::type::Money& money, const FieldPlan& plan) {
    if (money.currency_code() != "SEK") return Say("must be in SEK");
    if (std::abs(static_cast<int64_t>(money.nanos())) >= kNanosPerSecond || money.nanos() % kNanosPerOre != 0) {
      return Say("must be whole öre: nanos are a multiple of 10,000,000 below 1,000,000,000");
    }
    if ((money.units() > 0 && money.nanos() < 0) || (money.units() < 0 && money.nanos() > 0)) {
      return Say("has units and nanos of different sign");
    }
    if (money.units() > kMaxKronor || money.units() < -kMaxKronor) return Say("is too large");
    const int64_t ore = money.units() * kOrePerKrona + money.nanos() / kNanosPerOre;
    if (plan.has_range ? ore < plan.minimum || ore > plan.maximum : ore < 0) {
      Say(plan.has_range ? absl::StrCat("must be from ", plan.minimum, " to ", plan.maximum, " öre")
                         : "must not be negative");
    }
  }

  void CheckTimestamp(const google::protobuf::Timestamp& time) {
    if (time.seconds() < kFirstTimestamp || time.seconds() > kLastTimestamp) {
      return Say("must be of the years 1 to 9999");
    }
    if (time.nanos() < 0 || time.nanos() >= kNanosPerSecond) Say("must have nanos from 0 to 999,999,999");
  }

  // `index` -1 for a singular field.
  void CheckScalar(const Message& message, const Reflection& r, const FieldPlan& plan, bool asked, int index) {
    const FieldDescriptor* f = plan.field;
    const bool one = index < 0;
    switch (f->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        return CheckString(one ? r.GetStringReference(message, f, &scratch)
                               : r.GetRepeatedStringReference(message, f, index, &scratch),
                           plan, asked);
      }
      case FieldDescriptor::CPPTYPE_ENUM:
        return CheckEnum(one ? r.GetEnumValue(message, f) : r.GetRepeatedEnumValue(message, f, index), plan, asked);
      case FieldDescriptor::CPPTYPE_INT32:
        return CheckInteger(one ? r.GetInt32(message, f) : r.GetRepeatedInt32(message, f, index), plan, asked);
      case FieldDescriptor::CPPTYPE_INT64:
        return CheckInteger(one ? r.GetInt64(message, f) : r.GetRepeatedInt64(message, f, index), plan, asked);
      case FieldDescriptor::CPPTYPE_UINT32:
        return CheckInteger(one ? r.GetUInt32(message, f) : r.GetRepeatedUInt32(message, f, index), plan, asked);
      case FieldDescriptor::CPPTYPE_UINT64: {
        const uint64_t value = one ? r.GetUInt64(message, f) : r.GetRepeatedUInt64(message, f, index);
        return CheckInteger(value > INT64_MAX ? INT64_MAX : static_cast<int64_t>(value), plan, asked);
      }
      case FieldDescriptor::CPPTYPE_FLOAT:
        return CheckReal(one ? r.GetFloat(message, f) : r.GetRepeatedFloat(message, f, index), plan, asked);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return CheckReal(one ? r.GetDouble(message, f) : r.GetRepeatedDouble(message, f, index), plan, asked);
      case FieldDescriptor::CPPTYPE_BOOL:
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return;
    }
  }

  // Without presence a zero is what an unset number looks like: a range, or nothing, then says whether it is meant.
  static bool IsUnset(const FieldPlan& plan, bool is_zero) {
    return is_zero && !plan.field->has_presence() && !plan.field->is_repeated();
  }

  void CheckInteger(int64_t value, const FieldPlan& plan, bool asked) {
    if (plan.page_size && value < 0) return Say("must not be negative");
    if (IsUnset(plan, value == 0)) {
      if (asked && (!plan.has_range || plan.minimum > 0 || plan.maximum < 0)) Say("is required");
      return;
    }
    if (plan.has_range && (value < plan.minimum || value > plan.maximum)) {
      Say(absl::StrCat("must be from ", plan.minimum, " to ", plan.maximum));
    }
  }

  void CheckReal(double value, const FieldPlan& plan, bool asked) {
    if (!std::isfinite(value)) return Say("is no number");
    if (IsUnset(plan, value == 0)) {
      if (asked && (!plan.has_range || plan.minimum > 0 || plan.maximum < 0)) Say("is required");
      return;
    }
    if (plan.has_range && (value < static_cast<double>(plan.minimum) || value > static_cast<double>(plan.maximum))) {
      Say(absl::StrCat("must be from ", plan.minimum, " to ", plan.maximum));
    }
  }

  void CheckEnum(int number, const FieldPlan& plan, bool asked) {
    const auto* value = plan.field->enum_type()->FindValueByNumber(number);
    if (value == nullptr) {
      return Say(absl::StrCat("has the number ", number, ", which is no ", plan.field->enum_type()->name()));
    }
    if (number == 0) {
      if (asked) Say("is required");
      return;
    }
    if (plan.allowed.empty() || plan.allowed.contains(number)) return;
    Say(absl::StrCat("must not be ", value->name()));
  }

  void CheckString(const std::string& value, const FieldPlan& plan, bool asked) {
    if (value.empty()) {
      if (asked) Say("is required");
      return;
    }
    if (plan.field->type() == FieldDescriptor::TYPE_BYTES) {
      if (value.size() > plan.max_length) {
        Say(absl::StrCat("has ", value.size(), " bytes; at most ", plan.max_length, " are taken"));
      }
      if (value.size() < plan.min_length) Say(absl::StrCat("must have at least ", plan.min_length, " bytes"));
      return;
    }
    if (!IsValidUtf8(value)) return Say("is not UTF-8");
    if (HasControlCharacter(value)) return Say("holds a control character");
    const size_t length = value.size() <= plan.max_length && plan.min_length <= 1 ? 1 : CodePoints(value);
    if (length > plan.max_length) {
      return Say(absl::StrCat("has ", length, " characters; at most ", plan.max_length, " are taken"));
    }
    if (length < plan.min_length) return Say(absl::StrCat("must have at least ", plan.min_length, " characters"));
    if (plan.pattern != nullptr && !RE2::FullMatch(value, *plan.pattern)) {
      return Say(absl::StrCat("must match ", plan.pattern->pattern()));
    }
    if (plan.uuid4 && !IsUuid4(value)) {
      return Say("must be a UUID of version 4, such as 6fb9f1a4-3c1e-4d6e-9d43-0a2f6d2c1b77");
    }
    CheckName(value, plan);
  }

  void CheckName(const std::string& value, const FieldPlan& plan) {
    if (plan.any_name) {
      if (!IsAnyName(value)) Say("must be a resource name");
      return;
    }
    if (plan.resource_patterns.empty()) return;
    for (const std::string& pattern : plan.resource_patterns) {
      if (MatchName(pattern, value).has_value()) return;
    }
    Say(absl::StrCat("must be a name such as ", absl::StrJoin(plan.resource_patterns, " or ")));
  }

  std::vector<Violation>& found_;
  std::vector<Step> path_;
};

// Runs `clear` on each field of each message, outermost first; true keeps what is inside from being visited.
template <typename Clear>
void ForEachField(Message& message, const MessagePlan& plan, const Clear& clear) {
  const Reflection& reflection = *message.GetReflection();
  // What this build does not know cannot be judged, so it is not kept either.
  if (!reflection.GetUnknownFields(message).empty()) reflection.MutableUnknownFields(&message)->Clear();
  for (const FieldPlan& field : plan.fields) {
    if (clear(message, plan, field) || field.message == nullptr) continue;
    if (!field.field->is_repeated()) {
      if (reflection.HasField(message, field.field)) {
        ForEachField(*reflection.MutableMessage(&message, field.field), *field.message, clear);
      }
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field.field); ++i) {
      ForEachField(*reflection.MutableRepeatedMessage(&message, field.field, i), *field.message, clear);
    }
  }
}

void CollectProblems(const MessagePlan& plan, std::set<const MessagePlan*>& seen, std::vector<std::string>& problems) {
  if (!seen.insert(&plan).second) return;
  problems.insert(problems.end(), plan.problems.begin(), plan.problems.end());
  for (const FieldPlan& field : plan.fields) {
    if (field.message != nullptr) CollectProblems(*field.message, seen, problems);
  }
}

}  // namespace

std::vector<Violation> CheckFieldRules(const Message& request) {
  std::vector<Violation> found;
  Check(found).Walk(request, PlanOf(*request.GetDescriptor()), Mask());
  return found;
}

void ClearOutputOnly(Message& request) {
  const MessagePlan& top = PlanOf(*request.GetDescriptor());
  ForEachField(request, top, [&top](Message& message, const MessagePlan& plan, const FieldPlan& field) {
    // The server makes the name of what is created; only in an Update does the caller's say something.
    const bool is_name = field.identifier && &plan != &top && (top.masked == nullptr || top.masked->message != &plan);
    if (!field.output_only && !is_name) return false;
    message.GetReflection()->ClearField(&message, field.field);
    return true;
  });
}

void ClearPersonal(Message& message) {
  ForEachField(message, PlanOf(*message.GetDescriptor()), [](Message& at, const MessagePlan&, const FieldPlan& field) {
    if (!field.personal) return false;
    at.GetReflection()->ClearField(&at, field.field);
    return true;
  });
}

std::vector<std::string> CheckRulesOf(const google::protobuf::Descriptor& request) {
  std::vector<std::string> problems;
  std::set<const MessagePlan*> seen;
  CollectProblems(PlanOf(request), seen, problems);
  return problems;
}

}  // namespace partnerskap
