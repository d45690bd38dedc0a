#include "common/rpc/filter.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/refusal.h"
#include "re2/re2.h"

namespace partnerskap {

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> ParseFilter(
    absl::string_view filter, absl::Span<const absl::string_view> fields) {
  static const RE2& term = *new RE2(R"(\s*([a-z_]+)\s*=\s*(?:"([^"\\]*)\"|([A-Za-z0-9_./-]+))\s*)");
  static const RE2& conjunction = *new RE2(R"(AND\s+)");
  std::vector<std::pair<std::string, std::string>> pairs;
  const auto refuse = [&](absl::string_view rest) {
    return RefuseFields(
        {{"filter", absl::StrCat("cannot be read at \"", rest, "\"; it takes field = value, joined by AND, of ",
                                 absl::StrJoin(fields, ", "))}});
  };
  re2::StringPiece rest(filter.data(), filter.size());
  while (!rest.empty()) {
    const absl::string_view here(rest.data(), rest.size());
    if (!pairs.empty() && !RE2::Consume(&rest, conjunction)) return refuse(here);
    std::string field, quoted, word;
    if (!RE2::Consume(&rest, term, &field, &quoted, &word)) return refuse(here);
    if (std::find(fields.begin(), fields.end(), field) == fields.end()) return refuse(here);
    pairs.emplace_back(field, word.empty() ? quoted : word);
  }
  return pairs;
}

}  // namespace partnerskap
