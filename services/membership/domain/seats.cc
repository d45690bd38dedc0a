#include "services/membership/domain/seats.h"

#include <set>
#include <string>
#include <utility>

#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "partnerskap/membership/v1/reasons.pb.h"
#include "services/membership/domain/periods.h"

namespace partnerskap::membership {
namespace {

std::string PartyKey(const v1::Party& party) { return party.organization() + "\n" + party.part(); }

const v1::SeatHold* OpenHold(const v1::Seat& seat) {
  if (seat.holds().empty() || seat.holds().rbegin()->has_end_date()) return nullptr;
  return &*seat.holds().rbegin();
}

absl::Status DateImpossible(const v1::Seat& seat, const std::string& field, const google::type::Date& limit) {
  return Refuse(v1::SEAT_DATE_IMPOSSIBLE, {{"seat", seat.name()}, {"field", field}, {"limit", DateToText(limit)}});
}

}  // namespace

bool IsOnHold(const v1::Seat& seat, absl::CivilDay day) {
  for (const v1::SeatHold& hold : seat.holds()) {
    if (hold.has_start_date() && MayHold({hold.start_date(), hold.end_date()}, day)) return true;
  }
  return false;
}

bool HasLeft(const v1::Seat& seat, absl::CivilDay day) {
  return seat.has_exit() && IsAfter(day, seat.exit().exit_date());
}

bool NotYetJoined(const v1::Seat& seat, absl::CivilDay day) { return IsBefore(day, seat.join_date()); }

absl::Status MayTakeSeat(const v1::Seat& seat, const std::vector<v1::Seat>& others) {
  std::set<std::string> own;
  for (const v1::Party& party : seat.parties()) {
    if (!own.insert(PartyKey(party)).second) {
      return Refuse(v1::SEAT_PARTY_REPEATED, {{"organization", party.organization()}});
    }
  }
  for (const v1::Seat& other : others) {
    if (other.has_exit()) continue;
    for (const v1::Party& party : other.parties()) {
      if (own.contains(PartyKey(party))) {
        return Refuse(v1::SEAT_PARTY_TAKEN, {{"organization", party.organization()}, {"seat", other.name()}});
      }
    }
  }
  return absl::OkStatus();
}

absl::Status MustNotHaveLeft(const v1::Seat& seat) {
  if (!seat.has_exit()) return absl::OkStatus();
  return Refuse(v1::SEAT_LEFT, {{"seat", seat.name()}, {"exit_date", DateToText(seat.exit().exit_date())}});
}

absl::Status JoinDateMustFit(const v1::Seat& seat) {
  if (seat.has_exit() && Compare(seat.exit().exit_date(), seat.join_date()) == DateOrder::kBefore) {
    return DateImpossible(seat, "join_date", seat.exit().exit_date());
  }
  // Holds are in order of time.
  if (!seat.holds().empty() && Compare(seat.holds(0).start_date(), seat.join_date()) == DateOrder::kBefore) {
    return DateImpossible(seat, "join_date", seat.holds(0).start_date());
  }
  return absl::OkStatus();
}

absl::Status MayLeave(const v1::Seat& seat, const google::type::Date& exit_date) {
  RETURN_IF_ERROR(MustNotHaveLeft(seat));
  if (Compare(exit_date, seat.join_date()) == DateOrder::kBefore) {
    return DateImpossible(seat, "exit_date", seat.join_date());
  }
  // An open hold ends with the membership, so it must have begun by then; and no hold lies beyond it.
  if (!seat.holds().empty() && Compare(exit_date, seat.holds().rbegin()->start_date()) == DateOrder::kBefore) {
    return DateImpossible(seat, "exit_date", seat.holds().rbegin()->start_date());
  }
  return absl::OkStatus();
}

absl::Status MayHoldSeat(const v1::Seat& seat, const google::type::Date& start_date) {
  RETURN_IF_ERROR(MustNotHaveLeft(seat));
  if (OpenHold(seat) != nullptr) return Refuse(v1::SEAT_ON_HOLD, {{"seat", seat.name()}});
  if (Compare(start_date, seat.join_date()) == DateOrder::kBefore) {
    return DateImpossible(seat, "start_date", seat.join_date());
  }
  if (!seat.holds().empty() && Compare(start_date, seat.holds().rbegin()->end_date()) != DateOrder::kAfter) {
    return DateImpossible(seat, "start_date", seat.holds().rbegin()->end_date());
  }
  return absl::OkStatus();
}

absl::Status MayResume(const v1::Seat& seat, const google::type::Date& end_date) {
  RETURN_IF_ERROR(MustNotHaveLeft(seat));
  const v1::SeatHold* hold = OpenHold(seat);
  if (hold == nullptr) return Refuse(v1::SEAT_NOT_ON_HOLD, {{"seat", seat.name()}});
  if (Compare(end_date, hold->start_date()) == DateOrder::kBefore) {
    return DateImpossible(seat, "end_date", hold->start_date());
  }
  return absl::OkStatus();
}

absl::Status MayBeResponsible(const v1::ResponsibleBody& body, const std::vector<v1::ResponsibleBody>& series) {
  const Period period{body.start_date(), body.end_date()};
  RETURN_IF_ERROR(CheckPeriod(period, "responsible_body.end_date"));
  for (const v1::ResponsibleBody& other : series) {
    if (CertainlyOverlap(period, {other.start_date(), other.end_date()})) {
      return Refuse(v1::RESPONSIBLE_BODY_OVERLAPS, {{"responsible_body", other.name()}});
    }
  }
  return absl::OkStatus();
}

absl::Status MayEndResponsibility(const v1::ResponsibleBody& body, const google::type::Date& end_date) {
  if (body.has_end_date()) {
    return Refuse(v1::RESPONSIBLE_BODY_ENDED,
                  {{"responsible_body", body.name()}, {"end_date", DateToText(body.end_date())}});
  }
  return CheckPeriod({body.start_date(), end_date}, "end_date");
}

}  // namespace partnerskap::membership
