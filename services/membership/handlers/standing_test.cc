#include "gtest/gtest.h"
#include "partnerskap/agreements/v1/adoptions.pb.h"
#include "partnerskap/agreements/v1/resources.pb.h"
#include "services/membership/handlers/fixture.h"

namespace partnerskap::membership {
namespace {

class StandingTest : public MembershipTest {
 protected:
  // What the feed of *agreements* says of Uppsala's adoption in 2012.
  void LearnAdoption() {
    ASSERT_TRUE(Learn("agreements", Request<agreements::v1::Agreement>(
                                        "name: 'networks/n/agreements/2012-2015' kind: PERIOD_AGREEMENT start_date { "
                                        "year: 2012 month: 1 day: 1 } end_date { year: 2015 month: 12 day: 31 }"))
                    .ok());
    ASSERT_TRUE(Learn("agreements",
                      Request<agreements::v1::Adoption>(
                          "name: 'networks/n/agreements/2012-2015/adoptions/uppsala' seat: 'networks/n/seats/uppsala' "
                          "state: DECIDED outcome: ADOPTED decision_date { year: 2012 month: 1 day: 25 }"))
                    .ok());
  }
  v1::ListSeatStandingsResponse StandingsOn(int day, int month = 1) {
    auto request = Request<v1::ListSeatStandingsRequest>("parent: 'networks/n' effective_date { year: 2012 }");
    request.mutable_effective_date()->set_month(month);
    request.mutable_effective_date()->set_day(day);
    return Ok<v1::ListSeatStandingsResponse>(Reader(), "ListSeatStandings", request);
  }
};

TEST_F(StandingTest, WhoIsBoundFollowsTheFeedOfAgreements) {
  CreateUppsala();
  EXPECT_EQ(StandingsOn(1, 2).seat_standings(0).state(), v1::SeatStanding::UNKNOWN);
  LearnAdoption();
  const auto before = StandingsOn(20);
  EXPECT_EQ(before.bound_seat_count(), 0);
  const auto after = StandingsOn(1, 2);
  EXPECT_EQ(after.bound_seat_count(), 1);
  EXPECT_EQ(after.seat_count(), 1);
  EXPECT_EQ(after.municipality_count(), 1);
  EXPECT_EQ(after.seat_standings(0).state(), v1::SeatStanding::BOUND);
  EXPECT_EQ(after.seat_standings(0).adoption(), "networks/n/agreements/2012-2015/adoptions/uppsala");
  EXPECT_EQ(after.agreements_position().service(), "agreements");
  EXPECT_GT(after.agreements_position().sequence(), 0);
}

TEST_F(StandingTest, OneSeatIsAskedByNameAndDefaultsToToday) {
  CreateUppsala();
  LearnAdoption();
  SetToday(2012, 3, 1);
  const auto standing = Ok<v1::SeatStanding>(
      Reader(), "ComputeSeatStanding", Request<v1::ComputeSeatStandingRequest>("seat: 'networks/n/seats/uppsala'"));
  EXPECT_EQ(standing.state(), v1::SeatStanding::BOUND);
  EXPECT_EQ(standing.effective_date().month(), 3);
  ExpectRefused(Reader(), "ComputeSeatStanding",
                Request<v1::ComputeSeatStandingRequest>("seat: 'networks/n/seats/none'"), "RESOURCE_NOT_FOUND");
  ExpectRefused(Reader(), "ComputeSeatStanding",
                Request<v1::ComputeSeatStandingRequest>(
                    "seat: 'networks/n/seats/uppsala' effective_date { year: 2012 month: 13 day: 1 }"),
                "FIELD_VIOLATIONS");
  ExpectRefused(
      Reader(), "ComputeSeatStanding",
      Request<v1::ComputeSeatStandingRequest>("seat: 'networks/n/seats/uppsala' effective_date { year: 2012 }"),
      "FIELD_VIOLATIONS");
  ExpectRefused(Reader(), "ListSeatStandings", Request<v1::ListSeatStandingsRequest>("parent: 'networks/none'"),
                "REFERENCE_UNKNOWN");
}

TEST_F(StandingTest, TheProjectionSurvivesARestart) {
  CreateUppsala();
  LearnAdoption();
  Restart();
  EXPECT_EQ(StandingsOn(1, 2).bound_seat_count(), 1);
}

TEST_F(StandingTest, AVacancyIsVisible) {
  CreateUppsala();
  CreatePost("elected", "kind: ELECTED");
  const auto ask = [&] {
    return Ok<v1::PostStanding>(
        Reader(), "ComputePostStanding",
        Request<v1::ComputePostStandingRequest>(
            "post: 'networks/n/seats/uppsala/posts/elected' effective_date { year: 2016 month: 5 day: 1 }"));
  };
  EXPECT_EQ(ask().state(), v1::PostStanding::UNKNOWN);
  Ok<v1::Appointment>(
      Uppsala(), "CreateAppointment",
      Request<v1::CreateAppointmentRequest>("parent: 'networks/n/seats/uppsala/posts/elected' appointment { vacant: "
                                            "true start_date { year: 2016 month: 1 day: 1 } }"));
  EXPECT_EQ(ask().state(), v1::PostStanding::VACANT);
  const auto listed = Ok<v1::ListPostStandingsResponse>(
      Reader(), "ListPostStandings",
      Request<v1::ListPostStandingsRequest>("parent: 'networks/n' effective_date { year: 2016 month: 5 day: 1 }"));
  ASSERT_EQ(listed.post_standings_size(), 1);
  EXPECT_EQ(listed.post_standings(0).state(), v1::PostStanding::VACANT);
}

TEST_F(StandingTest, PagesOfStandingsHoldEverySeatOnce) {
  CreateUppsala();
  for (const char* code : {"0136", "2081", "2180"}) {
    CreateMunicipality(code, code);
    Ok<v1::Seat>(admin(), "CreateSeat",
                 Request<v1::CreateSeatRequest>(
                     absl::StrCat("parent: 'networks/n' seat_id: 's", code, "' seat { kind: MEMBER display_name: '",
                                  code, "' parties { organization: 'organizations/kommun-", code, "' } }")));
  }
  std::vector<std::string> seats;
  auto request = Request<v1::ListSeatStandingsRequest>("parent: 'networks/n' page_size: 3");
  do {
    const auto page = Ok<v1::ListSeatStandingsResponse>(Reader(), "ListSeatStandings", request);
    EXPECT_EQ(page.seat_count(), 4);
    for (const auto& standing : page.seat_standings()) seats.push_back(standing.seat());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seats.size(), 4);
  request.set_page_token("x");
  ExpectRefused(Reader(), "ListSeatStandings", request, "PAGE_TOKEN_INVALID");
}

}  // namespace
}  // namespace partnerskap::membership
