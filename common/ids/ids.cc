#include "common/ids/ids.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace partnerskap {
namespace {

bool IsIdCharacter(char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-'; }

bool IsSingleton(absl::string_view name) { return std::count(name.begin(), name.end(), '/') % 2 == 0; }

absl::string_view WithoutLastSegment(absl::string_view name) {
  const size_t slash = name.rfind('/');
  return slash == absl::string_view::npos ? absl::string_view() : name.substr(0, slash);
}

// The variable of a pattern's segment (`{seat}` -> `seat`), or empty for a literal one.
absl::string_view VariableOf(absl::string_view segment) {
  if (segment.size() < 2 || segment.front() != '{' || segment.back() != '}') return {};
  return segment.substr(1, segment.size() - 2);
}

}  // namespace

bool IsResourceId(absl::string_view id) {
  return !id.empty() && id.size() <= kMaxResourceIdBytes && id.front() != '-' && id.back() != '-' &&
         std::all_of(id.begin(), id.end(), IsIdCharacter);
}

bool IsCollectionId(absl::string_view segment) {
  return !segment.empty() && absl::ascii_islower(segment.front()) &&
         std::all_of(segment.begin(), segment.end(), [](char c) { return absl::ascii_isalnum(c); });
}

std::string FormatUuid4(std::array<uint8_t, kUuidBytes> random) {
  random[6] = (random[6] & 0x0f) | 0x40;
  random[8] = (random[8] & 0x3f) | 0x80;
  const std::string hex =
      absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(random.data()), random.size()));
  const absl::string_view h(hex);
  return absl::StrCat(h.substr(0, 8), "-", h.substr(8, 4), "-", h.substr(12, 4), "-", h.substr(16, 4), "-",
                      h.substr(20));
}

bool IsUuid4(absl::string_view text) {
  if (text.size() != kUuidTextBytes) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen ? text[i] != '-' : !absl::ascii_isxdigit(text[i])) return false;
  }
  return text[14] == '4' && absl::string_view("89abAB").find(text[19]) != absl::string_view::npos;
}

std::optional<NameIds> MatchName(absl::string_view pattern, absl::string_view name) {
  const std::vector<absl::string_view> expected = absl::StrSplit(pattern, '/');
  const std::vector<absl::string_view> actual = absl::StrSplit(name, '/');
  if (expected.size() != actual.size()) return std::nullopt;
  NameIds ids;
  for (size_t i = 0; i < expected.size(); ++i) {
    const absl::string_view variable = VariableOf(expected[i]);
    if (variable.empty()) {
      if (actual[i] != expected[i]) return std::nullopt;
      continue;
    }
    if (!IsResourceId(actual[i])) return std::nullopt;
    ids.emplace(std::string(variable), std::string(actual[i]));
  }
  return ids;
}

absl::string_view ParentName(absl::string_view name) {
  if (name.empty()) return name;
  const absl::string_view without_id = WithoutLastSegment(name);
  return IsSingleton(name) ? without_id : WithoutLastSegment(without_id);
}

absl::string_view LastSegment(absl::string_view name) {
  const size_t slash = name.rfind('/');
  return slash == absl::string_view::npos ? name : name.substr(slash + 1);
}

absl::string_view CollectionId(absl::string_view name) {
  return LastSegment(IsSingleton(name) ? name : WithoutLastSegment(name));
}

}  // namespace partnerskap
