#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/door.h"
#include "common/rpc/grpc_peer.h"
#include "common/testing/certs.h"
#include "common/testing/temp_dir.h"
#include "tests/stories/world.h"

namespace partnerskap::stories {
namespace {

constexpr int kWorkers = 2;
constexpr size_t kWorkerQueue = 1'000;
constexpr absl::Duration kGrace = absl::Seconds(10);
// For a reaction to what one service has committed; far above what a loaded machine needs.
constexpr absl::Duration kSettleTime = absl::Minutes(1);
constexpr absl::Duration kLookAgain = absl::Milliseconds(2);

void DieUnlessOk(const absl::Status& status, absl::string_view doing) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s: %s\n", std::string(doing).c_str(), status.ToString().c_str());
  std::abort();
}

// Real time, moved to where the story is. Peers take deadlines in real time, so they are moved on the way there.
class ShiftedClock final : public Clock {
 public:
  absl::Time Now() override { return real_->Now() + shift(); }
  absl::Duration Steady() override { return real_->Steady(); }
  void SetNow(absl::Time now) { shift_nanos_ = absl::ToInt64Nanoseconds(now - real_->Now()); }
  absl::Duration shift() const { return absl::Nanoseconds(shift_nanos_.load()); }

 private:
  const std::unique_ptr<Clock> real_ = NewSystemClock();
  std::atomic<int64_t> shift_nanos_ = 0;
};

// A peer whose address changes with each start of the service.
class MovingPeer final : public Peer {
 public:
  explicit MovingPeer(const ShiftedClock& clock) : clock_(clock) {}
  void MoveTo(std::shared_ptr<Peer> peer) {
    std::lock_guard<std::mutex> lock(mutex_);
    peer_ = std::move(peer);
  }
  void Call(absl::string_view method, std::string request, CallMetadata metadata, absl::Time deadline,
            absl::AnyInvocable<void(PeerResult)> done) override {
    const std::shared_ptr<Peer> peer = Present();
    if (peer == nullptr) return done({absl::UnavailableError("not started"), "", {}});
    peer->Call(method, std::move(request), std::move(metadata), deadline - clock_.shift(), std::move(done));
  }
  std::unique_ptr<PeerStream> Watch(absl::string_view method, std::string request, CallMetadata metadata,
                                    StreamEvents events) override {
    const std::shared_ptr<Peer> peer = Present();
    if (peer != nullptr) return peer->Watch(method, std::move(request), std::move(metadata), std::move(events));
    events.on_end(absl::UnavailableError("not started"));
    return std::make_unique<NoStream>();
  }

 private:
  class NoStream final : public PeerStream {
   public:
    void Resume() override {}
  };
  std::shared_ptr<Peer> Present() {
    std::lock_guard<std::mutex> lock(mutex_);
    return peer_;
  }
  const ShiftedClock& clock_;
  std::mutex mutex_;
  std::shared_ptr<Peer> peer_;
};

// One certificate's connections.
struct Client {
  std::unique_ptr<ClientChannels> channels;
  std::map<std::string, std::shared_ptr<MovingPeer>> peers;  // by service
};

// One running service.
struct Server {
  std::unique_ptr<TestService> service;
  std::unique_ptr<Door> door;
};

class GrpcWorld final : public World {
 public:
  GrpcWorld()
      : files_(TempDir::Place::kDisk),
        certificates_(files_ / "certs"),
        random_(NewSystemRandom()),
        executor_(NewThreadExecutor(kWorkers, kWorkerQueue)) {
    for (const ServiceDefinition& definition : AllServices()) {
      definitions_.emplace(definition.name, definition);
      Methods methods;
      definition.register_methods(methods);
      paths_[definition.name] = std::make_shared<const MethodPaths>(PathsOf(methods));
    }
    for (const auto& [name, definition] : definitions_) Start(name);
  }
  ~GrpcWorld() override {
    while (!servers_.empty()) Stop(servers_.begin()->first);
    clients_.clear();
  }

  TestCaller Caller(absl::string_view service, absl::string_view uri) override {
    return TestCaller(PeerOf(uri, std::string(service)), clock_, nullptr, paths_.at(std::string(service)));
  }
  void SetNow(absl::Time now) override { clock_.SetNow(now); }

