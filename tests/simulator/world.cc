#include "tests/simulator/world.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/feed/projections.h"
#include "common/testing/sim_service.h"
#include "common/testing/test_caller.h"
#include "services/agreements/service.h"
#include "services/membership/service.h"
#include "services/peer_review/service.h"
#include "services/scheduling/service.h"
#include "tests/simulator/invariants.h"

namespace partnerskap::simulator {
namespace {

// Steps of the loop between two looks at the stores, and between two disturbances.
constexpr uint64_t kLookEvery = 1'500;
constexpr uint64_t kDisturbEvery = 200;
// What the world may take to come to rest after all faults have ended: virtual time, and steps.
constexpr absl::Duration kRest = absl::Minutes(5);
constexpr uint64_t kRestSteps = 3'000'000;
// A round that hangs.
constexpr uint64_t kMaxSteps = 20'000'000;

}  // namespace

std::vector<ServiceDefinition> TheServices() {
  return {membership::Definition(), agreements::Definition(), scheduling::Definition(), peer_review::Definition()};
}

const Catalog& TheCatalog() {
  static const auto& catalog = *new Catalog(TheServices());
  return catalog;
}

void Trace(absl::string_view line) {
  static const bool on = std::getenv("PARTNERSKAP_TRACE") != nullptr;
  constexpr size_t kLongest = 300;
  if (on) std::fprintf(stderr, "%s\n", absl::CHexEscape(line.substr(0, kLongest)).c_str());
}

RoundPlan RoundPlan::Of(uint64_t seed, uint64_t requests) {
  SeededRandom draw(seed ^ 0x706c616eU);
  RoundPlan plan;
  plan.requests = requests;
  plan.clients = 8 + static_cast<int>(draw.Below(40));
  // Some rounds leave something out: what is rare when all is broken shows itself there.
  plan.crashes = draw.Chance(0.8);
  plan.power_cuts = plan.crashes && draw.Chance(0.8);
  plan.disk_faults = plan.crashes && draw.Chance(0.7);
  plan.network_faults = draw.Chance(0.8);
  plan.clock_jumps = draw.Chance(0.6);
  return plan;
}

World::World(uint64_t seed, const RoundPlan& plan) : loop_(seed), plan_(plan), draw_(seed ^ 0x6661756cU) {
  SeedSqlite(seed);
  loop_.set_pool_limit(10'000);
  for (const ServiceDefinition& definition : TheServices()) {
    nodes_[definition.name] = std::make_unique<Node>(loop_, EdgeLog::Watched(definition));
    order_.push_back(nodes_[definition.name].get());
    mirrors_[definition.name] = std::make_unique<Mirror>(definition.name);
  }
  Connect();
  ClientsWorld view;
  view.loop = &loop_;
  view.catalog = &TheCatalog();
  for (const auto& [name, mirror] : mirrors_) view.mirrors[name] = mirror.get();
  view.connect = [this](int machine, const std::string& service, const std::string& principal) {
    return ConnectClient(machine, service, principal);
  };
  view.note = [this](absl::string_view event) { Note(event); };
  clients_ = std::make_unique<Clients>(std::move(view), seed, plan.clients, plan.machines);
}

World::~World() {
  *alive_ = false;
  watchers_.clear();
  for (Node* node : order_) {
    if (node->running()) node->Stop();
  }
}

void World::Connect() {
  for (Node* node : order_) {
    for (const Subscription& edge : node->definition().subscriptions) {
      auto& faults = links_[absl::StrCat(node->name(), " ", edge.producer)];
      faults = std::make_unique<LinkFaults>();
      node->Connect(*nodes_.at(edge.producer), faults.get());
    }
    for (int machine = 0; machine < plan_.machines; ++machine) {
      links_[absl::StrCat("machine ", machine, " ", node->name())] = std::make_unique<LinkFaults>();
    }
  }
}

std::unique_ptr<Peer> World::ConnectClient(int machine, const std::string& service, const std::string& principal) {
  const LinkFaults* faults = links_.at(absl::StrCat("machine ", machine, " ", service)).get();
  return NewLocalPeer(loop_, nodes_.at(service)->host(), principal, faults);
}

void World::AddWatchers() {
  int machine = 0;
  for (Node* node : order_) {
    for (const auto& [principal, network] : std::vector<std::pair<std::string, std::string>>{
             {TestServiceUri("scheduling"), ""}, {TestAdminUri(), "networks/n0"}}) {
      watchers_.push_back(std::make_unique<FeedWatcher>(loop_, draw_, ConnectClient(machine, node->name(), principal),
                                                        TheCatalog().watch(node->name()), network,
                                                        *mirrors_.at(node->name())));
      machine = (machine + 1) % plan_.machines;
    }
  }
}

// FNV-1a: the standard hashes differ from process to process.
void World::Note(absl::string_view event) {
  Trace(event);
  for (const char c : event) digest_ = (digest_ ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
}

void World::StartAll() {
  for (Node* node : order_) {
    if (node->running()) continue;
    if (const absl::Status started = node->Start(); !started.ok()) {
      broken_ = absl::StrCat("P22: ", node->name(), " does not start on a whole disk: ", started.ToString());
      return;
    }
  }
}

std::string World::Run() {
  StartAll();
  AddWatchers();
  clients_->Start();
  while (broken_.empty() && clients_->counts().requests < plan_.requests) {
    broken_ = Step();
    if (broken_.empty() && steps_ > kMaxSteps) broken_ = "P13: the round hangs";
    if (broken_.empty() && steps_ % kDisturbEvery == 0) Disturb();
  }
  if (broken_.empty()) {
    Heal();
    clients_->Rest();
    if (broken_.empty()) broken_ = Converge();
  }
  return broken_;
}

std::string World::Step() {
  ++steps_;
  if (!loop_.Step()) return "P13: nothing is left to do, and not all is answered";
  for (Node* node : order_) {
    if (!node->running() || !node->dying()) continue;
    Bury(*node, Death::kKill);
    StartLater(*node);
  }
  if (!clients_->broken().empty()) return clients_->broken();
  if (!edges_.broken().empty()) return edges_.broken();
  return steps_ % kLookEvery == 0 ? Check() : "";
}

std::string World::Check() {
  if (std::string broken = PullAll(); !broken.empty()) return broken;
  for (const auto& watcher : watchers_) {
    if (!watcher->broken().empty()) return watcher->broken();
  }
  return "";
}

std::string World::PullAll() {
  for (Node* node : order_) {
    if (!node->running() || node->dying()) continue;
    std::string broken = mirrors_.at(node->name())->Pull(node->database(), clients_->now());
    if (!broken.empty()) return broken;
  }
  return "";
}

void World::Bury(Node& node, Death death) {
  Note(absl::StrCat(steps_, " ", node.name(), " dies"));
  node.Die(death, draw_);
}

void World::StartLater(Node& node) {
  const auto pause = absl::Milliseconds(draw_.Below(healed_ ? 10 : 3'000));
  loop_.PostAfter(pause, [this, alive = alive_, &node] {
    if (!*alive || node.running()) return;
    const absl::Status started = node.Start();
    if (started.ok()) return;
    // A full or failing disk: the supervisor tries again.
    ++faults_["failed starts"];
    if (healed_ && broken_.empty())
      broken_ = absl::StrCat("P22: ", node.name(), " does not start: ", started.ToString());
    Bury(node, Death::kKill);
    StartLater(node);
  });
}

void World::Heal() {
  healed_ = true;
  for (auto& [name, faults] : links_) *faults = LinkFaults();
  for (Node* node : order_) {
    node->disk().set_fault({});
    node->disk().set_quota(-1);
    node->disk().set_after_io(nullptr);
    node->SlowDown(absl::ZeroDuration());
    node->clock().set_skew(absl::ZeroDuration());
  }
  StartAll();
}

bool World::Settled() {
  if (clients_->busy()) return false;
  for (Node* node : order_) {
    if (!node->running()) return false;
    for (const ProjectionState& edge : node->service().projections().All()) {
      Database& producer = nodes_.at(edge.producer)->database();
      if (!edge.status.ok() || edge.epoch != producer.epoch() || edge.sequence < producer.committed_sequence()) {
        return false;
      }
    }
  }
  size_t place = 0;
  for (const auto& watcher : watchers_) {
    Database& producer = order_[place++ / 2]->database();
    if (!watcher->refused() && watcher->sequence() < producer.committed_sequence()) return false;
  }
  return true;
}

std::string World::Converge() {
  const absl::Duration end = loop_.clock().Steady() + kRest;
  for (uint64_t steps = 0; !Settled(); ++steps) {
    if (std::string broken = Step(); !broken.empty()) return broken;
    if (!broken_.empty()) return broken_;
    if (loop_.clock().Steady() < end && steps < kRestSteps) continue;
    std::string edges;
    for (Node* node : order_) {
      if (!node->running()) absl::StrAppend(&edges, " ", node->name(), " does not run;");
      if (!node->running()) continue;
      for (const ProjectionState& edge : node->service().projections().All()) {
        absl::StrAppend(&edges, " ", node->name(), " <- ", edge.producer, " at ", edge.sequence, " ",
                        edge.status.ToString(), ";");
      }
    }
    return absl::StrCat("P11: no rest after ", absl::FormatDuration(kRest), clients_->busy() ? ", clients wait;" : ";",
                        edges);
  }
  // Refusals wait up to a second for their audit rows.
  if (!loop_.RunFor(absl::Seconds(3))) return "P11: no rest";
  if (std::string broken = Check(); !broken.empty()) return broken;
  for (const auto& watcher : watchers_) {
    for (const auto& [name, mirror] : mirrors_) {
      if (TheCatalog().watch(name) != watcher->method()) continue;
      if (std::string broken = watcher->JudgeGaps(*mirror); !broken.empty()) return broken;
    }
  }
  for (Node* node : order_) {
    const Mirror& mirror = *mirrors_.at(node->name());
    if (std::string broken = mirror.Compare(node->database()); !broken.empty()) return broken;
    if (std::string broken = mirror.Finish(); !broken.empty()) return broken;
    if (node->disk().two_writers()) return absl::StrCat("P4: two connections wrote the store of ", node->name());
  }
  if (std::string broken = BrokenInvariants(mirrors_); !broken.empty()) return broken;
  return CompareProjections();
}

// A service that begins today and reads the same feeds must know the same.
std::string World::CompareProjections() {
  edges_.Rest();
  for (Node* node : order_) {
    if (node->definition().subscriptions.empty()) continue;
    Node twin(loop_, node->definition());
    for (const Subscription& edge : node->definition().subscriptions) {
      twin.Connect(*nodes_.at(edge.producer), nullptr);
    }
    if (const absl::Status started = twin.Start(); !started.ok()) return started.ToString();
    const bool settled = loop_.RunUntil([&] {
      for (const ProjectionState& edge : twin.service().projections().All()) {
        Database& producer = nodes_.at(edge.producer)->database();
        if (!edge.status.ok() || edge.sequence < producer.committed_sequence()) return false;
      }
      return true;
    });
    if (!settled) return absl::StrCat("P11: a new ", node->name(), " does not catch up");
    const auto ours = TableDigests(node->database()), fresh = TableDigests(twin.database());
    for (const auto& [table, digest] : fresh) {
      if (table.rfind("known_", 0) == 0 && ours.at(table) != digest) {
        return absl::StrCat("P11: ", node->name(), "'s ", table, " is not what its producers' logs come to");
      }
    }
  }
  return "";
}

uint64_t World::revisions() const {
  uint64_t sum = 0;
  for (const auto& [name, mirror] : mirrors_) sum += static_cast<uint64_t>(mirror->newest());
  return sum;
}

uint64_t World::changes_watched() const {
  uint64_t sum = 0;
  for (const auto& watcher : watchers_) sum += watcher->changes();
  return sum;
}

}  // namespace partnerskap::simulator
