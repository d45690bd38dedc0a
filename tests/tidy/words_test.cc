// Words that have no place in the repository. They are written here with a ~ in them, so that this file holds none.
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "re2/re2.h"
#include "tests/tidy/source_tree.h"

namespace partnerskap::tidy {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

enum class Where {
  kEverywhere,
  kCode,      // .cc and .h
  kProduct,   // code that is no test
  kComments,  // what stands behind `//` or `#`, and all of a page
};

// Without the tildes.
std::string Plain(const char* text) { return absl::StrReplaceAll(text, {{"~", ""}}); }

struct Ban {
  const char* why;
  Where where;
  const char* pattern;           // without its tildes
  std::set<std::string> except;  // files
};

std::vector<Ban> Bans() {
  // The process waits for the last bytes of its answers to leave; nothing tells when they have.
  const std::set<std::string> last_bytes = {"common/rpc/serve.cc"};
  return {
      {"a path of somebody's machine", Where::kEverywhere, "(^|[^\\w.-])/wo~rk/", {}},
      {"a path of somebody's machine", Where::kEverywhere, "\\.\\./sha~red|shared/des~ign", {}},
      {"a path of somebody's machine", Where::kEverywhere, "/ho~me/[a-z]|/ro~ot/", {}},
      {"a fixed place for temporary files", Where::kProduct, "/tm~p/", {}},
      {"unfinished", Where::kEverywhere, "\\b(TO~DO|FIX~ME|XX~X)\\b", {}},
      {"unfinished", Where::kEverywhere, "(?i)place~holder", {}},
      {"unfinished", Where::kComments, "(?i)\\bstu~bs?\\b", {}},
      {"the identity comes from the certificate alone", Where::kCode, "GetPeer~Identity", {}},
      {"waiting without a condition", Where::kCode, "\\b(sleep_~for|sleep_~until|usle~ep\\(|sle~ep\\()", last_bytes},
      {"a test that does not run", Where::kCode, "GTEST_~SKIP|DIS~ABLED_", {}},
      {"the host of a registry", Where::kEverywhere, "proxy\\.gol~ang|deb\\.deb~ian|npm~js\\.|pypi\\.o~rg", {}},
      {"how the work was organized", Where::kEverywhere, "(?i)\\biss~ues? #?[0-9]", {}},
      {"how the work was organized", Where::kEverywhere, "(?i)\\bsub-?agen~t|\\bhelper agen~t", {}},
  };
}

// The part of a line that the ban is about; empty: none.
std::string Judged(const Ban& ban, const std::string& path, const std::string& line) {
  const bool code = IsCode(path);
  switch (ban.where) {
    case Where::kEverywhere:
      return line;
    case Where::kCode:
      return code ? line : "";
    case Where::kProduct:
      return code && !IsTest(path) ? line : "";
    case Where::kComments:
      break;
  }
  // Generated clients of other languages are called so.
  static const RE2& other_languages = *new RE2("(?i)python|grpc");
  if (!code) return RE2::PartialMatch(line, other_languages) ? "" : line;
  const size_t comment = line.find("//");
  return comment == std::string::npos ? "" : line.substr(comment);
}

std::vector<std::string> Findings(const std::string& path, const std::string& text) {
  std::vector<std::string> findings;
  for (const Ban& ban : Bans()) {
    if (ban.except.contains(path)) continue;
    const RE2 pattern(Plain(ban.pattern));
    EXPECT_TRUE(pattern.ok()) << ban.pattern;
    int number = 0;
    for (const std::string& line : LinesOf(text)) {
      ++number;
      if (RE2::PartialMatch(Judged(ban, path, line), pattern)) {
        findings.push_back(absl::StrCat(path, ":", number, ": ", ban.why, ": ", line));
      }
    }
  }
  return findings;
}

TEST(Words, NoneThatIsBanned) {
  for (const File& file : AllFiles()) EXPECT_THAT(Findings(file.path, file.text), IsEmpty());
}

TEST(Words, ExceptionsAreStillNeeded) {
  for (const Ban& ban : Bans()) {
    for (const std::string& path : ban.except) {
      EXPECT_TRUE(RE2::PartialMatch(TextOf(path), Plain(ban.pattern)))
          << path << " needs no exception from " << ban.pattern;
    }
  }
}

// Of a text with tildes.
std::vector<std::string> FindingsIn(const std::string& path, const char* text) { return Findings(path, Plain(text)); }

TEST(Words, EachIsFoundWhereItStands) {
  EXPECT_THAT(FindingsIn("docs/a.md", "see /wo~rk/main\n"), SizeIs(1));
  EXPECT_THAT(FindingsIn("docs/a.md", "(../sha~red/x)\n"), SizeIs(1));
  EXPECT_THAT(FindingsIn("common/a.cc", "open(\"/tm~p/x\");\n"), SizeIs(1));
  EXPECT_THAT(FindingsIn("common/a_test.cc", "open(\"/tm~p/x\");\n"), IsEmpty());
  EXPECT_THAT(FindingsIn("protos/a.proto", "// TO~DO: later\n// fix\n// XX~X\n"), SizeIs(2));
  EXPECT_THAT(FindingsIn("common/a.cc", "mkdtemp(\"aXX~XXXX\");\n"), IsEmpty());
  EXPECT_THAT(FindingsIn("common/a.cc", "// a place~holder\n"), SizeIs(1));
  EXPECT_THAT(FindingsIn("common/a.cc", "stu~b.Call();  // by a stu~b\n"), SizeIs(1));
  EXPECT_THAT(FindingsIn("common/a.cc", "stu~b.Call();\n"), IsEmpty());
  EXPECT_THAT(FindingsIn("docs/a.md", "a stu~b\nPython stu~bs\n"), SizeIs(1));
  EXPECT_THAT(FindingsIn("common/a.cc", "context.GetPeer~Identity();\n"), SizeIs(1));
  EXPECT_THAT(FindingsIn("services/a_test.cc", "std::this_thread::sleep_~for(x);\nusle~ep(1);\n"), SizeIs(2));
  EXPECT_THAT(FindingsIn("services/a_test.cc", "GTEST_~SKIP();\nTEST(A, DIS~ABLED_B)\n"), SizeIs(2));
  EXPECT_THAT(FindingsIn("Dockerfile", "http://deb.deb~ian.org\n"), SizeIs(1));
  EXPECT_THAT(FindingsIn("docs/a.md", "as iss~ue 3 says\nthe iss~uer\n"), SizeIs(1));
  EXPECT_THAT(FindingsIn("docs/a.md", "networks/work/a\n"), IsEmpty());
}

}  // namespace
}  // namespace partnerskap::tidy
