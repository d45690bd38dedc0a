#include "common/rpc/grpc_log.h"

#include <grpc/support/log.h>

#include <atomic>
#include <mutex>

#include "absl/strings/str_cat.h"

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

void Handle(gpr_log_func_args* line) {
  State& state = Global();
  const uint64_t count = ++state.count;
  std::lock_guard<std::mutex> lock(state.mutex);
  if (state.logger == nullptr) return;
  const absl::Duration now = state.clock->Steady();
  if (state.said && now - state.last < kInterval) return;
  state.logger->Event(
      line->severity == GPR_LOG_SEVERITY_ERROR ? LogLevel::kWarning : LogLevel::kInfo, "grpc", line->message,
      {{"place", absl::StrCat(line->file, ":", line->line)}, {"count", absl::StrCat(count - state.last_count)}});
  state.said = true;
  state.last = now;
  state.last_count = count;
}

}  // namespace

void SetGrpcLog(Logger* logger, Clock* clock) {
  State& state = Global();
  {
    std::lock_guard<std::mutex> lock(state.mutex);
    state.logger = logger;
    state.clock = clock;
    state.said = false;
  }
  gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);
  gpr_set_log_function(&Handle);
}

uint64_t GrpcLogCount() { return Global().count; }

}  // namespace partnerskap
