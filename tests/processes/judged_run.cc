#include "tests/processes/judged_run.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/rpc/call.h"
#include "common/status/macros.h"

namespace partnerskap {
namespace {

// P11: after faults end and writes stop.
constexpr absl::Duration kConvergence = absl::Seconds(5);
// Of that and more on a machine that builds beside it, before it counts as never.
constexpr absl::Duration kPatience = absl::Seconds(30);

absl::Status AskAnything(TestCaller& caller, const std::string& service) {
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

}  // namespace

JudgedRun::JudgedRun(std::string proof, uint64_t seed, Tally& tally, ServiceProcessesOptions options)
    : proof_(std::move(proof)),
      seed_(seed),
      tally_(tally),
      random_(seed),
      files_(std::make_unique<TempDir>(TempDir::Place::kDisk)),
      services_(files_->path(), std::move(options)) {
  for (const char* service : kServices) {
    followers_.emplace(service, std::make_unique<LogFollower>(services_, service));
  }
}

absl::Status JudgedRun::Begin(int clients) {
  HistoryClient first(services_, history_, seed_);
  RETURN_IF_ERROR(SetUpNetwork(first));
  load_ = std::make_unique<Load>(services_, history_, seed_, clients);
  return absl::OkStatus();
}

absl::Status JudgedRun::CheckAlive(const std::string& service) {
  size_t& checked = checked_[service];
  const std::vector<ClientCall> calls = history_.CallsSince(service, checked);
  LogFollower& follower = *followers_.at(service);
  RETURN_IF_ERROR(follower.CatchUp());
  checked += calls.size();
  return follower.CheckAcknowledged(calls);
}

absl::Status JudgedRun::Finish() {
  load_->StopClients();
  RETURN_IF_ERROR(Converge());
  load_->Stop();
  RETURN_IF_ERROR(services_.StopAll());
  return Judge();
}

absl::Status JudgedRun::Converge() {
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

absl::Status JudgedRun::Judge() {
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
  if (history_.size() == 0) broken.push_back("no call was made: nothing was tested");
  return broken.empty() ? absl::OkStatus() : absl::InternalError(absl::StrJoin(broken, "\n"));
}

absl::Status JudgedRun::Keep(const absl::Status& status) {
  if (status.ok()) return status;
  const std::string kept = (std::filesystem::temp_directory_path() / absl::StrCat(proof_, "-", seed_)).string();
  std::error_code error;
  std::filesystem::remove_all(kept, error);
  std::filesystem::copy(files_->path(), kept, std::filesystem::copy_options::recursive, error);
  return absl::InternalError(absl::StrCat(status.message(), "\nFiles: ", kept));
}

}  // namespace partnerskap
