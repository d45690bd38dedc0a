#include "tests/tidy/source_tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"

namespace partnerskap::tidy {
namespace {

namespace fs = std::filesystem;

bool IsOurs(const std::string& folder) {
  return folder != ".git" && folder != ".state" && folder != ".cache" && folder != "__pycache__" &&
         !absl::StartsWith(folder, "build");
}

std::vector<File> ReadTree() {
  const fs::path root = PARTNERSKAP_SOURCE_DIR;
  std::vector<File> files;
  for (auto entry = fs::recursive_directory_iterator(root); entry != fs::end(entry); ++entry) {
    if (entry->is_directory() && !IsOurs(entry->path().filename().string())) entry.disable_recursion_pending();
    // In a second work tree of a clone, `.git` is a file.
    if (!entry->is_regular_file() || entry->path().filename() == ".git") continue;
    std::ifstream stream(entry->path(), std::ios::binary);
    File file{entry->path().lexically_relative(root).string(), {std::istreambuf_iterator<char>(stream), {}}};
    // A NUL marks what is no text.
    if (file.text.find('\0') == std::string::npos) files.push_back(std::move(file));
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.path < b.path; });
  return files;
}

bool IsWordCharacter(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_'; }

}  // namespace

const std::vector<File>& AllFiles() {
  static const auto& files = *new std::vector<File>(ReadTree());
  return files;
}

std::vector<File> FilesUnder(absl::string_view folder, const std::vector<absl::string_view>& endings) {
  std::vector<File> found;
  for (const File& file : AllFiles()) {
    if (!folder.empty() && !absl::StartsWith(file.path, absl::StrCat(folder, "/"))) continue;
    const bool wanted = std::any_of(endings.begin(), endings.end(),
                                    [&](absl::string_view ending) { return absl::EndsWith(file.path, ending); });
    if (wanted) found.push_back(file);
  }
  return found;
}

std::string TextOf(absl::string_view path) {
  for (const File& file : AllFiles()) {
    if (file.path == path) return file.text;
  }
  ADD_FAILURE() << path << " does not exist";
  return "";
}

bool IsCode(absl::string_view path) { return absl::EndsWith(path, ".cc") || absl::EndsWith(path, ".h"); }

bool IsTest(absl::string_view path) {
  const absl::string_view name = path.substr(path.rfind('/') + 1);
  return absl::StrContains(name, "test") || absl::StrContains(name, "fixture") || absl::StartsWith(path, "tests/") ||
         absl::StartsWith(path, "common/testing/");
}

std::vector<std::string> LinesOf(absl::string_view text) {
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

std::vector<std::string> IncludesOf(absl::string_view text) {
  std::vector<std::string> includes;
  for (const std::string& line : LinesOf(text)) {
    absl::string_view rest = absl::StripLeadingAsciiWhitespace(line);
    if (!absl::ConsumePrefix(&rest, "#include")) continue;
    rest = absl::StripLeadingAsciiWhitespace(rest);
    if (!absl::ConsumePrefix(&rest, "\"") && !absl::ConsumePrefix(&rest, "<")) continue;
    includes.emplace_back(rest.substr(0, rest.find_first_of("\">")));
  }
  return includes;
}

bool HasWord(absl::string_view text, absl::string_view word) {
  for (size_t at = text.find(word); at != absl::string_view::npos; at = text.find(word, at + 1)) {
    const size_t end = at + word.size();
    if ((at == 0 || !IsWordCharacter(text[at - 1])) && (end == text.size() || !IsWordCharacter(text[end]))) return true;
  }
  return false;
}

const std::vector<Service>& Services() {
  static const auto& services = *new std::vector<Service>{{"membership", "membership"},
                                                          {"agreements", "agreements"},
                                                          {"scheduling", "scheduling"},
                                                          {"peer_review", "peerreview"}};
  return services;
}

}  // namespace partnerskap::tidy
