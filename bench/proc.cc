#include "bench/proc.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace partnerskap::bench {
namespace {

// Fields of the `cpu` line after its name: user nice system idle iowait irq softirq steal.
constexpr size_t kBusyFields[] = {0, 1, 2, 5, 6, 7};
// Fields of /proc/PID/stat after the name's `)`, from `state` on: utime is the 14th of all, stime the 15th.
constexpr size_t kUserField = 11, kSystemField = 12;
// Fields of a line of /proc/diskstats.
constexpr size_t kMajorField = 0, kMinorField = 1, kFlushField = 18;
// Steps of the computation that Spin times: about 5 ms.
constexpr uint64_t kSpinSteps = 4'000'000;

std::vector<absl::string_view> FieldsOf(absl::string_view line) {
  return absl::StrSplit(line, absl::ByAnyChar(" \t\n"), absl::SkipEmpty());
}

double Number(const std::vector<absl::string_view>& fields, size_t index) {
  double number = 0;
  return index < fields.size() && absl::SimpleAtod(fields[index], &number) ? number : 0;
}

}  // namespace

std::string FileText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

double ParseBusySeconds(absl::string_view stat, int64_t ticks_per_second) {
  if (!absl::ConsumePrefix(&stat, "cpu ")) return 0;
  const std::vector<absl::string_view> fields = FieldsOf(stat.substr(0, stat.find('\n')));
  double ticks = 0;
  for (const size_t field : kBusyFields) ticks += Number(fields, field);
  return ticks / static_cast<double>(ticks_per_second);
}

double BusySeconds() { return ParseBusySeconds(FileText("/proc/stat"), sysconf(_SC_CLK_TCK)); }

double ParseProcessSeconds(absl::string_view stat, int64_t ticks_per_second) {
  const size_t name_end = stat.rfind(')');
  if (name_end == absl::string_view::npos) return 0;
  const std::vector<absl::string_view> fields = FieldsOf(stat.substr(name_end + 1));
  return (Number(fields, kUserField) + Number(fields, kSystemField)) / static_cast<double>(ticks_per_second);
}

double ProcessSeconds(pid_t pid) {
  clockid_t clock;
  timespec time{};
  if (pid > 0 && clock_getcpuclockid(pid, &clock) == 0 && clock_gettime(clock, &time) == 0) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
  }
  return ParseProcessSeconds(FileText(absl::StrCat("/proc/", pid, "/stat")), sysconf(_SC_CLK_TCK));
}

int64_t ParseStatusBytes(absl::string_view status, absl::string_view key) {
  for (absl::string_view line : absl::StrSplit(status, '\n')) {
    if (!absl::ConsumePrefix(&line, key) || !absl::ConsumePrefix(&line, ":")) continue;
    const std::vector<absl::string_view> fields = FieldsOf(line);
    int64_t kilobytes = 0;
    if (!fields.empty() && absl::SimpleAtoi(fields[0], &kilobytes)) return kilobytes * 1024;
  }
  return 0;
}

Memory MemoryOf(pid_t pid) {
  const std::string status = FileText(absl::StrCat("/proc/", pid, "/status"));
  return {ParseStatusBytes(status, "VmRSS"), ParseStatusBytes(status, "RssAnon")};
}

int64_t ParseFlushes(absl::string_view diskstats, unsigned major, unsigned minor) {
  for (absl::string_view line : absl::StrSplit(diskstats, '\n')) {
    const std::vector<absl::string_view> fields = FieldsOf(line);
    int64_t flushes = 0;
    if (fields.size() > kFlushField && fields[kMajorField] == absl::StrCat(major) &&
        fields[kMinorField] == absl::StrCat(minor) && absl::SimpleAtoi(fields[kFlushField], &flushes)) {
      return flushes;
    }
  }
  return -1;
}

int64_t FlushesOf(const std::string& path) {
  struct stat found;
  if (stat(path.c_str(), &found) != 0) return -1;
  return ParseFlushes(FileText("/proc/diskstats"), major(found.st_dev), minor(found.st_dev));
}

std::string CpuModel() {
  const std::string text = FileText("/proc/cpuinfo");
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (!absl::StartsWith(line, "model name")) continue;
    const std::vector<absl::string_view> parts = absl::StrSplit(line, absl::MaxSplits(':', 1));
    if (parts.size() == 2) return std::string(absl::StripAsciiWhitespace(parts[1]));
  }
  return "a processor that does not say its name";
}

double Spin() {
  const auto begin = std::chrono::steady_clock::now();
  uint64_t state = 1;
  for (uint64_t i = 0; i < kSpinSteps; ++i) state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  // Used, so that the loop is not left out.
  if (state == 0) return 0;
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace partnerskap::bench
