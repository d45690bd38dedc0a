#include "services/scheduling/domain/network_facts.h"

#include "gtest/gtest.h"
#include "services/scheduling/domain/national_network.h"

namespace partnerskap::scheduling {
namespace {

TEST(Seat, TakesPartFromJoiningToExit) {
  SeatFacts seat;
  EXPECT_TRUE(TakesPart(seat, DateIn("2016-04-21")));  // no source says otherwise
  seat.join_date = DateIn("2005");
  seat.exit_date = DateIn("2017-06-30");
  EXPECT_FALSE(TakesPart(seat, DateIn("2004-12-31")));
  EXPECT_TRUE(TakesPart(seat, DateIn("2005-01-01")));
  EXPECT_TRUE(TakesPart(seat, DateIn("2017-06-30")));
  EXPECT_FALSE(TakesPart(seat, DateIn("2017-07-01")));
}

TEST(Seat, IsOnHoldBetweenBothDays) {
  SeatFacts seat;
  seat.holds = {{DateIn("2016-03"), DateIn("2016-04")}, {DateIn("2017-01-01"), {}}};
  EXPECT_FALSE(IsOnHold(seat, absl::CivilDay(2016, 2, 29)));
  EXPECT_TRUE(IsOnHold(seat, absl::CivilDay(2016, 3, 1)));
  EXPECT_TRUE(IsOnHold(seat, absl::CivilDay(2016, 4, 30)));
  EXPECT_FALSE(IsOnHold(seat, absl::CivilDay(2016, 5, 1)));
  EXPECT_TRUE(IsOnHold(seat, absl::CivilDay(2030, 1, 1)));
}

TEST(Cadence, OwnTextGoesBeforeTheMemo) {
  AgreementFacts agreement;
  agreement.cadences = {{"memo", 2, 3, 1, 1}, {"text", 1, 2, 0, 0}};
  const Cadence cadence = CadenceOf(agreement);
  EXPECT_EQ(cadence.meetings_per_year.number, 2);
  EXPECT_EQ(cadence.meetings_per_year.clause, "text");
  // What the text leaves open the memo says.
  EXPECT_EQ(cadence.days_per_meeting.number, 1);
  EXPECT_EQ(cadence.days_per_meeting.clause, "memo");
  EXPECT_EQ(CadenceOf({}).meetings_per_year.number, 0);
}

TEST(AgreementOf, SourceFirstThenPeriod) {
  const NetworkFacts facts = NationalNetwork();
  EXPECT_EQ(AgreementOf(facts, MeetingOn("m", v1::Meeting::JOINT, "2015-11-12")), nullptr);
  EXPECT_NE(AgreementOf(facts, MeetingOn("m", v1::Meeting::JOINT, "2016-01")), nullptr);
  EXPECT_NE(AgreementOf(facts, MeetingOn("m", v1::Meeting::JOINT, "2019-12-31")), nullptr);
  EXPECT_EQ(AgreementOf(facts, MeetingOn("m", v1::Meeting::JOINT, "2020-01")), nullptr);
  v1::Meeting early = MeetingOn("m", v1::Meeting::JOINT, "2015-11-12");
  early.set_agreement(kNationalAgreement);
  ASSERT_NE(AgreementOf(facts, early), nullptr);
  EXPECT_EQ(AgreementOf(facts, early)->name, kNationalAgreement);
}

TEST(AgreementOfYear, HoldsTheWholeYear) {
  NetworkFacts facts = NationalNetwork();
  EXPECT_EQ(AgreementOfYear(facts, 2015), nullptr);
  EXPECT_NE(AgreementOfYear(facts, 2016), nullptr);
  EXPECT_NE(AgreementOfYear(facts, 2019), nullptr);
  EXPECT_EQ(AgreementOfYear(facts, 2020), nullptr);
  facts.agreements[0].period.start = DateIn("2016-01-02");
  EXPECT_EQ(AgreementOfYear(facts, 2016), nullptr);
}

}  // namespace
}  // namespace partnerskap::scheduling
