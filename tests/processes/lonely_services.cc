// Each service alone: the other three dead, or hung, while its own reads and writes go on.
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status/macros.h"
#include "tests/processes/judged_run.h"

namespace partnerskap {
namespace {

constexpr int kClients = 2;
// Own calls by which a state is measured.
constexpr int kCalls = 150;
// P13 allows twice the time. What is above is counted: on a busy machine it says little. A call that waits for one who
// does not answer takes as long as its deadline of 2 s, and that is an error on any machine.
constexpr int kAllowed = 2;
constexpr absl::Duration kWaitsForOthers = absl::Milliseconds(1'500);

// The 99th of a hundred, over all calls of one worker to one service.
absl::StatusOr<absl::Duration> Measure(JudgedRun& run, const std::string& service, uint64_t seed) {
  HistoryClient client(run.services(), run.history(), seed);
  Worker worker(client, static_cast<int>(100 + seed % 100'000));
  std::vector<absl::Duration> times;
  for (int i = 0; i < kCalls; ++i) {
    const absl::Time start = absl::Now();
    worker.StepAt(service);
    times.push_back(absl::Now() - start);
  }
  std::sort(times.begin(), times.end());
  run.tally().Add(kCalls);
  return times[times.size() * 99 / 100];
}

class Round {
 public:
  Round(uint64_t seed, Tally& tally) : run_("lonely-services", seed, tally), seed_(seed) {}

  absl::Status Play() {
    RETURN_IF_ERROR(run_.services().StartAll());
    RETURN_IF_ERROR(run_.Begin(kClients));
    for (const char* service : kServices) RETURN_IF_ERROR(Isolate(service));
    return run_.Finish();
  }
  absl::Status Run() { return run_.Keep(Play()); }

 private:
  absl::Status Isolate(const std::string& service) {
    std::vector<std::string> others;
    for (const char* other : kServices) {
      if (other != service) others.emplace_back(other);
    }
    // One, two or three of them.
    others.resize(1 + run_.random().Below(others.size()));
    ASSIGN_OR_RETURN(const absl::Duration normal, Measure(run_, service, ++seed_ * 1'000));
    for (const std::string& other : others) run_.services().Signal(other, SIGSTOP);
    ASSIGN_OR_RETURN(const absl::Duration hung, Measure(run_, service, ++seed_ * 1'000));
    for (const std::string& other : others) RETURN_IF_ERROR(run_.services().Kill(other));
    ASSIGN_OR_RETURN(const absl::Duration dead, Measure(run_, service, ++seed_ * 1'000));
    for (const std::string& other : others) run_.services().Spawn(other);
    for (const std::string& other : others) RETURN_IF_ERROR(run_.services().AwaitReady(other));
    std::fprintf(stderr, "%s: p99 %s; %zu others hung %s, dead %s\n", service.c_str(),
                 absl::FormatDuration(normal).c_str(), others.size(), absl::FormatDuration(hung).c_str(),
                 absl::FormatDuration(dead).c_str());
    const absl::Duration slowest = std::max(hung, dead);
    if (slowest > normal * kAllowed) run_.tally().Count("times slower than twice", 1);
    if (slowest <= std::max(normal * kAllowed, kWaitsForOthers)) return absl::OkStatus();
    return absl::InternalError(absl::StrCat("P13: ", service, " waits for others"));
  }

  JudgedRun run_;
  uint64_t seed_;
};

absl::Status PlayRound(uint64_t seed, Tally& tally) { return Round(seed, tally).Run(); }

}  // namespace
}  // namespace partnerskap

int main(int argc, char** argv) {
  setenv("GRPC_VERBOSITY", "NONE", 0);
  return partnerskap::RunProof(
      argc, argv,
      {.name = "lonely-services",
       .promises = "P13 P6 P7",
       .unit = "calls",
       .about = "Asks one service while the others hang or are dead: all is answered, as fast as before.",
       .rounds = 1,
       .round = &partnerskap::PlayRound});
}
