#include "common/metrics/metrics.h"

#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kMethod[] = "/partnerskap.membership.v1.MembershipService/GetSeat";

TEST(MetricsTest, CountsCallsByMethodAndCode) {
  Metrics metrics("membership", "1.2.3", absl::FromUnixSeconds(1'700'000'000));
  metrics.CallEnded(kMethod, absl::StatusCode::kOk, "", absl::Milliseconds(3), false);
  metrics.CallEnded(kMethod, absl::StatusCode::kOk, "", absl::Milliseconds(30), false);
  metrics.CallEnded(kMethod, absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND", absl::Milliseconds(1), false);
  const std::string text = metrics.Text();
  const std::string labels = std::string("method=\"") + kMethod + "\",service=\"membership\"";
  EXPECT_THAT(text, HasSubstr("partnerskap_rpc_calls_total{code=\"OK\"," + labels + "} 2"));
  EXPECT_THAT(text, HasSubstr("partnerskap_rpc_calls_total{code=\"NOT_FOUND\"," + labels + "} 1"));
  EXPECT_THAT(text, HasSubstr("partnerskap_rpc_duration_seconds_count{" + labels + "} 3"));
  EXPECT_THAT(text, HasSubstr("partnerskap_rpc_duration_seconds_bucket{" + labels + ",le=\"0.005\"} 2"));
  EXPECT_THAT(text, HasSubstr("partnerskap_refusals_total{reason=\"RESOURCE_NOT_FOUND\",service=\"membership\"} 1"));
  EXPECT_THAT(text, HasSubstr("partnerskap_build_info{service=\"membership\",version=\"1.2.3\"} 1"));
  EXPECT_THAT(text, HasSubstr("partnerskap_start_time_seconds{service=\"membership\"} 1700000000"));
}

TEST(MetricsTest, AStreamHasNoDurationAndAStrangeCodeIsUnknown) {
  Metrics metrics("membership", "1", absl::UnixEpoch());
  metrics.CallEnded(kMethod, static_cast<absl::StatusCode>(99), "", absl::Hours(3), true);
  metrics.CallEnded(kMethod, static_cast<absl::StatusCode>(-1), "", absl::Hours(3), true);
  EXPECT_THAT(metrics.Text(), HasSubstr("partnerskap_rpc_calls_total{code=\"UNKNOWN\",method=\"" +
                                        std::string(kMethod) + "\",service=\"membership\"} 2"));
  EXPECT_THAT(metrics.Text(), HasSubstr("partnerskap_rpc_duration_seconds_count{method=\"" + std::string(kMethod) +
                                        "\",service=\"membership\"} 0"));
}

TEST(MetricsTest, ScrapesAskForWhatIsRead) {
  Metrics metrics("membership", "1", absl::UnixEpoch());
  int asked = 0;
  metrics.OnScrape([&asked](Metrics& m) {
    m.Gauge("partnerskap_feed_lag_changes", "Changes not yet applied", {{"producer", "agreements"}}).Set(++asked);
  });
  EXPECT_THAT(metrics.Text(),
              HasSubstr("partnerskap_feed_lag_changes{producer=\"agreements\",service=\"membership\"} 1"));
  EXPECT_THAT(metrics.Text(),
              HasSubstr("partnerskap_feed_lag_changes{producer=\"agreements\",service=\"membership\"} 2"));
}

TEST(MetricsTest, GaugesGoUpAndDown) {
  Metrics metrics("membership", "1", absl::UnixEpoch());
  metrics.calls_in_flight().Increment();
  metrics.streams_in_flight().Increment(2);
  metrics.calls_in_flight().Decrement();
  metrics.commit_changes().Observe(3);
  metrics.writer_queue().Set(7);
  metrics.exceptions().Increment();
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("partnerskap_rpc_in_flight{kind=\"unary\",service=\"membership\"} 0"));
  EXPECT_THAT(text, HasSubstr("partnerskap_rpc_in_flight{kind=\"stream\",service=\"membership\"} 2"));
  EXPECT_THAT(text, HasSubstr("partnerskap_commit_changes_bucket{service=\"membership\",le=\"2\"} 0"));
  EXPECT_THAT(text, HasSubstr("partnerskap_commit_changes_bucket{service=\"membership\",le=\"4\"} 1"));
  EXPECT_THAT(text, HasSubstr("partnerskap_writer_queue{service=\"membership\"} 7"));
  EXPECT_THAT(text, HasSubstr("partnerskap_exceptions_total{service=\"membership\"} 1"));
}

TEST(MetricsTest, ALabelCannotForgeALine) {
  Metrics metrics("membership", "1\"} 5\nforged 1", absl::UnixEpoch());
  EXPECT_THAT(metrics.Text(), Not(HasSubstr("\nforged 1")));
}

TEST(MetricsTest, CountsFromManyThreads) {
  Metrics metrics("membership", "1", absl::UnixEpoch());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&metrics] {
      for (int i = 0; i < 1000; ++i) {
        metrics.CallEnded(kMethod, absl::StatusCode::kOk, "R", absl::Milliseconds(1), false);
        if (i % 100 == 0) metrics.Text();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_THAT(metrics.Text(), HasSubstr("partnerskap_refusals_total{reason=\"R\",service=\"membership\"} 4000"));
}

}  // namespace
}  // namespace partnerskap
