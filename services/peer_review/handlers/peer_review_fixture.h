// The start of this service's handler tests: a network whose seats, posts and order of hosts the feeds have told.
#ifndef PARTNERSKAP_SERVICES_PEER_REVIEW_HANDLERS_PEER_REVIEW_FIXTURE_H_
#define PARTNERSKAP_SERVICES_PEER_REVIEW_HANDLERS_PEER_REVIEW_FIXTURE_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "common/testing/service_fixture.h"
#include "partnerskap/membership/v1/posts.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "partnerskap/peerreview/v1/challenge_messages.pb.h"
#include "partnerskap/peerreview/v1/review_messages.pb.h"
#include "partnerskap/scheduling/v1/resources.pb.h"
#include "services/peer_review/service.h"

namespace partnerskap::peer_review {

namespace v1 = peerreview::v1;

class PeerReviewFixture : public ServiceFixture {
 protected:
  static constexpr char kNetwork[] = "networks/partnerskapet";
  static constexpr char kAgreement[] = "networks/partnerskapet/agreements/2016-2019";

  PeerReviewFixture() : ServiceFixture(Definition()) { SetToday(2018, 2, 1); }

  static std::string Seat(int i) { return absl::StrCat(kNetwork, "/seats/s", i); }
  static std::string Organization(int i) { return absl::StrCat("organizations/kommun-000", i); }

  // Seats s0 to s<count - 1>, each of its own organization, with an elected and an official post.
  void LearnSeats(int count) {
    membership::v1::Network network;
    network.set_name(kNetwork);
    ASSERT_TRUE(Learn("membership", network).ok());
    for (int i = 0; i < count; ++i) {
      membership::v1::Seat seat;
      seat.set_name(Seat(i));
      seat.set_display_name(absl::StrCat("Plats ", i));
      seat.add_parties()->set_organization(Organization(i));
      seat.mutable_join_date()->set_year(2012);
      ASSERT_TRUE(Learn("membership", seat).ok());
      for (const auto kind : {membership::v1::Post::ELECTED, membership::v1::Post::OFFICIAL}) {
        membership::v1::Post post;
        post.set_name(
            absl::StrCat(Seat(i), kind == membership::v1::Post::ELECTED ? "/posts/elected" : "/posts/official"));
        post.set_kind(kind);
        ASSERT_TRUE(Learn("membership", post).ok());
      }
    }
  }

  void LearnHostOrder(int count) {
    scheduling::v1::HostRotation rotation;
    rotation.set_name(absl::StrCat(kNetwork, "/hostRotation"));
    for (int i = 0; i < count; ++i) rotation.add_seats(Seat(i));
    ASSERT_TRUE(Learn("scheduling", rotation).ok());
  }

  v1::CreateReviewRoundRequest RoundRequest(int seats, int k) {
    v1::CreateReviewRoundRequest request;
    request.set_parent(kNetwork);
    request.set_review_round_id("2018");
    request.mutable_review_round()->set_display_name("Granskning 2018");
    request.mutable_review_round()->set_agreement(kAgreement);
    for (int i = 0; i < seats; ++i) request.mutable_review_round()->mutable_rules()->add_seats(Seat(i));
    request.mutable_review_round()->mutable_rules()->set_reviews_per_seat(k);
    return request;
  }

  v1::PlanReviewsResponse Plan(const v1::ReviewRules& rules) {
    v1::PlanReviewsRequest request;
    request.set_network(kNetwork);
    *request.mutable_rules() = rules;
    return Ok<v1::PlanReviewsResponse>(Reader(), "PlanReviews", request);
  }

  // The request that releases a round with the plan that its rules give.
  v1::ReleaseReviewRoundRequest ReleaseRequest(const v1::ReviewRound& round) {
    v1::ReleaseReviewRoundRequest request;
    request.set_name(round.name());
    request.set_etag(round.etag());
    *request.mutable_pairs() = Plan(round.rules()).pairs();
    return request;
  }
};

}  // namespace partnerskap::peer_review

#endif  // PARTNERSKAP_SERVICES_PEER_REVIEW_HANDLERS_PEER_REVIEW_FIXTURE_H_
