// Clients, watchers and a poller that go on until told to stop, over whatever happens to the services.
#ifndef PARTNERSKAP_TESTS_PROCESSES_LOAD_H_
#define PARTNERSKAP_TESTS_PROCESSES_LOAD_H_

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/processes/log_follower.h"
#include "tests/processes/workload.h"

namespace partnerskap {

class Load {
 public:
  // `clients` threads that work; two watchers of each service and one poller.
  Load(ServiceProcesses& services, History& history, uint64_t seed, int clients);
  ~Load() { Stop(); }

  // Ends the clients' work. Watchers go on.
  void StopClients();
  // Waits until the watchers of each service have read through its last change.
  bool WatchersReach(const std::map<std::string, int64_t>& sequences, absl::Duration limit);
  void Stop();

  // After Stop.
  std::vector<FeedStream> StreamsOf(const std::string& service);
  const FeedStream& polled() const { return poller_.stream(); }

 private:
  void Tend();

  std::atomic<bool> work_ = true, tend_ = true;
  std::vector<std::thread> clients_;
  std::thread tender_, polling_;
  std::mutex mutex_;  // guards watchers_
  std::map<std::string, std::vector<std::unique_ptr<FollowedFeed>>> watchers_;
  Poller poller_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_TESTS_PROCESSES_LOAD_H_
