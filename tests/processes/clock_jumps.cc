// The four services under load while their wall clocks jump by an hour, a day and three hundred days, there and back.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status/macros.h"
#include "tests/processes/judged_run.h"

namespace partnerskap {
namespace {

// Debian's libfaketime, for programs with threads.
constexpr char kFakeTime[] = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
constexpr int kClients = 4;
// There and back again, in any order. A certificate lives a year, and whether it is valid the wall clock decides: so
// not a whole one, and none before the day on which the certificates were made.
constexpr const char* kOffsets[] = {"+0", "+3600", "+86400", "+25920000"};
constexpr int kJumpsPerRound = 12;
// Work between two jumps; nothing depends on how long it is.
constexpr absl::Duration kBetween = absl::Milliseconds(400);
// Calls that were under way when the clock jumped may run into their deadline first.
constexpr absl::Duration kPatience = absl::Seconds(10);

// Clocks are moved by what stands in a file, which is read at each look at the clock; the steady clock is left alone.
void Set(const std::string& file, const char* offset) {
  const std::string next = file + ".next";
  std::ofstream(next) << offset << "\n";
  std::rename(next.c_str(), file.c_str());
}

ServiceProcessesOptions Wrapped(const std::string& file) {
  ServiceProcessesOptions options;
  options.wrapper = {"/usr/bin/env",
                     absl::StrCat("LD_PRELOAD=", kFakeTime),
                     absl::StrCat("FAKETIME_TIMESTAMP_FILE=", file),
                     "FAKETIME_NO_CACHE=1",
                     "DONT_FAKE_MONOTONIC=1",
                     "FAKETIME_DONT_FAKE_MONOTONIC=1"};
  return options;
}

absl::Status Jump(JudgedRun& run, const std::string& file) {
  RETURN_IF_ERROR(run.services().StartAll());
  RETURN_IF_ERROR(run.Begin(kClients));
  size_t calls = run.history().size();
  for (int i = 0; i < kJumpsPerRound; ++i) {
    Set(file, kOffsets[run.random().Below(std::size(kOffsets))]);
    absl::SleepFor(kBetween);
    for (const char* service : kServices) RETURN_IF_ERROR(run.CheckAlive(service));
    const absl::Time start = absl::Now();
    while (run.history().size() == calls && absl::Now() - start < kPatience) absl::SleepFor(absl::Milliseconds(10));
    if (run.history().size() == calls) return absl::InternalError("P20: after a jump nothing is answered");
    calls = run.history().size();
    run.tally().Add(1);
  }
  Set(file, "+0");
  return run.Finish();
}

absl::Status PlayRound(uint64_t seed, Tally& tally) {
  const TempDir clock;
  const std::string file = clock / "offset";
  Set(file, "+0");
  JudgedRun run("clock-jumps", seed, tally, Wrapped(file));
  return run.Keep(Jump(run, file));
}

}  // namespace
}  // namespace partnerskap

int main(int argc, char** argv) {
  setenv("GRPC_VERBOSITY", "NONE", 0);
  return partnerskap::RunProof(
      argc, argv,
      {.name = "clock-jumps",
       .promises = "P20 P5 P7 P9",
       .unit = "jumps",
       .about = "Moves the wall clocks of four services under load, and judges order, idempotency and feeds.",
       .rounds = 1,
       .round = &partnerskap::PlayRound});
}
