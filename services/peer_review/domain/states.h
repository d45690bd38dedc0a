// The state machines of *peer_review*. Their matrices stand in services/peer_review/README.md; states_test.cc holds the
// two equal.
#ifndef PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_STATES_H_
#define PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_STATES_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/state/transitions.h"
#include "partnerskap/peerreview/v1/resources.pb.h"

namespace partnerskap::peer_review {

namespace v1 = peerreview::v1;

inline constexpr Transition<v1::Challenge::State> kChallengeTransitions[] = {
    {v1::Challenge::PROPOSED, "accept", v1::Challenge::ACCEPTED},
    {v1::Challenge::PROPOSED, "decline", v1::Challenge::DECLINED},
    {v1::Challenge::ACCEPTED, "close", v1::Challenge::CLOSED},
};

inline constexpr Transition<v1::ReviewRound::State> kRoundTransitions[] = {
    {v1::ReviewRound::DRAFT, "release", v1::ReviewRound::RELEASED},
    {v1::ReviewRound::RELEASED, "close", v1::ReviewRound::CLOSED},
};

inline constexpr Transition<v1::Review::State> kReviewTransitions[] = {
    {v1::Review::PLANNED, "scope", v1::Review::SCOPED},
    {v1::Review::SCOPED, "staff", v1::Review::TEAM_SET},
};

// The state after `action`. Errors: CHALLENGE_STATE, ROUND_STATE, REVIEW_STATE.
absl::StatusOr<v1::Challenge::State> After(const v1::Challenge& challenge, absl::string_view action);
absl::StatusOr<v1::ReviewRound::State> After(const v1::ReviewRound& round, absl::string_view action);
absl::StatusOr<v1::Review::State> After(const v1::Review& review, absl::string_view action);

}  // namespace partnerskap::peer_review

#endif  // PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_STATES_H_
