#include "tests/disk/disk_world.h"

#include <optional>
#include <utility>

#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "common/testing/test_caller.h"
#include "partnerskap/common/v1/reasons.pb.h"
#include "services/agreements/service.h"
#include "services/membership/service.h"
#include "services/peer_review/service.h"
#include "services/scheduling/service.h"

namespace partnerskap::disk {
namespace {

constexpr absl::Duration kDeadline = absl::Seconds(10);

class PromptLane final : public Lane {
 public:
  void Post(Task task) override { std::move(task)(); }
};

}  // namespace

std::unique_ptr<Lane> PromptExecutor::NewLane(absl::string_view name) {
  if (name == "store-answers") return std::make_unique<PromptLane>();
  return loop_.NewLane(name);
}

std::vector<ServiceDefinition> AllServices() {
  return {membership::Definition(), agreements::Definition(), scheduling::Definition(), peer_review::Definition()};
}

DiskNode::DiskNode(SimLoop& loop, const ServiceDefinition& definition, int checkpoint_pages)
    : loop_(loop),
      executor_(loop),
      definition_(definition),
      checkpoint_pages_(checkpoint_pages),
      directory_(files_ / "store"),
      disk_(directory_, loop.seed()),
      host_(loop) {}

DiskNode::~DiskNode() {
  if (running()) Kill();
}

void DiskNode::Connect(DiskNode& other) {
  peers_[other.definition_.name] = NewLocalPeer(loop_, other.host_, TestServiceUri(definition_.name));
}

absl::Status DiskNode::Start() {
  fatal_ = absl::OkStatus();
  Env base;
  base.clock = &loop_.clock();
  base.random = &loop_.random();
  base.executor = &executor_;
  for (const auto& [name, peer] : peers_) base.peers[name] = peer.get();
  ASSIGN_OR_RETURN(service_, TestService::Open(definition_, base, directory_, [this](DatabaseOptions& options) {
                     disk_.Hold(options);
                     options.writer.checkpoint_pages = checkpoint_pages_;
                     options.fatal = [this](const absl::Status& status) { fatal_ = status; };
                     if (adjust_) adjust_(options);
                   }));
  host_.Up(service_->gate());
  return absl::OkStatus();
}

void DiskNode::Stop() {
  service_->gate().Drain();
  host_.Down(Refuse(common::v1::SHUTTING_DOWN));
  service_.reset();
}

void DiskNode::Kill() {
  host_.Down(absl::UnavailableError("the process is gone"));
  disk_.Kill();
  service_.reset();
}

void DiskNode::CutPower(SeededRandom& draw, Unsynced unsynced) {
  host_.Down(absl::UnavailableError("the machine is gone"));
  disk_.CutPower(draw, unsynced);
  service_.reset();
}

absl::StatusOr<std::string> DiskNode::Call(const std::string& path, const std::string& request, CallMetadata metadata) {
  auto admitted =
      service_->gate().Admit({path, {TestAdminUri()}, std::move(metadata), loop_.clock().Now() + kDeadline});
  if (!admitted.ok()) return admitted.status();
  auto result = std::make_shared<std::optional<CallResult>>();
  service_->gate().Handle(*std::move(admitted), request, [result](CallResult answer) { *result = std::move(answer); });
  if (!loop_.RunUntil([&result] { return result->has_value(); })) return absl::InternalError("no answer came");
  if (!(*result)->status.ok()) return (*result)->status;
  return std::move((*result)->bytes);
}

absl::Status DiskNode::Mutate(const ExampleCall& call, std::map<std::string, std::string>& positions) {
  CallMetadata metadata;
  for (const auto& [service, position] : positions) metadata.emplace_back(kPositionKey, position);
  auto admitted = service_->gate().Admit({call.path, {TestAdminUri()}, metadata, loop_.clock().Now() + kDeadline});
  if (!admitted.ok()) return admitted.status();
  auto answered = std::make_shared<std::optional<absl::Status>>();
  service_->gate().Handle(*std::move(admitted), call.request, [this, answered, call, &positions](CallResult answer) {
    *answered = answer.status;
    if (!answer.status.ok()) return;
    positions[call.service] = std::string(Find(answer.trailers, kPositionKey));
    acknowledged_.push_back({call.path, call.request, call.request_id, std::move(answer.bytes)});
  });
  if (!loop_.RunUntil([&answered] { return answered->has_value(); })) return absl::InternalError("no answer came");
  return **answered;
}

DiskWorld::DiskWorld(uint64_t seed, int checkpoint_pages) : loop_(seed) {
  SeedSqlite(seed);
  for (const ServiceDefinition& definition : AllServices()) {
    nodes_.emplace(definition.name, std::make_unique<DiskNode>(loop_, definition, checkpoint_pages));
  }
  for (const ServiceDefinition& definition : AllServices()) {
    for (const Subscription& subscription : definition.subscriptions) {
      node(definition.name).Connect(node(subscription.producer));
    }
  }
}

DiskWorld::~DiskWorld() {
  // Nothing of one may wait in the gate of another that is gone.
  for (auto& [name, node] : nodes_) {
    if (node->running()) node->Kill();
  }
}

absl::Status DiskWorld::StartAll() {
  for (auto& [name, node] : nodes_) RETURN_IF_ERROR(node->Start());
  return absl::OkStatus();
}

}  // namespace partnerskap::disk
