// Cuts the power after every write, sync and change of a directory while the four services work, and starts each on
// what is left. See docs/proofs/power-cuts.md.
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "tests/disk/disk_world.h"
#include "tests/disk/image_checker.h"
#include "tests/proofs/proof.h"

namespace partnerskap::disk {
namespace {

// What each moment can look like: everything unsynced lost, and so many other outcomes.
constexpr int kDraws = 3;
// Calls of a round during which power is cut. Those before them only fill the stores; every second round begins with
// the first start of all four services.
constexpr size_t kCallsUnderCuts = 16;
// A checkpoint every few requests, and one that readers hold up now and then.
constexpr int kLeastCheckpointPages = 6;
constexpr uint64_t kCheckpointSpread = 60;
// One call in so many is a repeat, or is followed by the death of a service or of its machine.
constexpr uint64_t kRepeatEvery = 6;
constexpr uint64_t kDeathEvery = 9;

// One death in so many is followed by a newer program.
constexpr uint64_t kUpgradeEvery = 2;
// What its migration does: it reads and writes rows, and makes a table and an index.
constexpr char kUpgrade[] = R"sql(
CREATE TABLE upgrade (seq INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
INSERT INTO upgrade SELECT seq, name FROM revisions;
UPDATE revisions SET trace_parent = 'upgraded' WHERE trace_parent = '';
CREATE INDEX upgrade_by_name ON upgrade (name);
)sql";

class Cutter {
 public:
  Cutter(uint64_t seed, Tally& tally)
      : draw_(seed),
        tally_(tally),
        world_(seed, kLeastCheckpointPages + static_cast<int>(draw_.Below(kCheckpointSpread))) {
    const bool strict = draw_.Below(2) == 0;
    first_ = draw_.Below(2) == 0 ? 0 : draw_.Below(ExampleCalls().size() - kCallsUnderCuts);
    armed_ = first_ == 0;
    for (auto& [name, node] : world_.nodes()) {
      checkers_.emplace(name, std::make_unique<ImageChecker>(node->definition(), seed));
      node->disk().set_strict_directory(strict);
      Watch(*node);
    }
  }

  absl::Status Run() {
    RETURN_IF_ERROR(StartAll());
    const std::vector<ExampleCall>& calls = ExampleCalls();
    for (const ExampleCall& call : calls) {
      armed_ = calls_ >= first_;
      if (calls_++ == first_ + kCallsUnderCuts) break;
      RETURN_IF_ERROR(Work(call));
      if (armed_ && draw_.Below(kDeathEvery) == 0) RETURN_IF_ERROR(Die());
    }
    world_.loop().RunFor(absl::Seconds(1));
    for (auto& [name, node] : world_.nodes()) node->Stop();
    return broken_;
  }

  void Count() {
    for (const auto& [name, checker] : checkers_) {
      tally_.Count("starts", checker->opened());
      tally_.Count("different contents", checker->checked());
      tally_.Count("stores asked again for everything", checker->repeated());
      tally_.Count("cuts while starting", checker->cut_while_starting());
      tally_.Add(checker->cut_while_starting());
    }
    for (const auto& [name, node] : world_.nodes()) tally_.Count("acknowledged mutations", node->acknowledged().size());
  }

 private:
  void Watch(DiskNode& node) {
    node.disk().set_after_io([this, &node](const DiskIo& io) {
      if (!armed_ || !broken_.ok() || cutting_) return;
      cutting_ = true;
      for (int i = 0; i <= kDraws && broken_.ok(); ++i) Cut(node, i == 0 ? Unsynced::kLost : Unsynced::kDrawn, io);
      cutting_ = false;
    });
  }

