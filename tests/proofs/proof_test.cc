#include "tests/proofs/proof.h"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace partnerskap {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ProofTest : public ::testing::Test {
 protected:
  Proof CountingProof() {
    return {.name = "counting",
            .promises = "P1",
            .unit = "numbers",
            .about = "Counts.",
            .rounds = 3,
            .round = [this](uint64_t seed, Tally& tally) {
              seeds_.push_back(seed);
              tally.Add(10);
              tally.Count("odd numbers", 5);
              return seed == broken_ ? absl::InternalError("a number was lost") : absl::OkStatus();
            }};
  }
  // The exit code; what was printed is in `out_`.
  int Run(const Proof& proof, std::vector<std::string> arguments) {
    std::string name = "counting";
    std::vector<char*> argv = {name.data()};
    for (std::string& argument : arguments) argv.push_back(argument.data());
    ::testing::internal::CaptureStdout();
    const int code = RunProof(static_cast<int>(argv.size()), argv.data(), proof);
    out_ = ::testing::internal::GetCapturedStdout();
    return code;
  }

  uint64_t broken_ = 0;
  std::vector<uint64_t> seeds_;
  std::string out_;
};

TEST_F(ProofTest, IsShortUnlessTold) {
  EXPECT_EQ(Run(CountingProof(), {}), 0);
  EXPECT_THAT(seeds_, ElementsAre(1, 2, 3));
  const auto summary = nlohmann::json::parse(out_);
  EXPECT_EQ(summary["count"], 30);
  EXPECT_EQ(summary["counts"]["odd numbers"], 15);
  EXPECT_EQ(summary["failures"], 0);
}

TEST_F(ProofTest, OneSeedIsOneRound) {
  EXPECT_EQ(Run(CountingProof(), {"--seed", "17"}), 0);
  EXPECT_THAT(seeds_, ElementsAre(17));
}

TEST_F(ProofTest, RoundsFollowTheSeed) {
  EXPECT_EQ(Run(CountingProof(), {"--seed", "17", "--rounds", "2"}), 0);
  EXPECT_THAT(seeds_, ElementsAre(17, 18));
}

TEST_F(ProofTest, TimeEndsTheRounds) {
  EXPECT_EQ(Run(CountingProof(), {"--minutes", "0.0001"}), 0);
  EXPECT_FALSE(seeds_.empty());
}

TEST_F(ProofTest, StopsAtABrokenPromiseAndSaysHowToRepeatIt) {
  broken_ = 2;
  EXPECT_EQ(Run(CountingProof(), {}), 1);
  EXPECT_THAT(seeds_, ElementsAre(1, 2));
  EXPECT_THAT(out_, HasSubstr("a number was lost"));
  EXPECT_THAT(out_, HasSubstr("counting --seed 2"));
  EXPECT_THAT(out_, HasSubstr(R"("failures":1)"));
}

TEST_F(ProofTest, ThatTestsNothingFails) {
  Proof idle = CountingProof();
  idle.round = [](uint64_t, Tally&) { return absl::OkStatus(); };
  EXPECT_EQ(Run(idle, {}), 1);
  EXPECT_THAT(out_, HasSubstr("nothing was tested"));
}

TEST_F(ProofTest, AddsToARecord) {
  const TempDir files;
  const std::string record = files / "record";
  EXPECT_EQ(Run(CountingProof(), {"--record", record}), 0);
  EXPECT_EQ(Run(CountingProof(), {"--record", record}), 0);
  std::ifstream file(record);
  std::string line;
  int lines = 0;
  while (std::getline(file, line)) {
    ++lines;
    EXPECT_EQ(nlohmann::json::parse(line)["proof"], "counting");
  }
  EXPECT_EQ(lines, 2);
}

TEST_F(ProofTest, MisuseIsToldApart) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"--seed", "x"}, {"--seed", "-1"}, {"--minutes", "0"}, {"--rounds"}, {"--no-such-flag"}, {"stray"}}) {
    EXPECT_EQ(Run(CountingProof(), arguments), 2) << arguments.front();
  }
  EXPECT_THAT(seeds_, IsEmpty());
  EXPECT_EQ(Run(CountingProof(), {"--help"}), 0);
  EXPECT_THAT(seeds_, IsEmpty());
}

}  // namespace
}  // namespace partnerskap
