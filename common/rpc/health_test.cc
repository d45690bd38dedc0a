#include "common/rpc/health.h"

#include <string>
#include <thread>
#include <vector>

#include "common/rpc/call.h"
#include "common/status/refusal.h"
#include "gmock/gmock.h"
#include "grpc/health/v1/health.pb.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using ::testing::ElementsAre;

constexpr char kService[] = "partnerskap.membership.v1.MembershipService";

// Takes `room` messages.
struct Sink : StreamSink {
  std::vector<int> statuses;
  std::vector<absl::Status> ends;
  size_t room = 1'000;
  Sent Send(std::string message) override {
    if (statuses.size() >= room) return Sent::kFull;
    HealthCheckResponse response;
    EXPECT_TRUE(response.ParseFromString(message));
    statuses.push_back(response.status());
    return Sent::kOk;
  }
  void Close(const absl::Status& status) override { ends.push_back(status); }
};

class HealthTest : public ::testing::Test {
 protected:
  HealthTest() : health_({kService}) { RegisterHealth(methods_, health_); }

  absl::StatusOr<HealthCheckResponse> Check(const std::string& service) {
    HealthCheckRequest request;
    request.set_service(service);
    const auto& handler = std::get<PlainHandler>(methods_.Find("/grpc.health.v1.Health/Check")->handler);
    const auto bytes = handler(Env(), Call(), request);
    if (!bytes.ok()) return bytes.status();
    HealthCheckResponse response;
    EXPECT_TRUE(response.ParseFromString(*bytes));
    return response;
  }

  std::shared_ptr<Session> Open(std::shared_ptr<StreamSink> sink) {
    return std::get<StreamHandler>(methods_.Find("/grpc.health.v1.Health/Watch")->handler)(Env(), Call(),
                                                                                           std::move(sink));
  }

  static std::string Request(const std::string& service) {
    HealthCheckRequest request;
    request.set_service(service);
    return request.SerializeAsString();
  }

  Methods methods_;
  Health health_;
};

TEST_F(HealthTest, BothMethodsAreAsThePolicyTableSays) {
  EXPECT_THAT(methods_.Check(), testing::IsEmpty());
  EXPECT_THAT(methods_.Permissions(), ElementsAre("system.health"));
}

TEST_F(HealthTest, CheckSaysHowItIs) {
  EXPECT_EQ(Check("")->status(), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(Check(kService)->status(), HealthCheckResponse::NOT_SERVING);
  health_.Set(kService, true);
  EXPECT_EQ(Check("")->status(), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(Check(kService)->status(), HealthCheckResponse::SERVING);
  health_.Set("", true);
  EXPECT_EQ(Check("")->status(), HealthCheckResponse::SERVING);
  EXPECT_TRUE(health_.serving(""));
  EXPECT_FALSE(health_.serving("no.Service"));
}

TEST_F(HealthTest, CheckOfAnUnknownServiceIsNotFound) {
  EXPECT_EQ(Check("no.Service").status().code(), absl::StatusCode::kNotFound);
  health_.Set("no.Service", true);
  EXPECT_EQ(ReasonOf(Check("no.Service").status()), "RESOURCE_NOT_FOUND");
}

TEST_F(HealthTest, AWatcherHearsThePresentAndEachChange) {
  auto sink = std::make_shared<Sink>();
  auto session = Open(sink);
  EXPECT_THAT(sink->statuses, ElementsAre());
  session->OnMessage(Request(kService));
  health_.Set("", true);
  health_.Set(kService, true);
  health_.Set(kService, false);
  EXPECT_THAT(sink->statuses, ElementsAre(2, 1, 2));
  session.reset();
  health_.Set("", true);
  EXPECT_EQ(sink->statuses.size(), 3u);
}

TEST_F(HealthTest, AWatcherOfAnUnknownServiceHearsThatAndStays) {
  auto sink = std::make_shared<Sink>();
  auto session = Open(sink);
  session->OnMessage(Request("no.Service"));
  EXPECT_THAT(sink->statuses, ElementsAre(3));
  EXPECT_TRUE(sink->ends.empty());
}

TEST_F(HealthTest, AWatcherThatDoesNotReadHearsTheLatestWhenItDoes) {
  auto sink = std::make_shared<Sink>();
  sink->room = 1;
  auto session = Open(sink);
  session->OnMessage(Request(""));
  for (int i = 0; i < 5; ++i) health_.Set("", i % 2 == 0);
  EXPECT_THAT(sink->statuses, ElementsAre(2));
  sink->room = 10;
  session->OnWritable();
  EXPECT_THAT(sink->statuses, ElementsAre(2, 1));
}

TEST_F(HealthTest, OneMessageIsExpected) {
  auto sink = std::make_shared<Sink>();
  auto session = Open(sink);
  session->OnHalfClose();
  EXPECT_EQ(ReasonOf(sink->ends.at(0)), "WRONG_MESSAGE_COUNT");
  session = Open(sink);
  session->OnMessage("\xff");
  EXPECT_EQ(ReasonOf(sink->ends.at(1)), "MALFORMED_REQUEST");
  session = Open(sink);
  session->OnMessage(Request(""));
  session->OnMessage(Request(""));
  EXPECT_EQ(ReasonOf(sink->ends.at(2)), "WRONG_MESSAGE_COUNT");
  session->OnHalfClose();
  EXPECT_EQ(sink->ends.size(), 3u);
}

TEST_F(HealthTest, ChangesFromManyThreadsEndInTheLast) {
  auto sink = std::make_shared<Sink>();
  sink->room = 1'000'000;
  auto session = Open(sink);
  session->OnMessage(Request(""));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < 1000; ++i) health_.Set("", (i + t) % 2 == 0);
    });
  }
  for (auto& thread : threads) thread.join();
  health_.Set("", true);
  EXPECT_EQ(sink->statuses.back(), HealthCheckResponse::SERVING);
  for (size_t i = 1; i < sink->statuses.size(); ++i) EXPECT_NE(sink->statuses[i], sink->statuses[i - 1]);
}

}  // namespace
}  // namespace partnerskap
