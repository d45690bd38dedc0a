// The four services on disks that can fail, in one thread. What is acknowledged is known at once, in the middle of the
// writer's work, as if the threads that answer were always faster than the one that writes.
#ifndef PARTNERSKAP_TESTS_DISK_DISK_WORLD_H_
#define PARTNERSKAP_TESTS_DISK_DISK_WORLD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/rpc/serve.h"
#include "common/testing/local_peer.h"
#include "common/testing/power_disk.h"
#include "common/testing/sim.h"
#include "common/testing/temp_dir.h"
#include "common/testing/test_service.h"
#include "tests/disk/example_calls.h"
#include "tests/disk/store_checks.h"

namespace partnerskap::disk {

// Lanes of the loop, but for that of the answers, which runs what is posted at once.
class PromptExecutor final : public Executor {
 public:
  explicit PromptExecutor(SimLoop& loop) : loop_(loop) {}
  std::unique_ptr<Lane> NewLane(absl::string_view name) override;
  [[nodiscard]] bool TryPost(Task task) override { return loop_.TryPost(std::move(task)); }
  [[nodiscard]] std::unique_ptr<Timer> After(absl::Duration delay, Task task) override {
    return loop_.After(delay, std::move(task));
  }

 private:
  SimLoop& loop_;
};

std::vector<ServiceDefinition> AllServices();

// One service, its disk, and what its callers were told.
class DiskNode {
 public:
  DiskNode(SimLoop& loop, const ServiceDefinition& definition, int checkpoint_pages);
  ~DiskNode();

  // Before Start.
  void Connect(DiskNode& other);
  // Another program: other migrations, for example. While it does not run.
  void set_definition(const ServiceDefinition& definition) { definition_ = definition; }
  // What else is to be set in the store's options, from the next start on.
  void set_adjust(std::function<void(DatabaseOptions&)> adjust) { adjust_ = std::move(adjust); }
  absl::Status Start();
  void Stop();
  // As SIGKILL does, and as a power cut does.
  void Kill();
  void CutPower(SeededRandom& draw, Unsynced unsynced);

  // The answer, or the refusal; NOT_FOUND never means that no answer came: that is INTERNAL.
  absl::StatusOr<std::string> Call(const std::string& path, const std::string& request, CallMetadata metadata = {});
  // Calls, and keeps what was acknowledged. `positions` are those of all services, as a caller of several sends them.
  absl::Status Mutate(const ExampleCall& call, std::map<std::string, std::string>& positions);

  const ServiceDefinition& definition() const { return definition_; }
  const std::string& directory() const { return directory_; }
  PowerDisk& disk() { return disk_; }
  TestService& service() { return *service_; }
  bool running() const { return service_ != nullptr; }
  // What the store said when it ended the process, or OK.
  const absl::Status& fatal() const { return fatal_; }
  const std::vector<Acknowledged>& acknowledged() const { return acknowledged_; }
  void set_acknowledged(std::vector<Acknowledged> acknowledged) { acknowledged_ = std::move(acknowledged); }

 private:
  SimLoop& loop_;
  PromptExecutor executor_;
  ServiceDefinition definition_;
  const int checkpoint_pages_;
  const TempDir files_;
  const std::string directory_;
  PowerDisk disk_;
  LocalHost host_;
  std::map<std::string, std::unique_ptr<Peer>> peers_;
  std::unique_ptr<TestService> service_;
  std::function<void(DatabaseOptions&)> adjust_;
  absl::Status fatal_;
  std::vector<Acknowledged> acknowledged_;
};

class DiskWorld {
 public:
  DiskWorld(uint64_t seed, int checkpoint_pages);
  ~DiskWorld();

  SimLoop& loop() { return loop_; }
  DiskNode& node(const std::string& service) { return *nodes_.at(service); }
  std::map<std::string, std::unique_ptr<DiskNode>>& nodes() { return nodes_; }
  absl::Status StartAll();
  absl::Status Mutate(const ExampleCall& call) { return node(call.service).Mutate(call, positions_); }

 private:
  SimLoop loop_;
  std::map<std::string, std::unique_ptr<DiskNode>> nodes_;
  std::map<std::string, std::string> positions_;
};

}  // namespace partnerskap::disk

#endif  // PARTNERSKAP_TESTS_DISK_DISK_WORLD_H_
