#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/status/refusal.h"
#include "partnerskap/common/v1/feed.pb.h"
#include "services/peer_review/handlers/peer_review_fixture.h"

namespace partnerskap::peer_review {
namespace {

class ChallengeTest : public PeerReviewFixture {
 protected:
  ChallengeTest() { LearnSeats(3); }

  v1::CreateChallengeRequest NewChallenge(const std::string& id = "delaktighet") {
    v1::CreateChallengeRequest request;
    request.set_parent(kNetwork);
    request.set_challenge_id(id);
    request.mutable_challenge()->set_seat(Seat(0));
    request.mutable_challenge()->set_display_name("Barns delaktighet");
    return request;
  }
  v1::Challenge Create(const std::string& id = "delaktighet") {
    return Ok<v1::Challenge>(Member(Organization(1)), "CreateChallenge", NewChallenge(id));
  }
  template <typename M>
  M Answering(const v1::Challenge& challenge) {
    M request;
    request.set_name(challenge.name());
    request.set_etag(challenge.etag());
    request.mutable_answer_date()->set_year(2018);
    request.mutable_answer_date()->set_month(3);
    request.mutable_answer_date()->set_day(1);
    return request;
  }
  v1::DeclineChallengeRequest Declining(const v1::Challenge& challenge) {
    auto request = Answering<v1::DeclineChallengeRequest>(challenge);
    request.set_reason("Andra frågor går före.");
    return request;
  }
  v1::CloseChallengeRequest Closing(const v1::Challenge& challenge) {
    v1::CloseChallengeRequest request;
    request.set_name(challenge.name());
    request.set_etag(challenge.etag());
    request.set_outcome("Ungdomsråd finns.");
    return request;
  }
};

TEST_F(ChallengeTest, IsPutToASeat) {
  const v1::Challenge challenge = Create();
  EXPECT_EQ(challenge.name(), "networks/partnerskapet/challenges/delaktighet");
  EXPECT_EQ(challenge.state(), v1::Challenge::PROPOSED);
  EXPECT_NE(challenge.uid(), "");
  v1::GetChallengeRequest get;
  get.set_name(challenge.name());
  EXPECT_EQ(Ok<v1::Challenge>(Reader(), "GetChallenge", get).SerializeAsString(), challenge.SerializeAsString());
  v1::ListChallengesRequest list;
  list.set_parent(kNetwork);
  EXPECT_EQ(Ok<v1::ListChallengesResponse>(Reader(), "ListChallenges", list).challenges_size(), 1);
  ExpectRefused(admin(), "CreateChallenge", NewChallenge(), "RESOURCE_ALREADY_EXISTS");
  get.set_name("networks/partnerskapet/challenges/okand");
  ExpectRefused(Reader(), "GetChallenge", get, "RESOURCE_NOT_FOUND");
}

TEST_F(ChallengeTest, OnlyMembersOfTheNetworkPutOne) {
  ExpectRefused(Member("organizations/kommun-0999"), "CreateChallenge", NewChallenge(), "OBJECT_NOT_YOURS");
  ExpectRefused(Reader(), "CreateChallenge", NewChallenge(), "PERMISSION_MISSING");
}

TEST_F(ChallengeTest, TheSeatTakesPart) {
  auto request = NewChallenge();
  request.mutable_challenge()->set_seat(Seat(7));
  ExpectRefused(admin(), "CreateChallenge", request, "SEAT_NOT_TAKING_PART");

  membership::v1::Seat left;
  left.set_name(Seat(0));
  left.set_display_name("Plats 0");
  left.add_parties()->set_organization(Organization(0));
  left.mutable_exit()->mutable_exit_date()->set_year(2017);
  ASSERT_TRUE(Learn("membership", left).ok());
  ExpectRefused(admin(), "CreateChallenge", NewChallenge(), "SEAT_NOT_TAKING_PART");
  request = NewChallenge();
  request.mutable_challenge()->mutable_proposal_date()->set_year(2016);
  EXPECT_EQ(Ok<v1::Challenge>(admin(), "CreateChallenge", request).state(), v1::Challenge::PROPOSED);
}

TEST_F(ChallengeTest, TheNetworkIsKnownAndTheAgreementIsOfIt) {
  auto request = NewChallenge();
  request.set_parent("networks/annat");
  ExpectRefused(admin(), "CreateChallenge", request, "PARENT_NOT_FOUND");
  request = NewChallenge();
  request.mutable_challenge()->set_agreement("networks/annat/agreements/2016-2019");
  ExpectRefused(admin(), "CreateChallenge", request, "FIELD_VIOLATIONS");
  request.mutable_challenge()->set_agreement(kAgreement);
  EXPECT_EQ(Ok<v1::Challenge>(admin(), "CreateChallenge", request).agreement(), kAgreement);
}

TEST_F(ChallengeTest, BadFieldsAreAllNamed) {
  v1::CreateChallengeRequest request = NewChallenge("Delaktighet!");
  request.mutable_challenge()->clear_display_name();
  request.mutable_challenge()->set_seat("seats/s0");
  const auto status = admin().Call<v1::Challenge>("CreateChallenge", request).status();
  EXPECT_EQ(ViolationsOf(status).size(), 3u) << status;
  ExpectRefused(admin(), "CreateChallenge", request, "FIELD_VIOLATIONS");
}

TEST_F(ChallengeTest, TheSeatTakesItOnAndEndsIt) {
  const v1::Challenge proposed = Create();
  const auto accept = Answering<v1::AcceptChallengeRequest>(proposed);
  ExpectRefused(Member(Organization(1)), "AcceptChallenge", accept, "OBJECT_NOT_YOURS");
  ExpectRefused(admin(), "CloseChallenge", Closing(proposed), "CHALLENGE_STATE");
  const auto accepted = Ok<v1::Challenge>(Member(Organization(0)), "AcceptChallenge", accept);
  EXPECT_EQ(accepted.state(), v1::Challenge::ACCEPTED);
  EXPECT_EQ(accepted.answer_date().month(), 3);
  ExpectRefused(admin(), "DeclineChallenge", Declining(accepted), "CHALLENGE_STATE");
  const auto closed = Ok<v1::Challenge>(Member(Organization(0)), "CloseChallenge", Closing(accepted));
  EXPECT_EQ(closed.state(), v1::Challenge::CLOSED);
  EXPECT_EQ(closed.answer(), "Ungdomsråd finns.");
  ExpectRefused(Member(Organization(0)), "CloseChallenge", Closing(closed), "CHALLENGE_STATE");
}

TEST_F(ChallengeTest, TheSeatDeclinesWithAReason) {
  const v1::Challenge proposed = Create();
  auto request = Declining(proposed);
  request.clear_reason();
  ExpectRefused(Member(Organization(0)), "DeclineChallenge", request, "FIELD_VIOLATIONS");
  ExpectRefused(Member(Organization(2)), "DeclineChallenge", Declining(proposed), "OBJECT_NOT_YOURS");
  const auto declined = Ok<v1::Challenge>(Member(Organization(0)), "DeclineChallenge", Declining(proposed));
  EXPECT_EQ(declined.state(), v1::Challenge::DECLINED);
  EXPECT_EQ(declined.answer(), "Andra frågor går före.");
  ExpectRefused(admin(), "AcceptChallenge", Answering<v1::AcceptChallengeRequest>(declined), "CHALLENGE_STATE");
}

TEST_F(ChallengeTest, TheAnswerIsNotBeforeTheProposal) {
  auto create = NewChallenge();
  *create.mutable_challenge()->mutable_proposal_date() = Answering<v1::AcceptChallengeRequest>({}).answer_date();
  const auto proposed = Ok<v1::Challenge>(admin(), "CreateChallenge", create);
  auto request = Answering<v1::AcceptChallengeRequest>(proposed);
  request.mutable_answer_date()->set_year(2017);
  ExpectRefused(admin(), "AcceptChallenge", request, "PERIOD_REVERSED");
  auto decline = Declining(proposed);
  decline.mutable_answer_date()->set_year(2017);
  ExpectRefused(admin(), "DeclineChallenge", decline, "PERIOD_REVERSED");
  request.mutable_answer_date()->set_year(2018);
  Ok<v1::Challenge>(admin(), "AcceptChallenge", request);
}

TEST_F(ChallengeTest, AStaleEtagIsRefused) {
  const v1::Challenge proposed = Create();
  auto request = Answering<v1::AcceptChallengeRequest>(proposed);
  request.set_etag("99");
  ExpectRefused(admin(), "AcceptChallenge", request, "ETAG_STALE");
  request.set_etag("*");
  Ok<v1::Challenge>(admin(), "AcceptChallenge", request);
}

TEST_F(ChallengeTest, MembersFollowTheFeedOfTheirNetworks) {
  Create();
  common::v1::ListChangesRequest request;
  request.set_network(kNetwork);
  const auto changes = Ok<common::v1::ListChangesResponse>(Member(Organization(2)), "ListChanges", request);
  ASSERT_EQ(changes.changes_size(), 1);
  EXPECT_EQ(changes.changes(0).type(), "partnerskap.peerreview.challenge.created.v1");
  ExpectRefused(Member("organizations/kommun-0999"), "ListChanges", request, "OBJECT_NOT_YOURS");
  request.clear_network();
  ExpectRefused(Member(Organization(2)), "ListChanges", request, "OBJECT_NOT_YOURS");
}

}  // namespace
}  // namespace partnerskap::peer_review
