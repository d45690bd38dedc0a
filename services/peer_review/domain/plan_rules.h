// Between the contract's rules and plans and the solver's: reads rules, checks a plan against them, words an answer.
// Pure.
#ifndef PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_RULES_H_
#define PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_RULES_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "partnerskap/peerreview/v1/resources.pb.h"
#include "partnerskap/peerreview/v1/review_messages.pb.h"
#include "services/peer_review/domain/plan_solver.h"

namespace partnerskap::peer_review {

using ReviewPairs = google::protobuf::RepeatedPtrField<v1::ReviewPair>;

// The rules, whose seats are all named, as the solver takes them.
// Errors: FIELD_VIOLATIONS, RING_SEAT_WRONG, PAIR_SEAT_UNKNOWN, RING_TOO_SMALL.
absl::StatusOr<PlanInput> ReadRules(const v1::ReviewRules& rules, absl::string_view network);

// A plan that somebody wants to release, against the rules of its round.
// Errors: PAIR_SEAT_UNKNOWN, PAIR_REPEATED, PLAN_SELF_REVIEW, PLAN_COUNT_WRONG, PLAN_MUTUAL_PAIR, PLAN_NEIGHBOURS,
// PLAN_CONFLICT, PLAN_REPEATS, PLAN_OVER_CAPACITY.
absl::Status MustKeepRules(const v1::ReviewRules& rules, const ReviewPairs& pairs);

// The answer to a question for a plan. `name` gives what people call a seat.
v1::PlanReviewsResponse AnswerOf(const v1::ReviewRules& rules, const PlanInput& input, const PlanOutcome& outcome,
                                 absl::FunctionRef<std::string(absl::string_view)> name);

}  // namespace partnerskap::peer_review

#endif  // PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_RULES_H_
