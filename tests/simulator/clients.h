// The callers of the simulator: many at once, of every kind, each with one request under way.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_CLIENTS_H_
#define PARTNERSKAP_TESTS_SIMULATOR_CLIENTS_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/rpc/peer.h"
#include "common/testing/sim.h"
#include "tests/simulator/asked.h"
#include "tests/simulator/catalog.h"
#include "tests/simulator/known.h"
#include "tests/simulator/maker.h"
#include "tests/simulator/mirror.h"

namespace partnerskap::simulator {

// What the clients need of the world.
struct ClientsWorld {
  SimLoop* loop;
  const Catalog* catalog;
  std::map<std::string, Mirror*> mirrors;
  // A way from the machine of this number to the service.
  std::function<std::unique_ptr<Peer>(int machine, const std::string& service, const std::string& principal)> connect;
  // Told of everything that is sent or heard, in order.
  std::function<void(absl::string_view event)> note;
};

struct ClientCounts {
  uint64_t requests = 0;  // sent, repeats included
  uint64_t repeats = 0, altered = 0, walks = 0;
  std::map<std::string, uint64_t> ok;        // by method
  std::map<std::string, uint64_t> refusals;  // by reason, or by code where there is none
};

struct Walk;

class Clients {
 public:
  Clients(ClientsWorld world, uint64_t seed, int count, int machines);
  ~Clients();

  void Start();
  // Nobody begins anything new.
  void Rest() { resting_ = true; }
  bool busy() const { return busy_ > 0; }
  const ClientCounts& counts() const { return counts_; }
  Known& known() { return known_; }
  // What a client saw that must not be, or empty.
  const std::string& broken() const { return broken_; }
  Moment now() const { return moment_; }

 private:
  struct Client;
  using Request = std::unique_ptr<google::protobuf::Message>;
  void Begin(Client& client);
  // The next request of a client that has none in mind.
  std::shared_ptr<Asked> Invent(Client& client);
  std::shared_ptr<Asked> InventWrite();
  std::shared_ptr<Asked> InventRead(Client& client);
  void StartWalk(Client& client, const Asked& first);
  std::shared_ptr<Asked> NewAsked(const MethodEntry& method, std::string principal, Request request);
  std::string PrincipalFor(const MethodEntry& method, const google::protobuf::Message& request);
  std::string OwnerOf(const std::string& object);
  std::string AnyPrincipal();
  void Send(Client& client, const std::shared_ptr<Asked>& asked, bool altered);
  void Answered(Client& client, const std::shared_ptr<Asked>& asked, bool altered, PeerResult result);
  void TakeOk(const std::shared_ptr<Asked>& asked, bool altered, const PeerResult& result);
  void TakeRefusal(const std::shared_ptr<Asked>& asked, bool altered, const absl::Status& status);
  void TakeRead(Client& client, const Asked& asked, const PeerResult& result);
  void See(const Asked& asked, const google::protobuf::Message& answer);
  static void AddToWalk(Walk& walk, SeenState& page);
  void GoOnWalking(Client& client, const Asked& asked, const google::protobuf::Message& answer);
  void Next(Client& client, const std::shared_ptr<Asked>& asked, bool ok, bool unknown);
  Peer& PeerOf(int machine, const std::string& service, const std::string& principal);
  void Break(std::string what);

  const ClientsWorld world_;
  Known known_;
  Maker make_;
  const int machines_;
  std::map<std::string, std::vector<Generator>> generators_;
  std::map<std::string, int> weights_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::map<std::string, std::unique_ptr<Peer>> peers_;
  std::map<std::string, int64_t> floors_;         // newest position told, by service
  std::map<std::string, std::string> positions_;  // the same as text
  ClientCounts counts_;
  Moment moment_ = 0;
  int busy_ = 0;
  bool resting_ = false;
  std::string broken_;
};

}  // namespace partnerskap::simulator

#endif  // PARTNERSKAP_TESTS_SIMULATOR_CLIENTS_H_
