// One of the four services in the simulator: real code, with a clock and a disk of its own, that can die at any moment.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_NODE_H_
#define PARTNERSKAP_TESTS_SIMULATOR_NODE_H_

#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "common/env/env.h"
#include "common/rpc/serve.h"
#include "common/testing/local_peer.h"
#include "common/testing/power_disk.h"
#include "common/testing/sim.h"
#include "common/testing/temp_dir.h"
#include "common/testing/test_service.h"

namespace partnerskap::simulator {

// The loop's time, seen by a machine whose wall clock is wrong. Steady time is everybody's.
class SkewedClock final : public Clock {
 public:
  explicit SkewedClock(Clock& base) : base_(base) {}
  absl::Time Now() override { return base_.Now() + skew_; }
  absl::Duration Steady() override { return base_.Steady(); }
  void set_skew(absl::Duration skew) { skew_ = skew; }

 private:
  Clock& base_;
  absl::Duration skew_ = absl::ZeroDuration();
};

class Node {
 public:
  Node(SimLoop& loop, const ServiceDefinition& definition);
  ~Node();

  // This service's way to `other`. Before Start.
  void Connect(Node& other, const LinkFaults* faults);

  // Opens the store of the last life, or a new one. An error leaves it stopped.
  absl::Status Start();
  // As SIGTERM does.
  void Stop();
  // As SIGKILL does, or the loss of all power: at this instant, or at the I/O that was chosen before, if that has come.
  enum class Death { kKill, kPowerCut };
  void Die(Death death, SeededRandom& draw);
  // The process is to die at the `nth` I/O from now: what the disk holds then is what the next life finds. The caller
  // looks at `dying` after each step of the loop, and calls Die.
  void ChooseDeath(Death death, uint64_t nth, SeededRandom& draw);
  bool dying() const { return heir_ != nullptr || failed(); }
  // As long as it is set, each sync takes this long.
  void SlowDown(absl::Duration by);

  bool running() const { return service_ != nullptr; }
  // The store has said that the process must end.
  bool failed() const { return !failure_.ok(); }
  PowerDisk& disk() { return *disk_; }
  // Lives so far, the present one counted.
  int lives() const { return lives_; }

  const std::string& name() const { return definition_.name; }
  const ServiceDefinition& definition() const { return definition_; }
  SkewedClock& clock() { return clock_; }
  LocalHost& host() { return host_; }
  // While it runs.
  TestService& service() { return *service_; }
  Database& database() { return service_->database(); }

 private:
  std::string NextDirectory();
  // What the disk holds now is what the next life finds.
  void Bequeath(Death death, SeededRandom& draw);
  // After a death or an orderly end: the disk of the next life, without faults.
  void Inherit();

  SimLoop& loop_;
  const ServiceDefinition definition_;
  SkewedClock clock_;
  const TempDir files_{TempDir::Place::kMemory};
  int directories_ = 0;
  std::unique_ptr<PowerDisk> disk_;
  std::unique_ptr<PowerDisk> heir_;  // what the next life finds, if that is not `disk_`
  LocalHost host_;
  std::map<std::string, std::unique_ptr<Peer>> peers_;
  std::unique_ptr<TestService> service_;
  absl::Status failure_;
  int lives_ = 0;
};

}  // namespace partnerskap::simulator

#endif  // PARTNERSKAP_TESTS_SIMULATOR_NODE_H_
