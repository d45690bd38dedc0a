#include "services/agreements/handlers/agreements_fixture.h"

namespace partnerskap::agreements {
namespace {

class StandingTest : public AgreementsFixture {
 protected:
  StandingTest() {
    LearnSignatories();
    Decide();
    Do("AdjustAdoption", Adjusting());
    Do("AnnounceAdoption", Announcing());
  }
  void SignBoth() {
    for (const int slot : {1, 2}) Ok<v1::Signature>(Member(kHaninge), "CreateSignature", SignatureRequest(slot));
  }
  v1::AdoptionStanding StandingOn(const std::string& day) {
    v1::ComputeAdoptionStandingRequest request;
    request.set_adoption(kHaningeAdoption);
    if (!day.empty()) *request.mutable_effective_date() = Date(day);
    return Ok<v1::AdoptionStanding>(Reader(), "ComputeAdoptionStanding", request);
  }
  v1::ListAdoptionStandingsRequest Listing(const std::string& day) {
    v1::ListAdoptionStandingsRequest request;
    request.set_parent(kAgreement);
    *request.mutable_effective_date() = Date(day);
    return request;
  }
  v1::ListAdoptionStandingsResponse List(const v1::ListAdoptionStandingsRequest& request) {
    return Ok<v1::ListAdoptionStandingsResponse>(Reader(), "ListAdoptionStandings", request);
  }
};

TEST_F(StandingTest, IsOfTheDayAsked) {
  SignBoth();
  EXPECT_EQ(StandingOn("2015-09-10").state(), v1::Adoption::DECIDED);
  EXPECT_FALSE(StandingOn("2015-12-31").bound());
  const v1::AdoptionStanding standing = StandingOn("2016-01-01");
  EXPECT_TRUE(standing.bound());
  EXPECT_TRUE(standing.active());
  // Announced on Monday 14 September 2015: three weeks end on Monday 5 October.
  EXPECT_EQ(DateToText(standing.appeal_end_date()), "2015-10-05");
  EXPECT_EQ(DateToText(standing.final_date()), "2015-10-06");
}

TEST_F(StandingTest, IsOfTodayWhereNoDayIsAsked) {
  SetToday(2016, 3, 1);
  EXPECT_EQ(DateToText(StandingOn("").effective_date()), "2016-03-01");
  EXPECT_FALSE(StandingOn("").active());
}

TEST_F(StandingTest, OfAnAdoptionThatIsNotThereIsRefused) {
  v1::ComputeAdoptionStandingRequest request;
  request.set_adoption("networks/partnerskapet/agreements/2016-2019/adoptions/okand");
  ExpectRefused(Reader(), "ComputeAdoptionStanding", request, "RESOURCE_NOT_FOUND");
}

TEST_F(StandingTest, IsListedForEverySeat) {
  SignBoth();
  const auto all = List(Listing("2016-01-01"));
  ASSERT_EQ(all.adoption_standings_size(), 3);
  EXPECT_EQ(all.adoption_standings(0).seat(), kHaningeSeat);
  EXPECT_EQ(all.adoption_standings(1).seat(), kJointSeat);
  EXPECT_EQ(all.adoption_standings(1).adoption(), "");
  EXPECT_EQ(all.seat_count(), 3);
  EXPECT_EQ(all.bound_seat_count(), 1);
  EXPECT_EQ(all.active_seat_count(), 1);
  EXPECT_EQ(all.unknown_seat_count(), 2);
  EXPECT_EQ(all.membership_position().service(), "membership");
  EXPECT_GT(all.membership_position().sequence(), 0);
}

TEST_F(StandingTest, CountsAreOfAllPages) {
  auto request = Listing("2016-01-01");
  request.set_page_size(2);
  const auto first = List(request);
  EXPECT_EQ(first.adoption_standings_size(), 2);
  EXPECT_EQ(first.seat_count(), 3);
  request.set_page_token(first.next_page_token());
  const auto second = List(request);
  ASSERT_EQ(second.adoption_standings_size(), 1);
  EXPECT_EQ(second.adoption_standings(0).seat(), kUppsalaSeat);
  EXPECT_EQ(second.seat_count(), 3);
  EXPECT_EQ(second.next_page_token(), "");
}

TEST_F(StandingTest, ASeatThatHasLeftIsNotCounted) {
  LearnSeat(kUppsalaSeat, {kUppsala}, 2005, "2015-12-31");
  LearnSeat(kHaningeSeat, {kHaninge}, 2004, "2016-06-30");
  EXPECT_EQ(List(Listing("2016-06-30")).bound_seat_count(), 1);
  const auto after = List(Listing("2016-07-01"));
  EXPECT_EQ(after.seat_count(), 1);
  EXPECT_EQ(after.bound_seat_count(), 0);
  EXPECT_EQ(after.adoption_standings_size(), 2) << "its adoption is still shown";
}

class PromiseTest : public StandingTest {
 protected:
  PromiseTest() {
    auto clause = Request<v1::CreateClauseRequest>(R"pb(
      clause_id: 'fee'
      clause {
        kind: FEE
        force: MUST
        debtor: EACH_SEAT
        origin: AGREEMENT_TEXT
        text: 'Årlig kostnad'
        fee {
          kind: FIXED
          amount { currency_code: 'SEK' units: 20000 }
        }
      }
    )pb");
    clause.set_parent(kAgreement);
    Ok<v1::Clause>(admin(), "CreateClause", clause);
  }
  v1::ListPromisesResponse Promises(const std::string& organization, const std::string& day) {
    v1::ListPromisesRequest request;
    request.set_parent(organization);
    *request.mutable_effective_date() = Date(day);
    return Ok<v1::ListPromisesResponse>(Reader(), "ListPromises", request);
  }
};

TEST_F(PromiseTest, AreWhatAnOrganizationHadPromised) {
  const auto promises = Promises(kHaninge, "2017-05-01");
  ASSERT_EQ(promises.promises_size(), 1);
  EXPECT_EQ(promises.promises(0).network(), kNetwork);
  EXPECT_EQ(promises.promises(0).adoption(), kHaningeAdoption);
  EXPECT_EQ(promises.promises(0).duty().amount().units(), 20000);
  EXPECT_TRUE(promises.promises(0).bound());
  EXPECT_EQ(promises.membership_position().service(), "membership");
  EXPECT_EQ(Promises(kUppsala, "2017-05-01").promises_size(), 0);
  EXPECT_EQ(Promises(kHaninge, "2015-09-08").promises_size(), 0);
  EXPECT_EQ(Promises(kHaninge, "2020-01-01").promises_size(), 0);
}

TEST_F(PromiseTest, EndWhenTheSeatLeaves) {
  LearnSeat(kHaningeSeat, {kHaninge}, 2004, "2017-06-30");
  EXPECT_EQ(Promises(kHaninge, "2017-06-30").promises_size(), 1);
  EXPECT_EQ(Promises(kHaninge, "2017-07-01").promises_size(), 0);
}

TEST_F(PromiseTest, OfAnOrganizationThatIsNotKnownAreRefused) {
  v1::ListPromisesRequest request;
  request.set_parent("organizations/kommun-0191");
  ExpectRefused(Reader(), "ListPromises", request, "REFERENCE_UNKNOWN");
}

}  // namespace
}  // namespace partnerskap::agreements
