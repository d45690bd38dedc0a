// What a fuzz target does when a promise is broken.
#ifndef PARTNERSKAP_TESTS_FUZZ_FINDING_H_
#define PARTNERSKAP_TESTS_FUZZ_FINDING_H_

#include "absl/strings/string_view.h"

namespace partnerskap::fuzz {

// Ends the process with `what`, which begins with the promise (`P27: …`). The input is then a finding: libFuzzer keeps
// it as a file, and the replay names the one that it read.
[[noreturn]] void Found(absl::string_view what);

}  // namespace partnerskap::fuzz

#endif  // PARTNERSKAP_TESTS_FUZZ_FINDING_H_
