#include <map>
#include <utility>

#include "common/testing/sim_service.h"
#include "tests/stories/world.h"

namespace partnerskap::stories {
namespace {

class SimWorld final : public World {
 public:
  explicit SimWorld(uint64_t seed) : loop_(seed) {
    for (const ServiceDefinition& definition : AllServices()) {
      services_.emplace(definition.name, std::make_unique<SimService>(loop_, definition));
    }
    for (const ServiceDefinition& definition : AllServices()) {
      for (const Subscription& subscription : definition.subscriptions) {
        services_.at(definition.name)->Connect(*services_.at(subscription.producer));
      }
    }
    for (const auto& [name, service] : services_) service->Start();
  }
  ~SimWorld() override {
    // A service that goes first leaves nothing of its calls in the gates of the others.
    for (const auto& [name, service] : services_) {
      if (service->running()) service->Stop();
    }
  }

  TestCaller Caller(absl::string_view service, absl::string_view uri) override { return Find(service).Caller(uri); }
  void SetNow(absl::Time now) override { loop_.clock().SetNow(now); }
  void Stop(absl::string_view service) override { Find(service).Stop(); }
  void Kill(absl::string_view service) override { Find(service).Kill(); }
  void Start(absl::string_view service) override { Find(service).Start(); }
  bool WaitUntil(const std::function<bool()>& done) override { return loop_.RunUntil(done); }
  bool Settle() override {
    return WaitUntil([this] { return IsSettled(); });
  }
  TestService* service(absl::string_view name) override {
    SimService& found = Find(name);
    return found.running() ? &found.service() : nullptr;
  }

 private:
  SimService& Find(absl::string_view name) { return *services_.at(std::string(name)); }

  SimLoop loop_;
  std::map<std::string, std::unique_ptr<SimService>> services_;
};

}  // namespace

std::unique_ptr<World> NewSimWorld(uint64_t seed) { return std::make_unique<SimWorld>(seed); }

}  // namespace partnerskap::stories
