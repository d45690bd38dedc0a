#include "services/agreements/domain/standing.h"

#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/ids.h"
#include "common/rpc/effective_date.h"
#include "common/rpc/list.h"
#include "common/status/macros.h"
#include "services/agreements/handlers/handlers.h"
#include "services/agreements/store/facts.h"
#include "services/agreements/store/projections.h"
#include "services/agreements/store/tables.h"

namespace partnerskap::agreements {
namespace {

// What the standings of one agreement need.
struct AgreementFacts {
  v1::Agreement agreement;
  std::vector<v1::Clause> clauses;
};

absl::StatusOr<AgreementFacts> FactsOf(ReadTx& tx, absl::string_view agreement) {
  AgreementFacts facts;
  ASSIGN_OR_RETURN(facts.agreement, Agreements().Get(tx, agreement));
  ASSIGN_OR_RETURN(facts.clauses, ClausesOf(tx, agreement));
  return facts;
}

absl::StatusOr<v1::AdoptionStanding> StandingOn(ReadTx& tx, const v1::Adoption& adoption, const AgreementFacts& facts,
                                                absl::CivilDay day) {
  ASSIGN_OR_RETURN(const auto signatures, SignaturesOf(tx, adoption.name()));
  return StandingOfAdoption(adoption, facts.agreement, signatures, facts.clauses, day);
}

// Standings of the adoptions, and of the member seats that have none, by the seats' names.
absl::StatusOr<std::vector<v1::AdoptionStanding>> StandingsOf(ReadTx& tx, const AgreementFacts& facts,
                                                              const std::vector<SeatFacts>& seats, absl::CivilDay day) {
  std::map<std::string, v1::AdoptionStanding> by_seat;
  ASSIGN_OR_RETURN(const auto adoptions, AdoptionsOf(tx, facts.agreement.name()));
  for (const v1::Adoption& adoption : adoptions) {
    ASSIGN_OR_RETURN(by_seat[adoption.seat()], StandingOn(tx, adoption, facts, day));
  }
  for (const SeatFacts& seat : seats) {
    if (seat.member && TakesPartOn(seat, day)) by_seat.emplace(seat.seat, StandingOfNone(seat.seat, day));
  }
  std::vector<v1::AdoptionStanding> standings;
  for (auto& [seat, standing] : by_seat) standings.push_back(std::move(standing));
  return standings;
}

// Counts are of the member seats that take part on the day.
void Count(const std::vector<SeatFacts>& seats, const std::vector<v1::AdoptionStanding>& standings, absl::CivilDay day,
           v1::ListAdoptionStandingsResponse& response) {
  std::map<std::string, const v1::AdoptionStanding*> by_seat;
  for (const v1::AdoptionStanding& standing : standings) by_seat[standing.seat()] = &standing;
  for (const SeatFacts& seat : seats) {
    if (!seat.member || !TakesPartOn(seat, day)) continue;
    const v1::AdoptionStanding& standing = *by_seat[seat.seat];
    response.set_seat_count(response.seat_count() + 1);
    response.set_bound_seat_count(response.bound_seat_count() + (standing.bound() ? 1 : 0));
    response.set_active_seat_count(response.active_seat_count() + (standing.active() ? 1 : 0));
    const bool unknown = standing.state() == v1::Adoption::STATE_UNSPECIFIED;
    response.set_unknown_seat_count(response.unknown_seat_count() + (unknown ? 1 : 0));
  }
}

// What one seat has promised, over its agreements.
absl::Status AddPromises(ReadTx& tx, const std::string& seat, absl::CivilDay day, std::vector<v1::Promise>& promises) {
  ASSIGN_OR_RETURN(const SeatFacts facts, GetSeatFacts(tx, seat));
  if (!TakesPartOn(facts, day)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto adoptions, AdoptionsOfSeat(tx, seat));
  for (const v1::Adoption& adoption : adoptions) {
    ASSIGN_OR_RETURN(const AgreementFacts agreement, FactsOf(tx, ParentName(adoption.name())));
    std::vector<v1::Promise> more = PromisesOf(adoption, agreement.agreement, agreement.clauses, day);
    std::move(more.begin(), more.end(), std::back_inserter(promises));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Answer<v1::AdoptionStanding>> ComputeAdoptionStanding(const Env&, const Call& call,
                                                                     const v1::ComputeAdoptionStandingRequest& request,
                                                                     ReadTx& tx) {
  ASSIGN_OR_RETURN(const v1::Adoption adoption, Adoptions().Get(tx, request.adoption()));
  ASSIGN_OR_RETURN(const absl::CivilDay day, EffectiveDay(call, request.effective_date()));
  ASSIGN_OR_RETURN(const AgreementFacts facts, FactsOf(tx, ParentName(adoption.name())));
  ASSIGN_OR_RETURN(const v1::AdoptionStanding standing, StandingOn(tx, adoption, facts, day));
  return Answer<v1::AdoptionStanding>(standing);
}

absl::StatusOr<Answer<v1::ListAdoptionStandingsResponse>> ListAdoptionStandings(
    const Env& env, const Call& call, const v1::ListAdoptionStandingsRequest& request, ReadTx& tx) {
  ASSIGN_OR_RETURN(const AgreementFacts facts, FactsOf(tx, request.parent()));
  ASSIGN_OR_RETURN(const absl::CivilDay day, EffectiveDay(call, request.effective_date()));
  ASSIGN_OR_RETURN(const auto seats, SeatsOf(tx, ParentName(request.parent())));
  ASSIGN_OR_RETURN(const auto standings, StandingsOf(tx, facts, seats, day));
  ASSIGN_OR_RETURN(const Slice slice, SliceOf(env, call, request, standings.size()));
  v1::ListAdoptionStandingsResponse response;
  for (size_t i = slice.begin; i < slice.end; ++i) *response.add_adoption_standings() = standings[i];
  Count(seats, standings, day, response);
  response.set_next_page_token(slice.next_page_token);
  ASSIGN_OR_RETURN(*response.mutable_membership_position(), PositionOf(tx, "membership"));
  return Answer<v1::ListAdoptionStandingsResponse>(response);
}

absl::StatusOr<Answer<v1::ListDutiesResponse>> ListDuties(const Env& env, const Call& call,
                                                          const v1::ListDutiesRequest& request, ReadTx& tx) {
  ASSIGN_OR_RETURN(const AgreementFacts facts, FactsOf(tx, request.parent()));
  const std::vector<v1::Duty> duties = DutiesOf(facts.agreement, facts.clauses);
  ASSIGN_OR_RETURN(const Slice slice, SliceOf(env, call, request, duties.size()));
  v1::ListDutiesResponse response;
  for (size_t i = slice.begin; i < slice.end; ++i) *response.add_duties() = duties[i];
  for (const v1::Clause::Kind kind : SilencesOf(facts.clauses)) response.add_silences(kind);
  response.set_next_page_token(slice.next_page_token);
  return Answer<v1::ListDutiesResponse>(response);
}

absl::StatusOr<Answer<v1::ListPromisesResponse>> ListPromises(const Env& env, const Call& call,
                                                              const v1::ListPromisesRequest& request, ReadTx& tx) {
  RETURN_IF_ERROR(OrganizationMustBeKnown(tx, request.parent()));
  ASSIGN_OR_RETURN(const absl::CivilDay day, EffectiveDay(call, request.effective_date()));
  ASSIGN_OR_RETURN(const auto seats, SeatsHeldBy(tx, request.parent()));
  std::vector<v1::Promise> promises;
  for (const std::string& seat : seats) RETURN_IF_ERROR(AddPromises(tx, seat, day, promises));
  ASSIGN_OR_RETURN(const Slice slice, SliceOf(env, call, request, promises.size()));
  v1::ListPromisesResponse response;
  for (size_t i = slice.begin; i < slice.end; ++i) *response.add_promises() = std::move(promises[i]);
  response.set_next_page_token(slice.next_page_token);
  ASSIGN_OR_RETURN(*response.mutable_membership_position(), PositionOf(tx, "membership"));
  return Answer<v1::ListPromisesResponse>(response);
}

}  // namespace partnerskap::agreements
