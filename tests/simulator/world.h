// The simulated world: four services, their clients and watchers, links, clocks and disks, on one thread from one seed.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_WORLD_H_
#define PARTNERSKAP_TESTS_SIMULATOR_WORLD_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/testing/local_peer.h"
#include "common/testing/sim.h"
#include "tests/simulator/catalog.h"
#include "tests/simulator/clients.h"
#include "tests/simulator/edges.h"
#include "tests/simulator/feed_watcher.h"
#include "tests/simulator/mirror.h"
#include "tests/simulator/node.h"

namespace partnerskap::simulator {

// What a seed decides about a round before it begins.
struct RoundPlan {
  uint64_t requests = 2'000;
  int clients = 24;
  int machines = 4;  // that clients run on
  bool crashes = true, power_cuts = true, disk_faults = true, network_faults = true, clock_jumps = true;
  static RoundPlan Of(uint64_t seed, uint64_t requests);
};

class World {
 public:
  World(uint64_t seed, const RoundPlan& plan);
  ~World();

  // Requests under faults, then everything heals and must come to rest. Empty, or the promise that was broken.
  std::string Run();

  // Of everything that was sent and heard, in order: the same for the same seed.
  uint64_t digest() const { return digest_; }
  const ClientCounts& counts() const { return clients_->counts(); }
  const std::map<std::string, uint64_t>& faults() const { return faults_; }
  uint64_t revisions() const;
  uint64_t changes_watched() const;
  const std::map<std::string, std::unique_ptr<Mirror>>& mirrors() const { return mirrors_; }
  const EdgeLog& edges() const { return edges_; }
  SimLoop& loop() { return loop_; }

 private:
  using Death = Node::Death;
  void Connect();
  void StartAll();
  std::unique_ptr<Peer> ConnectClient(int machine, const std::string& service, const std::string& principal);
  void AddWatchers();
  void Note(absl::string_view event);

  // One step of the loop, then the deaths that it brought.
  std::string Step();
  std::string Check();
  std::string PullAll();
  void Bury(Node& node, Death death);
  void StartLater(Node& node);

  void Disturb();
  void DisturbLink();
  void Swizzle();
  void DisturbDisk(Node& node);
  void DisturbProcess(Node& node);
  void JumpClock(Node& node);
  void DisturbWatcher();
  void Heal();
  std::string Converge();
  bool Settled();
  std::string CompareProjections();

  SimLoop loop_;
  const RoundPlan plan_;
  SeededRandom draw_;
  EdgeLog edges_;
  std::map<std::string, std::unique_ptr<Node>> nodes_;
  std::vector<Node*> order_;
  // From whom to whom; clients' machines are `machine 0` and so on.
  std::map<std::string, std::unique_ptr<LinkFaults>> links_;
  std::map<std::string, std::unique_ptr<Mirror>> mirrors_;
  std::vector<std::unique_ptr<FeedWatcher>> watchers_;
  std::unique_ptr<Clients> clients_;
  std::map<std::string, uint64_t> faults_;
  std::map<std::string, uint64_t> deaths_at_;  // I/O errors that wait for their life to end
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  uint64_t steps_ = 0;
  uint64_t digest_ = 14'695'981'039'346'656'037U;
  bool healed_ = false;
  std::string broken_;
};

// The methods of all four services.
const Catalog& TheCatalog();
std::vector<ServiceDefinition> TheServices();

}  // namespace partnerskap::simulator

#endif  // PARTNERSKAP_TESTS_SIMULATOR_WORLD_H_
