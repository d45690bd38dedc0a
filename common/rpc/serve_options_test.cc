#include "common/rpc/serve_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace partnerskap {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class ServeFlagsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    unsetenv("PARTNERSKAP_STATE");
    service_.name = "membership";
    service_.default_port = 7401;
  }

  std::variant<ServeOptions, int> Parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "partnerskap-membership");
    return ParseServeFlags(service_, static_cast<int>(arguments.size()), arguments.data());
  }
  ServeOptions Options(std::vector<const char*> arguments) {
    auto parsed = Parse(std::move(arguments));
    EXPECT_TRUE(std::holds_alternative<ServeOptions>(parsed));
    return std::holds_alternative<ServeOptions>(parsed) ? std::get<ServeOptions>(std::move(parsed)) : ServeOptions();
  }
  int Code(std::vector<const char*> arguments) {
    const auto parsed = Parse(std::move(arguments));
    return std::holds_alternative<int>(parsed) ? std::get<int>(parsed) : -1;
  }
  // What a usage error says on standard error.
  std::string Complaint(std::vector<const char*> arguments) {
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(Code(std::move(arguments)), kExitUsage);
    return ::testing::internal::GetCapturedStderr();
  }

  ServiceDefinition service_ = {};
};

TEST_F(ServeFlagsTest, DefaultsFitTheFolderOfPartnerskapCerts) {
  const ServeOptions options = Options({});
  EXPECT_EQ(options.folder, ".state/membership");
  EXPECT_EQ(options.listen, "127.0.0.1:7401");
  EXPECT_EQ(options.admin, "127.0.0.1:7411");
  EXPECT_EQ(options.tls.ca, ".state/membership/tls/ca.pem");
  EXPECT_EQ(options.tls.certificate, ".state/membership/tls/cert.pem");
  EXPECT_EQ(options.tls.key, ".state/membership/tls/key.pem");
  EXPECT_EQ(options.roles, ".state/roles.textproto");
  EXPECT_EQ(options.grace, absl::Seconds(10));
}

TEST_F(ServeFlagsTest, TakesEachFlag) {
  const ServeOptions options = Options({"--state",
                                        "/srv/x",
                                        "--listen",
                                        "[::1]:1",
                                        "--admin=off",
                                        "--ca",
                                        "a",
                                        "--cert",
                                        "b",
                                        "--key",
                                        "c",
                                        "--roles",
                                        "d",
                                        "--peer",
                                        "agreements=127.0.0.1:7402",
                                        "--peer",
                                        "peer-review=b:1",
                                        "--limit",
                                        "reader:calls_per_second=50",
                                        "--max-calls",
                                        "7",
                                        "--max-streams",
                                        "8",
                                        "--workers",
                                        "3",
                                        "--log-level",
                                        "debug",
                                        "--grace",
                                        "4"});
  EXPECT_EQ(options.folder, "/srv/x/membership");
  EXPECT_EQ(options.listen, "[::1]:1");
  EXPECT_EQ(options.admin, "");
  EXPECT_EQ(options.tls.ca + options.tls.certificate + options.tls.key + options.roles, "abcd");
  EXPECT_THAT(options.peers, UnorderedElementsAre(Pair("agreements", "127.0.0.1:7402"), Pair("peer-review", "b:1")));
  ASSERT_EQ(options.limits.size(), 1u);
  EXPECT_EQ(options.limits[0].role, "reader");
  EXPECT_EQ(options.max_calls, 7u);
  EXPECT_EQ(options.max_streams, 8u);
  EXPECT_EQ(options.workers, 3);
  EXPECT_EQ(options.log_level, LogLevel::kDebug);
  EXPECT_EQ(options.grace, absl::Seconds(4));
}

TEST_F(ServeFlagsTest, TheFolderMayComeFromTheEnvironment) {
  setenv("PARTNERSKAP_STATE", "/srv/y", 1);
  EXPECT_EQ(Options({}).folder, "/srv/y/membership");
  EXPECT_EQ(Options({"--state", "/srv/x"}).folder, "/srv/x/membership");
  unsetenv("PARTNERSKAP_STATE");
}

TEST_F(ServeFlagsTest, ItsNameIsThatOfTheBinary) {
  service_.name = "peer_review";
  EXPECT_EQ(ProgramName(service_), "partnerskap-peer-review");
  EXPECT_EQ(Options({}).folder, ".state/peer_review");
}

TEST_F(ServeFlagsTest, TheLastOfAFlagHolds) {
  EXPECT_EQ(Options({"--workers", "3", "--workers", "4"}).workers, 4);
  EXPECT_EQ(Options({"--listen=a:1", "--listen=b:2"}).listen, "b:2");
  EXPECT_EQ(Options({"--peer=a=a:1", "--peer=a=a:2", "--peer", "b=b:1"}).peers.size(), 2u);
}

TEST_F(ServeFlagsTest, HelpNamesEveryFlagWithItsDefault) {
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(Code({"--help"}), 0);
  const std::string help = ::testing::internal::GetCapturedStdout();
  for (const char* part : {"--state",        ".state",         "PARTNERSKAP_STATE",
                           "--listen",       "127.0.0.1:7401", "--admin",
                           "127.0.0.1:7411", "--ca",           "--cert",
                           "--key",          "--roles",        "--peer",
                           "--limit",        "--max-calls",    "1000",
                           "--max-streams",  "--workers",      "--log-level",
                           "info",           "--grace",        "10",
                           "--version"}) {
    EXPECT_THAT(help, HasSubstr(part));
  }
}

TEST_F(ServeFlagsTest, VersionEndsWell) {
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(Code({"--version"}), 0);
  EXPECT_THAT(::testing::internal::GetCapturedStdout(), HasSubstr("partnerskap-membership "));
}

TEST_F(ServeFlagsTest, UsageErrorsNameTheFlag) {
  EXPECT_THAT(Complaint({"--no-such-flag"}), HasSubstr("--no-such-flag"));
  EXPECT_THAT(Complaint({"--workers", "0"}), HasSubstr("--workers"));
  EXPECT_THAT(Complaint({"--workers", "many"}), HasSubstr("--workers"));
  EXPECT_THAT(Complaint({"--grace", "301"}), HasSubstr("--grace"));
  EXPECT_THAT(Complaint({"--max-calls", "0"}), HasSubstr("--max-calls"));
  EXPECT_THAT(Complaint({"--log-level", "loud"}), AllOf(HasSubstr("--log-level"), HasSubstr("warning")));
  EXPECT_THAT(Complaint({"--peer", "agreements"}), AllOf(HasSubstr("--peer"), HasSubstr("NAME=HOST:PORT")));
  EXPECT_THAT(Complaint({"--peer", "=127.0.0.1:7402"}), HasSubstr("--peer"));
  EXPECT_THAT(Complaint({"--limit", "reader"}), HasSubstr("--limit"));
  EXPECT_THAT(Complaint({"--limit", "reader:no_such_limit=1"}), HasSubstr("calls_per_second"));
  EXPECT_THAT(Complaint({"stray"}), HasSubstr("stray"));
}

TEST_F(ServeFlagsTest, AProducerNeedsAPeer) {
  service_.subscriptions.push_back({.producer = "agreements", .feed_service = "", .react = nullptr, .reset = nullptr});
  const absl::Status status = CheckServeOptions(service_, Options({}));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("--peer"), HasSubstr("agreements=HOST:PORT")));
  EXPECT_TRUE(CheckServeOptions(service_, Options({"--peer", "agreements=127.0.0.1:7402"})).ok());
}

}  // namespace
}  // namespace partnerskap
