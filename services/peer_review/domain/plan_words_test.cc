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
  const absl::StatusOr<PlanOutcome> outcome = SolvePlan(input);
  EXPECT_TRUE(outcome.ok());
  return ExplainNoPlan(input, std::get<NoPlan>(*outcome), Capital);
}

TEST(PlanWords, TooFewPairs) {
  const Words words = Explain(Ring(8, 3));
  EXPECT_EQ(
      words.sv,
      "För 8 platser räcker paren inte: 20 finns där 24 behövs. Reglerna bakom: varje plats granskar 3; varje plats "
      "granskas av 3; ingen granskar den som granskar den; ingen granskar sin granne i värdordningen. Med 2 "
      "granskare per plats finns en plan.");
  EXPECT_EQ(
      words.en,
      "For 8 seats there are too few pairs: 20 are available where 24 are needed. The rules behind it: every seat "
      "reviews 3; every seat is reviewed by 3; none reviews its own reviewer; none reviews its neighbour in the host "
      "order. With 2 reviewers per seat there is a plan.");
}

TEST(PlanWords, TooFewPartnersNameTheSeat) {
  PlanInput input = Ring(10, 3);
  Part(input, "s00", "s02");
  Part(input, "s03", "s00");
  const Words words = Explain(input);
  EXPECT_EQ(words.sv.find("S00 har för få att granska och granskas av: 5 finns där 6 behövs."), 0u) << words.sv;
  EXPECT_NE(words.sv.find("anmälda hinder mot att granska gäller (S00–S02, S00–S03)"), std::string::npos) << words.sv;
  EXPECT_EQ(words.en.find("S00 has too few to review and be reviewed by: 5 are available where 6 are needed."), 0u);
  EXPECT_NE(words.en.find("declared conflicts hold (S00–S02, S00–S03)"), std::string::npos) << words.en;
}

TEST(PlanWords, OneWayAndNoRepeat) {
  PlanInput input = Ring(10, 3);
  input.refuse_previous = true;
  for (const char* other : {"s02", "s03", "s04"}) input.conflicts.push_back({other, "s00"});
  for (const char* other : {"s05", "s06"}) input.previous.push_back({other, "s00"});
  const Words words = Explain(input);
  EXPECT_EQ(words.sv.find("För få kan granska S00: 2 finns där 3 behövs."), 0u) << words.sv;
  EXPECT_NE(words.sv.find("(S02→S00, S03→S00, S04→S00); ingen granskar samma som förra omgången"), std::string::npos)
      << words.sv;
  EXPECT_EQ(words.en.find("Too few may review S00: 2 are available where 3 are needed."), 0u) << words.en;
  for (Assignment& conflict : input.conflicts) std::swap(conflict.reviewer, conflict.reviewed);
  for (Assignment& former : input.previous) std::swap(former.reviewer, former.reviewed);
  EXPECT_EQ(Explain(input).sv.find("S00 har för få att granska: 2 finns där 3 behövs."), 0u);
}

TEST(PlanWords, TooFewReviewsNameTheCapacities) {
  PlanInput input = Ring(10, 3);
  for (int i = 0; i < kMaxNamed + 2; ++i) input.capacities.push_back({input.seats[i], 0});
  const Words words = Explain(input);
  EXPECT_NE(words.sv.find("Platserna tar tillsammans på sig för få granskningar: "), std::string::npos) << words.sv;
  EXPECT_NE(words.en.find("The seats together take on too few reviews: "), std::string::npos) << words.en;
  EXPECT_NE(words.sv.find("Färre granskare per plats hjälper inte."), std::string::npos) << words.sv;
}

TEST(PlanWords, LongListsEndInACount) {
  PlanInput input = Ring(11, 2);
  input.allow_host_neighbours = true;
  for (int a = 0; a < 7; ++a) {
    for (int b = a + 1; b < 7; ++b) Part(input, input.seats[a], input.seats[b]);
  }
  const Words words = Explain(input);
  EXPECT_EQ(words.sv.find("Reglerna går inte att förena: "), 0u) << words.sv;
  EXPECT_NE(words.sv.find(" till)"), std::string::npos) << words.sv;
  EXPECT_NE(words.en.find(" more)"), std::string::npos) << words.en;
  EXPECT_LT(words.sv.size() + words.en.size(), 1500u);
}

TEST(PlanWords, ALimitIsNotAProof) {
  const PlanInput input = Ring(8, 3);
  NoPlan none = std::get<NoPlan>(*SolvePlan(input));
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
