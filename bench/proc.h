// What the kernel says of this machine and of processes: /proc, and the processes' own clocks.
#ifndef PARTNERSKAP_BENCH_PROC_H_
#define PARTNERSKAP_BENCH_PROC_H_

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace partnerskap::bench {

// All of a file, or "".
std::string FileText(const std::string& path);

// Seconds that all cores together were busy, from the first line of /proc/stat; stolen time counts, for somebody else
// had it. 0 of a text that has no such line.
double ParseBusySeconds(absl::string_view stat, int64_t ticks_per_second);
double BusySeconds();

// User and system seconds, from /proc/PID/stat. The program's name, which may hold spaces and parentheses, is skipped.
double ParseProcessSeconds(absl::string_view stat, int64_t ticks_per_second);
// The same to the nanosecond, from the process's own clock; of a process that is gone 0.
double ProcessSeconds(pid_t pid);

// Bytes of a line `RssAnon:    1234 kB` of /proc/PID/status; 0 if there is none.
int64_t ParseStatusBytes(absl::string_view status, absl::string_view key);
struct Memory {
  int64_t resident = 0, anonymous = 0;  // bytes
};
Memory MemoryOf(pid_t pid);

// Flushes of the device's cache that were completed, from /proc/diskstats; -1 if the kernel does not count them.
int64_t ParseFlushes(absl::string_view diskstats, unsigned major, unsigned minor);
// Of the device that holds `path`.
int64_t FlushesOf(const std::string& path);

// `AMD EPYC 7B13`, from /proc/cpuinfo.
std::string CpuModel();
// Seconds that a fixed computation takes: tells how fast a core is at the moment.
double Spin();

}  // namespace partnerskap::bench

#endif  // PARTNERSKAP_BENCH_PROC_H_