  void Start(absl::string_view service) override {
    const std::string name(service);
    Env base;
    base.clock = &clock_;
    base.random = random_.get();
    base.executor = executor_.get();
    for (const Subscription& subscription : definitions_.at(name).subscriptions) {
      base.peers[subscription.producer] = PeerOf(TestServiceUri(name), subscription.producer).get();
    }
    Server server;
    auto opened = TestService::Open(definitions_.at(name), base, files_ / name);
    DieUnlessOk(opened.status(), name);
    server.service = *std::move(opened);
    DoorOptions options;
    options.tls = CertificateOf(TestServiceUri(name));
    auto door = Door::Open(options, server.service->gate());
    DieUnlessOk(door.status(), name);
    server.door = *std::move(door);
    addresses_[name] = absl::StrCat("127.0.0.1:", server.door->port());
    for (auto& [uri, client] : clients_) Move(client, name);
    servers_[name] = std::move(server);
  }
  void Stop(absl::string_view service) override {
    const auto found = servers_.find(std::string(service));
    if (!found->second.door->Stop(kGrace)) std::fprintf(stderr, "a handler of %s hangs\n", found->first.c_str());
    found->second.door.reset();
    servers_.erase(found);
  }
  // A thread cannot be killed; tests/processes does it with processes.
  void Kill(absl::string_view service) override { Stop(service); }

  // Looks again and again: what a story waits for may be anywhere.
  bool WaitUntil(const std::function<bool()>& done) override {
    const absl::Duration end = clock_.Steady() + kSettleTime;
    while (!done()) {
      if (clock_.Steady() > end) return false;
      absl::SleepFor(kLookAgain);
    }
    return true;
  }
  bool Settle() override {
    return WaitUntil([this] { return IsSettled(); });
  }
  TestService* service(absl::string_view name) override {
    const auto found = servers_.find(std::string(name));
    return found == servers_.end() ? nullptr : found->second.service.get();
  }

 private:
  std::shared_ptr<MovingPeer> PeerOf(absl::string_view uri, const std::string& service) {
    Client& client = clients_[std::string(uri)];
    if (client.channels == nullptr) {
      auto channels = ClientChannels::Open(CertificateOf(uri));
      DieUnlessOk(channels.status(), uri);
      client.channels = *std::move(channels);
    }
    std::shared_ptr<MovingPeer>& peer = client.peers[service];
    if (peer == nullptr) {
      peer = std::make_shared<MovingPeer>(clock_);
      Move(client, service);
    }
    return peer;
  }
  void Move(Client& client, const std::string& service) {
    const auto peer = client.peers.find(service);
    if (peer != client.peers.end() && addresses_.count(service) > 0) {
      peer->second->MoveTo(client.channels->NewPeer(addresses_.at(service), {}));
    }
  }
  // Each is issued once: a running door looks at its files again.
  const TlsFiles& CertificateOf(absl::string_view uri) {
    const auto found = issued_.find(std::string(uri));
    if (found != issued_.end()) return found->second;
    const auto identity = ParseSpiffeUri(uri);
    DieUnlessOk(identity.status(), uri);
    TlsFiles& files = issued_[std::string(uri)];
    if (!identity->service.empty()) return files = certificates_.Service(identity->service);
    const std::string id = identity->organization.substr(identity->organization.find('/') + 1);
    return files = certificates_.Client(id, identity->system);
  }

  const TempDir files_;
  const TestCertificates certificates_;
  std::map<std::string, TlsFiles> issued_;  // by URI
  ShiftedClock clock_;
  const std::unique_ptr<Random> random_;
  const std::unique_ptr<Executor> executor_;
  std::map<std::string, ServiceDefinition> definitions_;
  std::map<std::string, std::shared_ptr<const MethodPaths>> paths_;
  std::map<std::string, std::string> addresses_;
  std::map<std::string, Client> clients_;
  std::map<std::string, Server> servers_;
};

}  // namespace

std::unique_ptr<World> NewGrpcWorld() { return std::make_unique<GrpcWorld>(); }

}  // namespace partnerskap::stories
