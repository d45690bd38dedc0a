#include "tests/disk/prepared.h"

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace partnerskap::disk {
namespace {

// So few that what is prepared holds both a file and a WAL.
constexpr int kCheckpointPages = 40;

}  // namespace

absl::StatusOr<Prepared> Prepare(uint64_t seed, size_t calls, size_t next, SeededRandom& draw) {
  DiskWorld world(seed, kCheckpointPages);
  const std::vector<ServiceDefinition> services = AllServices();
  Prepared prepared;
  prepared.definition = services[draw.Below(services.size())];
  const std::vector<ExampleCall>& all = ExampleCalls();
  if (calls > 0) RETURN_IF_ERROR(world.StartAll());
  for (size_t i = 0; i < calls; ++i) world.Mutate(all[i]).IgnoreError();
  for (size_t i = calls; i < all.size() && prepared.next.size() < next; ++i) {
    if (all[i].service == prepared.definition.name) prepared.next.push_back(all[i]);
  }
  if (calls == 0) return prepared;
  world.loop().RunFor(absl::Seconds(1));
  DiskNode& node = world.node(prepared.definition.name);
  prepared.acknowledged = node.acknowledged();
  for (const std::string& file : node.disk().Files()) prepared.files[file] = node.disk().Contents(file);
  return prepared;
}

std::unique_ptr<DiskNode> NodeOf(const Prepared& prepared, SimLoop& loop, int checkpoint_pages) {
  auto node = std::make_unique<DiskNode>(loop, prepared.definition, checkpoint_pages);
  for (const auto& [file, bytes] : prepared.files) node->disk().SetContents(file, bytes);
  node->set_acknowledged(prepared.acknowledged);
  return node;
}

absl::Status CheckNode(DiskNode& node, SimLoop& loop) {
  absl::Status fatal;
  auto database = Database::Open(
      OptionsOf(node.definition(), node.disk(), loop, [&fatal](const absl::Status& status) { fatal = status; }));
  if (!database.ok()) return absl::InternalError(absl::StrCat("does not open: ", database.status().ToString()));
  RETURN_IF_ERROR(CheckWhole(**database, node.definition()).status());
  ASSIGN_OR_RETURN(const size_t held, CountHeld(**database, node.acknowledged()));
  if (held != node.acknowledged().size()) {
    return absl::InternalError(absl::StrCat("of ", node.acknowledged().size(), " acknowledged mutations only ", held,
                                            " are there; the first lost is ", node.acknowledged()[held].path));
  }
  return fatal;
}

}  // namespace partnerskap::disk
