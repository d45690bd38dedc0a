// Entry points for libFuzzer: `fuzz --target=NAME [-libfuzzer=flags] FOLDER...`.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "google/protobuf/stubs/logging.h"
#include "tests/fuzz/target.h"

// libFuzzer's own, and the four functions that it calls.
extern "C" {
size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);
int LLVMFuzzerInitialize(int* argc, char*** argv);
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t* one, size_t one_size, const uint8_t* other, size_t other_size,
                                 uint8_t* out, size_t max_size, unsigned seed);
}

namespace {

using partnerskap::fuzz::Mutator;
using partnerskap::fuzz::Target;

const Target* chosen = nullptr;

absl::string_view View(const uint8_t* data, size_t size) {
  return absl::string_view(reinterpret_cast<const char*>(data), size);
}

// 0 where it does not fit: libFuzzer then tries again.
size_t CopyOut(const std::string& made, uint8_t* out, size_t max_size) {
  if (made.size() > max_size) return 0;
  std::memcpy(out, made.data(), made.size());
  return made.size();
}

}  // namespace

int LLVMFuzzerInitialize(int* argc, char*** argv) {
  for (int i = 1; i < *argc; ++i) {
    absl::string_view argument = (*argv)[i];
    if (absl::ConsumePrefix(&argument, "--target=")) chosen = partnerskap::fuzz::FindTarget(argument);
  }
  if (chosen == nullptr) {
    std::fprintf(stderr, "say --target=NAME, one of:\n");
    for (const Target& target : partnerskap::fuzz::Targets()) std::fprintf(stderr, "  %s\n", target.name.c_str());
    std::exit(2);
  }
  // A service counts these complaints and writes one line a second (common/log); here they would be all there is.
  google::protobuf::SetLogHandler(nullptr);
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  chosen->run(View(data, size));
  return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed) {
  Mutator mutator(seed, &LLVMFuzzerMutate);
  return CopyOut(chosen->mutate(View(data, size), mutator), data, max_size);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t* one, size_t one_size, const uint8_t* other, size_t other_size,
                                 uint8_t* out, size_t max_size, unsigned seed) {
  if (chosen->cross == nullptr) return 0;
  Mutator mutator(seed, &LLVMFuzzerMutate);
  return CopyOut(chosen->cross(View(one, one_size), View(other, other_size), mutator), out, max_size);
}
