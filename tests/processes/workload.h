// Work as members and coordinators do it, over all four services: a small network, whose seats, rotation, adoptions and
// challenges several clients change at once, some on conditions that do not hold, and what only one of them makes.
#ifndef PARTNERSKAP_TESTS_PROCESSES_WORKLOAD_H_
#define PARTNERSKAP_TESTS_PROCESSES_WORKLOAD_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "tests/processes/history.h"

namespace partnerskap {

inline constexpr char kNetwork[] = "networks/n";

// What everything else rests on. When it returns, each service knows what it needs of the others.
absl::Status SetUpNetwork(HistoryClient& client);

class Worker {
 public:
  // `number` tells the workers of a run apart.
  Worker(HistoryClient& client, int number) : client_(client), number_(number) {}

  // One call of any kind.
  void Step();
  // One call to this service alone: half of them reads.
  void StepAt(const std::string& service);

 private:
  void StepMembership();
  void StepAgreements();
  void StepScheduling();
  void StepPeerReview();
  std::string NewId();
  // A revision of a name that this worker has seen: the condition of a write, true or not.
  int64_t LastSeen(const std::string& name) { return seen_[name]; }
  template <typename Resource>
  void Remember(const absl::StatusOr<Resource>& resource);

  void UpdateSeat(const std::string& seat, bool conditional);
  void UpdateRotation(bool conditional);
  void TableAdoption(const std::string& adoption, bool conditional);
  void MoveChallenge(const std::string& challenge);

  HistoryClient& client_;
  const int number_;
  int made_ = 0;
  std::map<std::string, int64_t> seen_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_TESTS_PROCESSES_WORKLOAD_H_
