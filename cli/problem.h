// What went wrong, for people: the message, the reason, the fields, and what to do.
#ifndef PARTNERSKAP_CLI_PROBLEM_H_
#define PARTNERSKAP_CLI_PROBLEM_H_

#include <string>

#include "absl/status/status.h"
#include "cli/language.h"

namespace partnerskap::cli {

// Several lines, each ending with a line feed.
std::string ProblemText(Language language, const absl::Status& status);

// Exit codes: 0 done; 1 refused or failed; 2 misused; 3 not reachable (try again); 4 differs (apply, audit verify).
inline constexpr int kExitFailed = 1;
inline constexpr int kExitMisused = 2;
inline constexpr int kExitUnreachable = 3;
inline constexpr int kExitDiffers = 4;
int ExitCodeOf(const absl::Status& status);

}  // namespace partnerskap::cli

#endif  // PARTNERSKAP_CLI_PROBLEM_H_
