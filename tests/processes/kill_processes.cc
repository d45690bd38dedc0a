// The four real services under load, killed at random instants and at failpoints, held still, and judged.
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/status/macros.h"
#include "common/testing/temp_dir.h"
#include "tests/processes/load.h"
#include "tests/processes/run_checks.h"
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
// P11: after faults end and writes stop.
constexpr absl::Duration kConvergence = absl::Seconds(5);
// Of that and more on a machine that builds beside it, before it counts as never.
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
  Round(uint64_t seed, Tally& tally)
      : seed_(seed),
        tally_(tally),
        random_(seed),
        files_(std::make_unique<TempDir>(TempDir::Place::kDisk)),
        services_(files_->path()) {
    for (const char* service : kServices) {
      followers_.emplace(service, std::make_unique<LogFollower>(services_, service));
    }
  }

  absl::Status Run() {
    const absl::Status status = Play();
    if (!status.ok()) Keep();
    return status.ok() ? status : absl::InternalError(absl::StrCat(status.message(), "\nFiles: ", kept_));
  }

 private:
  absl::Status Play() {
    RETURN_IF_ERROR(StartFresh());
    HistoryClient first(services_, history_, seed_);
    RETURN_IF_ERROR(SetUpNetwork(first));
    load_ = std::make_unique<Load>(services_, history_, seed_, kClients);
    for (int i = 0; i < kCyclesPerRound; ++i) {
      RETURN_IF_ERROR(Cycle());
      tally_.Add(1);
    }
    load_->StopClients();
    RETURN_IF_ERROR(Converge());
    load_->Stop();
    RETURN_IF_ERROR(services_.StopAll());
    return Judge();
  }

  // One of them dies within its first migration, of a store that is not there yet.
  absl::Status StartFresh() {
    const std::string one = Draw();
    services_.Spawn(one, "mid_migration,1,kill,0");
    if (!services_.AwaitDeath(one, kPatience)) return absl::InternalError("mid_migration was not met");
    return services_.StartAll();
  }

  std::string Draw() { return kServices[random_.Below(kServices.size())]; }

  absl::Status Cycle() {
    std::vector<std::string> victims;
    const uint64_t kind = random_.Below(10);
    if (kind < 3) {
      victims = {Draw()};
    } else if (kind < 5) {
      // Producer and consumer of one feed.
      const FeedEdge& edge = kEdges[random_.Below(std::size(kEdges))];
      victims = {edge.producer, edge.consumer};
    } else if (kind < 6) {
      victims.assign(kServices.begin(), kServices.end());
    } else if (kind < 7) {
      return Hold(Draw());
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
    for (const std::string& victim : victims) RETURN_IF_ERROR(CheckAlive(victim));
    return absl::OkStatus();
  }

  // Everything that was acknowledged before this call is there.
  absl::Status CheckAlive(const std::string& service) {
    size_t& checked = checked_[service];
    const std::vector<ClientCall> calls = history_.CallsSince(service, checked);
    LogFollower& follower = *followers_.at(service);
    RETURN_IF_ERROR(follower.CatchUp());
    checked += calls.size();
    return follower.CheckAcknowledged(calls);
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
    const std::string service = place.in_consumer ? kEdges[random_.Below(std::size(kEdges))].consumer : Draw();
    RETURN_IF_ERROR(services_.Kill(service));
    const uint64_t delay = place.micros == 0 ? 0 : random_.Below(place.micros);
    services_.Spawn(service, absl::StrCat(place.name, ",", random_.Below(place.visits) + 1, ",kill,", delay));
    const bool met = services_.AwaitDeath(service, kFailpointLimit);
    tally_.Count(met ? "failpoints met" : "failpoints not met", 1);
    return Restart({service});
  }

  // P11, and the end of what watchers have to hear.
  absl::Status Converge() {
    std::map<std::string, int64_t> ends;
    for (const char* service : kServices) {
      RETURN_IF_ERROR(CheckAlive(service));
      ends[service] = static_cast<int64_t>(followers_.at(service)->log().size());
    }
    const absl::Time start = absl::Now();
    for (const FeedEdge& edge : kEdges) {
      TestCaller caller = services_.Admin(edge.consumer);
      caller.set_timeout(kPatience);
      caller.With(kPositionKey,
                  absl::StrCat(edge.producer, "/", followers_.at(edge.producer)->epoch(), "/", ends[edge.producer]));
      RETURN_IF_ERROR(AskAnything(caller, edge.consumer));
    }
    const absl::Duration took = absl::Now() - start;
    if (took > kConvergence) tally_.Count("slow convergences", 1);
    if (load_->WatchersReach(ends, kPatience)) return absl::OkStatus();
    return absl::InternalError("P9: a watcher did not hear of everything");
  }

  static absl::Status AskAnything(TestCaller& caller, const std::string& service) {
    // Waits for the position, and finds nothing.
    const char* const method = service == "membership"   ? "GetSeat"
                               : service == "agreements" ? "GetAgreement"
                               : service == "scheduling" ? "GetMeeting"
                                                         : "GetChallenge";
    const char* const collection = service == "membership"   ? "seats"
                                   : service == "agreements" ? "agreements"
                                   : service == "scheduling" ? "meetings"
                                                             : "challenges";
    // All Get requests have the name first.
    const std::string name = absl::StrCat(kNetwork, "/", collection, "/nothing");
    std::string request("\x0a");
    request.push_back(static_cast<char>(name.size()));
    request.append(name);
    const absl::Status status = caller.CallBytes(MethodPath(service, method), request).status();
    if (absl::IsNotFound(status)) return absl::OkStatus();
    return absl::InternalError(absl::StrCat("P11: ", service, " did not catch up: ", status.ToString()));
  }

  absl::Status Judge() {
    std::vector<std::string> broken = history_.broken();
    std::vector<ServiceRun> runs;
    for (const char* service : kServices) {
      runs.push_back({service, services_.store(service), history_.calls(service), followers_.at(service).get(),
                      load_->StreamsOf(service)});
    }
    for (const ServiceRun& run : runs) {
      const Judged judged = JudgeService(run);
      broken.insert(broken.end(), judged.broken.begin(), judged.broken.end());
      tally_.Count("operations judged", judged.operations);
      tally_.Count("changes judged", judged.changes);
      const auto known = CheckProjections(run.service, runs, files_->path());
      broken.insert(broken.end(), known.begin(), known.end());
    }
    const LogFollower& membership = *followers_.at("membership");
    for (const std::string& what : CheckFeed(membership.log(), membership.epoch(), load_->polled(), Poller::View())) {
      broken.push_back(absl::StrCat("P9: the member's poller: ", what));
    }
    tally_.Count("outcomes unknown at first", static_cast<uint64_t>(history_.unknown()));
    if (history_.unknown() == 0) broken.push_back("no kill met a call: nothing was tested");
    return broken.empty() ? absl::OkStatus() : absl::InternalError(absl::StrJoin(broken, "\n"));
  }

  void Keep() {
    kept_ = (std::filesystem::temp_directory_path() / absl::StrCat("kill-processes-", seed_)).string();
    std::error_code error;
    std::filesystem::remove_all(kept_, error);
    std::filesystem::copy(files_->path(), kept_, std::filesystem::copy_options::recursive, error);
  }

  const uint64_t seed_;
  Tally& tally_;
  SeededRandom random_;
  const std::unique_ptr<TempDir> files_;
  ServiceProcesses services_;
  History history_;
  std::map<std::string, std::unique_ptr<LogFollower>> followers_;
  std::map<std::string, size_t> checked_;
  std::unique_ptr<Load> load_;
  std::string kept_;
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
