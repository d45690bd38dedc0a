#include "services/peer_review/domain/plan_words.h"

#include <gtest/gtest.h>

#include "services/peer_review/domain/plan_testing.h"

namespace partnerskap::peer_review {
namespace {

std::string Capital(absl::string_view seat) {
  std::string name(seat);
  name[0] = 'S';
  return name;
}

Words Explain(const PlanInput& input) {
  const absl::StatusOr<PlanOutcome> outcome = PlanReviews(input);
  EXPECT_TRUE(outcome.ok());
  return ExplainNoPlan(input, std::get<NoPlan>(*outcome), Capital);
}

TEST(PlanWords, TooFewPairs) {
  const Words words = Explain(Ring(8, 3));
  EXPECT_EQ(
      words.sv,
      "Paren räcker inte: 20 finns där 24 behövs för 8 platser. Reglerna bakom: varje plats granskas av 3 och "
      "granskar 3; ingen granskar den som granskar den; ingen granskar sin granne i värdordningen. Med 2 granskare "
      "per plats finns en plan.");
  EXPECT_EQ(
      words.en,
      "There are too few pairs: 20 are available where 24 are needed for 8 seats. The rules behind it: every seat "
      "is reviewed by 3 and reviews 3; none reviews its own reviewer; none reviews its neighbour in the host order. "
      "With 2 reviewers per seat there is a plan.");
}

TEST(PlanWords, TooFewPartnersNameTheSeat) {
  PlanInput input = Ring(10, 3);
  input.conflicts = {{"s00", "s02"}, {"s03", "s00"}};
  const Words words = Explain(input);
  EXPECT_EQ(words.sv.find("S00 har för få att granska och granskas av: 5 finns där 6 behövs."), 0u) << words.sv;
  EXPECT_NE(words.sv.find("anmälda konflikter hålls isär (S00–S02, S00–S03)"), std::string::npos) << words.sv;
  EXPECT_EQ(words.en.find("S00 has too few to review and be reviewed by: 5 are available where 6 are needed."), 0u);
  EXPECT_NE(words.en.find("declared conflicts are kept apart (S00–S02, S00–S03)"), std::string::npos) << words.en;
}

TEST(PlanWords, TooFewReviewsNameTheCapacities) {
  PlanInput input = Ring(10, 3);
  for (int i = 0; i < kMaxNamed + 2; ++i) input.capacities.push_back({input.seats[i], 0});
  const Words words = Explain(input);
  EXPECT_NE(words.sv.find("Platserna tar tillsammans på sig högst"), std::string::npos) << words.sv;
  EXPECT_NE(words.en.find("The seats together take on at most"), std::string::npos) << words.en;
  EXPECT_NE(words.sv.find("Färre granskare per plats hjälper inte."), std::string::npos) << words.sv;
}

TEST(PlanWords, LongListsEndInACount) {
  PlanInput input = Ring(11, 2);
  input.allow_host_neighbours = true;
  for (int a = 0; a < 7; ++a) {
    for (int b = a + 1; b < 7; ++b) input.conflicts.emplace_back(input.seats[a], input.seats[b]);
  }
  const Words words = Explain(input);
  EXPECT_EQ(words.sv.find("Reglerna går inte att förena: "), 0u) << words.sv;
  EXPECT_NE(words.sv.find(" till)"), std::string::npos) << words.sv;
  EXPECT_NE(words.en.find(" more)"), std::string::npos) << words.en;
  EXPECT_LT(words.sv.size() + words.en.size(), 1500u);
}

TEST(PlanWords, ALimitIsNotAProof) {
  const PlanInput input = Ring(8, 3);
  NoPlan none = std::get<NoPlan>(*PlanReviews(input));
  none.smallest = false;
  none.possible_reviewers.reset();
  const Words words = ExplainNoPlan(input, none, Capital);
  EXPECT_NE(words.sv.find("Sökningen nådde sin gräns"), std::string::npos);
  EXPECT_NE(words.en.find("The search ran into its limit"), std::string::npos);
  EXPECT_EQ(words.sv.find("finns en plan"), std::string::npos);
  EXPECT_NE(ExplainNotFoundInTime().sv.find("inte visat"), std::string::npos);
  EXPECT_NE(ExplainNotFoundInTime().en.find("not shown"), std::string::npos);
}

}  // namespace
}  // namespace partnerskap::peer_review
