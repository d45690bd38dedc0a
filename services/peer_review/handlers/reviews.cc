#include <utility>
#include <vector>

#include "common/ids/ids.h"
#include "common/rpc/list.h"
#include "common/sql/etag.h"
#include "common/sql/references.h"
#include "common/status/macros.h"
#include "services/peer_review/domain/states.h"
#include "services/peer_review/domain/taking_part.h"
#include "services/peer_review/handlers/access.h"
#include "services/peer_review/handlers/handlers.h"
#include "services/peer_review/store/facts.h"
#include "services/peer_review/store/tables.h"

namespace partnerskap::peer_review {

absl::StatusOr<Answer<v1::Review>> GetReview(const Env&, const Call&, const v1::GetReviewRequest& request, ReadTx& tx) {
  return GetAnswer(request, Reviews(), tx);
}

absl::StatusOr<Answer<v1::ListReviewsResponse>> ListReviews(const Env& env, const Call& call,
                                                            const v1::ListReviewsRequest& request, ReadTx& tx) {
  return ListAnswer<v1::ListReviewsResponse>(env, call, request, {.parent = request.parent()}, Reviews(), tx);
}

absl::StatusOr<v1::Review> ScopeReview(const Env&, const Call& call, const v1::ScopeReviewRequest& request,
                                       WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Review review, Reviews().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeSeat(tx, call, review.seat(), review.name()));
  RETURN_IF_ERROR(EtagMustFit(review, request.etag()));
  ASSIGN_OR_RETURN(const v1::Review::State state, After(review, "scope"));
  std::vector<v1::Challenge> challenges;
  for (const std::string& name : request.challenges()) {
    RETURN_IF_ERROR(MustExist(tx, Challenges(), name));
    ASSIGN_OR_RETURN(challenges.emplace_back(), Challenges().Get(tx, name));
  }
  RETURN_IF_ERROR(MayScope(review, challenges));
  review.set_state(state);
  review.set_question(request.question());
  *review.mutable_challenges() = request.challenges();
  return Reviews().Update(tx, permit, std::move(review), request.etag(), "scoped");
}

absl::StatusOr<v1::Review> StaffReview(const Env&, const Call& call, const v1::StaffReviewRequest& request,
                                       WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Review review, Reviews().Get(tx, request.name()));
  const absl::string_view network = ParentName(ParentName(review.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeNetwork(tx, call, network, review.name()));
  RETURN_IF_ERROR(EtagMustFit(review, request.etag()));
  ASSIGN_OR_RETURN(const v1::Review::State state, After(review, "staff"));
  std::vector<KnownPost> posts;
  for (const v1::TeamMember& member : request.team()) {
    ASSIGN_OR_RETURN(posts.emplace_back(), PostNamed(tx, member.post()));
  }
  RETURN_IF_ERROR(MayStaff(review, posts));
  review.set_state(state);
  *review.mutable_team() = request.team();
  return Reviews().Update(tx, permit, std::move(review), request.etag(), "staffed");
}

}  // namespace partnerskap::peer_review
