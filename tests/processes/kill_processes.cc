// The four real services under load, killed at random instants and at failpoints, held still, and judged.
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
#include "tests/proofs/proof.h"

namespace partnerskap {
namespace {

constexpr int kCyclesPerRound = 16;
constexpr int kClients = 6;
// Longest life under load before a kill. Kills fall into starts, first writes, catching up.
constexpr uint64_t kLongestLifeMicros = 60'000;
constexpr uint64_t kLongestPauseMicros = 150'000;
// A process that has not come to its failpoint by then is killed anyway.
constexpr absl::Duration kFailpointLimit = absl::Seconds(3);
// For a start on a machine that builds beside it.
constexpr absl::Duration kPatience = absl::Seconds(30);

struct Place {
  const char* name;
  uint64_t visits;   // it happens at one of so many
  uint64_t micros;   // and up to so much later
  bool in_consumer;  // only there
};
constexpr Place kPlaces[] = {
    {"before_begin", 20, 0, false},  {"after_rows_before_audit", 20, 0, false},   {"mid_batch", 3, 0, false},
    {"before_commit", 20, 0, false}, {"after_commit_before_reply", 20, 0, false}, {"before_reply", 20, 0, false},
    {"checkpoint", 2, 3'000, false}, {"before_cursor_store", 10, 0, true},        {"before_commit", 5, 500, false},
};

// From the start of a process to its ready line, of all rounds.
std::vector<absl::Duration>& RestartTimes() {
  static auto& times = *new std::vector<absl::Duration>;
  return times;
}

void SayRestartTimes() {
  std::vector<absl::Duration>& times = RestartTimes();
  std::sort(times.begin(), times.end());
  const auto at = [&](double share) {
    return absl::ToInt64Milliseconds(times[static_cast<size_t>(share * static_cast<double>(times.size() - 1))]);
  };
  std::fprintf(stderr, "%zu restarts: p50 %lld ms, p99 %lld ms\n", times.size(), static_cast<long long>(at(0.5)),
               static_cast<long long>(at(0.99)));
}

class Round {
 public:
  Round(uint64_t seed, Tally& tally) : run_("kill-processes", seed, tally) {}

  absl::Status Run() { return run_.Keep(Play()); }

 private:
  absl::Status Play() {
    RETURN_IF_ERROR(StartFresh());
    RETURN_IF_ERROR(run_.Begin(kClients));
    for (int i = 0; i < kCyclesPerRound; ++i) {
      RETURN_IF_ERROR(Cycle());
      run_.tally().Add(1);
    }
    RETURN_IF_ERROR(run_.Finish());
    return run_.history().unknown() > 0 ? absl::OkStatus() : absl::InternalError("no kill met a call");
  }

  // One of them dies within its first migration, of a store that is not there yet.
  absl::Status StartFresh() {
    const std::string one = run_.DrawService();
    services_.Spawn(one, "mid_migration,1,kill,0");
    if (!services_.AwaitDeath(one, kPatience)) return absl::InternalError("mid_migration was not met");
    return services_.StartAll();
  }

  absl::Status Cycle() {
    std::vector<std::string> victims;
    const uint64_t kind = random_.Below(10);
    if (kind < 3) {
      victims = {run_.DrawService()};
    } else if (kind < 5) {
      // Producer and consumer of one feed.
      const FeedEdge& edge = kEdges[random_.Below(std::size(kEdges))];
      victims = {edge.producer, edge.consumer};
    } else if (kind < 6) {
      victims.assign(kServices.begin(), kServices.end());
    } else if (kind < 7) {
      return Hold(run_.DrawService());
    } else {
      return FailAt(kPlaces[random_.Below(std::size(kPlaces))]);
    }
    // Not a wait for anything: the instant of the kill is what is drawn.
    absl::SleepFor(absl::Microseconds(random_.Below(kLongestLifeMicros)));
    for (const std::string& victim : victims) RETURN_IF_ERROR(services_.Kill(victim));
    tally_.Count("kills", victims.size());
    return Restart(victims);
  }

  absl::Status Restart(const std::vector<std::string>& victims) {
    const absl::Time start = absl::Now();
    for (const std::string& victim : victims) services_.Spawn(victim);
    for (const std::string& victim : victims) {
      RETURN_IF_ERROR(services_.AwaitReady(victim));
      RestartTimes().push_back(absl::Now() - start);
    }
    for (const std::string& victim : victims) RETURN_IF_ERROR(run_.CheckAlive(victim));
    return absl::OkStatus();
  }

  // Clients meet a service that has stood still, and answers what it was asked before.
  absl::Status Hold(const std::string& service) {
    services_.Signal(service, SIGSTOP);
    absl::SleepFor(absl::Microseconds(random_.Below(kLongestPauseMicros)));
    const bool kill = random_.Chance(0.5);
    if (kill) {
      RETURN_IF_ERROR(services_.Kill(service));
      RETURN_IF_ERROR(Restart({service}));
    } else {
      services_.Signal(service, SIGCONT);
    }
    tally_.Count("pauses", 1);
    return absl::OkStatus();
  }

  absl::Status FailAt(const Place& place) {
    const std::string service =
        place.in_consumer ? kEdges[random_.Below(std::size(kEdges))].consumer : run_.DrawService();
    RETURN_IF_ERROR(services_.Kill(service));
    const uint64_t delay = place.micros == 0 ? 0 : random_.Below(place.micros);
    services_.Spawn(service, absl::StrCat(place.name, ",", random_.Below(place.visits) + 1, ",kill,", delay));
    const bool met = services_.AwaitDeath(service, kFailpointLimit);
    tally_.Count(met ? "failpoints met" : "failpoints not met", 1);
    return Restart({service});
  }

  JudgedRun run_;
  SeededRandom& random_ = run_.random();
  ServiceProcesses& services_ = run_.services();
  Tally& tally_ = run_.tally();
};

absl::Status PlayRound(uint64_t seed, Tally& tally) {
  const absl::Status status = Round(seed, tally).Run();
  if (!RestartTimes().empty()) SayRestartTimes();
  return status;
}

}  // namespace
}  // namespace partnerskap

int main(int argc, char** argv) {
  // Connections to killed services are not worth a line each.
  setenv("GRPC_VERBOSITY", "NONE", 0);
  return partnerskap::RunProof(
      argc, argv,
      {.name = "kill-processes",
       .promises = "P1 P4 P5 P6 P7 P9 P10 P11 P37",
       .unit = "cycles",
       .about = "Kills and holds the four services under load, and judges what clients, watchers and files say.",
       .rounds = 1,
       .round = &partnerskap::PlayRound});
}
