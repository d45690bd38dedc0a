// Lets the n-th operation of the disk fail, once and from then on, for every n, and looks at what the service tells its
// callers, and at what is there after a restart and a later power cut. See docs/proofs/disk-errors.md.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/sql/statement.h"
#include "common/status/macros.h"
#include "tests/disk/prepared.h"
#include "tests/proofs/proof.h"

namespace partnerskap::disk {
namespace {

// Mutations while the disk fails, and after it was repaired: the later ones are those that a hole in the WAL swallows.
constexpr size_t kCalls = 6;
constexpr size_t kCallsAfter = 3;
// More operations than a scenario has: a sweep that gets here does not end.
constexpr uint64_t kMostOperations = 2'000;
// Checkpoints between the requests; or none, so that what a failed sync lost stays lost.
constexpr int kCheckpointPages = 12;
constexpr int kNoCheckpointPages = 10'000;

struct Scenario {
  Prepared prepared;
  std::vector<DiskOperation> operations;
  uint64_t seed;
  bool fails_while_starting;  // or only later
};

// What a caller knows of a call that was not acknowledged.
struct Unknown {
  ExampleCall call;
  absl::Status status;
};

bool MayHaveHappened(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
      return true;
    default:
      return false;
  }
}

class Sweep {
 public:
  Sweep(const Scenario& scenario, uint64_t nth, bool sticky)
      : scenario_(scenario), loop_(scenario.seed), draw_(scenario.seed + nth), nth_(nth), sticky_(sticky) {
    SeedSqlite(scenario.seed);
    node_ = NodeOf(scenario.prepared, loop_, draw_.Below(2) == 0 ? kCheckpointPages : kNoCheckpointPages);
  }

  // False when the scenario ended before the n-th operation.
  absl::StatusOr<bool> Run(Tally& tally) {
    WorkOnTheBadDisk();
    const bool struck = node_->disk().fault_struck();
    if (!node_->fatal().ok()) tally.Count("processes ended", 1);
    if (!node_->running()) tally.Count("starts refused", 1);
    // The process has ended or is ended now; what it wrote and never synced is still in the page cache.
    node_->Kill();
    if (struck && draw_.Below(2) == 0) {
      tally.Count("errors while starting again", 1);
      RETURN_IF_ERROR(StartOnABadDisk());
    }
    node_->disk().set_fault({});
    RETURN_IF_ERROR(WorkOnTheGoodDisk());
    node_->CutPower(draw_, draw_.Below(2) == 0 ? Unsynced::kLost : Unsynced::kDrawn);
    RETURN_IF_ERROR(CheckNode(*node_, loop_));
    return struck;
  }

  std::string Where() const {
    return absl::StrCat(scenario_.prepared.definition.name, ", operation ", nth_, sticky_ ? " and all after it" : "",
                        " of kinds ", scenario_.operations.empty() ? "that write" : "chosen",
                        "\nThe disk afterwards: ", Keep(node_->disk()));
  }

 private:
  void WorkOnTheBadDisk() {
    const DiskFault fault = {scenario_.operations, nth_, sticky_};
    if (scenario_.fails_while_starting) node_->disk().set_fault(fault);
    if (!node_->Start().ok()) return;
    if (!scenario_.fails_while_starting) node_->disk().set_fault(fault);
    for (size_t i = 0; i < kCalls && i < scenario_.prepared.next.size() && node_->fatal().ok(); ++i) {
      const ExampleCall& call = scenario_.prepared.next[i];
      if (absl::Status status = node_->Mutate(call, positions_); !status.ok()) unknown_.push_back({call, status});
    }
    loop_.RunFor(absl::Seconds(2));
  }

  // Compound: the restart meets an error, too. It refuses to start, or starts; both are right.
  absl::Status StartOnABadDisk() {
    node_->disk().set_fault({scenario_.operations, 1 + draw_.Below(20), draw_.Below(2) == 0});
    node_->Start().IgnoreError();
    node_->Kill();
    return absl::OkStatus();
  }

  absl::Status WorkOnTheGoodDisk() {
    RETURN_IF_ERROR(node_->Start());
    RETURN_IF_ERROR(CheckUnknown());
    for (size_t i = 0; i < kCallsAfter; ++i) {
      const size_t at = kCalls + i;
      if (at < scenario_.prepared.next.size()) node_->Mutate(scenario_.prepared.next[at], positions_).IgnoreError();
    }
    // A repeat tells the truth, and what it tells is kept from now on.
    for (const Unknown& each : unknown_) node_->Mutate(each.call, positions_).IgnoreError();
    return node_->fatal();
  }

  // What was refused for a reason of its own has not happened (P6).
  absl::Status CheckUnknown() {
    for (const Unknown& each : unknown_) {
      if (MayHaveHappened(each.status)) continue;
      const std::string request_id = each.call.request_id;
      RETURN_IF_ERROR(node_->service().database().Read([&](ReadTx& tx) -> absl::Status {
        Rows rows = tx.Query("SELECT sequence\n  FROM audit\n WHERE request_id = ?\n   AND code = 0", request_id);
        if (!rows.Next()) return rows.status();
        return absl::InternalError(
            absl::StrCat(each.call.path, " was answered ", each.status.ToString(), ", and was applied (P6)"));
      }));
    }
    return absl::OkStatus();
  }

  const Scenario& scenario_;
  SimLoop loop_;
  SeededRandom draw_;
  const uint64_t nth_;
  const bool sticky_;
  std::unique_ptr<DiskNode> node_;
  std::map<std::string, std::string> positions_;
  std::vector<Unknown> unknown_;
};

absl::Status SweepAll(const Scenario& scenario, bool sticky, Tally& tally) {
  for (uint64_t nth = 1; nth < kMostOperations; ++nth) {
    Sweep sweep(scenario, nth, sticky);
    tally.Add(1);
    const absl::StatusOr<bool> struck = sweep.Run(tally);
    if (!struck.ok()) return absl::InternalError(absl::StrCat(struck.status().message(), "\n", sweep.Where()));
    if (!*struck) return absl::OkStatus();
  }
  return absl::InternalError("the scenario does not end");
}

absl::Status FailEverywhere(uint64_t seed, Tally& tally) {
  SeededRandom draw(seed);
  // Every third round begins with the making of the store.
  const size_t calls = seed % 3 == 0 ? 0 : 1 + draw.Below(ExampleCalls().size() - 1);
  Scenario scenario{{}, {}, seed, seed % 2 == 0};
  ASSIGN_OR_RETURN(scenario.prepared, Prepare(seed, calls, kCalls + kCallsAfter, draw));
  using Kind = DiskOperation;
  const std::vector<std::vector<DiskOperation>> kinds = {{}, {Kind::kSync}, {Kind::kRead, Kind::kOpen}};
  scenario.operations = kinds[seed % kinds.size()];
  RETURN_IF_ERROR(SweepAll(scenario, false, tally));
  return SweepAll(scenario, true, tally);
}

}  // namespace
}  // namespace partnerskap::disk

int main(int argc, char** argv) {
  return partnerskap::RunProof(argc, argv,
                               {.name = "disk-errors",
                                .promises = "P3 P6",
                                .unit = "failures of the disk",
                                .about = "Fails the n-th I/O, once and for good, for every n; then restarts and cuts.",
                                .rounds = 4,
                                .round = partnerskap::disk::FailEverywhere});
}
