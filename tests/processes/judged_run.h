// A run of the four services under load that is judged at its end: what the proofs of this folder have in common.
#ifndef PARTNERSKAP_TESTS_PROCESSES_JUDGED_RUN_H_
#define PARTNERSKAP_TESTS_PROCESSES_JUDGED_RUN_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/testing/temp_dir.h"
#include "tests/processes/load.h"
#include "tests/processes/run_checks.h"
#include "tests/proofs/proof.h"

namespace partnerskap {

class JudgedRun {
 public:
  // `proof` names the folder in which the files of a failed run are kept.
  JudgedRun(std::string proof, uint64_t seed, Tally& tally, ServiceProcessesOptions options = {});

  ServiceProcesses& services() { return services_; }
  History& history() { return history_; }
  SeededRandom& random() { return random_; }
  Tally& tally() { return tally_; }
  const std::string& directory() const { return files_->path(); }
  std::string DrawService() { return kServices[random_.Below(kServices.size())]; }

  // With all services running: the network, then clients, watchers and poller.
  absl::Status Begin(int clients);
  // Everything that was acknowledged before this call is there.
  absl::Status CheckAlive(const std::string& service);
  // Ends the load; consumers reach their producers; the services stop; everything is judged.
  absl::Status Finish();
  // The status, with the place where the files are kept if it is not OK.
  absl::Status Keep(const absl::Status& status);

 private:
  absl::Status Converge();
  absl::Status Judge();

  const std::string proof_;
  const uint64_t seed_;
  Tally& tally_;
  SeededRandom random_;
  const std::unique_ptr<TempDir> files_;
  ServiceProcesses services_;
  History history_;
  std::map<std::string, std::unique_ptr<LogFollower>> followers_;
  std::map<std::string, size_t> checked_;
  std::unique_ptr<Load> load_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_TESTS_PROCESSES_JUDGED_RUN_H_
