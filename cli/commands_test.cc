#include "cli/commands.h"

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/certs.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Outcome {
  int exit_code = 0;
  std::string out, err;
};

class CommandsTest : public ::testing::Test {
 protected:
  CommandsTest() : certificates_(directory_ / "certs") {}

  // `partnerskap ARGUMENTS`, with certificates and an address where nobody listens.
  Outcome Run(std::vector<std::string> arguments) {
    const TlsFiles tls = certificates_.Client("operator", "admin");
    std::vector<std::string> all = {
        "partnerskap", "--state", directory_ / "state", "--ca", tls.ca, "--cert", tls.certificate,
        "--key",       tls.key,   "--deadline",         "0.2"};
    for (const char* service : {"membership", "agreements", "scheduling", "peer-review"}) {
      // Port 1 of loopback: no service of the suite can listen there.
      all.insert(all.end(), {"--target", absl::StrCat(service, "=127.0.0.1:1")});
    }
    all.insert(all.end(), arguments.begin(), arguments.end());
    return RunAlone(std::move(all));
  }
  static Outcome RunAlone(std::vector<std::string> arguments) {
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    Outcome outcome;
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    outcome.exit_code = cli::Run(static_cast<int>(argv.size()), argv.data());
    outcome.out = ::testing::internal::GetCapturedStdout();
    outcome.err = ::testing::internal::GetCapturedStderr();
    return outcome;
  }

  const TempDir directory_;
  const TestCertificates certificates_;
};

TEST_F(CommandsTest, MisuseIsExitCode2) {
  const std::vector<std::vector<std::string>> misuses = {
      {},
      {"frobnicate"},
      {"--colour", "red", "methods"},
      {"get"},
      {"list"},
      {"apply"},
      {"timetable"},
      {"timetable", "soon"},
      {"audit"},
      {"watch", "membership", "--count", "-1"},
      {"--language", "de", "methods"},
      {"--output", "xml", "methods"},
      {"--deadline", "0", "methods"},
      {"--target", "membership", "methods"},
      {"--target", "elsewhere=127.0.0.1:1", "methods"},
      {"troika", "--date", "2019-13-01"},
      {"troika", "--date", "2019"},
      {"membership"},
      {"membership", "create-castle"},
      {"membership", "get-seat"},
      {"membership", "create-seat", "networks/n"},
      {"membership", "get-seat", "a", "b"},
      {"agreements", "get-seat", "networks/n/seats/s"},
      {"membership", "create-seat", "networks/n", "--seat-id", "s", "--join-date", "soon"},
      {"get", "not a name"},
      {"list", "networks/n"},
      {"list", "networks", "--columns", "colour"},
      {"list", "networks", "--sort", "-colour"},
      {"completion", "csh"},
      {"--profile", "nowhere", "methods"},
      {"troika", "--date", "2019-01-01", "--meeting", "networks/n/meetings/m"},
  };
  for (const std::vector<std::string>& misuse : misuses) {
    const Outcome outcome = Run(misuse);
    EXPECT_EQ(outcome.exit_code, kExitMisused) << ::testing::PrintToString(misuse);
    EXPECT_FALSE(outcome.err.empty()) << ::testing::PrintToString(misuse);
    EXPECT_THAT(outcome.out, IsEmpty()) << ::testing::PrintToString(misuse);
  }
}

TEST_F(CommandsTest, HelpIsNoMisuse) {
  const Outcome outcome = RunAlone({"partnerskap", "--help"});
  EXPECT_EQ(outcome.exit_code, 0);
  for (const char* command : {"get", "list", "call", "apply", "load-register", "watch", "audit", "report", "troika",
                              "timetable", "ledger", "adoptions", "plan-reviews"}) {
    EXPECT_THAT(outcome.out, HasSubstr(command));
  }
  EXPECT_EQ(RunAlone({"partnerskap", "troika", "--help"}).exit_code, 0);
  const Outcome verb = RunAlone({"partnerskap", "membership", "create-seat", "--help"});
  EXPECT_EQ(verb.exit_code, 0);
  EXPECT_THAT(verb.out, HasSubstr("--join-date"));
  EXPECT_THAT(verb.out, HasSubstr("Creates one seat."));
}

