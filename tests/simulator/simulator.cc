// The suite under everything that can go wrong, on one thread, from one seed.
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/stubs/logging.h"
#include "tests/proofs/proof.h"
#include "tests/simulator/oracle.h"
#include "tests/simulator/world.h"

namespace partnerskap::simulator {
namespace {

// Enough that states deep in the domain are reached, few enough that a failing round is read in a sitting.
constexpr uint64_t kRequests = 4'000;
// Of the short form.
constexpr uint64_t kRounds = 5;

absl::Status Round(uint64_t seed, Tally& tally) {
  const RoundPlan plan = RoundPlan::Of(seed, kRequests);
  World world(seed, plan);
  const std::string broken = world.Run();
  const OracleCounts judged = broken.empty() ? JudgeByModel(world, !plan.clock_jumps) : OracleCounts();
  const ClientCounts& counts = world.counts();
  tally.Add(counts.requests);
  tally.Count("repeats", counts.repeats);
  tally.Count("altered repeats", counts.altered);
  tally.Count("walks", counts.walks);
  tally.Count("judged by the model", judged.judged);
  tally.Count("answered otherwise than by the model", judged.disagreements);
  tally.Count("refused for another reason than the model's", judged.other_reason);
  tally.Count("not judged by the model", judged.unjudged);
  tally.Count("revisions", world.revisions());
  tally.Count("effects", world.edges().effects());
  tally.Count("watched changes", world.changes_watched());
  for (const auto& [fault, times] : world.faults()) tally.Count(absl::StrCat("fault: ", fault), times);
  for (const auto& [reason, times] : counts.refusals) tally.Count(absl::StrCat("refused: ", reason), times);
  for (const auto& [method, times] : counts.ok) tally.Count(absl::StrCat("done: ", method), times);
  // So that two runs of a seed can be compared: 32 bits of the event log's digest.
  constexpr uint64_t kLow = 0xffff'ffffU;
  tally.Count("digests", world.digest() & kLow);
  return broken.empty() ? absl::OkStatus() : absl::InternalError(broken);
}

}  // namespace
}  // namespace partnerskap::simulator

int main(int argc, char** argv) {
  using partnerskap::simulator::kRounds;
  // Of requests that are no UTF-8 there are thousands.
  google::protobuf::SetLogHandler(nullptr);
  return partnerskap::RunProof(
      argc, argv,
      {.name = "simulator",
       .promises = "P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11 P13 P14 P15 P16 P20 P37",
       .unit = "requests",
       .about = "Runs all four services, their clients, links, clocks and disks on one thread, and breaks them.",
       .rounds = kRounds,
       .round = partnerskap::simulator::Round});
}
