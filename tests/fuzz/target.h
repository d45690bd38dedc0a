// The list of fuzz targets. One program holds them all: built by clang as a libFuzzer (`fuzz --target=NAME`), and by
// any compiler as the proof that replays the corpus.
#ifndef PARTNERSKAP_TESTS_FUZZ_TARGET_H_
#define PARTNERSKAP_TESTS_FUZZ_TARGET_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/fuzz/mutator.h"

namespace partnerskap::fuzz {

struct Target {
  std::string name;  // and that of its folder in tests/fuzz/corpus
  // Runs one input: any bytes. Ends the process when a promise is broken (finding.h). The same input does the same in
  // every process and at every place of a run.
  std::function<void(absl::string_view input)> run;
  // Another input, made from this one. Bytes that are no input of this target are turned into one.
  std::function<std::string(absl::string_view input, Mutator& mutator)> mutate;
  // One that has something of both. Null: there is nothing to combine.
  std::function<std::string(absl::string_view one, absl::string_view other, Mutator& mutator)> cross;
};

const std::vector<Target>& Targets();
// Null if there is none of that name.
const Target* FindTarget(absl::string_view name);

// What the files of this folder add to the list.
std::vector<Target> RequestTargets();
std::vector<Target> GateTargets();
std::vector<Target> TokenTargets();
std::vector<Target> FeedTargets();
std::vector<Target> StoreTargets();
std::vector<Target> CallerTargets();

}  // namespace partnerskap::fuzz

#endif  // PARTNERSKAP_TESTS_FUZZ_TARGET_H_
