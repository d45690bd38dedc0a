#include "tests/fuzz/finding.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace partnerskap::fuzz {

void Found(absl::string_view what) {
  std::fprintf(stderr, "found: %s\n", std::string(what).c_str());
  std::abort();
}

}  // namespace partnerskap::fuzz
