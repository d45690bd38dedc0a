// Tables for people, JSON for programs.
#ifndef PARTNERSKAP_CLI_OUTPUT_H_
#define PARTNERSKAP_CLI_OUTPUT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"

namespace partnerskap::cli {

// Columns as wide as their widest cell in characters; no trailing spaces; a rule under the header. "" for no rows.
std::string Table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);

// Field names as in the contract, enums by name, absent scalars shown; ends with a line feed.
std::string Json(const google::protobuf::Message& message);

// Protobuf text format, as network files have it; å is å.
std::string Text(const google::protobuf::Message& message);

// The scalar fields of a resource that fit a table, by name, at most `max_columns`; dates and times as text.
std::vector<std::string> ColumnsOf(const google::protobuf::Descriptor& type, size_t max_columns);
// A field's value, `term.start_date` for one of a field; "" for what has no form in one cell.
std::string Cell(const google::protobuf::Message& message, const std::string& field);

// `2016-04-21`, `2017-05`, `2017`; `unknown` where absent.
std::string DateText(const google::type::Date& date, absl::string_view unknown);
// `20 000 kr`, `12,50 kr`.
std::string MoneyText(const google::type::Money& money);

}  // namespace partnerskap::cli

#endif  // PARTNERSKAP_CLI_OUTPUT_H_
