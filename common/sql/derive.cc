#include "common/sql/resource_table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"

namespace partnerskap {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Minor units of a currency unit, and billionths of a unit in one minor unit.
constexpr int64_t kMinorPerUnit = 100;
constexpr int64_t kNanosPerMinor = 10'000'000;

bool IsType(const FieldDescriptor& field, const google::protobuf::Descriptor* type) {
  return field.message_type()->full_name() == type->full_name();
}

// A date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; NULL without a year. common/time has the same form, with checks that a
// stored message has passed.
OwnedSqlValue DateValue(const google::type::Date& date) {
  if (date.year() == 0) return nullptr;
  if (date.month() == 0) return absl::StrFormat("%04d", date.year());
  if (date.day() == 0) return absl::StrFormat("%04d-%02d", date.year(), date.month());
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

// A copy of the generated type, whichever pool the submessage came from.
template <typename T>
T CopyOf(const Message& message) {
  T copy;
  copy.ParseFromString(message.SerializeAsString());
  return copy;
}

OwnedSqlValue MessageValue(const FieldDescriptor& field, const Message& value) {
  if (IsType(field, google::protobuf::Timestamp::descriptor())) {
    return google::protobuf::util::TimeUtil::TimestampToMicroseconds(CopyOf<google::protobuf::Timestamp>(value));
  }
  if (IsType(field, google::type::Date::descriptor())) return DateValue(CopyOf<google::type::Date>(value));
  auto money = CopyOf<google::type::Money>(value);
  return int64_t{money.units() * kMinorPerUnit + money.nanos() / kNanosPerMinor};
}

OwnedSqlValue ScalarValue(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string text = reflection.GetString(message, &field);
      if (text.empty() && !field.has_presence()) return nullptr;
      return text;
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      int number = reflection.GetEnumValue(message, &field);
      if (number == 0 && !field.has_presence()) return nullptr;
      const auto* value = field.enum_type()->FindValueByNumber(number);
      return value != nullptr ? std::string(value->name()) : absl::StrCat(number);
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return int64_t{reflection.GetBool(message, &field)};
    case FieldDescriptor::CPPTYPE_INT32:
      return int64_t{reflection.GetInt32(message, &field)};
    case FieldDescriptor::CPPTYPE_INT64:
      return int64_t{reflection.GetInt64(message, &field)};
    case FieldDescriptor::CPPTYPE_UINT32:
      return int64_t{reflection.GetUInt32(message, &field)};
    case FieldDescriptor::CPPTYPE_UINT64:
      return static_cast<int64_t>(reflection.GetUInt64(message, &field));
    default:
      return nullptr;
  }
}

// The column of a field; empty if it has none.
std::string ColumnOf(const FieldDescriptor& field) {
  if (field.is_repeated()) return "";
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return "";
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_BYTES ? "" : field.name();
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (IsType(field, google::protobuf::Timestamp::descriptor()) || IsType(field, google::type::Date::descriptor())) {
        return field.name();
      }
      return IsType(field, google::type::Money::descriptor()) ? absl::StrCat(field.name(), "_minor") : "";
    default:
      return field.name();
  }
}

}  // namespace

std::vector<DerivedColumn> DeriveColumns(const Message& message) {
  std::vector<DerivedColumn> columns;
  const google::protobuf::Descriptor& descriptor = *message.GetDescriptor();
  const Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    std::string column = ColumnOf(field);
    if (column.empty()) continue;
    OwnedSqlValue value = nullptr;
    bool absent = field.has_presence() && !reflection.HasField(message, &field);
    if (!absent && field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      value = MessageValue(field, reflection.GetMessage(message, &field));
    } else if (!absent) {
      value = ScalarValue(message, field);
    }
    columns.push_back({std::move(column), std::move(value)});
  }
  return columns;
}

}  // namespace partnerskap