TEST_F(CommandsTest, NobodyThereIsExitCode3) {
  const std::vector<std::vector<std::string>> commands = {
      {"get", "networks/n"},
      {"list", "networks"},
      {"call", "GetNetwork", "{\"name\": \"networks/n\"}"},
      {"membership", "get-seat", "networks/n/seats/s"},
      {"peer-review", "watch-changes"},
      {"troika"},
      {"ledger", "--date", "2019-12-31"},
      {"adoptions", "networks/n/agreements/a"},
      {"plan-reviews"},
      {"audit", "verify", "membership"},
      {"load-register", PARTNERSKAP_SOURCE_DIR "/services/membership/data"},
      {"report", "--questions", PARTNERSKAP_SOURCE_DIR "/examples/questions/report.textproto"},
  };
  for (const std::vector<std::string>& command : commands) {
    const Outcome outcome = Run(command);
    EXPECT_EQ(outcome.exit_code, kExitUnreachable) << ::testing::PrintToString(command) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("Fel: ")) << ::testing::PrintToString(command);
    EXPECT_THAT(outcome.err, HasSubstr("Att göra: ")) << ::testing::PrintToString(command);
  }
}

TEST_F(CommandsTest, WhatCannotBeAskedIsExitCode1) {
  const std::vector<std::vector<std::string>> commands = {
      {"call", "Frobnicate"},
      {"call", "GetNetwork", "{\"colour\": 1}"},
      {"call", "GetNetwork", "not json"},
      {"apply", "none.textproto"},
      {"load-register", "nowhere"},
      {"watch", "elsewhere"},
      {"report", "--questions", "none.textproto"},
      {"audit", "verify", "--file", "none.db"},
  };
  for (const std::vector<std::string>& command : commands) {
    const Outcome outcome = Run(command);
    EXPECT_EQ(outcome.exit_code, kExitFailed) << ::testing::PrintToString(command) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("Fel: ")) << ::testing::PrintToString(command);
  }
}

TEST_F(CommandsTest, SpeaksEnglishWhenAsked) {
  const Outcome outcome = Run({"--language", "en", "get", "not a name"});
  EXPECT_THAT(outcome.err, HasSubstr("Error: "));
  EXPECT_THAT(outcome.err, HasSubstr("Reason: NOT_FOUND"));
}

TEST_F(CommandsTest, ASharedFlagMayStandBehindTheCommand) {
  EXPECT_THAT(Run({"get", "not a name", "--language", "en"}).err, HasSubstr("Error: "));
}

TEST_F(CommandsTest, MissingCertificatesAreNamed) {
  const Outcome outcome = RunAlone({"partnerskap", "--state", directory_ / "nothing", "get", "networks/n"});
  EXPECT_EQ(outcome.exit_code, kExitFailed);
  EXPECT_THAT(outcome.err, HasSubstr("nothing/clients/admin/"));
}

TEST_F(CommandsTest, MethodsAreListedWithoutAService) {
  const Outcome outcome = RunAlone({"partnerskap", "methods"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("partnerskap.membership.v1.MembershipService/GetSeat\n"));
  EXPECT_THAT(outcome.out, HasSubstr("partnerskap.peerreview.v1.PeerReviewService/PlanReviews\n"));
}

TEST_F(CommandsTest, AProfileHoldsFlags) {
  std::ofstream(directory_ / "good.toml") << "language = \"en\"\ntarget = [\"membership=127.0.0.1:1\"]\n";
  EXPECT_THAT(RunAlone({"partnerskap", "--profile", directory_ / "good.toml", "get", "not a name"}).err,
              HasSubstr("Error: "));
  EXPECT_THAT(
      RunAlone({"partnerskap", "--profile", directory_ / "good.toml", "--language", "sv", "get", "no name"}).err,
      HasSubstr("Fel: "));
  std::ofstream(directory_ / "bad.toml") << "colour = \"red\"\n";
  const Outcome unknown = RunAlone({"partnerskap", "--profile", directory_ / "bad.toml", "methods"});
  EXPECT_EQ(unknown.exit_code, kExitMisused);
  EXPECT_THAT(unknown.err, HasSubstr("colour"));
}

TEST_F(CommandsTest, CompletesWhatTheContractHas) {
  const Outcome outcome = RunAlone({"partnerskap", "__complete", "agreements", "record-"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("record-adoption-outcome\n"));
  EXPECT_EQ(RunAlone({"partnerskap", "__complete"}).exit_code, 0);
  EXPECT_EQ(RunAlone({"partnerskap", "completion", "zsh"}).exit_code, 0);
}

TEST_F(CommandsTest, SaysItsVersion) {
  EXPECT_THAT(RunAlone({"partnerskap", "--version"}).out, HasSubstr("partnerskap "));
}

}  // namespace
}  // namespace partnerskap::cli
