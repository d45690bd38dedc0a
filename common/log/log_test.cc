#include "common/log/log.h"

#include <atomic>
#include <latch>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/log/json_line.h"
#include "gmock/gmock.h"
#include "google/protobuf/stubs/logging.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace partnerskap {
namespace {

using ::testing::HasSubstr;

class StillClock final : public Clock {
 public:
  absl::Time Now() override { return absl::FromUnixMicros(1'700'000'000'123'456); }
  absl::Duration Steady() override { return steady; }
  absl::Duration steady;
};

class LogTest : public ::testing::Test {
 protected:
  LogTest() : executor_(NewThreadExecutor(1, 1)) {
    env_.clock = &clock_;
    env_.executor = executor_.get();
  }

  std::unique_ptr<Logger> Make(LoggerOptions options = {.service = "membership"}) {
    return Logger::Create(std::move(options), env_, [this](absl::string_view lines) {
      std::lock_guard<std::mutex> lock(mutex_);
      absl::StrAppend(&written_, lines);
    });
  }

  std::vector<nlohmann::json> Lines() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<nlohmann::json> lines;
    EXPECT_TRUE(written_.empty() || written_.back() == '\n');
    for (absl::string_view line : absl::StrSplit(written_, '\n', absl::SkipEmpty())) {
      lines.push_back(nlohmann::json::parse(line.begin(), line.end()));
    }
    return lines;
  }

  StillClock clock_;
  std::unique_ptr<Executor> executor_;
  Env env_;
  std::mutex mutex_;
  std::string written_;
};

TEST_F(LogTest, ACallIsOneLineWithAllThatIsKnown) {
  auto logger = Make();
  CallRecord record;
  record.time = clock_.Now();
  record.method = "/a.B/C";
  record.principal = "spiffe://d/svc/x";
  record.code = absl::StatusCode::kNotFound;
  record.reason = "RESOURCE_NOT_FOUND";
  record.duration = absl::Microseconds(1500);
  record.request_bytes = 10;
  record.response_bytes = 20;
  record.request_id = "r";
  record.trace_id = "t";
  record.object = "networks/x";
  logger->Call(record);
  logger.reset();
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0], nlohmann::json::parse(R"({
      "time": "2023-11-14T22:13:20.123456Z", "level": "info", "service": "membership", "event": "call",
      "method": "/a.B/C", "principal": "spiffe://d/svc/x", "code": "NOT_FOUND", "reason": "RESOURCE_NOT_FOUND",
      "object": "networks/x", "duration_us": 1500, "request_bytes": 10, "response_bytes": 20, "request_id": "r",
      "trace_id": "t"})"));
}

TEST_F(LogTest, WhatIsOursIsAWarning) {
  auto logger = Make();
  for (const auto code : {absl::StatusCode::kInternal, absl::StatusCode::kDataLoss, absl::StatusCode::kAborted}) {
    CallRecord record;
    record.code = code;
    record.stream = true;
    logger->Call(record);
  }
  logger.reset();
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0]["level"], "warning");
  EXPECT_EQ(lines[1]["level"], "warning");
  EXPECT_EQ(lines[2]["level"], "info");
  EXPECT_EQ(lines[2]["event"], "stream");
}

TEST_F(LogTest, NobodyCanForgeALineOrAnEscape) {
  auto logger = Make();
  const std::string hostile = "a\"}\n{\"event\":\"forged\"}\x1b[2J\x7f\xc2\x9b\xff\0b";
  logger->Event(LogLevel::kError, "event", hostile, {{"field", hostile}});
  CallRecord record;
  record.object = hostile;
  logger->Call(record);
  logger.reset();
  for (const char c : written_) EXPECT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7f)) << static_cast<int>(c);
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["event"], "event");
  EXPECT_THAT(lines[0]["text"].get<std::string>(), HasSubstr("forged"));
}

TEST_F(LogTest, TextsAreCut) {
  auto logger = Make();
  logger->Event(LogLevel::kInfo, "event", std::string(10'000, 'a'), {{"field", std::string(10'000, 'b')}});
  logger.reset();
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0]["text"].get<std::string>().size(), kMaxLogTextBytes);
  EXPECT_EQ(lines[0]["field"].get<std::string>().size(), kMaxLogTextBytes);
}

