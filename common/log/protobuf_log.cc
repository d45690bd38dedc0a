#include <atomic>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "common/log/log.h"
#include "google/protobuf/stubs/logging.h"

namespace partnerskap {
namespace {

constexpr absl::Duration kInterval = absl::Seconds(1);

struct State {
  std::atomic<uint64_t> count{0};
  std::mutex mutex;
  Logger* logger = nullptr;
  Clock* clock = nullptr;
  bool said = false;
  absl::Duration last;
  uint64_t last_count = 0;
};

State& Global() {
  static auto& state = *new State;
  return state;
}

void Handle(google::protobuf::LogLevel level, const char* file, int line, const std::string& message) {
  State& state = Global();
  const uint64_t count = ++state.count;
  std::lock_guard<std::mutex> lock(state.mutex);
  if (state.logger == nullptr) return;
  const absl::Duration now = state.clock->Steady();
  if (state.said && now - state.last < kInterval) return;
  state.logger->Event(level >= google::protobuf::LOGLEVEL_ERROR ? LogLevel::kWarning : LogLevel::kInfo, "protobuf",
                      message,
                      {{"place", absl::StrCat(file, ":", line)}, {"count", absl::StrCat(count - state.last_count)}});
  state.said = true;
  state.last = now;
  state.last_count = count;
}

}  // namespace

void SetProtobufLog(Logger* logger, Clock* clock) {
  static google::protobuf::LogHandler* const original = google::protobuf::SetLogHandler(&Handle);
  State& state = Global();
  std::lock_guard<std::mutex> lock(state.mutex);
  state.logger = logger;
  state.clock = clock;
  state.said = false;
  google::protobuf::SetLogHandler(logger == nullptr ? original : &Handle);
}

uint64_t ProtobufLogCount() { return Global().count; }

}  // namespace partnerskap
