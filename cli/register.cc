#include "cli/register.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace partnerskap::cli {
namespace {

using membership::v1::Organization;

// Rows of a file by column name.
absl::StatusOr<std::vector<std::map<std::string, std::string>>> ReadTable(const std::string& path,
                                                                          const std::vector<std::string>& columns) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return absl::NotFoundError(absl::StrCat(path, " cannot be read; name the folder that holds it"));
  const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  const auto rows = ParseCsv(text);
  if (!rows.ok()) return absl::InvalidArgumentError(absl::StrCat(path, ": ", rows.status().message()));
  if (rows->empty()) return absl::InvalidArgumentError(absl::StrCat(path, " is empty"));
  const std::vector<std::string>& header = (*rows)[0];
  for (const std::string& column : columns) {
    if (std::find(header.begin(), header.end(), column) == header.end()) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": the header lacks ", column));
    }
  }
  std::vector<std::map<std::string, std::string>> table;
  for (size_t line = 1; line < rows->size(); ++line) {
    if ((*rows)[line].size() != header.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": row ", line + 1, " has ", (*rows)[line].size(), " values, the header ", header.size()));
    }
    auto& row = table.emplace_back();
    for (size_t i = 0; i < header.size(); ++i) row[header[i]] = (*rows)[line][i];
  }
  return table;
}

void AddSource(Organization& organization, const char* document) { organization.add_sources()->set_document(document); }

}  // namespace

absl::StatusOr<std::vector<std::vector<std::string>>> ParseCsv(absl::string_view text) {
  std::vector<std::vector<std::string>> rows;
  bool quoted = false, row_open = false;
  size_t line = 1;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') ++line;
    if (!row_open && !quoted) {
      if (c == '\n' || c == '\r') continue;
      rows.push_back({""});
      row_open = true;
    }
    std::string& cell = rows.back().back();
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cell += '"';
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      if (!cell.empty()) return absl::InvalidArgumentError(absl::StrCat("line ", line, ": a quote inside a value"));
      quoted = true;
    } else if (c == ',') {
      rows.back().emplace_back();
    } else if (c == '\n') {
      row_open = false;
    } else if (c != '\r') {
      cell += c;
    }
  }
  if (quoted) return absl::InvalidArgumentError(absl::StrCat("line ", line, ": a quote is not closed"));
  return rows;
}

absl::StatusOr<v1::NetworkFile> ReadRegister(const std::string& directory) {
  ASSIGN_OR_RETURN(const auto counties,
                   ReadTable(absl::StrCat(directory, "/counties.csv"), {"county_code", "county_name", "region_name"}));
  ASSIGN_OR_RETURN(const auto municipalities, ReadTable(absl::StrCat(directory, "/municipalities.csv"),
                                                        {"code", "name", "full_name", "county_code", "county_name"}));
  v1::NetworkFile file;
  for (const auto& row : counties) {
    Organization& region = *file.add_organizations();
    region.set_name(absl::StrCat("organizations/region-", row.at("county_code")));
    region.set_kind(Organization::REGION);
    region.set_display_name(row.at("region_name"));
    region.set_code(row.at("county_code"));
    region.set_county_code(row.at("county_code"));
    region.set_county(row.at("county_name"));
    AddSource(region, "services/membership/data/counties.csv");
  }
  for (const auto& row : municipalities) {
    Organization& municipality = *file.add_organizations();
    municipality.set_name(absl::StrCat("organizations/kommun-", row.at("code")));
    municipality.set_kind(Organization::MUNICIPALITY);
    municipality.set_display_name(row.at("name"));
    municipality.set_full_name(row.at("full_name"));
    municipality.set_code(row.at("code"));
    municipality.set_county_code(row.at("county_code"));
    municipality.set_county(row.at("county_name"));
    AddSource(municipality, "SCB kommunkod, services/membership/data/municipalities.csv");
  }
  return file;
}

}  // namespace partnerskap::cli