TEST_F(LogTest, LevelsBelowAreLeftOut) {
  auto logger = Make({.service = "m", .level = LogLevel::kWarning});
  logger->Event(LogLevel::kInfo, "info", "");
  logger->Event(LogLevel::kWarning, "warning", "");
  logger->Call(CallRecord());
  logger.reset();
  ASSERT_EQ(Lines().size(), 1u);
  EXPECT_EQ(Lines()[0]["event"], "warning");
}

TEST_F(LogTest, ABlockedSinkCostsLinesAndNoTimeAndSaysSo) {
  std::latch blocked{1}, release{1};
  std::atomic<bool> first{true};
  auto logger = Logger::Create({.service = "m", .max_queue = 3}, env_, [&](absl::string_view lines) {
    if (first.exchange(false)) {
      blocked.count_down();
      release.wait();
    }
    absl::StrAppend(&written_, lines);
  });
  logger->Event(LogLevel::kInfo, "first", "");
  blocked.wait();
  for (int i = 0; i < 10; ++i) logger->Event(LogLevel::kInfo, "next", "");
  EXPECT_EQ(logger->dropped(), 7u);
  release.count_down();
  logger.reset();
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[4]["event"], "log_dropped");
  EXPECT_EQ(lines[4]["count"], "7");
}

TEST_F(LogTest, ManyThreadsWriteWholeLines) {
  auto logger = Make();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) logger->Event(LogLevel::kInfo, "event", "text");
    });
  }
  for (auto& thread : threads) thread.join();
  logger.reset();
  EXPECT_EQ(Lines().size(), 2000u);
}

TEST_F(LogTest, ProtobufSpeaksOnceASecondWithACount) {
  auto logger = Make();
  SetProtobufLog(logger.get(), &clock_);
  const uint64_t before = ProtobufLogCount();
  clock_.steady = absl::Seconds(10);
  for (int i = 0; i < 5; ++i) GOOGLE_LOG(ERROR) << "invalid UTF-8";
  clock_.steady = absl::Seconds(11);
  GOOGLE_LOG(ERROR) << "again";
  SetProtobufLog(nullptr, nullptr);
  logger.reset();
  EXPECT_EQ(ProtobufLogCount() - before, 6u);
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["text"], "invalid UTF-8");
  EXPECT_EQ(lines[1]["text"], "again");
  EXPECT_EQ(lines[1]["count"], "5");
}

TEST(JsonLineTest, AReaderOfJsonReadsWhatWasMeant) {
  for (const std::string& text :
       {std::string(), std::string("plain"), std::string("\"\\/\b\f\n\r\t"), std::string("a\0b", 3),
        std::string("Åäö é"), std::string("\U0001F600 \uFFFF \u2028"), std::string("\x7f\x1b")}) {
    std::string out;
    AppendJsonString(text, out);
    EXPECT_EQ(nlohmann::json::parse(out).get<std::string>(), text);
    for (const char c : out) EXPECT_TRUE(c >= 0x20 && c < 0x7f);
  }
}

TEST(JsonLineTest, WhatIsNotUtf8IsReplaced) {
  std::string out;
  AppendJsonString("a\xff\xc3(\xed\xa0\x80\xf0\x9f", out);
  const std::string read = nlohmann::json::parse(out).get<std::string>();
  EXPECT_EQ(read.substr(0, 4), "a\uFFFD");
  EXPECT_THAT(read, HasSubstr("("));
}

TEST(JsonLineTest, RandomBytesAreAlwaysOneJsonString) {
  auto random = NewSystemRandom();
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(40, '\0');
    random->Fill(bytes.data(), bytes.size());
    std::string out;
    AppendJsonString(bytes, out);
    EXPECT_TRUE(nlohmann::json::accept(out)) << out;
  }
}

TEST(ParseLogLevelTest, TakesTheFourNames) {
  EXPECT_EQ(*ParseLogLevel("debug"), LogLevel::kDebug);
  EXPECT_EQ(*ParseLogLevel("error"), LogLevel::kError);
  EXPECT_THAT(std::string(ParseLogLevel("loud").status().message()), HasSubstr("debug, info, warning, error"));
}

}  // namespace
}  // namespace partnerskap
