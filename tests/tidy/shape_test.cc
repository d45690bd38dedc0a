// The shape of code: lengths, who may throw, who may look at the clock.
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "re2/re2.h"
#include "tests/tidy/source_tree.h"

namespace partnerskap::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A file that is longer has two subjects.
constexpr size_t kLongestFile = 500;
// A function that is longer does not fit a screen.
constexpr size_t kLongestFunction = 60;

TEST(Shape, FilesAreShort) {
  for (const File& file : FilesUnder("", {".cc", ".h", ".proto"})) {
    EXPECT_LE(LinesOf(file.text).size(), kLongestFile) << file.path;
  }
}

// Functions with more than kLongestFunction lines between their braces, by their first line. Knows functions by the
// indentation that clang-format gives them: none, or two for members that are written inside their class.
std::vector<std::string> LongFunctions(const std::string& text) {
  static const RE2& no_function = *new RE2(
      R"(^\s*(namespace|class|struct|enum|extern|union|public|private|protected|using|return|if|for|while|switch|case)\b)");
  const std::vector<std::string> lines = LinesOf(text);
  std::vector<std::string> found;
  for (absl::string_view indent : {"", "  "}) {
    const RE2 begins(absl::StrCat("^", indent, "[A-Za-z~]"));
    const std::string ends = absl::StrCat(indent, "}");
    size_t start = lines.size();
    for (size_t i = 0; i < lines.size(); ++i) {
      if (RE2::PartialMatch(lines[i], begins)) {
        start = RE2::PartialMatch(lines[i], no_function) ? lines.size() : i;
      } else if (lines[i] == ends && start < i) {
        if (i - start - 1 > kLongestFunction) found.push_back(lines[start]);
        start = lines.size();
      }
    }
  }
  return found;
}

TEST(Shape, FunctionsAreShort) {
  for (const File& file : AllFiles()) {
    if (!IsCode(file.path)) continue;
    EXPECT_THAT(LongFunctions(file.text), IsEmpty()) << file.path;
  }
}

TEST(Shape, LongFunctionsAreFound) {
  std::string body;
  for (size_t i = 0; i < kLongestFunction; ++i) absl::StrAppend(&body, "  F();\n");
  EXPECT_THAT(LongFunctions(absl::StrCat("void A() {\n", body, "}\n")), IsEmpty());
  EXPECT_THAT(LongFunctions(absl::StrCat("void A() {\n", body, "  G();\n}\n")), ElementsAre("void A() {"));
  EXPECT_THAT(LongFunctions(absl::StrCat("namespace a {\n", body, "  G();\n}\n")), IsEmpty());
}

// Files in which code that is no test matches `pattern`.
std::set<std::string> FilesWith(const char* pattern) {
  const RE2 expression(pattern);
  std::set<std::string> found;
  for (const File& file : AllFiles()) {
    if (IsCode(file.path) && !IsTest(file.path) && RE2::PartialMatch(file.text, expression)) found.insert(file.path);
  }
  return found;
}

TEST(Shape, ExceptionsStayWhereTheyArise) {
  EXPECT_EQ(FilesWith(R"(\bcatch \(|\bthrow\b[^;\n]*;)"),
            (std::set<std::string>{
                "bench/main.cc",                               // CLI11
                "cli/commands.cc",                             // CLI11
                "common/rpc/gate_stream.cc",                   // what a handler of a stream lets through
                "common/rpc/gate_unary.cc",                    // what a handler lets through
                "common/rpc/serve_options.cc",                 // CLI11
                "common/sql/batch.cc",                         // what a handler lets through on the writer
                "deploy/certs/main.cc",                        // CLI11
                "deploy/health/main.cc",                       // CLI11
                "services/peer_review/domain/plan_program.cc"  // CBC
            }));
}

TEST(Shape, TheClockIsAskedOnceAndHandedOn) {
  EXPECT_EQ(FilesWith(R"(\babsl::Now\(\)|system_clock::now|\btime\(nullptr\))"),
            (std::set<std::string>{
                "bench/load.cc",            // deadlines of a process of its own
                "bench/rows.cc",            // names that no run before has used
                "cli/client.cc",            // deadlines of a process of its own
                "common/env/env.cc",        // the clock
                "common/rpc/door.cc",       // certificates and deadlines on the wire, with gRPC's own clock
                "common/rpc/grpc_peer.cc",  //
                "deploy/certs/main.cc",     // a process of its own
                "deploy/health/main.cc"     // deadline of a process of its own
            }));
}

}  // namespace
}  // namespace partnerskap::tidy
