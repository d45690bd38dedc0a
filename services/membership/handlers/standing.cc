#include "services/membership/domain/standing.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/ids.h"
#include "common/rpc/effective_date.h"
#include "common/rpc/list.h"
#include "common/sql/references.h"
#include "common/status/macros.h"
#include "services/membership/domain/seats.h"
#include "services/membership/handlers/handlers.h"
#include "services/membership/store/facts.h"
#include "services/membership/store/tables.h"

namespace partnerskap::membership {
namespace {

absl::StatusOr<v1::PostStanding> PostStandingOn(ReadTx& tx, const v1::Post& post, absl::CivilDay day) {
  ASSIGN_OR_RETURN(const auto appointments, AppointmentsOf(tx, post.name()));
  return StandingOfPost(post, appointments, day);
}

// Whether one of the two posts that count, elected and official, is carried over.
absl::StatusOr<bool> IsCarriedOver(ReadTx& tx, const std::string& seat, absl::CivilDay day) {
  ASSIGN_OR_RETURN(const auto posts, PostsOf(tx, seat));
  for (const v1::Post& post : posts) {
    if (post.kind() != v1::Post::ELECTED && post.kind() != v1::Post::OFFICIAL) continue;
    ASSIGN_OR_RETURN(const v1::PostStanding standing, PostStandingOn(tx, post, day));
    if (standing.state() == v1::PostStanding::CARRY_OVER) return true;
  }
  return false;
}

absl::StatusOr<int> MunicipalitiesBehind(ReadTx& tx, const v1::Seat& seat) {
  std::vector<v1::Organization> organizations;
  for (const v1::Party& party : seat.parties()) {
    ASSIGN_OR_RETURN(organizations.emplace_back(), Organizations().Get(tx, party.organization()));
  }
  return MunicipalityCount(organizations);
}

struct Judged {
  v1::SeatStanding standing;
  bool bound = false;
};

absl::StatusOr<Judged> SeatStandingOn(ReadTx& tx, const v1::Seat& seat, const std::string& agreement,
                                      absl::CivilDay day) {
  ASSIGN_OR_RETURN(const auto terms, TermsOf(tx, ParentName(seat.name()), seat.name()));
  ASSIGN_OR_RETURN(const bool carry_over, IsCarriedOver(tx, seat.name(), day));
  Judged judged;
  judged.standing = StandingOfSeat(seat, terms, agreement, carry_over, day);
  judged.bound = IsBoundOn(judged.standing, ChooseTerm(terms, agreement, day), day);
  ASSIGN_OR_RETURN(const int municipalities, MunicipalitiesBehind(tx, seat));
  judged.standing.set_municipality_count(municipalities);
  return judged;
}

}  // namespace

absl::StatusOr<Answer<v1::SeatStanding>> ComputeSeatStanding(const Env&, const Call& call,
                                                             const v1::ComputeSeatStandingRequest& request,
                                                             ReadTx& tx) {
  ASSIGN_OR_RETURN(const v1::Seat seat, Seats().Get(tx, request.seat()));
  ASSIGN_OR_RETURN(const absl::CivilDay day, EffectiveDay(call, request.effective_date()));
  ASSIGN_OR_RETURN(const Judged judged, SeatStandingOn(tx, seat, request.agreement(), day));
  return Answer<v1::SeatStanding>(judged.standing);
}

absl::StatusOr<Answer<v1::ListSeatStandingsResponse>> ListSeatStandings(const Env& env, const Call& call,
                                                                        const v1::ListSeatStandingsRequest& request,
                                                                        ReadTx& tx) {
  RETURN_IF_ERROR(MustExist(tx, Networks(), request.parent()));
  ASSIGN_OR_RETURN(const absl::CivilDay day, EffectiveDay(call, request.effective_date()));
  ASSIGN_OR_RETURN(const auto seats, SeatsOf(tx, request.parent()));
  ASSIGN_OR_RETURN(const Slice slice, SliceOf(env, call, request, seats.size()));
  v1::ListSeatStandingsResponse response;
  for (size_t i = 0; i < seats.size(); ++i) {
    ASSIGN_OR_RETURN(Judged judged, SeatStandingOn(tx, seats[i], request.agreement(), day));
    if (seats[i].kind() == v1::Seat::MEMBER && !HasLeft(seats[i], day) && !NotYetJoined(seats[i], day)) {
      response.set_seat_count(response.seat_count() + 1);
      response.set_municipality_count(response.municipality_count() + judged.standing.municipality_count());
      response.set_bound_seat_count(response.bound_seat_count() + (judged.bound ? 1 : 0));
    }
    if (slice.Holds(i)) *response.add_seat_standings() = std::move(judged.standing);
  }
  response.set_next_page_token(slice.next_page_token);
  ASSIGN_OR_RETURN(*response.mutable_agreements_position(), PositionOf(tx, "agreements"));
  return Answer<v1::ListSeatStandingsResponse>(response);
}

absl::StatusOr<Answer<v1::PostStanding>> ComputePostStanding(const Env&, const Call& call,
                                                             const v1::ComputePostStandingRequest& request,
                                                             ReadTx& tx) {
  ASSIGN_OR_RETURN(const v1::Post post, Posts().Get(tx, request.post()));
  ASSIGN_OR_RETURN(const absl::CivilDay day, EffectiveDay(call, request.effective_date()));
  ASSIGN_OR_RETURN(const v1::PostStanding standing, PostStandingOn(tx, post, day));
  return Answer<v1::PostStanding>(standing);
}

absl::StatusOr<Answer<v1::ListPostStandingsResponse>> ListPostStandings(const Env& env, const Call& call,
                                                                        const v1::ListPostStandingsRequest& request,
                                                                        ReadTx& tx) {
  RETURN_IF_ERROR(MustExist(tx, Networks(), request.parent()));
  ASSIGN_OR_RETURN(const absl::CivilDay day, EffectiveDay(call, request.effective_date()));
  ASSIGN_OR_RETURN(const auto seats, SeatsOf(tx, request.parent()));
  std::vector<v1::Post> posts;
  for (const v1::Seat& seat : seats) {
    if (!request.seat().empty() && request.seat() != seat.name()) continue;
    ASSIGN_OR_RETURN(const auto of_seat, PostsOf(tx, seat.name()));
    posts.insert(posts.end(), of_seat.begin(), of_seat.end());
  }
  ASSIGN_OR_RETURN(const Slice slice, SliceOf(env, call, request, posts.size()));
  v1::ListPostStandingsResponse response;
  for (size_t i = slice.begin; i < slice.end; ++i) {
    ASSIGN_OR_RETURN(*response.add_post_standings(), PostStandingOn(tx, posts[i], day));
  }
  response.set_next_page_token(slice.next_page_token);
  return Answer<v1::ListPostStandingsResponse>(response);
}

}  // namespace partnerskap::membership
