#include "tests/processes/load.h"

#include "absl/time/clock.h"

namespace partnerskap {
namespace {

// Between two looks at the watchers; nothing depends on how long it is.
constexpr absl::Duration kLookAgain = absl::Milliseconds(5);

}  // namespace

Load::Load(ServiceProcesses& services, History& history, uint64_t seed, int clients) : poller_(services) {
  for (const char* service : kServices) {
    for (const bool initial_state : {false, true}) {
      watchers_[service].push_back(std::make_unique<FollowedFeed>(services, service, initial_state));
    }
  }
  for (int i = 0; i < clients; ++i) {
    clients_.emplace_back([this, &services, &history, seed, i] {
      HistoryClient client(services, history, seed * 1'000 + static_cast<uint64_t>(i));
      Worker worker(client, i);
      while (work_) worker.Step();
    });
  }
  tender_ = std::thread([this] { Tend(); });
  polling_ = std::thread([this] {
    while (tend_) poller_.Poll();
  });
}

void Load::Tend() {
  while (tend_) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      for (auto& [service, watchers] : watchers_) {
        for (auto& watcher : watchers) watcher->Tend();
      }
    }
    absl::SleepFor(kLookAgain);
  }
}

void Load::StopClients() {
  work_ = false;
  for (std::thread& client : clients_) client.join();
  clients_.clear();
}

bool Load::WatchersReach(const std::map<std::string, int64_t>& sequences, absl::Duration limit) {
  const absl::Time end = absl::Now() + limit;
  while (true) {
    bool reached = true;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      for (const auto& [service, sequence] : sequences) {
        for (const auto& watcher : watchers_.at(service)) reached = reached && watcher->sequence() >= sequence;
      }
    }
    if (reached || absl::Now() > end) return reached;
    absl::SleepFor(kLookAgain);
  }
}

void Load::Stop() {
  StopClients();
  tend_ = false;
  if (tender_.joinable()) tender_.join();
  if (polling_.joinable()) polling_.join();
}

std::vector<FeedStream> Load::StreamsOf(const std::string& service) {
  std::vector<FeedStream> streams;
  for (const auto& watcher : watchers_.at(service)) {
    for (FeedStream& stream : watcher->Finish()) streams.push_back(std::move(stream));
  }
  return streams;
}

}  // namespace partnerskap
