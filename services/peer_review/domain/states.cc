#include "services/peer_review/domain/states.h"

#include <string>

#include "common/status/refusal.h"
#include "partnerskap/peerreview/v1/reasons.pb.h"

namespace partnerskap::peer_review {

absl::StatusOr<v1::Challenge::State> After(const v1::Challenge& challenge, absl::string_view action) {
  if (const auto next = Next(kChallengeTransitions, challenge.state(), action)) return *next;
  return Refuse(v1::CHALLENGE_STATE, {{"challenge", challenge.name()},
                                      {"state", v1::Challenge::State_Name(challenge.state())},
                                      {"method", std::string(action)}});
}

absl::StatusOr<v1::ReviewRound::State> After(const v1::ReviewRound& round, absl::string_view action) {
  if (const auto next = Next(kRoundTransitions, round.state(), action)) return *next;
  return Refuse(v1::ROUND_STATE, {{"review_round", round.name()},
                                  {"state", v1::ReviewRound::State_Name(round.state())},
                                  {"method", std::string(action)}});
}

absl::StatusOr<v1::Review::State> After(const v1::Review& review, absl::string_view action) {
  if (const auto next = Next(kReviewTransitions, review.state(), action)) return *next;
  return Refuse(
      v1::REVIEW_STATE,
      {{"review", review.name()}, {"state", v1::Review::State_Name(review.state())}, {"method", std::string(action)}});
}

}  // namespace partnerskap::peer_review
