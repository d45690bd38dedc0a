// The national partnership, from its documents through four services to the answers that a coordinator asks for.
#include <memory>
#include <string>

#include "cli/report.h"
#include "common/testing/service_fixture.h"
#include "partnerskap/membership/v1/service.pb.h"
#include "tests/stories/world.h"
#include "tests/stories/world_client.h"

namespace partnerskap::stories {
namespace {

namespace mem = membership::v1;

constexpr char kFile[] = "01-partnerskapet.textproto";
constexpr char kRegionalFile[] = "02-regionala-natverket.textproto";
constexpr char kUppsala[] = "networks/partnerskapet/seats/uppsala";

class NationalNetwork : public Story {
 protected:
  NationalNetwork() { world().SetToday(2026, 3, 2); }
  void Load() {
    const Applied registered = Apply(world(), Register());
    EXPECT_EQ(registered.created, 290 + 21);
    const Applied applied = Apply(world(), Example(kFile));
    EXPECT_GT(applied.created, 50);
    EXPECT_TRUE(applied.differing.empty());
    ASSERT_TRUE(world().Settle()) << world().Edges();
  }
  mem::SeatStanding::State Standing(const std::string& seat, const std::string& day) {
    return Ok<mem::SeatStanding>(
               world().Reader("membership"), "ComputeSeatStanding",
               Request<mem::ComputeSeatStandingRequest>("seat: '" + seat + "' effective_date {" + day + "}"))
        .state();
  }
};

TEST_P(NationalNetwork, LoadsOnceAndIsThenUnchanged) {
  Load();
  const Applied again = Apply(world(), Example(kFile));
  EXPECT_EQ(again.created, 0);
  EXPECT_EQ(again.updated, 0);
  EXPECT_TRUE(again.differing.empty());
  EXPECT_GT(again.unchanged, 50);
}

TEST_P(NationalNetwork, UppsalaIsBoundFromItsBoardsDecisionOn) {
  Load();
  // The decision stands in agreements, the standing is membership's: the feed is between them.
  EXPECT_NE(Standing(kUppsala, "year: 2012 month: 1 day: 24"), mem::SeatStanding::BOUND);
  EXPECT_EQ(Standing(kUppsala, "year: 2012 month: 1 day: 25"), mem::SeatStanding::BOUND);
  // Of the others no source tells.
  EXPECT_EQ(Standing("networks/partnerskapet/seats/gavle", "year: 2012 month: 2 day: 1"), mem::SeatStanding::UNKNOWN);
}

TEST_P(NationalNetwork, TheReportIsTheSameAfterEveryServiceWasKilled) {
  Load();
  // One of its boards decided about both networks in one paragraph.
  Apply(world(), Example(kRegionalFile));
  ASSERT_TRUE(world().Settle()) << world().Edges();
  const auto questions = cli::ReadQuestions(PARTNERSKAP_SOURCE_DIR "/examples/questions/report.textproto");
  ASSERT_TRUE(questions.ok()) << questions.status();
  const std::unique_ptr<cli::Client> client = NewWorldClient(world());
  const auto report = cli::BuildReport(*client, *questions);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->seats().seat_count(), 10);
  EXPECT_EQ(report->seats().municipality_count(), 11);
  for (const char* service : {"membership", "agreements", "scheduling", "peer_review"}) {
    world().Kill(service);
    world().Start(service);
  }
  ASSERT_TRUE(world().Settle()) << world().Edges();
  const auto again = cli::BuildReport(*client, *questions);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(cli::ReportText(cli::Language::kEnglish, *again), cli::ReportText(cli::Language::kEnglish, *report));
}

IN_BOTH_WORLDS(NationalNetwork);

}  // namespace
}  // namespace partnerskap::stories
