// The main job's report: asked of the suite through its API, then written for people or as JSON.
#ifndef PARTNERSKAP_CLI_REPORT_H_
#define PARTNERSKAP_CLI_REPORT_H_

#include <string>

#include "absl/status/statusor.h"
#include "cli/client.h"
#include "cli/language.h"
#include "cli/report.pb.h"

namespace partnerskap::cli {

// Errors name file, line and column.
absl::StatusOr<v1::ReportQuestions> ReadQuestions(const std::string& path);

// Errors: the first call that is refused.
absl::StatusOr<v1::Report> BuildReport(Client& client, const v1::ReportQuestions& questions);

std::string ReportText(Language language, const v1::Report& report);

}  // namespace partnerskap::cli

#endif  // PARTNERSKAP_CLI_REPORT_H_
