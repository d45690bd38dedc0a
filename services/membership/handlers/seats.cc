#include "services/membership/domain/seats.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/ids/ids.h"
#include "common/rpc/effective_date.h"
#include "common/rpc/list.h"
#include "common/rpc/update_mask.h"
#include "common/sql/etag.h"
#include "common/sql/references.h"
#include "common/status/macros.h"
#include "services/membership/handlers/access.h"
#include "services/membership/handlers/handlers.h"
#include "services/membership/store/facts.h"
#include "services/membership/store/tables.h"

namespace partnerskap::membership {

absl::StatusOr<Answer<v1::Seat>> GetSeat(const Env&, const Call&, const v1::GetSeatRequest& request, ReadTx& tx) {
  return GetAnswer(request, Seats(), tx);
}

absl::StatusOr<Answer<v1::ListSeatsResponse>> ListSeats(const Env& env, const Call& call,
                                                        const v1::ListSeatsRequest& request, ReadTx& tx) {
  ASSIGN_OR_RETURN(auto answer,
                   ListAnswer<v1::ListSeatsResponse>(env, call, request, {.parent = request.parent()}, Seats(), tx));
  if (!request.has_effective_date()) return answer;
  // Joining and exit are no period that a list can be cut by: who was no member that day is left out of its page.
  ASSIGN_OR_RETURN(const absl::CivilDay day, EffectiveDay(call, request.effective_date()));
  v1::ListSeatsResponse page = answer.message();
  auto& seats = *page.mutable_seats();
  seats.erase(std::remove_if(seats.begin(), seats.end(),
                             [day](const v1::Seat& seat) { return HasLeft(seat, day) || NotYetJoined(seat, day); }),
              seats.end());
  return Answer<v1::ListSeatsResponse>(page);
}

absl::StatusOr<Answer<v1::BatchGetSeatsResponse>> BatchGetSeats(const Env&, const Call&,
                                                                const v1::BatchGetSeatsRequest& request, ReadTx& tx) {
  return BatchGetAnswer<v1::BatchGetSeatsResponse>(request, Seats(), tx);
}

absl::StatusOr<v1::Seat> CreateSeat(const Env&, const Call& call, const v1::CreateSeatRequest& request, WriteTx& tx) {
  v1::Seat seat = request.seat();
  seat.set_name(absl::StrCat(request.parent(), "/seats/", request.seat_id()));
  RETURN_IF_ERROR(ParentMustExist(tx, Networks(), request.parent()));
  for (const v1::Party& party : seat.parties()) RETURN_IF_ERROR(MustExist(tx, Organizations(), party.organization()));
  ASSIGN_OR_RETURN(const auto others, SeatsOf(tx, request.parent()));
  RETURN_IF_ERROR(MayTakeSeat(seat, others));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeShared(call, seat.name()));
  ASSIGN_OR_RETURN(seat, Seats().Create(tx, permit, std::move(seat)));
  RETURN_IF_ERROR(WriteSeatParties(tx, seat));
  return seat;
}

absl::StatusOr<v1::Seat> UpdateSeat(const Env&, const Call& call, const v1::UpdateSeatRequest& request, WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Seat seat, Seats().Get(tx, request.seat().name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeSeat(tx, call, seat.name(), seat.name()));
  RETURN_IF_ERROR(EtagMustFit(seat, request.seat().etag()));
  RETURN_IF_ERROR(
      ApplyMask(request.seat(), request.update_mask(), {"display_name", "join_date", "aliases", "sources"}, seat));
  RETURN_IF_ERROR(JoinDateMustFit(seat));
  return Seats().Update(tx, permit, std::move(seat), request.seat().etag(), "updated");
}

absl::StatusOr<v1::Seat> LeaveSeat(const Env&, const Call& call, const v1::LeaveSeatRequest& request, WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Seat seat, Seats().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeSeat(tx, call, seat.name(), seat.name()));
  RETURN_IF_ERROR(EtagMustFit(seat, request.etag()));
  RETURN_IF_ERROR(MayLeave(seat, request.exit_date()));
  v1::SeatExit& exit = *seat.mutable_exit();
  *exit.mutable_exit_date() = request.exit_date();
  exit.set_reason(request.reason());
  if (request.has_decision()) *exit.mutable_decision() = request.decision();
  if (!seat.holds().empty() && !seat.holds().rbegin()->has_end_date()) {
    *seat.mutable_holds()->rbegin()->mutable_end_date() = request.exit_date();
  }
  return Seats().Update(tx, permit, std::move(seat), request.etag(), "left");
}

absl::StatusOr<v1::Seat> HoldSeat(const Env&, const Call& call, const v1::HoldSeatRequest& request, WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Seat seat, Seats().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeSeat(tx, call, seat.name(), seat.name()));
  RETURN_IF_ERROR(EtagMustFit(seat, request.etag()));
  RETURN_IF_ERROR(MayHoldSeat(seat, request.start_date()));
  v1::SeatHold& hold = *seat.add_holds();
  *hold.mutable_start_date() = request.start_date();
  hold.set_reason(request.reason());
  if (request.has_decision()) *hold.mutable_decision() = request.decision();
  return Seats().Update(tx, permit, std::move(seat), request.etag(), "held");
}

absl::StatusOr<v1::Seat> ResumeSeat(const Env&, const Call& call, const v1::ResumeSeatRequest& request, WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Seat seat, Seats().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeSeat(tx, call, seat.name(), seat.name()));
  RETURN_IF_ERROR(EtagMustFit(seat, request.etag()));
  RETURN_IF_ERROR(MayResume(seat, request.end_date()));
  *seat.mutable_holds()->rbegin()->mutable_end_date() = request.end_date();
  return Seats().Update(tx, permit, std::move(seat), request.etag(), "resumed");
}

}  // namespace partnerskap::membership
