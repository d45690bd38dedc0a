// Gives the disk room for so many bytes and no more, for one amount after the other, and looks that the service reads,
// refuses and recovers as it promises. See docs/proofs/full-disk.md.
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/sql/disk_space.h"
#include "common/sql/resource_table.h"
#include "common/status/macros.h"
#include "tests/disk/prepared.h"
#include "tests/proofs/proof.h"

namespace partnerskap::disk {
namespace {

constexpr size_t kCalls = 8;
constexpr int kCheckpointPages = 12;
// Between two amounts of room: an odd number, so that all places of a page have their turn.
constexpr int64_t kStepBytes = 1'733;
// From no room at all to enough for all calls and their checkpoints.
constexpr int64_t kMostRoomBytes = 220'000;
// Within this time after there is room again, requests are taken (P16).
constexpr absl::Duration kBackWithin = absl::Seconds(5);

class Round {
 public:
  // With `sees_room` the service can ask how much room there is; otherwise it learns of the end when it hits it, as
  // when another process fills the disk between two looks.
  Round(const Prepared& prepared, uint64_t seed, bool sees_room)
      : prepared_(prepared), loop_(seed), draw_(seed), sees_room_(sees_room) {
    SeedSqlite(seed);
    node_ = NodeOf(prepared, loop_, kCheckpointPages);
    if (sees_room) return;
    node_->set_adjust([](DatabaseOptions& options) {
      options.free_bytes = [](const std::string&) { return std::numeric_limits<int64_t>::max(); };
    });
  }

  absl::Status Run(int64_t room, Tally& tally) {
    const bool full_at_start = draw_.Below(4) == 0;
    if (full_at_start) SetRoom(room);
    if (absl::Status started = node_->Start(); !started.ok()) {
      tally.Count("starts refused", 1);
      if (!full_at_start || !absl::IsResourceExhausted(started)) return started;
      node_->disk().set_quota(-1);
      RETURN_IF_ERROR(node_->Start());
    }
    SetRoom(room);
    RETURN_IF_ERROR(FillUp(tally));
    if (full_) RETURN_IF_ERROR(draw_.Below(2) == 0 ? RoomComesBack() : BallastIsRemoved());
    if (node_->running() && draw_.Below(2) == 0) node_->Stop();
    node_->CutPower(draw_, Unsynced::kLost);
    node_->disk().set_quota(-1);
    return CheckNode(*node_, loop_);
  }

 private:
  // Besides what the service leaves alone when it sees it.
  void SetRoom(int64_t bytes) {
    node_->disk().set_quota(node_->disk().used() + bytes + (sees_room_ ? kWriteFloorBytes : 0));
  }

  absl::Status FillUp(Tally& tally) {
    for (size_t i = 0; i < kCalls && i < prepared_.next.size(); ++i) {
      const absl::Status status = node_->Mutate(prepared_.next[i], positions_);
      RETURN_IF_ERROR(node_->fatal());
      RETURN_IF_ERROR(Read());
      if (absl::IsResourceExhausted(status)) {
        tally.Count("requests refused for want of room", 1);
        full_ = true;
      } else if (absl::IsInternal(status) || absl::IsUnavailable(status) || absl::IsDataLoss(status)) {
        return absl::InternalError(absl::StrCat("a full disk was answered with ", status.ToString()));
      }
      loop_.RunFor(absl::Milliseconds(300));
    }
    return absl::OkStatus();
  }

  // As handlers do.
  absl::Status Read() {
    for (const ResourceTableBase* table : prepared_.definition.tables) {
      auto page = node_->service().database().Read([table](ReadTx& tx) { return table->List(tx, {}); });
      if (!page.ok()) return absl::InternalError(absl::StrCat("a read failed: ", page.status().ToString()));
    }
    return absl::OkStatus();
  }

  absl::Status RoomComesBack() {
    node_->disk().set_quota(-1);
    loop_.RunFor(kBackWithin);
    for (size_t i = 0; i < kCalls && i < prepared_.next.size(); ++i) {
      const absl::Status status = node_->Mutate(prepared_.next[i], positions_);
      if (absl::IsResourceExhausted(status) || absl::IsInternal(status) || absl::IsUnavailable(status)) {
        return absl::InternalError(absl::StrCat("there is room again, and the answer is ", status.ToString()));
      }
    }
    return node_->fatal();
  }

  // The operator deletes the ballast: writing stays refused where the service sees the floor, and the WAL can be
  // emptied.
  absl::Status BallastIsRemoved() {
    node_->disk().set_quota(node_->disk().used() + kBallastBytes);
    node_->Stop();
    if (const size_t left = node_->disk().Contents("store.db-wal").size(); left != 0) {
      return absl::InternalError(absl::StrCat("with the ballast gone, ", left, " bytes of the WAL stay"));
    }
    return absl::OkStatus();
  }

  const Prepared& prepared_;
  SimLoop loop_;
  SeededRandom draw_;
  const bool sees_room_;
  bool full_ = false;
  std::unique_ptr<DiskNode> node_;
  std::map<std::string, std::string> positions_;
};

absl::Status FillEverywhere(uint64_t seed, Tally& tally) {
  SeededRandom draw(seed);
  ASSIGN_OR_RETURN(const Prepared prepared, Prepare(seed, draw.Below(ExampleCalls().size()), kCalls, draw));
  for (int64_t room = static_cast<int64_t>(draw.Below(kStepBytes)); room < kMostRoomBytes; room += kStepBytes) {
    for (bool sees_room : {false, true}) {
      tally.Add(1);
      const absl::Status status = Round(prepared, seed + static_cast<uint64_t>(room), sees_room).Run(room, tally);
      if (status.ok()) continue;
      return absl::InternalError(absl::StrCat(prepared.definition.name, " with room for ", room, " bytes",
                                              sees_room ? ", which it sees: " : ": ", status.ToString()));
    }
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace partnerskap::disk

int main(int argc, char** argv) {
  return partnerskap::RunProof(argc, argv,
                               {.name = "full-disk",
                                .promises = "P16",
                                .unit = "full disks",
                                .about = "Ends the room on the disk at one byte count after the other.",
                                .rounds = 3,
                                .round = partnerskap::disk::FillEverywhere});
}