  void Cut(DiskNode& node, Unsynced unsynced, const DiskIo& io) {
    ImageChecker& checker = *checkers_.at(node.definition().name);
    tally_.Add(1);
    const auto image = node.disk().AfterCut(checker.directory(), draw_, unsynced);
    broken_ = checker.Check(*image, node.acknowledged());
    if (broken_.ok()) return;
    broken_ = absl::InternalError(absl::StrCat(broken_.message(), "\nThe power was cut after operation ",
                                               static_cast<int>(io.operation), " on '", io.file, "', call ", calls_));
  }

  absl::Status StartAll() {
    for (auto& [name, node] : world_.nodes()) {
      RETURN_IF_ERROR(node->Start());
      RETURN_IF_ERROR(broken_);
    }
    return absl::OkStatus();
  }

  absl::Status Work(const ExampleCall& call) {
    const absl::Status status = world_.Mutate(call);
    RETURN_IF_ERROR(broken_);
    if (!status.ok()) tally_.Count("refused calls", 1);
    DiskNode& node = world_.node(call.service);
    RETURN_IF_ERROR(node.fatal());
    if (draw_.Below(kRepeatEvery) != 0 || node.acknowledged().empty()) return absl::OkStatus();
    const Acknowledged again = node.acknowledged()[draw_.Below(node.acknowledged().size())];
    ASSIGN_OR_RETURN(const std::string answer, node.Call(again.path, again.request));
    if (answer != again.answer) return absl::InternalError("a repeat was answered otherwise (P5)");
    return broken_;
  }

  // The service starts anew on what its disk kept, and the power may fail at every moment of that start, too.
  absl::Status Die() {
    auto node =
        std::next(world_.nodes().begin(), static_cast<int64_t>(draw_.Below(world_.nodes().size())))->second.get();
    tally_.Count("deaths", 1);
    if (draw_.Below(2) == 0) {
      node->Kill();
    } else {
      node->CutPower(draw_, Unsynced::kDrawn);
    }
    const ServiceDefinition old = node->definition();
    const bool upgrade = old.migrations.back().sql != kUpgrade && draw_.Below(kUpgradeEvery) == 0;
    if (upgrade) {
      tally_.Count("upgrades", 1);
      ServiceDefinition newer = old;
      newer.migrations.push_back({old.migrations.back().version + 1, "upgrade", kUpgrade});
      node->set_definition(newer);
      checkers_.at(old.name)->set_definition(newer);
    }
    RETURN_IF_ERROR(node->Start());
    RETURN_IF_ERROR(broken_);
    return upgrade ? CheckRefused(old, *node) : absl::OkStatus();
  }

  // The program of before refuses the newer store and leaves it as it is (P23).
  absl::Status CheckRefused(const ServiceDefinition& old, DiskNode& node) {
    const auto image = node.disk().AfterKill(checkers_.at(old.name)->directory());
    const uint64_t before = image->Digest();
    const auto opened = Database::Open(OptionsOf(old, *image, world_.loop(), [](const absl::Status&) {}));
    if (absl::IsFailedPrecondition(opened.status()) && image->Digest() == before) return absl::OkStatus();
    return absl::InternalError(absl::StrCat("an older program on a newer store: ", opened.status().ToString()));
  }

  SeededRandom draw_;
  Tally& tally_;
  DiskWorld world_;
  std::map<std::string, std::unique_ptr<ImageChecker>> checkers_;
  absl::Status broken_;
  bool armed_ = false, cutting_ = false;
  size_t first_ = 0;
  size_t calls_ = 0;
};

absl::Status CutEverywhere(uint64_t seed, Tally& tally) {
  Cutter cutter(seed, tally);
  absl::Status status = cutter.Run();
  cutter.Count();
  return status;
}

}  // namespace
}  // namespace partnerskap::disk

int main(int argc, char** argv) {
  return partnerskap::RunProof(argc, argv,
                               {.name = "power-cuts",
                                .promises = "P2 P4 P5 P22 P23",
                                .unit = "power cuts",
                                .about = "Cuts the power after every I/O of real requests, and starts on what is left.",
                                .rounds = 2,
                                .round = partnerskap::disk::CutEverywhere});
}
