// feed-events: what a hostile producer says, into each service's reactions. After a few good changes come those of the
// input; what is taken twice has the effect of once.
#include "absl/strings/str_cat.h"
#include "tests/fuzz/finding.h"
#include "tests/fuzz/requests.h"
#include "tests/fuzz/target.h"

namespace partnerskap::fuzz {
namespace {

// The recording says whose reactions they are.
std::string ServiceOf(absl::string_view input) {
  record::Recording recording;
  if (!recording.ParseFromArray(input.data(), static_cast<int>(input.size()))) return "scheduling";
  for (const absl::string_view service : {"membership", "agreements", "peer_review"}) {
    if (recording.service() == service) return recording.service();
  }
  return "scheduling";
}

// Without where it has read to and what was written down about it: both grow with each change.
Digests EffectOf(Subject& subject) {
  Digests digests = subject.digests();
  digests.erase("feed_cursors");
  return digests;
}

void Run(absl::string_view input) {
  const std::string service = ServiceOf(input);
  const record::Recording recording = ReadRecording(input, service);
  Subject& subject = SubjectOf(service);
  subject.Reset();
  Digests digests = subject.digests();
  for (const record::RecordedStep& step : recording.steps()) {
    if (!step.has_change()) continue;
    subject.SetTime(step.unix_seconds());
    RunChange(subject, step.change(), digests);
    const Digests effect = EffectOf(subject);
    // A resynchronisation says current states again.
    if (!subject.Learn(step.change().producer(), step.change().change()).ok()) continue;
    if (EffectOf(subject) != effect) {
      Found(absl::StrCat("P10: ", step.change().change().name(), " has another effect when it is said again"));
    }
    digests = subject.digests();
  }
  CheckFold(subject);
}

std::string Mutate(absl::string_view input, Mutator& mutator) {
  const std::string service = ServiceOf(input);
  record::Recording recording = ReadRecording(input, service);
  if (recording.steps().empty()) recording.add_steps()->mutable_change()->set_producer("membership");
  auto& steps = *recording.mutable_steps();
  const int at = static_cast<int>(mutator.Below(static_cast<size_t>(steps.size())));
  if (mutator.Below(12) == 0) {
    steps.SwapElements(at, 0);
  } else if (mutator.Below(12) == 0 && steps.size() < kMaxSteps) {
    *steps.Add() = record::RecordedStep(steps[at]);
  } else {
    ChangeChange(*steps[at].mutable_change(), mutator);
  }
  return recording.SerializeAsString();
}

}  // namespace

std::vector<Target> FeedTargets() { return {{"feed-events", &Run, &Mutate, nullptr}}; }

}  // namespace partnerskap::fuzz
