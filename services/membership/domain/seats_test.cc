#include "services/membership/domain/seats.h"

#include "common/status/refusal.h"
#include "gtest/gtest.h"
#include "services/membership/domain/test_messages.h"

namespace partnerskap::membership {
namespace {

v1::Seat Seat(const std::string& text) { return Parse<v1::Seat>(text); }
v1::ResponsibleBody Body(const std::string& text) { return Parse<v1::ResponsibleBody>(text); }

TEST(Seats, APartyStandsOnceInASeat) {
  EXPECT_TRUE(
      MayTakeSeat(Seat("parties { organization: 'organizations/a' } parties { organization: 'organizations/b' }"), {})
          .ok());
  EXPECT_EQ(ReasonOf(MayTakeSeat(
                Seat("parties { organization: 'organizations/a' } parties { organization: 'organizations/a' }"), {})),
            "SEAT_PARTY_REPEATED");
}

TEST(Seats, APartyHasOneSeatInANetworkUntilItLeaves) {
  const v1::Seat seat = Seat("parties { organization: 'organizations/a' }");
  EXPECT_EQ(ReasonOf(MayTakeSeat(seat, {Seat("name: 's' parties { organization: 'organizations/a' }")})),
            "SEAT_PARTY_TAKEN");
  EXPECT_TRUE(MayTakeSeat(seat, {Seat("parties { organization: 'organizations/a' part: 'Angered' }")}).ok());
  EXPECT_TRUE(
      MayTakeSeat(seat, {Seat("parties { organization: 'organizations/a' } exit { exit_date { year: 2010 } }")}).ok());
}

TEST(Seats, NobodyLeavesTwiceOrBeforeJoining) {
  EXPECT_TRUE(MayLeave(Seat("join_date { year: 2005 }"), Date("2012-06-30")).ok());
  EXPECT_EQ(ReasonOf(MayLeave(Seat("exit { exit_date { year: 2012 } }"), Date("2013-01-01"))), "SEAT_LEFT");
  EXPECT_EQ(ReasonOf(MayLeave(Seat("join_date { year: 2005 }"), Date("2004-12-31"))), "SEAT_DATE_IMPOSSIBLE");
}

TEST(Seats, NobodyLeavesBeforeAHoldThatIsRecorded) {
  const v1::Seat held = Seat("holds { start_date { year: 2017 month: 3 day: 1 } }");
  EXPECT_EQ(ReasonOf(MayLeave(held, Date("2017-02-28"))), "SEAT_DATE_IMPOSSIBLE");
  EXPECT_TRUE(MayLeave(held, Date("2017-03-01")).ok());
}

TEST(Seats, NobodyJoinsAfterWhatItDidAsAMember) {
  EXPECT_TRUE(JoinDateMustFit(Seat("join_date { year: 2005 } exit { exit_date { year: 2005 } }")).ok());
  EXPECT_EQ(ReasonOf(JoinDateMustFit(Seat("join_date { year: 2013 } exit { exit_date { year: 2012 } }"))),
            "SEAT_DATE_IMPOSSIBLE");
  EXPECT_EQ(
      ReasonOf(JoinDateMustFit(Seat("join_date { year: 2018 } holds { start_date { year: 2017 month: 3 day: 1 } }"))),
      "SEAT_DATE_IMPOSSIBLE");
}

TEST(Seats, ASeatIsHeldOnceAtATime) {
  EXPECT_TRUE(MayHoldSeat(Seat(""), Date("2018-01-01")).ok());
  EXPECT_EQ(ReasonOf(MayHoldSeat(Seat("holds { start_date { year: 2017 month: 1 day: 1 } }"), Date("2018-01-01"))),
            "SEAT_ON_HOLD");
  EXPECT_EQ(ReasonOf(MayHoldSeat(Seat("exit { exit_date { year: 2012 } }"), Date("2018-01-01"))), "SEAT_LEFT");
  const v1::Seat before =
      Seat("holds { start_date { year: 2017 month: 1 day: 1 } end_date { year: 2017 month: 6 day: 30 } }");
  EXPECT_EQ(ReasonOf(MayHoldSeat(before, Date("2017-06-30"))), "SEAT_DATE_IMPOSSIBLE");
  EXPECT_TRUE(MayHoldSeat(before, Date("2017-07-01")).ok());
  EXPECT_EQ(ReasonOf(MayHoldSeat(Seat("join_date { year: 2019 }"), Date("2018-01-01"))), "SEAT_DATE_IMPOSSIBLE");
}

TEST(Seats, OnlyWhatIsHeldResumes) {
  const v1::Seat held = Seat("holds { start_date { year: 2017 month: 1 day: 1 } }");
  EXPECT_TRUE(MayResume(held, Date("2017-01-01")).ok());
  EXPECT_EQ(ReasonOf(MayResume(held, Date("2016-12-31"))), "SEAT_DATE_IMPOSSIBLE");
  EXPECT_EQ(ReasonOf(MayResume(Seat(""), Date("2017-01-01"))), "SEAT_NOT_ON_HOLD");
  EXPECT_TRUE(IsOnHold(held, absl::CivilDay(2017, 1, 1)));
  EXPECT_FALSE(IsOnHold(held, absl::CivilDay(2016, 12, 31)));
}

TEST(Seats, ResponsibleBodiesFollowEachOther) {
  const v1::ResponsibleBody board = Body("start_date { year: 2015 month: 1 day: 1 }");
  EXPECT_TRUE(MayBeResponsible(board, {Body("end_date { year: 2014 month: 12 day: 31 }"), Body("")}).ok());
  EXPECT_EQ(ReasonOf(MayBeResponsible(board, {Body("start_date { year: 2012 month: 1 day: 1 }")})),
            "RESPONSIBLE_BODY_OVERLAPS");
  EXPECT_EQ(ReasonOf(MayBeResponsible(Body("start_date { year: 2015 } end_date { year: 2014 }"), {})),
            "PERIOD_REVERSED");
}

TEST(Seats, AResponsibilityEndsOnce) {
  EXPECT_TRUE(MayEndResponsibility(Body("start_date { year: 2015 month: 1 day: 1 }"), Date("2018-12-31")).ok());
  EXPECT_EQ(ReasonOf(MayEndResponsibility(Body("end_date { year: 2016 }"), Date("2018-12-31"))),
            "RESPONSIBLE_BODY_ENDED");
  EXPECT_EQ(ReasonOf(MayEndResponsibility(Body("start_date { year: 2015 month: 1 day: 1 }"), Date("2014-12-31"))),
            "PERIOD_REVERSED");
}

}  // namespace
}  // namespace partnerskap::membership
