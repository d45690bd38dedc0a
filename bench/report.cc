#include "bench/report.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"

namespace partnerskap::bench {
namespace {

constexpr double kMiB = 1 << 20;

// Ids in the order in which the first rounds took them: by their first letters they would be torn apart.
std::vector<std::string> IdsOf(const Results& results) {
  std::set<std::string> ids;
  for (const Round& round : results.rounds) {
    for (const auto& [id, window] : round) ids.insert(id);
  }
  return {ids.begin(), ids.end()};
}

Spread SpreadOfField(const Results& results, const std::string& id, double Window::*field) {
  std::vector<double> values;
  for (const Round& round : results.rounds) {
    if (const auto window = round.find(id); window != round.end()) values.push_back(window->second.*field);
  }
  return SpreadOf(std::move(values));
}

int64_t FlushesOf(const Results& results, const std::string& id) {
  int64_t flushes = 0;
  for (const Round& round : results.rounds) {
    if (const auto window = round.find(id); window != round.end()) flushes += window->second.flushes;
  }
  return flushes;
}

std::string Time(double micros) { return micros == 0 ? "" : absl::StrFormat("%.0f", micros); }

void AppendGoals(const std::vector<GoalRow>& goals, std::string& text) {
  absl::StrAppend(&text, "| what | goal | median | min to max | of | |\n|---|---|---|---|---|---|\n");
  for (const GoalRow& goal : goals) {
    const std::string unit = goal.unit.empty() ? "" : absl::StrCat(" ", goal.unit);
    absl::StrAppendFormat(&text, "| %s | %s %g%s | %.2f | %.2f to %.2f | %d | %s |\n", goal.text,
                          goal.limit.at_most ? "<=" : ">=", goal.limit.value, unit, goal.spread.median, goal.spread.min,
                          goal.spread.max, goal.spread.count, Words(goal.spread, goal.limit, goal.needed));
  }
}

void AppendWindows(const Results& results, std::string& text) {
  absl::StrAppend(&text,
                  "| window | a second | min to max | p50 µs | p99 µs | server µs | client µs | flushes | of |\n"
                  "|---|---|---|---|---|---|---|---|---|\n");
  for (const std::string& id : IdsOf(results)) {
    const Spread rate = SpreadOfField(results, id, &Window::per_second);
    const auto median = [&](double Window::*field) { return SpreadOfField(results, id, field).median; };
    absl::StrAppendFormat(&text, "| %s | %.0f | %.0f to %.0f | %s | %s | %.1f | %s | %d | %d |\n", id, rate.median,
                          rate.min, rate.max, Time(median(&Window::p50_us)), Time(median(&Window::p99_us)),
                          median(&Window::server_us), Time(median(&Window::client_us)), FlushesOf(results, id),
                          rate.count);
  }
}

std::string Size(const Memory& memory) {
  return absl::StrFormat("%.1f MiB anonymous, %.1f MiB resident", static_cast<double>(memory.anonymous) / kMiB,
                         static_cast<double>(memory.resident) / kMiB);
}

nlohmann::ordered_json WindowJson(const Window& window) {
  return {{"perSecond", window.per_second},   {"p50Micros", window.p50_us},       {"p99Micros", window.p99_us},
          {"serverMicros", window.server_us}, {"clientMicros", window.client_us}, {"othersCores", window.others},
          {"spinMillis", window.spin_ms},     {"flushes", window.flushes}};
}

}  // namespace

std::string ReportText(const Results& results, const std::vector<GoalRow>& goals) {
  std::string text;
  AppendGoals(goals, text);
  absl::StrAppend(&text, "\n");
  AppendWindows(results, text);
  std::vector<double> spins = results.log.spins;
  for (double& spin : spins) spin *= 1e3;
  const Spread spin = SpreadOf(spins);
  absl::StrAppendFormat(
      &text, "\n%s. %d windows kept, %d taken again, %d dropped. A fixed computation took %.2f ms (%.2f to %.2f).\n",
      results.machine, results.log.taken, results.log.repeated, results.log.dropped, spin.median, spin.min, spin.max);
  absl::StrAppend(&text, "Memory: at rest ", Size(results.idle), "; after 256 in flight ", Size(results.loaded), "; ",
                  "with 10^6 rows at rest ", Size(results.large), ".\n");
  for (const std::string& note : results.notes) absl::StrAppend(&text, note, "\n");
  if (results.log.failed > 0) {
    absl::StrAppend(&text, results.log.failed,
                    " answers were not what they should be; the first: ", results.log.first_error, "\n");
  }
  return text;
}

std::string ReportJson(const Results& results, const std::vector<GoalRow>& goals) {
  nlohmann::ordered_json json;
  json["machine"] = results.machine;
  json["goals"] = nlohmann::ordered_json::array();
  for (const GoalRow& goal : goals) {
    json["goals"].push_back({{"what", goal.text},
                             {"unit", goal.unit},
                             {"atMost", goal.limit.at_most},
                             {"limit", goal.limit.value},
                             {"median", goal.spread.median},
                             {"min", goal.spread.min},
                             {"max", goal.spread.max},
                             {"count", goal.spread.count},
                             {"verdict", Words(goal.spread, goal.limit, goal.needed)}});
  }
  json["rounds"] = nlohmann::ordered_json::array();
  for (const Round& round : results.rounds) {
    nlohmann::ordered_json windows;
    for (const auto& [id, window] : round) windows[id] = WindowJson(window);
    json["rounds"].push_back(std::move(windows));
  }
  json["idleMicros"] = results.idle_us;
  json["startMillis"] = results.start_ms;
  json["startAfterKillMillis"] = results.killed_ms;
  json["dropped"] = results.log.dropped;
  json["repeated"] = results.log.repeated;
  json["failed"] = results.log.failed;
  return json.dump(2) + "\n";
}

}  // namespace partnerskap::bench
