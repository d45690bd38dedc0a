// What befalls the simulated world.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/simulator/world.h"

namespace partnerskap::simulator {
namespace {

// A link that is broken heals by itself after at most so long; other disturbances last as long.
constexpr int kLastsMilliseconds = 4'000;
// I/Os until a chosen death or failure: within the next few transactions.
constexpr uint64_t kWithinIos = 60;
constexpr uint64_t kStandstillSeconds = 150;
constexpr int64_t kLittleRoom = 200'000;

}  // namespace

void World::Disturb() {
  Node& node = *order_[draw_.Below(order_.size())];
  switch (draw_.Below(12)) {
    case 0:
    case 1:
    case 2:
      if (plan_.network_faults) DisturbLink();
      break;
    case 3:
      if (plan_.network_faults && draw_.Chance(0.3)) Swizzle();
      break;
    case 4:
      if (plan_.crashes) DisturbProcess(node);
      break;
    case 5:
      if (plan_.disk_faults) DisturbDisk(node);
      break;
    case 6:
      if (plan_.clock_jumps && draw_.Chance(0.5)) JumpClock(node);
      break;
    case 7:
      DisturbWatcher();
      break;
    case 8:
      if (!draw_.Chance(0.05)) break;
      // The machine stands still, as a virtual one that is moved: all timers are late.
      ++faults_["standstills"];
      loop_.clock().Advance(absl::Seconds(1 + draw_.Below(kStandstillSeconds)));
      break;
    default:
      break;
  }
}

void World::DisturbLink() {
  auto link = links_.begin();
  std::advance(link, static_cast<std::ptrdiff_t>(draw_.Below(links_.size())));
  LinkFaults& faults = *link->second;
  switch (draw_.Below(8)) {
    case 0:
      faults.cut = true;
      ++faults_["links cut"];
      break;
    case 1:
      faults.hold_requests = true;
      ++faults_["one way cut"];
      break;
    case 2:
      faults.hold_answers = true;
      ++faults_["one way cut"];
      break;
    case 3:
      faults.lose_request = 0.3;
      ++faults_["links that lose requests"];
      break;
    case 4:
      faults.lose_answer = 0.3;
      ++faults_["links that lose answers"];
      break;
    case 5:
      faults.duplicate = 0.3;
      ++faults_["links that double requests"];
      break;
    case 6:
      faults.break_stream = 0.1;
      ++faults_["links that break streams"];
      break;
    default:
      faults.max_delay = absl::Milliseconds(1 + draw_.Below(400));
      ++faults_["slow links"];
  }
  loop_.PostAfter(absl::Milliseconds(draw_.Below(kLastsMilliseconds)), [&faults, alive = alive_] {
    if (*alive) faults = LinkFaults();
  });
}

// Links clog one after another and come back in another order.
void World::Swizzle() {
  std::vector<LinkFaults*> some;
  for (const auto& [name, faults] : links_) {
    if (draw_.Chance(0.4)) some.push_back(faults.get());
  }
  ++faults_["swizzles"];
  for (LinkFaults* faults : some) {
    const auto from = absl::Milliseconds(draw_.Below(1'500));
    const auto to = absl::Milliseconds(1'500 + draw_.Below(1'500));
    const bool held = draw_.Chance(0.5);
    loop_.PostAfter(from, [this, alive = alive_, faults, held] {
      if (*alive && !healed_) (held ? faults->hold_answers : faults->cut) = true;
    });
    loop_.PostAfter(to, [alive = alive_, faults] {
      if (*alive) *faults = LinkFaults();
    });
  }
}

void World::DisturbProcess(Node& node) {
  if (!node.running()) return;
  const bool power = plan_.power_cuts && draw_.Chance(0.5);
  const Death death = power ? Death::kPowerCut : Death::kKill;
  switch (draw_.Below(5)) {
    case 0:
      ++faults_["stops"];
      Note(absl::StrCat(steps_, " ", node.name(), " stops"));
      node.Stop();
      return StartLater(node);
    case 1:
    case 2:
      ++faults_[power ? "power cuts" : "kills"];
      Bury(node, death);
      return StartLater(node);
    default:
      ++faults_[power ? "power cuts inside a step" : "kills inside a step"];
      node.ChooseDeath(death, 1 + draw_.Below(kWithinIos), draw_);
  }
}

void World::DisturbDisk(Node& node) {
  const auto lasts = absl::Milliseconds(draw_.Below(kLastsMilliseconds));
  switch (draw_.Below(4)) {
    case 0:
      ++faults_["failed syncs"];
      node.disk().set_fault({{DiskOperation::kSync}, 1 + draw_.Below(4), false});
      break;
    case 1:
      ++faults_["failed writes"];
      node.disk().set_fault(
          {{DiskOperation::kWrite, DiskOperation::kTruncate}, 1 + draw_.Below(30), draw_.Chance(0.5)});
      break;
    case 2: {
      ++faults_["full disks"];
      node.disk().set_quota(node.disk().used() + static_cast<int64_t>(draw_.Below(kLittleRoom)));
      loop_.PostAfter(lasts, [alive = alive_, &node] {
        if (*alive) node.disk().set_quota(-1);
      });
      break;
    }
    default:
      ++faults_["slow disks"];
      node.SlowDown(absl::Milliseconds(1 + draw_.Below(100)));
      loop_.PostAfter(lasts, [alive = alive_, &node] {
        if (*alive) node.SlowDown(absl::ZeroDuration());
      });
  }
}

void World::JumpClock(Node& node) {
  static constexpr absl::Duration kJumps[] = {absl::Seconds(1), absl::Minutes(1),     absl::Hours(1),
                                              absl::Hours(24),  absl::Hours(24 * 40), absl::Hours(24 * 365)};
  const absl::Duration jump = kJumps[draw_.Below(std::size(kJumps))];
  ++faults_["clock jumps"];
  node.clock().set_skew(draw_.Chance(0.5) ? jump : -jump);
  if (draw_.Chance(0.3)) node.clock().set_skew(absl::ZeroDuration());
}

void World::DisturbWatcher() {
  FeedWatcher& watcher = *watchers_[draw_.Below(watchers_.size())];
  ++faults_["slow watchers"];
  if (draw_.Chance(0.5)) return watcher.Pause(absl::Seconds(1 + draw_.Below(60)));
  watcher.Break();
}

}  // namespace partnerskap::simulator
