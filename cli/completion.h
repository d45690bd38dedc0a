// Shell completion: the scripts that shells load, and the words that they ask for.
#ifndef PARTNERSKAP_CLI_COMPLETION_H_
#define PARTNERSKAP_CLI_COMPLETION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace CLI {
class App;
}  // namespace CLI

namespace partnerskap::cli {

// The word with which a shell's script asks: `partnerskap __complete membership create-s`.
inline constexpr char kCompleteCommand[] = "__complete";

// What `bash`, `zsh` or `fish` load. INVALID_ARGUMENT for another shell.
absl::StatusOr<std::string> CompletionScript(absl::string_view shell);

// What may stand in place of the last word, sorted: commands, or flags where it begins with a dash.
std::vector<std::string> Completions(const CLI::App& app, const std::vector<std::string>& words);

}  // namespace partnerskap::cli

#endif  // PARTNERSKAP_CLI_COMPLETION_H_
