#include "services/scheduling/store/facts.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "services/scheduling/domain/rotation.h"
#include "services/scheduling/handlers/national_fixture.h"
#include "services/scheduling/store/known.h"
#include "services/scheduling/store/tables.h"

namespace partnerskap::scheduling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FactsTest : public NationalTest {
 protected:
  // What a question answers in one snapshot.
  template <typename F>
  auto Ask(F&& question) {
    return database().Read(std::forward<F>(question));
  }
  // SQLite's plan, a line per step.
  std::vector<std::string> PlanOf(absl::string_view sql) {
    auto plan = Ask([sql](ReadTx& tx) -> absl::StatusOr<std::vector<std::string>> {
      const std::vector<SqlValue> nulls(static_cast<size_t>(std::count(sql.begin(), sql.end(), '?')), nullptr);
      const std::string explain = absl::StrCat("EXPLAIN QUERY PLAN ", sql);
      std::vector<std::string> steps;
      Rows rows = tx.QueryWith(explain, nulls);
      while (rows.Next()) steps.emplace_back(rows.Text(3));
      RETURN_IF_ERROR(rows.status());
      return steps;
    });
    EXPECT_TRUE(plan.ok()) << plan.status();
    return plan.ok() ? *plan : std::vector<std::string>();
  }
};

TEST_F(FactsTest, EveryStatementUsesAnIndexAndSortsNothing) {
  std::vector<absl::string_view> statements = FactStatements();
  const std::vector<absl::string_view> known = KnownStatements();
  statements.insert(statements.end(), known.begin(), known.end());
  for (const absl::string_view sql : statements) {
    const std::vector<std::string> plan = PlanOf(sql);
    EXPECT_FALSE(plan.empty()) << sql;
    for (const std::string& step : plan) {
      EXPECT_TRUE(absl::StartsWith(step, "SEARCH") && absl::StrContains(step, "USING")) << sql << "\n" << step;
    }
  }
}

TEST_F(FactsTest, TablesHaveTheColumnsOfTheirMessages) {
  CreateNationalMeetings();
  for (const ResourceTableBase* table : Tables()) {
    EXPECT_EQ(Ask([&](ReadTx& tx) { return table->CheckColumns(tx); }), absl::OkStatus()) << table->table();
    EXPECT_EQ(Ask([&](ReadTx& tx) { return table->VerifyDerivation(tx); }), absl::OkStatus()) << table->table();
  }
}

TEST_F(FactsTest, NetworkIsWhatTheFeedsAndTheMeetingsSay) {
  CreateNationalMeetings();
  const auto facts = Ask([](ReadTx& tx) { return FactsOf(tx, kNational); });
  ASSERT_TRUE(facts.ok()) << facts.status();
  EXPECT_EQ(facts->network, kNational);
  EXPECT_EQ(facts->meetings.size(), 17u);
  EXPECT_EQ(facts->seats.size(), 10u);
  const SeatFacts* uppsala = FindSeat(*facts, NationalSeat("uppsala"));
  ASSERT_NE(uppsala, nullptr);
  EXPECT_EQ(uppsala->display_name, "Uppsala");
  EXPECT_EQ(DateToText(uppsala->join_date), "2005");
  EXPECT_THAT(uppsala->organizations, ElementsAre("organizations/uppsala"));
  ASSERT_EQ(facts->agreements.size(), 1u);
  EXPECT_EQ(DateToText(facts->agreements[0].period.end), "2019-12-31");
  EXPECT_EQ(CadenceOf(facts->agreements[0]).days_per_meeting.number, 2);
  EXPECT_EQ(facts->rotation.name(), RotationName(kNational));
}

TEST_F(FactsTest, AnotherNetworkHasNothingOfIt) {
  CreateNationalMeetings();
  const auto facts = Ask([](ReadTx& tx) { return FactsOf(tx, "networks/natverket"); });
  ASSERT_TRUE(facts.ok()) << facts.status();
  EXPECT_THAT(facts->meetings, IsEmpty());
  EXPECT_THAT(facts->seats, IsEmpty());
  EXPECT_THAT(facts->agreements, IsEmpty());
}

TEST_F(FactsTest, KnownOrUnknown) {
  EXPECT_TRUE(Ask([](ReadTx& tx) { return NetworkMustBeKnown(tx, kNational); }).ok());
  EXPECT_TRUE(Ask([](ReadTx& tx) { return ParentNetworkMustBeKnown(tx, kNational); }).ok());
  EXPECT_TRUE(Ask([](ReadTx& tx) { return AgreementMustBeKnown(tx, kNational, kNationalAgreement); }).ok());
  const char other[] = "networks/natverket";
  EXPECT_EQ(ReasonOf(Ask([&](ReadTx& tx) { return NetworkMustBeKnown(tx, other); })), "REFERENCE_UNKNOWN");
  EXPECT_EQ(ReasonOf(Ask([&](ReadTx& tx) { return ParentNetworkMustBeKnown(tx, other); })), "PARENT_NOT_FOUND");
  // An agreement of one network is none of another.
  EXPECT_EQ(ReasonOf(Ask([&](ReadTx& tx) { return AgreementMustBeKnown(tx, other, kNationalAgreement); })),
            "REFERENCE_UNKNOWN");
  const auto seat = Ask([](ReadTx& tx) { return SeatNamed(tx, NationalSeat("okand")); });
  EXPECT_EQ(ReasonOf(seat.status()), "REFERENCE_UNKNOWN");
  EXPECT_EQ(ReasonMetadataOf(seat.status(), "name"), NationalSeat("okand"));
}

TEST_F(FactsTest, PreparationsNameTheirMeeting) {
  CreateNationalMeetings();
  const auto found = Ask([](ReadTx& tx) { return PreparationsOf(tx, NationalMeeting("2016-04")); });
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->at(0).name(), NationalMeeting("tjp-2016-02"));
}

TEST_F(FactsTest, OwnersAreOrganizationsOfSeatsThatTakePart) {
  membership::v1::Seat joint = SeatMessage("karlskoga-degerfors"), left = SeatMessage("gavle");
  joint.clear_parties();
  joint.add_parties()->set_organization("organizations/kommun-1883");
  joint.add_parties()->set_organization("organizations/kommun-1862");
  *left.mutable_exit()->mutable_exit_date() = DateIn("2018");
  ASSERT_TRUE(Learn("membership", joint).ok());
  ASSERT_TRUE(Learn("membership", left).ok());
  const auto owners = [&](absl::CivilDay day) {
    return *Ask([&](ReadTx& tx) { return OwnersOfNetwork(tx, kNational, day); });
  };
  EXPECT_EQ(owners(absl::CivilDay(2018, 12, 31)).size(), 11u);  // ten seats, eleven organizations
  EXPECT_EQ(owners(absl::CivilDay(2019, 1, 1)).size(), 10u);
  EXPECT_THAT(owners(absl::CivilDay(2019, 1, 1)), testing::Contains("organizations/kommun-1862"));
}

TEST_F(FactsTest, PositionOfAFeedThatWasNeverReadIsEmpty) {
  EXPECT_EQ(Ask([](ReadTx& tx) { return PositionOf(tx, "membership"); })->sequence(), 11);
  EXPECT_EQ(Ask([](ReadTx& tx) { return PositionOf(tx, "peer_review"); })->service(), "");
}

}  // namespace
}  // namespace partnerskap::scheduling
