#include "common/state/transitions.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace partnerskap {

std::string MatrixOf(const std::vector<std::string>& states, const std::vector<NamedTransition>& transitions) {
  std::vector<std::string> actions;
  for (const NamedTransition& t : transitions) {
    if (std::find(actions.begin(), actions.end(), t.action) == actions.end()) actions.push_back(t.action);
  }
  std::string text = absl::StrCat("| state | ", absl::StrJoin(actions, " | "), " |\n|---|");
  for (size_t i = 0; i < actions.size(); ++i) text += "---|";
  text += "\n";
  for (const std::string& state : states) {
    absl::StrAppend(&text, "| ", state, " |");
    for (const std::string& action : actions) {
      auto found = std::find_if(transitions.begin(), transitions.end(),
                                [&](const NamedTransition& t) { return t.from == state && t.action == action; });
      absl::StrAppend(&text, " ", found == transitions.end() ? "–" : found->to, " |");
    }
    text += "\n";
  }
  return text;
}

std::string MatrixIn(absl::string_view readme, absl::string_view name) {
  const std::string begin = absl::StrCat("<!-- states:", name, " -->\n");
  const size_t from = readme.find(begin);
  if (from == absl::string_view::npos) return "";
  readme.remove_prefix(from + begin.size());
  return std::string(readme.substr(0, readme.find("<!-- /states -->")));
}

}  // namespace partnerskap
