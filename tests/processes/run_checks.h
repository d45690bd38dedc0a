// What must be true after any number of kills, judged from what the clients saw, what the feeds told, and the files.
#ifndef PARTNERSKAP_TESTS_PROCESSES_RUN_CHECKS_H_
#define PARTNERSKAP_TESTS_PROCESSES_RUN_CHECKS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "common/rpc/serve.h"
#include "tests/processes/log_follower.h"

namespace partnerskap {

struct ServiceRun {
  std::string service;
  std::string store;  // path of its store.db, which no process holds any more
  std::vector<ClientCall> calls;
  const LogFollower* follower = nullptr;
  std::vector<FeedStream> streams;  // of watchers without filter
};

// The four definitions.
std::vector<ServiceDefinition> AllDefinitions();

struct Judged {
  std::vector<std::string> broken;  // promises, in words
  uint64_t operations = 0;          // judged for linearizability
  uint64_t changes = 0;             // judged in streams
};

// Of one service: its file is whole, rows are their newest revisions, each request id was applied at most once and
// every acknowledged one was, the chain verifies, all calls have an order, each resource's history is linearizable by
// both checkers, and every stream keeps the promises of a feed.
Judged JudgeService(const ServiceRun& run);

// P11: what a consumer knows of its producers is what it would know had it heard them from the beginning.
// `directory` is for the store in which they are heard again.
std::vector<std::string> CheckProjections(const std::string& consumer, const std::vector<ServiceRun>& runs,
                                          const std::string& directory);

}  // namespace partnerskap

#endif  // PARTNERSKAP_TESTS_PROCESSES_RUN_CHECKS_H_
