#include "cli/completion.h"

#include <algorithm>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace partnerskap::cli {
namespace {

// A file or a name may stand where no word is known, so the shells fall back to file names.
constexpr char kBash[] = R"(_partnerskap() {
  mapfile -t COMPREPLY < <(partnerskap __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _partnerskap partnerskap
)";

constexpr char kZsh[] = R"(#compdef partnerskap
_partnerskap() {
  local -a found
  found=("${(@f)$(partnerskap __complete "${words[@]:1:$((CURRENT - 1))}" 2>/dev/null)}")
  if [[ -n ${found[1]} ]]; then
    compadd -- "${found[@]}"
  else
    _files
  fi
}
compdef _partnerskap partnerskap
)";

constexpr char kFish[] = R"(function __partnerskap_complete
  set -l words (commandline -opc) (commandline -ct)
  partnerskap __complete $words[2..-1] 2>/dev/null
end
complete -c partnerskap -a '(__partnerskap_complete)'
)";

// The command that the words before the last name.
const CLI::App* Named(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* command = &app;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    for (const CLI::App* inner : command->get_subcommands([](const CLI::App*) { return true; })) {
      if (inner->get_name() != words[i]) continue;
      command = inner;
      break;
    }
  }
  return command;
}

void AddFlags(const CLI::App& command, const std::string& begun, std::vector<std::string>& found) {
  for (const CLI::Option* option : command.get_options([](const CLI::Option*) { return true; })) {
    for (const std::string& name : option->get_lnames()) {
      const std::string flag = absl::StrCat("--", name);
      if (absl::StartsWith(flag, begun)) found.push_back(flag);
    }
  }
}

}  // namespace

absl::StatusOr<std::string> CompletionScript(absl::string_view shell) {
  if (shell == "bash") return kBash;
  if (shell == "zsh") return kZsh;
  if (shell == "fish") return kFish;
  return absl::InvalidArgumentError(absl::StrCat(shell, " is none of bash, zsh, fish"));
}

std::vector<std::string> Completions(const CLI::App& app, const std::vector<std::string>& words) {
  const std::string begun = words.empty() ? "" : words.back();
  const CLI::App* command = Named(app, words);
  std::vector<std::string> found;
  if (absl::StartsWith(begun, "-")) {
    AddFlags(*command, begun, found);
    // Shared flags may stand anywhere.
    if (command != &app) AddFlags(app, begun, found);
  } else {
    for (const CLI::App* inner : command->get_subcommands([](const CLI::App*) { return true; })) {
      if (absl::StartsWith(inner->get_name(), begun)) found.push_back(inner->get_name());
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace partnerskap::cli
