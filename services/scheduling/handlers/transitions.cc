#include <string>
#include <utility>
#include <vector>

#include "common/ids/ids.h"
#include "common/rpc/effective_date.h"
#include "common/sql/etag.h"
#include "common/status/macros.h"
#include "services/scheduling/domain/meetings.h"
#include "services/scheduling/handlers/access.h"
#include "services/scheduling/handlers/handlers.h"
#include "services/scheduling/store/facts.h"
#include "services/scheduling/store/tables.h"

namespace partnerskap::scheduling {
namespace {

absl::StatusOr<Permit> AuthorizeMeeting(ReadTx& tx, const Call& call, const v1::Meeting& meeting) {
  return AuthorizeNetwork(tx, call, ParentName(meeting.name()), meeting.name());
}

// With its new days the meeting must still come after what prepares it, and before what it prepares.
absl::Status OrderMustHold(ReadTx& tx, const v1::Meeting& meeting) {
  if (!meeting.prepared_meeting().empty()) {
    ASSIGN_OR_RETURN(const v1::Meeting joint, Meetings().Get(tx, meeting.prepared_meeting()));
    RETURN_IF_ERROR(MayPrepare(meeting, joint));
  }
  ASSIGN_OR_RETURN(const std::vector<v1::Meeting> preparations, PreparationsOf(tx, meeting.name()));
  for (const v1::Meeting& preparation : preparations) {
    if (preparation.state() != v1::Meeting::CANCELLED) RETURN_IF_ERROR(MayPrepare(preparation, meeting));
  }
  return absl::OkStatus();
}

// Days that the meeting's agreement demands; 0 where it demands none.
absl::StatusOr<int32_t> AgreedDays(ReadTx& tx, const v1::Meeting& meeting) {
  NetworkFacts facts;
  ASSIGN_OR_RETURN(facts.agreements, AgreementsOf(tx, ParentName(meeting.name())));
  const AgreementFacts* agreement = AgreementOf(facts, meeting);
  return agreement == nullptr ? 0 : CadenceOf(*agreement).days_per_meeting.number;
}

}  // namespace

absl::StatusOr<v1::Meeting> HardenMeeting(const Env&, const Call& call, const v1::HardenMeetingRequest& request,
                                          WriteTx& tx) {
  RETURN_IF_ERROR(CheckDays("last_date", request.first_date(), request.last_date()));
  ASSIGN_OR_RETURN(v1::Meeting meeting, Meetings().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeMeeting(tx, call, meeting));
  RETURN_IF_ERROR(EtagMustFit(meeting, request.etag()));
  ASSIGN_OR_RETURN(const v1::HostRotation rotation, RotationOf(tx, ParentName(meeting.name())));
  v1::Meeting hardened = meeting;
  *hardened.mutable_first_date() = request.first_date();
  *hardened.mutable_last_date() = request.last_date();
  ASSIGN_OR_RETURN(const int32_t agreed_days, AgreedDays(tx, hardened));
  ASSIGN_OR_RETURN(const v1::Meeting::State state, StateAfter(meeting, "harden"));
  RETURN_IF_ERROR(OrderMustHold(tx, hardened));
  RETURN_IF_ERROR(MayHarden(meeting, {request.first_date(), request.last_date()},
                            {&rotation, agreed_days, request.calendar_overridden()}));
  hardened.set_state(state);
  RaiseCalendarSequence(hardened);
  return Meetings().Update(tx, permit, std::move(hardened), request.etag(), "hardened");
}

absl::StatusOr<v1::Meeting> AssignMeetingHost(const Env&, const Call& call, const v1::AssignMeetingHostRequest& request,
                                              WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Meeting meeting, Meetings().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeMeeting(tx, call, meeting));
  RETURN_IF_ERROR(EtagMustFit(meeting, request.etag()));
  ASSIGN_OR_RETURN(const v1::Meeting::State state, StateAfter(meeting, "assignMeetingHost"));
  ASSIGN_OR_RETURN(const SeatFacts host, SeatNamed(tx, request.host()));
  RETURN_IF_ERROR(MayHost(host, meeting));
  RETURN_IF_ERROR(MayGetHost(meeting));
  meeting.set_state(state);
  meeting.set_host(request.host());
  RaiseCalendarSequence(meeting);
  return Meetings().Update(tx, permit, std::move(meeting), request.etag(), "assigned");
}

absl::StatusOr<v1::Meeting> ConveneMeeting(const Env&, const Call& call, const v1::ConveneMeetingRequest& request,
                                           WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Meeting meeting, Meetings().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeMeeting(tx, call, meeting));
  RETURN_IF_ERROR(EtagMustFit(meeting, request.etag()));
  ASSIGN_OR_RETURN(const std::vector<v1::Meeting> preparations, PreparationsOf(tx, meeting.name()));
  ASSIGN_OR_RETURN(const v1::Meeting::State state, StateAfter(meeting, "convene"));
  RETURN_IF_ERROR(MayConvene(meeting, preparations));
  meeting.set_state(state);
  return Meetings().Update(tx, permit, std::move(meeting), request.etag(), "convened");
}

absl::StatusOr<v1::Meeting> HoldMeeting(const Env&, const Call& call, const v1::HoldMeetingRequest& request,
                                        WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Meeting meeting, Meetings().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeMeeting(tx, call, meeting));
  RETURN_IF_ERROR(EtagMustFit(meeting, request.etag()));
  ASSIGN_OR_RETURN(const absl::CivilDay today, EffectiveDay(call, {}));
  ASSIGN_OR_RETURN(const v1::Meeting::State state, StateAfter(meeting, "hold"));
  RETURN_IF_ERROR(MayBeHeld(meeting, today));
  meeting.set_state(state);
  return Meetings().Update(tx, permit, std::move(meeting), request.etag(), "held");
}

absl::StatusOr<v1::Meeting> CancelMeeting(const Env&, const Call& call, const v1::CancelMeetingRequest& request,
                                          WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Meeting meeting, Meetings().Get(tx, request.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeMeeting(tx, call, meeting));
  RETURN_IF_ERROR(EtagMustFit(meeting, request.etag()));
  ASSIGN_OR_RETURN(const v1::Meeting::State state, StateAfter(meeting, "cancel"));
  meeting.set_state(state);
  meeting.set_cancel_reason(request.reason());
  RaiseCalendarSequence(meeting);
  return Meetings().Update(tx, permit, std::move(meeting), request.etag(), "cancelled");
}

}  // namespace partnerskap::scheduling
