#include "common/log/log.h"

#include <unistd.h>

#include <cerrno>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "common/env/closable_lane.h"
#include "common/log/json_line.h"
#include "common/text/utf8.h"

namespace partnerskap {
namespace {

// Lines are handed to the sink in pieces of about this size: one system call for many lines, and no large buffer.
constexpr size_t kPieceBytes = 64 << 10;

// Lines of calls that went well wait so long for others: woken for each, the lane would cost as much as the call's
// reading. A process that is killed loses them; what a mutation did stands in the audit.
constexpr absl::Duration kCallDelay = absl::Milliseconds(20);
// So many do not wait: their memory is wanted back.
constexpr size_t kPromptLines = 1'000;

const char* NameOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

bool IsOurs(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal || code == absl::StatusCode::kDataLoss ||
         code == absl::StatusCode::kUnknown;
}

absl::string_view Cut(absl::string_view text) { return CutUtf8(text, kMaxLogTextBytes); }

// An event has its text and fields, a call its record.
struct Entry {
  LogLevel level;
  absl::Time time;
  bool is_call = false;
  CallRecord call;
  std::string event, text;
  std::vector<std::pair<std::string, std::string>> fields;
};

void AddText(JsonLine& line, absl::string_view key, absl::string_view value) {
  if (!value.empty()) line.Text(key, Cut(value));
}

void AddCall(JsonLine& line, const CallRecord& call) {
  line.Text("event", call.stream ? "stream" : "call");
  AddText(line, "method", call.method);
  AddText(line, "principal", call.principal);
  line.Text("code", absl::StatusCodeToString(call.code));
  AddText(line, "reason", call.reason);
  AddText(line, "error_id", call.error_id);
  AddText(line, "object", call.object);
  line.Number("duration_us", absl::ToInt64Microseconds(call.duration));
  line.Number("request_bytes", static_cast<int64_t>(call.request_bytes));
  line.Number("response_bytes", static_cast<int64_t>(call.response_bytes));
  AddText(line, "request_id", call.request_id);
  AddText(line, "trace_id", call.trace_id);
  if (call.replayed) line.True("replayed");
}

class LaneLogger final : public Logger {
 public:
  LaneLogger(LoggerOptions options, const Env& env, Sink sink)
      : options_(std::move(options)),
        clock_(env.clock),
        executor_(env.executor),
        sink_(std::move(sink)),
        lane_(std::make_shared<ClosableLane>(env.executor->NewLane("log"))) {}

  // The lane runs what was posted before it ends.
  ~LaneLogger() override {
    std::unique_ptr<Timer> timer;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      timer = std::move(timer_);
    }
    lane_->Post([this] { Write(); });
    lane_->Close();
  }

  void Call(CallRecord record) override {
    Entry entry;
    entry.level = IsOurs(record.code) ? LogLevel::kWarning : LogLevel::kInfo;
    entry.time = record.time;
    entry.is_call = true;
    entry.call = std::move(record);
    Add(std::move(entry));
  }

  void Event(LogLevel level, absl::string_view event, absl::string_view text, Fields fields) override {
    Entry entry;
    entry.level = level;
    entry.time = clock_->Now();
    entry.event = std::string(event);
    entry.text = std::string(Cut(text));
    for (auto& [key, value] : fields) entry.fields.emplace_back(std::string(key), std::move(value));
    Add(std::move(entry));
  }

  uint64_t dropped() const override {
    std::lock_guard<std::mutex> lock(mutex_);
    return dropped_;
  }

 private:
  void Add(Entry entry) {
    if (entry.level < options_.level) return;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (queue_.size() >= options_.max_queue) {
        ++dropped_;
        return;
      }
      const bool waits = entry.is_call && entry.level < LogLevel::kWarning && queue_.size() < kPromptLines;
      queue_.push_back(std::move(entry));
      if (posted_) return;
      if (waits) {
        if (timer_ == nullptr) {
          timer_ = executor_->After(kCallDelay, [this, lane = lane_] { lane->Post([this] { Write(); }); });
        }
        return;
      }
      posted_ = true;
    }
    lane_->Post([this] { Write(); });
  }

  // On the lane, until the queue is empty.
  void Write() {
    while (true) {
      std::vector<Entry> entries;
      std::unique_ptr<Timer> timer;  // destroyed without the lock
      uint64_t dropped;
      {
        std::lock_guard<std::mutex> lock(mutex_);
        timer = std::move(timer_);
        if (queue_.empty()) {
          posted_ = false;
          return;
        }
        entries.swap(queue_);
        dropped = dropped_;
      }
      std::string lines;
      for (const Entry& entry : entries) {
        Append(entry, lines);
        if (lines.size() < kPieceBytes) continue;
        sink_(lines);
        lines.clear();
      }
      if (dropped != said_dropped_) {
        AppendDropped(dropped - said_dropped_, lines);
        said_dropped_ = dropped;
      }
      if (!lines.empty()) sink_(lines);
    }
  }

  void AppendDropped(uint64_t count, std::string& lines) {
    Entry entry;
    entry.level = LogLevel::kWarning;
    entry.time = clock_->Now();
    entry.event = "log_dropped";
    entry.text = "lines were not written, for the log's reader was too slow";
    entry.fields = {{"count", absl::StrCat(count)}};
    Append(entry, lines);
  }

  void Append(const Entry& entry, std::string& lines) const {
    JsonLine line(lines);
    line.Text("time", absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", entry.time, absl::UTCTimeZone()));
    line.Text("level", NameOf(entry.level));
    line.Text("service", options_.service);
    if (entry.is_call) {
      AddCall(line, entry.call);
    } else {
      line.Text("event", entry.event);
      AddText(line, "text", entry.text);
      for (const auto& [key, value] : entry.fields) line.Text(key, Cut(value));
    }
    line.End();
  }

  const LoggerOptions options_;
  Clock* const clock_;
  Executor* const executor_;
  const Sink sink_;
  mutable std::mutex mutex_;
  std::vector<Entry> queue_;
  bool posted_ = false;
  uint64_t dropped_ = 0;
  uint64_t said_dropped_ = 0;     // on the lane only
  std::unique_ptr<Timer> timer_;  // guarded by mutex_; there while lines of calls wait
  const std::shared_ptr<ClosableLane> lane_;
};

}  // namespace

absl::StatusOr<LogLevel> ParseLogLevel(absl::string_view text) {
  for (const LogLevel level : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError}) {
    if (text == NameOf(level)) return level;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is no log level: there are debug, info, warning, error"));
}

std::unique_ptr<Logger> Logger::Create(LoggerOptions options, const Env& env, Sink sink) {
  return std::make_unique<LaneLogger>(std::move(options), env, std::move(sink));
}

Logger::Sink StderrSink() {
  return [](absl::string_view lines) {
    while (!lines.empty()) {
      const ssize_t written = write(STDERR_FILENO, lines.data(), lines.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;
      lines.remove_prefix(static_cast<size_t>(written));
    }
  };
}

}  // namespace partnerskap
