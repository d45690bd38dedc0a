#include <utility>

#include "absl/strings/str_cat.h"
#include "common/ids/ids.h"
#include "common/rpc/effective_date.h"
#include "common/rpc/list.h"
#include "common/sql/etag.h"
#include "common/status/macros.h"
#include "common/time/partial_date.h"
#include "services/peer_review/domain/states.h"
#include "services/peer_review/domain/taking_part.h"
#include "services/peer_review/handlers/access.h"
#include "services/peer_review/handlers/handlers.h"
#include "services/peer_review/store/facts.h"
#include "services/peer_review/store/tables.h"

namespace partnerskap::peer_review {

absl::StatusOr<Answer<v1::Challenge>> GetChallenge(const Env&, const Call&, const v1::GetChallengeRequest& request,
                                                   ReadTx& tx) {
  return GetAnswer(request, Challenges(), tx);
}

absl::StatusOr<Answer<v1::ListChallengesResponse>> ListChallenges(const Env& env, const Call& call,
                                                                  const v1::ListChallengesRequest& request,
                                                                  ReadTx& tx) {
  return ListAnswer<v1::ListChallengesResponse>(env, call, request, {.parent = request.parent()}, Challenges(), tx);
}

absl::StatusOr<v1::Challenge> CreateChallenge(const Env&, const Call& call, const v1::CreateChallengeRequest& request,
                                              WriteTx& tx) {
  v1::Challenge challenge = request.challenge();
  challenge.set_name(absl::StrCat(request.parent(), "/challenges/", request.challenge_id()));
  RETURN_IF_ERROR(NetworkMustBeKnown(tx, request.parent()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeNetwork(tx, call, request.parent(), challenge.name()));
  RETURN_IF_ERROR(MustBeOfNetwork(request.parent(), challenge.agreement(), "challenge.agreement"));
  ASSIGN_OR_RETURN(const auto seat, FindSeat(tx, challenge.seat()));
  ASSIGN_OR_RETURN(const absl::CivilDay today, EffectiveDay(call, {}));
  const google::type::Date day = challenge.has_proposal_date() ? challenge.proposal_date() : DateOf(today);
  RETURN_IF_ERROR(MustTakePart(seat, challenge.seat(), request.parent(), day));
  challenge.set_state(v1::Challenge::PROPOSED);
  return Challenges().Create(tx, permit, std::move(challenge));
}

absl::StatusOr<v1::Challenge> AcceptChallenge(const Env&, const Call& call, const v1::AcceptChallengeRequest& request,
                                              WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Challenge challenge, Challenges().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeSeat(tx, call, challenge.seat(), challenge.name()));
  RETURN_IF_ERROR(EtagMustFit(challenge, request.etag()));
  RETURN_IF_ERROR(MustNotBeReversed(challenge.proposal_date(), request.answer_date(), "answer_date"));
  ASSIGN_OR_RETURN(const v1::Challenge::State state, After(challenge, "accept"));
  challenge.set_state(state);
  *challenge.mutable_answer_date() = request.answer_date();
  return Challenges().Update(tx, permit, std::move(challenge), request.etag(), "accepted");
}

absl::StatusOr<v1::Challenge> DeclineChallenge(const Env&, const Call& call, const v1::DeclineChallengeRequest& request,
                                               WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Challenge challenge, Challenges().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeSeat(tx, call, challenge.seat(), challenge.name()));
  RETURN_IF_ERROR(EtagMustFit(challenge, request.etag()));
  RETURN_IF_ERROR(MustNotBeReversed(challenge.proposal_date(), request.answer_date(), "answer_date"));
  ASSIGN_OR_RETURN(const v1::Challenge::State state, After(challenge, "decline"));
  challenge.set_state(state);
  *challenge.mutable_answer_date() = request.answer_date();
  challenge.set_answer(request.reason());
  return Challenges().Update(tx, permit, std::move(challenge), request.etag(), "declined");
}

absl::StatusOr<v1::Challenge> CloseChallenge(const Env&, const Call& call, const v1::CloseChallengeRequest& request,
                                             WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Challenge challenge, Challenges().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeSeat(tx, call, challenge.seat(), challenge.name()));
  RETURN_IF_ERROR(EtagMustFit(challenge, request.etag()));
  ASSIGN_OR_RETURN(const v1::Challenge::State state, After(challenge, "close"));
  challenge.set_state(state);
  challenge.set_answer(request.outcome());
  return Challenges().Update(tx, permit, std::move(challenge), request.etag(), "closed");
}

}  // namespace partnerskap::peer_review
