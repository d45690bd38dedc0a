#include "cli/listing.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "cli/output.h"
#include "common/status/macros.h"
#include "common/text/collation.h"
#include "nlohmann/json.hpp"

namespace partnerskap::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Columns of a list on a terminal of usual width; a file has room for all.
constexpr size_t kTableColumns = 6;
constexpr size_t kCsvColumns = 100;

std::vector<std::string> Columns(const Listing& listing, const Descriptor& type) {
  if (!listing.columns.empty()) return listing.columns;
  return ColumnsOf(type, listing.format == Format::kCsv ? kCsvColumns : kTableColumns);
}

std::vector<std::string> Cells(const Message& message, const std::vector<std::string>& columns) {
  std::vector<std::string> cells;
  for (const std::string& column : columns) cells.push_back(Cell(message, column));
  return cells;
}

// Numbers before texts, each among their own.
bool Less(const std::string& a, const std::string& b) {
  int64_t left = 0, right = 0;
  const bool left_is_number = absl::SimpleAtoi(a, &left), right_is_number = absl::SimpleAtoi(b, &right);
  if (left_is_number != right_is_number) return left_is_number;
  if (left_is_number) return left < right;
  return SwedishSortKey(a) < SwedishSortKey(b);
}

void Sort(const std::string& order, Messages& messages) {
  if (order.empty()) return;
  const bool falling = order[0] == '-';
  const std::string field(absl::StripPrefix(order, "-"));
  std::stable_sort(messages.begin(), messages.end(), [&](const auto& a, const auto& b) {
    const std::string left = Cell(*a, field), right = Cell(*b, field);
    // What has no value stands last either way.
    if (left.empty() || right.empty()) return right.empty() && !left.empty();
    return falling ? Less(right, left) : Less(left, right);
  });
}

void Emit(const nlohmann::ordered_json& json, YAML::Emitter& out) {
  if (json.is_object()) {
    out << YAML::BeginMap;
    for (const auto& [key, value] : json.items()) {
      out << YAML::Key << key << YAML::Value;
      Emit(value, out);
    }
    out << YAML::EndMap;
  } else if (json.is_array()) {
    out << YAML::BeginSeq;
    for (const auto& value : json) Emit(value, out);
    out << YAML::EndSeq;
  } else if (json.is_string()) {
    // Quoted, or a reader would take `no` and `2016-04-21` for something else.
    out << YAML::DoubleQuoted << json.get<std::string>();
  } else {
    out << json.dump();
  }
}

std::string Yaml(const Message& message) {
  YAML::Emitter out;
  Emit(nlohmann::ordered_json::parse(Json(message)), out);
  return absl::StrCat("---\n", out.c_str(), "\n");
}

const FieldDescriptor* FieldAt(const Descriptor& type, absl::string_view path) {
  const size_t dot = path.find('.');
  const FieldDescriptor* field = type.FindFieldByName(std::string(path.substr(0, dot)));
  if (dot == absl::string_view::npos || field == nullptr) return field;
  if (field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return nullptr;
  return FieldAt(*field->message_type(), path.substr(dot + 1));
}

}  // namespace

absl::StatusOr<Format> FormatFromText(absl::string_view text) {
  if (text == "table") return Format::kTable;
  if (text == "json") return Format::kJson;
  if (text == "csv") return Format::kCsv;
  if (text == "yaml") return Format::kYaml;
  return absl::InvalidArgumentError(absl::StrCat(text, " is none of table, json, csv, yaml"));
}

absl::Status CheckListing(const Listing& listing, const Descriptor& type) {
  std::vector<std::string> asked = listing.columns;
  if (!listing.sort.empty()) asked.emplace_back(absl::StripPrefix(listing.sort, "-"));
  for (const std::string& column : asked) {
    if (FieldAt(type, column) != nullptr) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("there is no column ", column, "; there are ", absl::StrJoin(ColumnsOf(type, kCsvColumns), ", ")));
  }
  return absl::OkStatus();
}

std::string CsvRow(const std::vector<std::string>& cells) {
  return absl::StrCat(absl::StrJoin(cells, ",",
                                    [](std::string* out, std::string cell) {
                                      const bool formula =
                                          cell.size() > 1 &&
                                          absl::string_view("=+-@\t\r").find(cell[0]) != absl::string_view::npos;
                                      int64_t number = 0;
                                      if (formula && !absl::SimpleAtoi(cell, &number)) cell = absl::StrCat("'", cell);
                                      if (cell.find_first_of(",\"\r\n") == std::string::npos) {
                                        out->append(cell);
                                      } else {
                                        absl::StrAppend(out, "\"", absl::StrReplaceAll(cell, {{"\"", "\"\""}}), "\"");
                                      }
                                    }),
                      "\r\n");
}

std::string ListText(const Listing& listing, const Descriptor& type, Messages messages) {
  Sort(listing.sort, messages);
  std::string text;
  switch (listing.format) {
    case Format::kJson:
      for (const auto& message : messages) text += Json(*message);
      return text;
    case Format::kYaml:
      for (const auto& message : messages) text += Yaml(*message);
      return text;
    case Format::kCsv: {
      const std::vector<std::string> columns = Columns(listing, type);
      text = CsvRow(columns);
      for (const auto& message : messages) text += CsvRow(Cells(*message, columns));
      return text;
    }
    case Format::kTable:
      break;
  }
  if (messages.empty()) return In(listing.language, "(inget)\n", "(nothing)\n");
  const std::vector<std::string> columns = Columns(listing, type);
  std::vector<std::vector<std::string>> rows;
  for (const auto& message : messages) rows.push_back(Cells(*message, columns));
  return Table(columns, rows);
}

std::string MessageText(const Listing& listing, const Message& message) {
  switch (listing.format) {
    case Format::kJson:
      return Json(message);
    case Format::kYaml:
      return Yaml(message);
    case Format::kCsv: {
      const std::vector<std::string> columns = Columns(listing, *message.GetDescriptor());
      return CsvRow(columns) + CsvRow(Cells(message, columns));
    }
    case Format::kTable:
      break;
  }
  return Text(message);
}

}  // namespace partnerskap::cli
