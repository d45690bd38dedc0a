#include "services/peer_review/domain/states.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "common/status/refusal.h"

namespace partnerskap::peer_review {
namespace {

std::string Readme() {
  std::ifstream file(PARTNERSKAP_SOURCE_DIR "/services/peer_review/README.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(States, ReadmeShowsTheTables) {
  EXPECT_EQ(MatrixIn(Readme(), "challenge"), Matrix(kChallengeTransitions));
  EXPECT_EQ(MatrixIn(Readme(), "round"), Matrix(kRoundTransitions));
  EXPECT_EQ(MatrixIn(Readme(), "review"), Matrix(kReviewTransitions));
}

// Every state and action of a table: the one that is listed goes on, every other is refused with the reason.
template <typename Resource, typename State, size_t N>
void ExpectOnlyListed(const Transition<State> (&table)[N], const std::string& reason) {
  const google::protobuf::EnumDescriptor& states = *google::protobuf::GetEnumDescriptor<State>();
  for (int i = 0; i < states.value_count(); ++i) {
    const auto from = static_cast<State>(states.value(i)->number());
    Resource resource;
    resource.set_name("networks/n/things/t");
    resource.set_state(from);
    for (const Transition<State>& transition : table) {
      const auto after = After(resource, transition.action);
      if (from == transition.from) {
        ASSERT_TRUE(after.ok()) << after.status();
        EXPECT_EQ(*after, transition.to);
        continue;
      }
      EXPECT_EQ(ReasonOf(after.status()), reason);
      EXPECT_EQ(ReasonMetadataOf(after.status(), "state"), states.value(i)->name());
      EXPECT_EQ(ReasonMetadataOf(after.status(), "method"), transition.action);
    }
  }
}

TEST(States, OnlyListedTransitionsGoOn) {
  ExpectOnlyListed<v1::Challenge>(kChallengeTransitions, "CHALLENGE_STATE");
  ExpectOnlyListed<v1::ReviewRound>(kRoundTransitions, "ROUND_STATE");
  ExpectOnlyListed<v1::Review>(kReviewTransitions, "REVIEW_STATE");
}

TEST(States, ThereIsNoWayRoundTheTable) {
  EXPECT_FALSE(Next(kChallengeTransitions, v1::Challenge::DECLINED, "close").has_value());
  EXPECT_FALSE(Next(kRoundTransitions, v1::ReviewRound::CLOSED, "release").has_value());
  EXPECT_FALSE(Next(kReviewTransitions, v1::Review::PLANNED, "staff").has_value());
}

}  // namespace
}  // namespace partnerskap::peer_review
