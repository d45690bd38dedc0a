// Sequences of requests and feed changes against one service, judged step by step.
#ifndef PARTNERSKAP_TESTS_FUZZ_REQUESTS_H_
#define PARTNERSKAP_TESTS_FUZZ_REQUESTS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/testing/recording.pb.h"
#include "tests/fuzz/mutator.h"
#include "tests/fuzz/subject.h"

namespace partnerskap::fuzz {

// Longer inputs are cut: what breaks seldom needs more, and each step costs time. The longest handler test has half as
// many.
inline constexpr int kMaxSteps = 64;

// The input as a recording of `service`; an empty one if it is none.
record::Recording ReadRecording(absl::string_view input, absl::string_view service);

// Runs one step. A refusal, a read and a `validate_only` change no table; a mutation's answer is what a repeat answers,
// and what the store has; no other status than those of the contract.
void RunCall(Subject& subject, const record::RecordedCall& call, Digests& digests);
// A change that is not taken leaves the store alone.
void RunChange(Subject& subject, const record::RecordedChange& change, Digests& digests);

// The feed, folded, is the state; every row is its newest revision.
void CheckFold(Subject& subject);

// Changes a step, or adds, drops, doubles or moves one.
void ChangeRecording(record::Recording& recording, Subject& subject, Mutator& mutator);
// One step of them is changed in what it says.
void ChangeCall(record::RecordedCall& call, Subject& subject, Mutator& mutator);
void ChangeChange(record::RecordedChange& change, Mutator& mutator);
// A principal of some role.
std::string SomeUri(Mutator& mutator);

}  // namespace partnerskap::fuzz

#endif  // PARTNERSKAP_TESTS_FUZZ_REQUESTS_H_
