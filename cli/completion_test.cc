#include "cli/completion.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CompletionTest : public ::testing::Test {
 protected:
  CompletionTest() {
    app_.add_option("--language", language_);
    CLI::App* membership = app_.add_subcommand("membership", "");
    membership->add_subcommand("create-seat", "")->add_option("--seat-id", language_);
    membership->add_subcommand("create-post", "");
    app_.add_subcommand("methods", "");
  }
  CLI::App app_;
  std::string language_;
};

TEST_F(CompletionTest, CommandsThatBeginSo) {
  EXPECT_THAT(Completions(app_, {"me"}), ElementsAre("membership", "methods"));
  EXPECT_THAT(Completions(app_, {""}), ElementsAre("membership", "methods"));
  EXPECT_THAT(Completions(app_, {}), ElementsAre("membership", "methods"));
  EXPECT_THAT(Completions(app_, {"membership", "create-s"}), ElementsAre("create-seat"));
  EXPECT_THAT(Completions(app_, {"membership", "x"}), IsEmpty());
}

TEST_F(CompletionTest, FlagsOfTheCommandAndOfAll) {
  EXPECT_THAT(Completions(app_, {"membership", "create-seat", "networks/n", "--"}),
              ElementsAre("--help", "--language", "--seat-id"));
  EXPECT_THAT(Completions(app_, {"--l"}), ElementsAre("--language"));
}

TEST(CompletionScriptTest, BashTakesItsScript) {
  const TempDir files;
  std::ofstream(files / "script") << *CompletionScript("bash");
  std::ofstream(files / "partnerskap") << "#!/bin/sh\necho \"asked:$*\"\n";
  const std::string command = absl::StrCat(
      "chmod +x ", files / "partnerskap", " && PATH=", files.path(), ":$PATH bash -c '. ", files / "script",
      "; COMP_WORDS=(partnerskap membership cr); COMP_CWORD=2; _partnerskap; echo \"${COMPREPLY[0]}\" >", files / "out",
      "'");
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::string line;
  std::ifstream out(files / "out");
  std::getline(out, line);
  EXPECT_EQ(line, "asked:__complete membership cr");
}

TEST(CompletionScriptTest, EachShellAsksTheSame) {
  for (const char* shell : {"bash", "zsh", "fish"}) EXPECT_THAT(*CompletionScript(shell), HasSubstr(kCompleteCommand));
  EXPECT_FALSE(CompletionScript("csh").ok());
}

}  // namespace
}  // namespace partnerskap::cli
