// The register of Sweden's municipalities and counties as organizations, from two CSV files of facts.
#ifndef PARTNERSKAP_CLI_REGISTER_H_
#define PARTNERSKAP_CLI_REGISTER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/network_file.pb.h"

namespace partnerskap::cli {

// Rows of comma-separated values (RFC 4180: quotes, doubled quotes), the header first. Errors name the line.
absl::StatusOr<std::vector<std::vector<std::string>>> ParseCsv(absl::string_view text);

// `directory` holds municipalities.csv (code, name, full_name, …, county_code, county_name) and counties.csv
// (county_code, county_name, …, region_name, …): one organization each, regions first. Errors name file and line.
absl::StatusOr<v1::NetworkFile> ReadRegister(const std::string& directory);

}  // namespace partnerskap::cli

#endif  // PARTNERSKAP_CLI_REGISTER_H_
