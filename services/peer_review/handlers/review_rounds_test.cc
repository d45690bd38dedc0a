#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/peer_review/handlers/peer_review_fixture.h"

namespace partnerskap::peer_review {
namespace {

class ReviewRoundTest : public PeerReviewFixture {
 protected:
  ReviewRoundTest() { LearnSeats(10); }

  v1::ReviewRound Create(const v1::CreateReviewRoundRequest& request) {
    return Ok<v1::ReviewRound>(Member(Organization(1)), "CreateReviewRound", request);
  }
  v1::ReviewRules Rules(int seats, int k) { return RoundRequest(seats, k).review_round().rules(); }
  v1::PlanReviewsRequest PlanRequest(const v1::ReviewRules& rules) {
    v1::PlanReviewsRequest request;
    request.set_network(kNetwork);
    *request.mutable_rules() = rules;
    return request;
  }
};

TEST_F(ReviewRoundTest, TenSeatsHaveAPlan) {
  const v1::PlanReviewsResponse plan = Plan(Rules(10, 3));
  EXPECT_EQ(plan.pairs_size(), 30);
  EXPECT_EQ(plan.available_pairs(), 35);
  EXPECT_EQ(plan.needed_pairs(), 30);
  EXPECT_FALSE(plan.tight());
  EXPECT_EQ(plan.SerializeAsString(), Plan(Rules(10, 3)).SerializeAsString());
}

TEST_F(ReviewRoundTest, NineAreTightAndEightImpossible) {
  EXPECT_TRUE(Plan(Rules(9, 3)).tight());
  const v1::PlanReviewsResponse plan = Plan(Rules(8, 3));
  EXPECT_EQ(plan.pairs_size(), 0);
  EXPECT_EQ(plan.obstacle().available_pairs(), 20);
  EXPECT_EQ(plan.obstacle().needed_pairs(), 24);
  EXPECT_FALSE(plan.undecided());
}

TEST_F(ReviewRoundTest, AnObstacleSpeaksInNames) {
  v1::ReviewRules rules = Rules(10, 3);
  for (int other = 2; other < 7; ++other) {
    v1::ReviewConflict& conflict = *rules.add_conflicts();
    conflict.set_reviewer(Seat(other));
    conflict.set_reviewed(Seat(0));
  }
  const v1::PlanReviewsResponse plan = Plan(rules);
  EXPECT_EQ(plan.obstacle().seat(), Seat(0));
  EXPECT_EQ(plan.obstacle().reason_sv().find("För få kan granska Plats 0: "), 0u) << plan.obstacle().reason_sv();
}

TEST_F(ReviewRoundTest, WithoutSeatsTheOrderOfHostsIsTheRing) {
  const v1::ReviewRules rules = Rules(0, 3);
  ExpectRefused(Reader(), "PlanReviews", PlanRequest(rules), "HOST_ORDER_UNKNOWN");
  ExpectRefused(admin(), "CreateReviewRound", RoundRequest(0, 3), "HOST_ORDER_UNKNOWN");
  LearnHostOrder(9);
  const v1::PlanReviewsResponse plan = Plan(rules);
  EXPECT_EQ(plan.seats_size(), 9);
  EXPECT_EQ(plan.pairs_size(), 27);
  const v1::ReviewRound round = Create(RoundRequest(0, 3));
  EXPECT_EQ(round.rules().seats_size(), 9);
  EXPECT_EQ(round.rules().seats(8), Seat(8));
}

TEST_F(ReviewRoundTest, BadRulesOfAPlan) {
  v1::ReviewRules rules = Rules(10, 3);
  rules.add_seats(Seat(4));
  ExpectRefused(Reader(), "PlanReviews", PlanRequest(rules), "RING_SEAT_WRONG");
  ExpectRefused(Reader(), "PlanReviews", PlanRequest(Rules(3, 3)), "RING_TOO_SMALL");
  ExpectRefused(Reader(), "PlanReviews", PlanRequest(Rules(10, 0)), "FIELD_VIOLATIONS");
  rules = Rules(10, 3);
  rules.add_capacities()->set_seat("networks/annat/seats/s0");
  ExpectRefused(Reader(), "PlanReviews", PlanRequest(rules), "PAIR_SEAT_UNKNOWN");
  ExpectRefused(Reader(), "PlanReviews", v1::PlanReviewsRequest(), "FIELD_VIOLATIONS");
}

TEST_F(ReviewRoundTest, IsCreatedAsADraft) {
  const v1::ReviewRound round = Create(RoundRequest(10, 3));
  EXPECT_EQ(round.name(), "networks/partnerskapet/reviewRounds/2018");
  EXPECT_EQ(round.state(), v1::ReviewRound::DRAFT);
  v1::GetReviewRoundRequest get;
  get.set_name(round.name());
  EXPECT_EQ(Ok<v1::ReviewRound>(Reader(), "GetReviewRound", get).SerializeAsString(), round.SerializeAsString());
  v1::ListReviewRoundsRequest list;
  list.set_parent(kNetwork);
  EXPECT_EQ(Ok<v1::ListReviewRoundsResponse>(Reader(), "ListReviewRounds", list).review_rounds_size(), 1);
}

TEST_F(ReviewRoundTest, WhatADraftIsRefusedFor) {
  ExpectRefused(Member("organizations/kommun-0999"), "CreateReviewRound", RoundRequest(10, 3), "OBJECT_NOT_YOURS");
  auto request = RoundRequest(10, 3);
  request.set_parent("networks/annat");
  ExpectRefused(admin(), "CreateReviewRound", request, "PARENT_NOT_FOUND");
  request = RoundRequest(10, 3);
  request.mutable_review_round()->set_agreement("networks/annat/agreements/2016-2019");
  ExpectRefused(admin(), "CreateReviewRound", request, "FIELD_VIOLATIONS");
  request = RoundRequest(10, 3);
  request.mutable_review_round()->mutable_start_date()->set_year(2018);
  request.mutable_review_round()->mutable_end_date()->set_year(2017);
  ExpectRefused(admin(), "CreateReviewRound", request, "PERIOD_REVERSED");
  request = RoundRequest(10, 3);
  request.mutable_review_round()->mutable_start_date()->set_year(2011);
  ExpectRefused(admin(), "CreateReviewRound", request, "SEAT_NOT_TAKING_PART");
  ExpectRefused(admin(), "CreateReviewRound", RoundRequest(11, 3), "SEAT_NOT_TAKING_PART");
  request = RoundRequest(10, 3);
  request.mutable_review_round()->mutable_rules()->add_seats("networks/annat/seats/s0");
  ExpectRefused(admin(), "CreateReviewRound", request, "RING_SEAT_WRONG");
}

TEST_F(ReviewRoundTest, OneRoundOfAnAgreementAtATime) {
  const v1::ReviewRound round = Create(RoundRequest(10, 3));
  auto second = RoundRequest(10, 3);
  second.set_review_round_id("2018-2");
  ExpectRefused(admin(), "CreateReviewRound", second, "ROUND_OVERLAPS");
  v1::CloseReviewRoundRequest close;
  close.set_name(round.name());
  close.set_etag(round.etag());
  ExpectRefused(admin(), "CloseReviewRound", close, "ROUND_STATE");
  close.set_etag(Ok<v1::ReviewRound>(admin(), "ReleaseReviewRound", ReleaseRequest(round)).etag());
  ExpectRefused(Member("organizations/kommun-0999"), "CloseReviewRound", close, "OBJECT_NOT_YOURS");
  const auto closed = Ok<v1::ReviewRound>(Member(Organization(2)), "CloseReviewRound", close);
  EXPECT_EQ(closed.state(), v1::ReviewRound::CLOSED);
  EXPECT_EQ(Create(second).state(), v1::ReviewRound::DRAFT);
}

TEST_F(ReviewRoundTest, ReleasingStoresAReviewForEachSeat) {
  const v1::ReviewRound round = Create(RoundRequest(10, 3));
  const v1::ReleaseReviewRoundRequest request = ReleaseRequest(round);
  ExpectRefused(Member("organizations/kommun-0999"), "ReleaseReviewRound", request, "OBJECT_NOT_YOURS");
  const auto released = Ok<v1::ReviewRound>(Member(Organization(0)), "ReleaseReviewRound", request);
  EXPECT_EQ(released.state(), v1::ReviewRound::RELEASED);
  EXPECT_EQ(released.release_date().day(), 1);

  v1::ListReviewsRequest list;
  list.set_parent(round.name());
  const auto reviews = Ok<v1::ListReviewsResponse>(Reader(), "ListReviews", list);
  ASSERT_EQ(reviews.reviews_size(), 10);
  EXPECT_EQ(reviews.reviews(3).name(), "networks/partnerskapet/reviewRounds/2018/reviews/s3");
  EXPECT_EQ(reviews.reviews(3).seat(), Seat(3));
  EXPECT_EQ(reviews.reviews(3).state(), v1::Review::PLANNED);
  EXPECT_EQ(reviews.reviews(3).reviewers_size(), 3);
  for (const v1::ReviewPair& pair : request.pairs()) {
    for (const v1::Review& review : reviews.reviews()) {
      if (review.seat() != pair.reviewed()) continue;
      EXPECT_THAT(review.reviewers(), ::testing::Contains(pair.reviewer()));
    }
  }
  auto again = request;
  again.set_etag(released.etag());
  ExpectRefused(admin(), "ReleaseReviewRound", again, "ROUND_STATE");
}

TEST_F(ReviewRoundTest, APlanThatBreaksARuleStoresNothing) {
  v1::CreateReviewRoundRequest create = RoundRequest(10, 3);
  v1::ReviewRules& rules = *create.mutable_review_round()->mutable_rules();
  const v1::PlanReviewsResponse plan = Plan(rules);
  v1::ReviewConflict& conflict = *rules.add_conflicts();
  conflict.set_reviewer(plan.pairs(0).reviewer());
  conflict.set_reviewed(plan.pairs(0).reviewed());
  const v1::ReviewRound round = Create(create);
  v1::ReleaseReviewRoundRequest request = ReleaseRequest(round);
  *request.mutable_pairs() = plan.pairs();
  ExpectRefused(admin(), "ReleaseReviewRound", request, "PLAN_CONFLICT");
  request.mutable_pairs()->RemoveLast();
  ExpectRefused(admin(), "ReleaseReviewRound", request, "PLAN_COUNT_WRONG");
  request.clear_pairs();
  ExpectRefused(admin(), "ReleaseReviewRound", request, "FIELD_VIOLATIONS");
  request = ReleaseRequest(round);
  request.set_etag("99");
  ExpectRefused(admin(), "ReleaseReviewRound", request, "ETAG_STALE");
  request.set_etag("*");
  Ok<v1::ReviewRound>(admin(), "ReleaseReviewRound", request);
}

TEST_F(ReviewRoundTest, EveryRuleOfAPlanIsChecked) {
  const v1::ReviewRound round = Create(RoundRequest(10, 3));
  const v1::ReleaseReviewRoundRequest good = ReleaseRequest(round);
  auto request = good;
  *request.add_pairs() = good.pairs(0);
  ExpectRefused(admin(), "ReleaseReviewRound", request, "PAIR_REPEATED");
  request = good;
  request.mutable_pairs(0)->set_reviewer(good.pairs(0).reviewed());
  ExpectRefused(admin(), "ReleaseReviewRound", request, "PLAN_SELF_REVIEW");
  request = good;
  request.mutable_pairs(0)->set_reviewer("networks/annat/seats/s0");
  ExpectRefused(admin(), "ReleaseReviewRound", request, "PAIR_SEAT_UNKNOWN");
  // Each reviews the next three, so its neighbours; or the next and the one before, so mutually.
  request.clear_pairs();
  for (int i = 0; i < 10; ++i) {
    for (const int step : {1, 2, 3}) {
      v1::ReviewPair& pair = *request.add_pairs();
      pair.set_reviewer(Seat(i));
      pair.set_reviewed(Seat((i + step) % 10));
    }
  }
  ExpectRefused(admin(), "ReleaseReviewRound", request, "PLAN_NEIGHBOURS");
  for (int i = 0; i < 10; ++i) request.mutable_pairs(3 * i)->set_reviewed(Seat((i + 8) % 10));
  ExpectRefused(admin(), "ReleaseReviewRound", request, "PLAN_MUTUAL_PAIR");
  Ok<v1::ReviewRound>(admin(), "ReleaseReviewRound", good);
}

TEST_F(ReviewRoundTest, RefusedRepeatsAndCapacitiesHoldForTheReleasedPlan) {
  v1::CreateReviewRoundRequest create = RoundRequest(10, 3);
  v1::ReviewRules& rules = *create.mutable_review_round()->mutable_rules();
  const v1::PlanReviewsResponse plan = Plan(rules);
  *rules.add_previous_pairs() = plan.pairs(0);
  rules.set_previous_pairs_refused(true);
  v1::ReviewRound round = Create(create);
  v1::ReleaseReviewRoundRequest request = ReleaseRequest(round);
  *request.mutable_pairs() = plan.pairs();
  ExpectRefused(admin(), "ReleaseReviewRound", request, "PLAN_REPEATS");

  rules.set_previous_pairs_refused(false);
  for (const auto& [seat, most] : {std::pair(0, 2), {5, 4}}) {
    v1::ReviewCapacity& capacity = *rules.add_capacities();
    capacity.set_seat(Seat(seat));
    capacity.set_max_reviews(most);
  }
  create.set_review_round_id("2019");
  create.mutable_review_round()->set_agreement("networks/partnerskapet/agreements/2020-2021");
  round = Create(create);
  request = ReleaseRequest(round);
  const auto good = request.pairs();
  *request.mutable_pairs() = plan.pairs();
  ExpectRefused(admin(), "ReleaseReviewRound", request, "PLAN_OVER_CAPACITY");
  *request.mutable_pairs() = good;
  Ok<v1::ReviewRound>(admin(), "ReleaseReviewRound", request);
}

TEST_F(ReviewRoundTest, TheSameRequestIdReleasesOnce) {
  const v1::ReviewRound round = Create(RoundRequest(10, 3));
  v1::ReleaseReviewRoundRequest request = ReleaseRequest(round);
  request.set_request_id("0b5c6b0e-8a44-4c0e-9d0c-0a6f2f6d6f01");
  const auto first = Ok<v1::ReviewRound>(admin(), "ReleaseReviewRound", request);
  Restart();
  EXPECT_EQ(Ok<v1::ReviewRound>(admin(), "ReleaseReviewRound", request).SerializeAsString(), first.SerializeAsString());
}

}  // namespace
}  // namespace partnerskap::peer_review
