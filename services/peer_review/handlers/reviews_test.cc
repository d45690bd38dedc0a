#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/peer_review/handlers/peer_review_fixture.h"

namespace partnerskap::peer_review {
namespace {

class ReviewTest : public PeerReviewFixture {
 protected:
  // A released round of five seats, each reviewed by one.
  ReviewTest() {
    LearnSeats(5);
    const auto round = Ok<v1::ReviewRound>(admin(), "CreateReviewRound", RoundRequest(5, 1));
    Ok<v1::ReviewRound>(admin(), "ReleaseReviewRound", ReleaseRequest(round));
    v1::GetReviewRequest get;
    get.set_name("networks/partnerskapet/reviewRounds/2018/reviews/s0");
    review_ = Ok<v1::Review>(Reader(), "GetReview", get);
  }

  v1::Challenge Challenge(const std::string& id, int seat, bool accepted) {
    v1::CreateChallengeRequest create;
    create.set_parent(kNetwork);
    create.set_challenge_id(id);
    create.mutable_challenge()->set_seat(Seat(seat));
    create.mutable_challenge()->set_display_name(id);
    auto challenge = Ok<v1::Challenge>(admin(), "CreateChallenge", create);
    if (!accepted) return challenge;
    return Ok<v1::Challenge>(
        admin(), "AcceptChallenge",
        Request<v1::AcceptChallengeRequest>(
            absl::StrCat("name: '", challenge.name(), "' etag: '*' answer_date { year: 2018 month: 2 day: 1 }")));
  }
  v1::ScopeReviewRequest Scope(const v1::Review& review) {
    v1::ScopeReviewRequest request;
    request.set_name(review.name());
    request.set_etag(review.etag());
    request.set_question("Hur hörs barn i planeringen?");
    return request;
  }
  v1::StaffReviewRequest Staff(const v1::Review& review) {
    v1::StaffReviewRequest request;
    request.set_name(review.name());
    request.set_etag(review.etag());
    for (const char* post : {"/posts/elected", "/posts/official"}) {
      request.add_team()->set_post(absl::StrCat(review.reviewers(0), post));
    }
    return request;
  }
  v1::Review Scoped() { return Ok<v1::Review>(Member(Organization(0)), "ScopeReview", Scope(review_)); }

  v1::Review review_;
};

TEST_F(ReviewTest, TheReviewedSeatSaysWhatIsReviewed) {
  auto request = Scope(review_);
  request.add_challenges(Challenge("egen", 0, true).name());
  ExpectRefused(Member(Organization(1)), "ScopeReview", request, "OBJECT_NOT_YOURS");
  const auto scoped = Ok<v1::Review>(Member(Organization(0)), "ScopeReview", request);
  EXPECT_EQ(scoped.state(), v1::Review::SCOPED);
  EXPECT_EQ(scoped.question(), "Hur hörs barn i planeringen?");
  EXPECT_EQ(scoped.challenges_size(), 1);
  request.set_etag(scoped.etag());
  ExpectRefused(admin(), "ScopeReview", request, "REVIEW_STATE");
}

TEST_F(ReviewTest, OnlyChallengesThatTheSeatHasAccepted) {
  auto request = Scope(review_);
  request.add_challenges(Challenge("foreslagen", 0, false).name());
  ExpectRefused(admin(), "ScopeReview", request, "SCOPE_CHALLENGE_WRONG");
  request.set_challenges(0, Challenge("annans", 1, true).name());
  ExpectRefused(admin(), "ScopeReview", request, "SCOPE_CHALLENGE_WRONG");
  request.set_challenges(0, "networks/partnerskapet/challenges/okand");
  ExpectRefused(admin(), "ScopeReview", request, "REFERENCE_UNKNOWN");
  request.set_etag("99");
  request.clear_challenges();
  ExpectRefused(admin(), "ScopeReview", request, "ETAG_STALE");
}

TEST_F(ReviewTest, TheTeamIsMixed) {
  ExpectRefused(admin(), "StaffReview", Staff(review_), "REVIEW_STATE");
  const v1::Review scoped = Scoped();
  ExpectRefused(Member("organizations/kommun-0999"), "StaffReview", Staff(scoped), "OBJECT_NOT_YOURS");
  auto request = Staff(scoped);
  request.mutable_team()->RemoveLast();
  ExpectRefused(admin(), "StaffReview", request, "TEAM_NOT_MIXED");
  request = Staff(scoped);
  request.add_team()->set_post(absl::StrCat(Seat(0), "/posts/elected"));
  ExpectRefused(admin(), "StaffReview", request, "TEAM_MEMBER_OF_OTHER_SEAT");
  request.mutable_team(2)->set_post(absl::StrCat(Seat(1), "/posts/okand"));
  ExpectRefused(admin(), "StaffReview", request, "REFERENCE_UNKNOWN");
  request.clear_team();
  ExpectRefused(admin(), "StaffReview", request, "FIELD_VIOLATIONS");
  const auto staffed = Ok<v1::Review>(Member(Organization(3)), "StaffReview", Staff(scoped));
  EXPECT_EQ(staffed.state(), v1::Review::TEAM_SET);
  EXPECT_EQ(staffed.team_size(), 2);
}

TEST_F(ReviewTest, ADeputyCountsAsWhatItStandsInFor) {
  const v1::Review scoped = Scoped();
  membership::v1::Post deputy;
  deputy.set_name(absl::StrCat(scoped.reviewers(0), "/posts/deputy"));
  deputy.set_kind(membership::v1::Post::DEPUTY);
  deputy.set_substituted_post(absl::StrCat(scoped.reviewers(0), "/posts/elected"));
  ASSERT_TRUE(Learn("membership", deputy).ok());
  auto request = Staff(scoped);
  request.mutable_team(0)->set_post(deputy.name());
  EXPECT_EQ(Ok<v1::Review>(admin(), "StaffReview", request).state(), v1::Review::TEAM_SET);
}

TEST_F(ReviewTest, WhatIsNotThereIsNotFound) {
  v1::GetReviewRequest get;
  get.set_name("networks/partnerskapet/reviewRounds/2018/reviews/s9");
  ExpectRefused(Reader(), "GetReview", get, "RESOURCE_NOT_FOUND");
  auto request = Scope(review_);
  request.set_name(get.name());
  ExpectRefused(admin(), "ScopeReview", request, "RESOURCE_NOT_FOUND");
}

}  // namespace
}  // namespace partnerskap::peer_review
