#include "bench/window.h"

#include <unistd.h>

#include <algorithm>

#include "bench/proc.h"

namespace partnerskap::bench {
namespace {

constexpr int kTries = 3;

double WallSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Windows::Moment Windows::Now(pid_t server) const {
  return {WallSeconds(), BusySeconds(), server > 0 ? ProcessSeconds(server) : 0, ProcessSeconds(getpid()),
          FlushesOf(disk_)};
}

bool Windows::Judge(double others, bool last_try, bool& again) {
  again = others > kRepeatOthers && !last_try;
  if (again) ++log_.repeated;
  const bool keep = !again && others <= kDropOthers;
  if (!again && !keep) ++log_.dropped;
  if (keep) ++log_.taken;
  return keep;
}

void Windows::Note(const std::vector<StreamResult>& results) {
  for (const StreamResult& result : results) {
    if (log_.failed == 0) log_.first_error = result.first_error;
    log_.failed += result.failed;
  }
}

std::optional<std::vector<Window>> Windows::Take(
    pid_t server, const std::vector<Stream>& streams,
    const std::function<void(const std::vector<StreamResult>&)>& answered) {
  for (int attempt = 1; attempt <= kTries; ++attempt) {
    Moment begin, end;
    LoadTimes times;
    times.window = length_;
    times.begin = [&] { begin = Now(server); };
    times.end = [&] { end = Now(server); };
    const double spin = Spin();
    log_.spins.push_back(spin);
    const std::vector<StreamResult> results = RunLoad(streams, times);
    Note(results);
    if (answered) answered(results);
    const double seconds = end.wall - begin.wall;
    const double server_cpu = end.server - begin.server, client_cpu = end.client - begin.client;
    const double others = std::max(0.0, (end.busy - begin.busy - server_cpu - client_cpu) / seconds);
    bool again = false;
    const bool keep = Judge(others, attempt == kTries, again);
    if (again) continue;
    if (!keep) return std::nullopt;
    uint64_t calls = 0;
    for (const StreamResult& result : results) calls += result.in_window;
    std::vector<Window> windows;
    for (const StreamResult& result : results) {
      const double count = std::max<double>(1, static_cast<double>(calls));
      windows.push_back({static_cast<double>(result.in_window) / seconds, result.latency.Percentile(0.5),
                         result.latency.Percentile(0.99), server_cpu / count * 1e6, client_cpu / count * 1e6, others,
                         spin * 1e3, end.flushes - begin.flushes});
    }
    return windows;
  }
  return std::nullopt;
}

std::optional<Window> Windows::TakeRaw(
    const std::function<absl::StatusOr<RawStore::Result>(std::chrono::milliseconds)>& run) {
  for (int attempt = 1; attempt <= kTries; ++attempt) {
    const double spin = Spin();
    log_.spins.push_back(spin);
    const Moment begin = Now(0);
    const auto result = run(length_);
    const Moment end = Now(0);
    if (!result.ok()) {
      if (log_.failed++ == 0) log_.first_error = result.status().ToString();
      return std::nullopt;
    }
    const double seconds = end.wall - begin.wall;
    const double others = std::max(0.0, (end.busy - begin.busy - (end.client - begin.client)) / seconds);
    bool again = false;
    const bool keep = Judge(others, attempt == kTries, again);
    if (again) continue;
    if (!keep) return std::nullopt;
    const double count = std::max<double>(1, static_cast<double>(result->done));
    return Window{count / result->seconds,    0, 0, result->cpu_seconds / count * 1e6, 0, others, spin * 1e3,
                  end.flushes - begin.flushes};
  }
  return std::nullopt;
}

}  // namespace partnerskap::bench
