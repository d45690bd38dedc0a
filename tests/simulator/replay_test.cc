// A failing seed is worth nothing if it does not fail again: two processes, with their own addresses and hash seeds,
// must do the same, byte for byte.
#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace partnerskap::simulator {
namespace {

nlohmann::json CountsOf(const std::string& arguments) {
  const std::string command = std::string(PARTNERSKAP_BINARY_DIR "/bin/proofs/simulator ") + arguments;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), &pclose);
  std::string out;
  std::array<char, 4096> part{};
  while (fgets(part.data(), part.size(), pipe.get()) != nullptr) out += part.data();
  const size_t summary = out.rfind("{\"proof\"");
  return summary == std::string::npos ? nlohmann::json() : nlohmann::json::parse(out.substr(summary))["counts"];
}

TEST(ReplayTest, ASeedGivesOneRun) {
  const nlohmann::json first = CountsOf("--seed 5");
  ASSERT_TRUE(first.contains("digests"));
  EXPECT_EQ(first, CountsOf("--seed 5"));
  EXPECT_NE(first["digests"], CountsOf("--seed 6")["digests"]);
}

}  // namespace
}  // namespace partnerskap::simulator
