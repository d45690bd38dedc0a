#include "common/rpc/admin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/test_http.h"

namespace partnerskap {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class AdminPortTest : public ::testing::Test {
 protected:
  void SetUp() override {
    AdminPort::Parts parts;
    parts.metrics = [] { return std::string("partnerskap_ready 1\n"); };
    parts.readiness = [this] { return readiness_; };
    auto admin = AdminPort::Open("127.0.0.1:0", std::move(parts));
    ASSERT_TRUE(admin.ok()) << admin.status();
    admin_ = *std::move(admin);
  }

  Readiness readiness_;
  std::unique_ptr<AdminPort> admin_;
};

TEST_F(AdminPortTest, LivesWhetherReadyOrNot) {
  EXPECT_THAT(HttpGet(admin_->port(), "/healthz"), StartsWith("HTTP/1.1 200"));
}

TEST_F(AdminPortTest, TellsReadinessByStatusAndJson) {
  readiness_ = {false, "{\"ready\":false}\n"};
  const std::string not_ready = HttpGet(admin_->port(), "/readyz");
  EXPECT_THAT(not_ready, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(not_ready, HasSubstr("Content-Type: application/json"));
  EXPECT_THAT(not_ready, EndsWith("{\"ready\":false}\n"));
  readiness_ = {true, "{\"ready\":true}\n"};
  EXPECT_THAT(HttpGet(admin_->port(), "/readyz?verbose"), StartsWith("HTTP/1.1 200"));
}

TEST_F(AdminPortTest, GivesMetricsAsPrometheusText) {
  const std::string answer = HttpGet(admin_->port(), "/metrics");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer, HasSubstr("version=0.0.4"));
  EXPECT_THAT(answer, EndsWith("partnerskap_ready 1\n"));
}

TEST_F(AdminPortTest, KnowsNothingElse) {
  EXPECT_THAT(HttpGet(admin_->port(), "/"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(HttpGet(admin_->port(), "/healthz/"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(HttpExchange(admin_->port(),
                           "POST /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc"),
              StartsWith("HTTP/1.1 405"));
}

TEST_F(AdminPortTest, OutlivesNonsenseAndStalledConnections) {
  std::vector<int> stalled;
  for (int i = 0; i < 8; ++i) {
    stalled.push_back(ConnectTo(admin_->port()));
    ASSERT_GE(stalled.back(), 0);
    ASSERT_EQ(send(stalled.back(), "GET /metr", 9, MSG_NOSIGNAL), 9);
  }
  HttpExchange(admin_->port(), "nonsense\r\n\r\n");
  HttpExchange(admin_->port(), absl::StrCat("GET /", std::string(100'000, 'x'), " HTTP/1.1\r\n\r\n"));
  EXPECT_THAT(HttpGet(admin_->port(), "/healthz"), StartsWith("HTTP/1.1 200"));
  for (const int descriptor : stalled) close(descriptor);
}

TEST_F(AdminPortTest, ATakenPortIsNamedWithTheFix) {
  const std::string address = absl::StrCat("127.0.0.1:", admin_->port());
  const auto second = AdminPort::Open(address, {});
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(absl::StrCat("--admin: cannot listen on \"", address)));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("choose another port"));
}

}  // namespace
}  // namespace partnerskap
