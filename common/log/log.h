// The log: JSON lines, one per call and one per event worth an operator's attention. The caller's thread only queues; a
// lane formats and writes, so that a sink that blocks costs lines (which are counted) and never time.
//
// A line holds names and opaque principals, never field values or display names. Every text is escaped and cut, so that
// no caller can forge a line.
#ifndef PARTNERSKAP_COMMON_LOG_LOG_H_
#define PARTNERSKAP_COMMON_LOG_LOG_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/env/env.h"

namespace partnerskap {

// A line is written when its level is the logger's or above.
enum class LogLevel { kDebug, kInfo, kWarning, kError };

// `debug`, `info`, `warning`, `error`. INVALID_ARGUMENT names the four.
absl::StatusOr<LogLevel> ParseLogLevel(absl::string_view text);

// One call, when it has ended.
struct CallRecord {
  absl::Time time;        // when it began
  std::string method;     // path
  std::string principal;  // URI, or empty before one is known
  absl::StatusCode code = absl::StatusCode::kOk;
  std::string reason;    // or empty
  std::string error_id;  // of an INTERNAL_ERROR: a second line with this id says more
  absl::Duration duration;
  size_t request_bytes = 0;
  size_t response_bytes = 0;
  std::string request_id;  // the request's, or the metadata's x-request-id
  std::string trace_id;    // 32 hex digits
  std::string object;      // resource name that the method declares
  bool stream = false;
  bool replayed = false;  // answered from a request id seen before
};

struct LoggerOptions {
  std::string service;  // `membership`
  LogLevel level = LogLevel::kInfo;
  size_t max_queue = 10'000;  // lines waiting for the sink; above it they are dropped and counted
};

// Longest free text of a line, in bytes, cut at a character.
inline constexpr size_t kMaxLogTextBytes = 512;

class Logger {
 public:
  // Takes whole lines, each ending in a line feed. Called on the logger's lane only.
  using Sink = std::function<void(absl::string_view lines)>;
  // Facts of an event: `{"file", "store.db"}`. Not for what a caller typed.
  using Fields = std::vector<std::pair<absl::string_view, std::string>>;

  // `clock` and `executor` of `env` are used.
  static std::unique_ptr<Logger> Create(LoggerOptions options, const Env& env, Sink sink);
  // Writes what is queued.
  virtual ~Logger() = default;

  // Level info; warning for codes that are ours (INTERNAL, DATA_LOSS, UNKNOWN).
  virtual void Call(CallRecord record) = 0;
  // `event` is a constant such as `roles_reloaded`; `text` is for people.
  virtual void Event(LogLevel level, absl::string_view event, absl::string_view text, Fields fields = {}) = 0;
  // Lines that were not written since the start. Said in a line of its own when the sink takes lines again.
  virtual uint64_t dropped() const = 0;
};

// Standard error. Short writes are completed, errors are ignored: there is nobody left to tell.
Logger::Sink StderrSink();

// Sends protobuf's own messages (invalid UTF-8 in a request, say, which a caller can cause at will) to `logger`: at
// most one a second, with the number of those since the last. `clock` tells the second. Nulls put protobuf's default
// back. Not to be called beside calls.
void SetProtobufLog(Logger* logger, Clock* clock);
// Messages of protobuf since the start, for metrics.
uint64_t ProtobufLogCount();

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_LOG_LOG_H_
