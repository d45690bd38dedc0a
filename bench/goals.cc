#include "bench/goals.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace partnerskap::bench {
namespace {

constexpr size_t kIdleSamplesNeeded = 30;
constexpr double kMiB = 1 << 20;

struct RatioGoal {
  const char* text;
  const char* above;
  const char* below;
  double Window::*field;
  Limit limit;
};

constexpr Limit AtMost(double value) { return {true, value}; }
constexpr Limit AtLeast(double value) { return {false, value}; }

// The last four only with --other: CPU below 1 means that this build is the cheaper one.
constexpr RatioGoal kRatios[] = {
    {"Get, CPU of the server / of an echo", "get/64", "echo/64", &Window::server_us, AtMost(1.25)},
    {"List of 50, CPU / of an echo", "list/64", "echo/64", &Window::server_us, AtMost(2.3)},
    {"Create, rate / raw group commit of the rows", "create/64", "raw create, 64 a commit", &Window::per_second,
     AtLeast(0.6)},
    {"Create, rate / with a commit each", "create/64", "one-by-one/64", &Window::per_second, AtLeast(3)},
    {"Create, rate / put of one key in etcd", "create/64", "etcd/64", &Window::per_second, AtLeast(1)},
    {"Get under 32 Creates, p99 / alone", "get/8 under create/32", "get/8", &Window::p99_us, AtMost(2)},
    {"Get of 10^6 rows, CPU / of 10^3", "get/64 of 10^6", "get/64", &Window::server_us, AtMost(1.6)},
    {"Create at 10^6 rows, CPU / at 10^3", "create/64 of 10^6", "create/64", &Window::server_us, AtMost(1.3)},
    {"List at 10^6 rows, CPU / at 10^3", "list/64 of 10^6", "list/64", &Window::server_us, AtMost(1.3)},
    {"Get, CPU / of the other build", "get/64", "get/64 of the other", &Window::server_us, AtMost(1)},
    {"List of 50, CPU / of the other build", "list/64", "list/64 of the other", &Window::server_us, AtMost(1)},
    {"Create, CPU / of the other build", "create/64", "create/64 of the other", &Window::server_us, AtMost(1)},
    {"Create, rate / of the other build", "create/64", "create/64 of the other", &Window::per_second, AtLeast(1)},
};

std::vector<std::optional<double>> FieldOf(const Results& results, const char* id, double Window::*field) {
  std::vector<std::optional<double>> values;
  for (const Round& round : results.rounds) {
    const auto window = round.find(id);
    values.push_back(window == round.end() ? std::nullopt : std::optional<double>(window->second.*field));
  }
  return values;
}

bool WasTaken(const Results& results, const char* id) {
  return std::any_of(results.rounds.begin(), results.rounds.end(),
                     [&](const Round& round) { return round.count(id) > 0; });
}

// The value that 99 of 100 do not exceed, as the spread's middle.
Spread P99(std::vector<double> values) {
  Spread spread = SpreadOf(values);
  std::sort(values.begin(), values.end());
  if (!values.empty()) {
    spread.median = values[static_cast<size_t>(std::ceil(0.99 * static_cast<double>(values.size()))) - 1];
  }
  return spread;
}

GoalRow One(const char* text, const char* unit, double value, double limit) {
  return {text, unit, AtMost(limit), {value, value, value, 1}, 1};
}

}  // namespace

std::vector<GoalRow> JudgeGoals(const Results& results) {
  std::vector<GoalRow> rows;
  for (const RatioGoal& goal : kRatios) {
    if (!WasTaken(results, goal.above) || !WasTaken(results, goal.below)) continue;
    const Spread spread =
        SpreadOf(Ratios(FieldOf(results, goal.above, goal.field), FieldOf(results, goal.below, goal.field)));
    rows.push_back({goal.text, "", goal.limit, spread, kMinPairs});
  }
  if (results.idle_us.size() >= kMinPairs) {
    std::vector<double> milliseconds;
    for (const double micros : results.idle_us) milliseconds.push_back(micros / 1e3);
    rows.push_back({"First call after 5 s of quiet, p99", "ms", AtMost(5), P99(milliseconds), kIdleSamplesNeeded});
  }
  rows.push_back(One("Anonymous memory at rest", "MiB", static_cast<double>(results.idle.anonymous) / kMiB, 8));
  rows.push_back(One("Resident memory at rest", "MiB", static_cast<double>(results.idle.resident) / kMiB, 32));
  if (!results.start_ms.empty()) {
    rows.push_back({"Start to first answer, 10^6 rows", "ms", AtMost(60), SpreadOf(results.start_ms), kMinPairs});
    rows.push_back({"The same after SIGKILL", "ms", AtMost(120), SpreadOf(results.killed_ms), kMinPairs});
  }
  return rows;
}

}  // namespace partnerskap::bench
