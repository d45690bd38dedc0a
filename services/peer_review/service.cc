#include "services/peer_review/service.h"

#include "common/feed/producer.h"
#include "common/rpc/service.h"
#include "services/peer_review/handlers/access.h"
#include "services/peer_review/handlers/handlers.h"
#include "services/peer_review/reactions/reactions.h"
#include "services/peer_review/store/facts.h"
#include "services/peer_review/store/tables.h"

namespace partnerskap::peer_review {
namespace {

// "PsPr" in the header of the store file.
constexpr uint32_t kApplicationId = 0x50735072;
constexpr int kDefaultPort = 7404;

void RegisterMethods(Methods& methods) {
  ServiceMethods service(methods, "partnerskap.peerreview.v1.PeerReviewService");
  service.Read("GetChallenge", &GetChallenge);
  service.Read("ListChallenges", &ListChallenges);
  service.Write("CreateChallenge", &CreateChallenge);
  service.Write("AcceptChallenge", &AcceptChallenge);
  service.Write("DeclineChallenge", &DeclineChallenge);
  service.Write("CloseChallenge", &CloseChallenge);
  service.Read("GetReviewRound", &GetReviewRound);
  service.Read("ListReviewRounds", &ListReviewRounds);
  service.Write("CreateReviewRound", &CreateReviewRound);
  service.Read("PlanReviews", &PlanReviews);
  service.Write("ReleaseReviewRound", &ReleaseReviewRound);
  service.Write("CloseReviewRound", &CloseReviewRound);
  service.Read("GetReview", &GetReview);
  service.Read("ListReviews", &ListReviews);
  service.Write("ScopeReview", &ScopeReview);
  service.Write("StaffReview", &StaffReview);
  RegisterFeed(methods, "partnerskap.peerreview.v1.PeerReviewFeedService",
               "partnerskap.peerreview.v1.PeerReviewAuditService", {.hidden_types = {}, .may_follow = &MayFollow});
}

}  // namespace

ServiceDefinition Definition() {
  return {.name = "peer_review",
          .package = "partnerskap.peerreview.v1",
          .application_id = kApplicationId,
          .default_port = kDefaultPort,
          .migrations = Migrations(),
          .tables = Tables(),
          .register_methods = &RegisterMethods,
          .subscriptions = {{.producer = "membership",
                             .feed_service = "partnerskap.membership.v1.MembershipFeedService",
                             .react = &ReactToMembership,
                             .reset = &ForgetMembership},
                            {.producer = "scheduling",
                             .feed_service = "partnerskap.scheduling.v1.SchedulingFeedService",
                             .react = &ReactToScheduling,
                             .reset = &ForgetScheduling}}};
}

}  // namespace partnerskap::peer_review
