// The main job's report, word by word. The golden files hold the checks and counts of a review plan, not its pairs:
// which of several equally good plans the solver finds is its own affair.
//
// To write them anew after a change that is meant: PARTNERSKAP_WRITE_GOLDEN=1 build/tests/stories/tests_stories_test
//     --gtest_filter='*Golden*Simulated*', then read the difference.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "cli/output.h"
#include "cli/report.h"
#include "tests/stories/world.h"
#include "tests/stories/world_client.h"

namespace partnerskap::stories {
namespace {

constexpr char kGolden[] = PARTNERSKAP_SOURCE_DIR "/tests/stories/golden/";

void ExpectGolden(const std::string& name, const std::string& text) {
  const std::string path = kGolden + name;
  if (std::getenv("PARTNERSKAP_WRITE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << path;
  const std::string golden((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_EQ(text, golden) << name;
}

class GoldenReport : public Story {};

TEST_P(GoldenReport, SaysWhatTheSourcesSay) {
  world().SetToday(2026, 3, 2);
  Apply(world(), Register());
  Apply(world(), Example("01-partnerskapet.textproto"));
  Apply(world(), Example("02-regionala-natverket.textproto"));
  ASSERT_TRUE(world().Settle()) << world().Edges();
  const auto questions = cli::ReadQuestions(PARTNERSKAP_SOURCE_DIR "/examples/questions/report.textproto");
  ASSERT_TRUE(questions.ok()) << questions.status();
  const std::unique_ptr<cli::Client> client = NewWorldClient(world());
  auto report = cli::BuildReport(*client, *questions);
  ASSERT_TRUE(report.ok()) << report.status();
  for (cli::v1::PlanLine& plan : *report->mutable_plans()->mutable_plans()) plan.clear_reviews();
  ExpectGolden("report.sv.txt", cli::ReportText(cli::Language::kSwedish, *report));
  ExpectGolden("report.en.txt", cli::ReportText(cli::Language::kEnglish, *report));
  ExpectGolden("report.json", cli::Json(*report));
}

IN_BOTH_WORLDS(GoldenReport);

}  // namespace
}  // namespace partnerskap::stories
