#include "cli/output.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "common/time/partial_date.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/json_util.h"
#include "unicode/unistr.h"

namespace partnerskap::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Characters, not bytes: å is one.
size_t Width(const std::string& text) { return icu::UnicodeString::fromUTF8(text).countChar32(); }

void AppendRow(const std::vector<std::string>& cells, const std::vector<size_t>& widths, std::string& out) {
  std::string line;
  for (size_t i = 0; i < widths.size(); ++i) {
    const std::string& cell = i < cells.size() ? cells[i] : "";
    absl::StrAppend(&line, cell, std::string(widths[i] - Width(cell) + 2, ' '));
  }
  absl::StrAppend(&out, absl::StripTrailingAsciiWhitespace(line), "\n");
}

}  // namespace

std::string Table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows) {
  if (rows.empty()) return "";
  std::vector<size_t> widths;
  for (const std::string& cell : header) widths.push_back(Width(cell));
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size() && i < widths.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
  }
  std::vector<std::string> rule;
  for (size_t width : widths) rule.emplace_back(width, '-');
  std::string out;
  AppendRow(header, widths, out);
  AppendRow(rule, widths, out);
  for (const auto& row : rows) AppendRow(row, widths, out);
  return out;
}

std::string Json(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(message, &json, options).ok()) return "{}\n";
  return json;
}

std::string Text(const Message& message) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(message, &text);
  return text;
}

std::vector<std::string> ColumnsOf(const google::protobuf::Descriptor& type, size_t max_columns) {
  std::vector<std::string> columns;
  for (int i = 0; i < type.field_count() && columns.size() < max_columns; ++i) {
    const FieldDescriptor& field = *type.field(i);
    const bool shown_message = field.message_type() == google::type::Date::descriptor();
    if (field.is_repeated() || field.name() == "uid" || field.name() == "etag" ||
        field.type() == FieldDescriptor::TYPE_BYTES)
      continue;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !shown_message) continue;
    columns.push_back(field.name());
  }
  return columns;
}

std::string Cell(const Message& message, const std::string& name) {
  const size_t dot = name.find('.');
  if (dot != std::string::npos) {
    const FieldDescriptor* outer = message.GetDescriptor()->FindFieldByName(name.substr(0, dot));
    if (outer == nullptr || outer->is_repeated() || outer->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return "";
    return Cell(message.GetReflection()->GetMessage(message, outer), name.substr(dot + 1));
  }
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  if (field == nullptr || field->is_repeated()) return "";
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetString(message, field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(reflection.GetInt32(message, field));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(reflection.GetInt64(message, field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.GetEnum(message, field)->name();
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (field->message_type() == google::type::Date::descriptor()) {
        return DateToText(static_cast<const google::type::Date&>(reflection.GetMessage(message, field)));
      }
      return "";
    default:
      return "";
  }
}

std::string DateText(const google::type::Date& date, absl::string_view unknown) {
  const std::string text = DateToText(date);
  return text.empty() ? std::string(unknown) : text;
}

std::string MoneyText(const google::type::Money& money) {
  constexpr int kNanosPerOre = 10'000'000;
  std::string digits = absl::StrCat(std::abs(money.units()));
  for (int i = static_cast<int>(digits.size()) - 3; i > 0; i -= 3) digits.insert(i, " ");
  const int ore = std::abs(money.nanos()) / kNanosPerOre;
  const bool negative = money.units() < 0 || money.nanos() < 0;
  return absl::StrCat(negative ? "-" : "", digits, ore == 0 ? "" : absl::StrCat(",", absl::Dec(ore, absl::kZeroPad2)),
                      " kr");
}

}  // namespace partnerskap::cli
