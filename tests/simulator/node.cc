#include "tests/simulator/node.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "common/testing/test_caller.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap::simulator {

Node::Node(SimLoop& loop, const ServiceDefinition& definition)
    : loop_(loop),
      definition_(definition),
      clock_(loop.clock()),
      disk_(std::make_unique<PowerDisk>(NextDirectory(), loop.seed())),
      host_(loop, &clock_) {}

Node::~Node() {
  if (running()) Stop();
}

std::string Node::NextDirectory() { return absl::StrCat(files_.path(), "/", definition_.name, "_", ++directories_); }

void Node::Connect(Node& other, const LinkFaults* faults) {
  peers_[other.name()] = NewLocalPeer(loop_, other.host_, TestServiceUri(name()), faults);
}

absl::Status Node::Start() {
  Env base;
  base.clock = &clock_;
  base.random = &loop_.random();
  base.executor = &loop_;
  for (const auto& [name, peer] : peers_) base.peers[name] = peer.get();
  failure_ = absl::OkStatus();
  ASSIGN_OR_RETURN(service_, TestService::Open(definition_, base, disk_->directory(), [this](DatabaseOptions& options) {
                     disk_->Hold(options);
                     options.fatal = [this](const absl::Status& status) { failure_ = status; };
                   }));
  ++lives_;
  host_.Up(service_->gate());
  return absl::OkStatus();
}

void Node::Stop() {
  service_->gate().Drain();
  host_.Down(Refuse(common::v1::SHUTTING_DOWN));
  service_.reset();
  Inherit();
}

void Node::Die(Death death, SeededRandom& draw) {
  host_.Down(absl::UnavailableError("the process is gone"));
  // What the life that ends here still does happens to a disk that nobody looks at again.
  if (heir_ == nullptr) Bequeath(death, draw);
  service_.reset();
  Inherit();
}

void Node::Inherit() {
  if (heir_ != nullptr) {
    // Locks and keys lie on a real disk.
    CopyStateDirectory(disk_->directory(), heir_->directory());
    disk_ = std::move(heir_);
  }
  disk_->set_after_io(nullptr);
  disk_->set_before_sync(nullptr);
  disk_->set_fault({});
  failure_ = absl::OkStatus();
}

void Node::ChooseDeath(Death death, uint64_t nth, SeededRandom& draw) {
  disk_->set_after_io([this, death, left = nth, &draw](const DiskIo&) mutable {
    if (left == 0 || --left > 0) return;
    Bequeath(death, draw);
  });
}

void Node::Bequeath(Death death, SeededRandom& draw) {
  const std::string directory = NextDirectory();
  heir_ = death == Death::kKill ? disk_->AfterKill(directory) : disk_->AfterCut(directory, draw, Unsynced::kDrawn);
}

void Node::SlowDown(absl::Duration by) {
  if (by == absl::ZeroDuration()) return disk_->set_before_sync(nullptr);
  disk_->set_before_sync([this, by] { loop_.clock().Advance(by); });
}

}  // namespace partnerskap::simulator
