#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/ids/ids.h"
#include "common/rpc/effective_date.h"
#include "common/rpc/list.h"
#include "common/sql/etag.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "partnerskap/peerreview/v1/reasons.pb.h"
#include "services/peer_review/domain/plan_rules.h"
#include "services/peer_review/domain/plan_solver.h"
#include "services/peer_review/domain/states.h"
#include "services/peer_review/domain/taking_part.h"
#include "services/peer_review/handlers/access.h"
#include "services/peer_review/handlers/handlers.h"
#include "services/peer_review/store/facts.h"
#include "services/peer_review/store/tables.h"

namespace partnerskap::peer_review {
namespace {

// Rules that name no seats mean those of the host order, in its order.
absl::Status FillRing(ReadTx& tx, const std::string& network, v1::ReviewRules& rules) {
  if (rules.seats_size() > 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> hosts, HostOrderOf(tx, network));
  if (hosts.empty()) return Refuse(v1::HOST_ORDER_UNKNOWN, {{"network", network}});
  rules.mutable_seats()->Assign(hosts.begin(), hosts.end());
  return absl::OkStatus();
}

// The plan as one review for each seat, in the order of the ring, as are its reviewers.
std::vector<v1::Review> ReviewsOf(const v1::ReviewRound& round, const ReviewPairs& pairs) {
  std::map<std::string, std::vector<std::string>> reviewers;
  for (const std::string& reviewer : round.rules().seats()) {
    for (const v1::ReviewPair& pair : pairs) {
      if (pair.reviewer() == reviewer) reviewers[pair.reviewed()].push_back(reviewer);
    }
  }
  std::vector<v1::Review> reviews;
  for (const std::string& seat : round.rules().seats()) {
    v1::Review& review = reviews.emplace_back();
    review.set_name(absl::StrCat(round.name(), "/reviews/", LastSegment(seat)));
    review.set_seat(seat);
    review.set_state(v1::Review::PLANNED);
    for (const std::string& reviewer : reviewers[seat]) review.add_reviewers(reviewer);
  }
  return reviews;
}

}  // namespace

absl::StatusOr<Answer<v1::ReviewRound>> GetReviewRound(const Env&, const Call&,
                                                       const v1::GetReviewRoundRequest& request, ReadTx& tx) {
  return GetAnswer(request, ReviewRounds(), tx);
}

absl::StatusOr<Answer<v1::ListReviewRoundsResponse>> ListReviewRounds(const Env& env, const Call& call,
                                                                      const v1::ListReviewRoundsRequest& request,
                                                                      ReadTx& tx) {
  return ListAnswer<v1::ListReviewRoundsResponse>(env, call, request, {.parent = request.parent()}, ReviewRounds(), tx);
}

absl::StatusOr<v1::ReviewRound> CreateReviewRound(const Env&, const Call& call,
                                                  const v1::CreateReviewRoundRequest& request, WriteTx& tx) {
  const std::string& network = request.parent();
  v1::ReviewRound round = request.review_round();
  round.set_name(absl::StrCat(network, "/reviewRounds/", request.review_round_id()));
  RETURN_IF_ERROR(NetworkMustBeKnown(tx, network));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeNetwork(tx, call, network, round.name()));
  RETURN_IF_ERROR(MustBeOfNetwork(network, round.agreement(), "review_round.agreement"));
  RETURN_IF_ERROR(MustNotBeReversed(round.start_date(), round.end_date(), "review_round.end_date"));
  RETURN_IF_ERROR(FillRing(tx, network, *round.mutable_rules()));
  RETURN_IF_ERROR(ReadRules(round.rules(), network).status());
  ASSIGN_OR_RETURN(const absl::CivilDay today, EffectiveDay(call, {}));
  const google::type::Date day = round.has_start_date() ? round.start_date() : DateOf(today);
  for (const std::string& name : round.rules().seats()) {
    ASSIGN_OR_RETURN(const auto seat, FindSeat(tx, name));
    RETURN_IF_ERROR(MustTakePart(seat, name, network, day));
  }
  ASSIGN_OR_RETURN(const std::string open, OpenRoundOf(tx, round.agreement()));
  RETURN_IF_ERROR(MayOpenRound(open));
  round.set_state(v1::ReviewRound::DRAFT);
  return ReviewRounds().Create(tx, permit, std::move(round));
}

absl::StatusOr<Answer<v1::PlanReviewsResponse>> PlanReviews(const Env&, const Call&,
                                                            const v1::PlanReviewsRequest& request, ReadTx& tx) {
  v1::ReviewRules rules = request.rules();
  RETURN_IF_ERROR(FillRing(tx, request.network(), rules));
  ASSIGN_OR_RETURN(const PlanInput input, ReadRules(rules, request.network()));
  ASSIGN_OR_RETURN(const auto names, SeatNamesOf(tx, request.network()));
  ASSIGN_OR_RETURN(const PlanOutcome outcome, SolvePlan(input));
  return AnswerOf(rules, input, outcome, [&names](absl::string_view seat) {
    const auto known = names.find(std::string(seat));
    return known != names.end() ? known->second : std::string(LastSegment(seat));
  });
}

absl::StatusOr<v1::ReviewRound> ReleaseReviewRound(const Env&, const Call& call,
                                                   const v1::ReleaseReviewRoundRequest& request, WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::ReviewRound round, ReviewRounds().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeNetwork(tx, call, ParentName(round.name()), round.name()));
  RETURN_IF_ERROR(EtagMustFit(round, request.etag()));
  ASSIGN_OR_RETURN(const v1::ReviewRound::State state, After(round, "release"));
  RETURN_IF_ERROR(MustKeepRules(round.rules(), request.pairs()));
  ASSIGN_OR_RETURN(const absl::CivilDay today, EffectiveDay(call, {}));
  for (v1::Review& review : ReviewsOf(round, request.pairs())) {
    RETURN_IF_ERROR(Reviews().Create(tx, permit, std::move(review), "planned").status());
  }
  round.set_state(state);
  *round.mutable_release_date() = DateOf(today);
  return ReviewRounds().Update(tx, permit, std::move(round), request.etag(), "released");
}

absl::StatusOr<v1::ReviewRound> CloseReviewRound(const Env&, const Call& call,
                                                 const v1::CloseReviewRoundRequest& request, WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::ReviewRound round, ReviewRounds().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeNetwork(tx, call, ParentName(round.name()), round.name()));
  RETURN_IF_ERROR(EtagMustFit(round, request.etag()));
  ASSIGN_OR_RETURN(const v1::ReviewRound::State state, After(round, "close"));
  round.set_state(state);
  return ReviewRounds().Update(tx, permit, std::move(round), request.etag(), "closed");
}

}  // namespace partnerskap::peer_review
