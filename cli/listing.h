// A list of messages as people and programs want it: which columns, in which order, in which format.
#ifndef PARTNERSKAP_CLI_LISTING_H_
#define PARTNERSKAP_CLI_LISTING_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/language.h"
#include "google/protobuf/message.h"

namespace partnerskap::cli {

enum class Format {
  kTable,  // aligned columns; a single message in protobuf text format
  kJson,   // one object after another
  kCsv,    // RFC 4180 with a header line
  kYaml,   // one document after another
};
// `table`, `json`, `csv`, `yaml`.
absl::StatusOr<Format> FormatFromText(absl::string_view text);

struct Listing {
  Format format = Format::kTable;
  Language language = Language::kSwedish;
  std::vector<std::string> columns;  // fields, `term.start_date` for one of a field; empty: the first that fit
  std::string sort;                  // a field, `-` before it for falling order; empty: as the server has it
};

using Messages = std::vector<std::unique_ptr<google::protobuf::Message>>;

// INVALID_ARGUMENT: a column or sort field that `type` does not have, with those that there are.
absl::Status CheckListing(const Listing& listing, const google::protobuf::Descriptor& type);
// All of it, with a line feed at the end. Texts sort in Swedish order, numbers by value.
std::string ListText(const Listing& listing, const google::protobuf::Descriptor& type, Messages messages);
// One message.
std::string MessageText(const Listing& listing, const google::protobuf::Message& message);

// One row: cells with a comma, a quotation mark or a line feed are quoted; a cell that a spreadsheet would take for a
// formula (= + - @ and a letter after it) gets an apostrophe before it.
std::string CsvRow(const std::vector<std::string>& cells);

}  // namespace partnerskap::cli

#endif  // PARTNERSKAP_CLI_LISTING_H_
