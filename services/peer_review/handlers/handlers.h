// One function per RPC of *peer_review*; service.cc lists them. What each does, refuses and means stands in
// protos/partnerskap/peerreview/v1/service.proto.
#ifndef PARTNERSKAP_SERVICES_PEER_REVIEW_HANDLERS_HANDLERS_H_
#define PARTNERSKAP_SERVICES_PEER_REVIEW_HANDLERS_HANDLERS_H_

#include "absl/status/statusor.h"
#include "common/env/env.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "common/sql/transaction.h"
#include "partnerskap/peerreview/v1/challenge_messages.pb.h"
#include "partnerskap/peerreview/v1/review_messages.pb.h"

// clang-format off: one line for each RPC.
namespace partnerskap::peer_review {

namespace v1 = peerreview::v1;

// challenges.cc
absl::StatusOr<Answer<v1::Challenge>> GetChallenge(const Env&, const Call&, const v1::GetChallengeRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ListChallengesResponse>> ListChallenges(const Env&, const Call&,
                                                                  const v1::ListChallengesRequest&, ReadTx&);
absl::StatusOr<v1::Challenge> CreateChallenge(const Env&, const Call&, const v1::CreateChallengeRequest&, WriteTx&);
absl::StatusOr<v1::Challenge> AcceptChallenge(const Env&, const Call&, const v1::AcceptChallengeRequest&, WriteTx&);
absl::StatusOr<v1::Challenge> DeclineChallenge(const Env&, const Call&, const v1::DeclineChallengeRequest&, WriteTx&);
absl::StatusOr<v1::Challenge> CloseChallenge(const Env&, const Call&, const v1::CloseChallengeRequest&, WriteTx&);

// review_rounds.cc
absl::StatusOr<Answer<v1::ReviewRound>> GetReviewRound(const Env&, const Call&, const v1::GetReviewRoundRequest&,
                                                       ReadTx&);
absl::StatusOr<Answer<v1::ListReviewRoundsResponse>> ListReviewRounds(const Env&, const Call&,
                                                                      const v1::ListReviewRoundsRequest&, ReadTx&);
absl::StatusOr<v1::ReviewRound> CreateReviewRound(const Env&, const Call&, const v1::CreateReviewRoundRequest&,
                                                  WriteTx&);
absl::StatusOr<Answer<v1::PlanReviewsResponse>> PlanReviews(const Env&, const Call&, const v1::PlanReviewsRequest&,
                                                            ReadTx&);
absl::StatusOr<v1::ReviewRound> ReleaseReviewRound(const Env&, const Call&, const v1::ReleaseReviewRoundRequest&,
                                                   WriteTx&);
absl::StatusOr<v1::ReviewRound> CloseReviewRound(const Env&, const Call&, const v1::CloseReviewRoundRequest&, WriteTx&);

// reviews.cc
absl::StatusOr<Answer<v1::Review>> GetReview(const Env&, const Call&, const v1::GetReviewRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ListReviewsResponse>> ListReviews(const Env&, const Call&, const v1::ListReviewsRequest&,
                                                            ReadTx&);
absl::StatusOr<v1::Review> ScopeReview(const Env&, const Call&, const v1::ScopeReviewRequest&, WriteTx&);
absl::StatusOr<v1::Review> StaffReview(const Env&, const Call&, const v1::StaffReviewRequest&, WriteTx&);

}  // namespace partnerskap::peer_review
// clang-format on

#endif  // PARTNERSKAP_SERVICES_PEER_REVIEW_HANDLERS_HANDLERS_H_
