#include <utility>

#include "absl/strings/str_cat.h"
#include "common/ids/ids.h"
#include "common/rpc/effective_date.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "services/scheduling/domain/calendar.h"
#include "services/scheduling/domain/ledger.h"
#include "services/scheduling/domain/meetings.h"
#include "services/scheduling/domain/timetable.h"
#include "services/scheduling/domain/troika.h"
#include "services/scheduling/handlers/handlers.h"
#include "services/scheduling/store/facts.h"
#include "services/scheduling/store/tables.h"

namespace partnerskap::scheduling {

absl::StatusOr<Answer<v1::Troika>> ComputeTroika(const Env&, const Call& call, const v1::ComputeTroikaRequest& request,
                                                 ReadTx& tx) {
  RETURN_IF_ERROR(CheckTroikaRequest(request));
  if (!request.meeting().empty() && ParentName(request.meeting()) != request.network()) {
    return RefuseFields({{"meeting", absl::StrCat("must stand under ", request.network())}});
  }
  RETURN_IF_ERROR(NetworkMustBeKnown(tx, request.network()));
  ASSIGN_OR_RETURN(const absl::CivilDay day, EffectiveDay(call, request.effective_date()));
  ASSIGN_OR_RETURN(const NetworkFacts facts, FactsOf(tx, request.network()));
  if (request.meeting().empty()) return Answer<v1::Troika>(TroikaOnDay(facts, day));
  ASSIGN_OR_RETURN(const v1::Meeting meeting, Meetings().Get(tx, request.meeting()));
  RETURN_IF_ERROR(MustCount(meeting));
  return Answer<v1::Troika>(TroikaOfMeeting(facts, meeting.name(), day));
}

absl::StatusOr<Answer<v1::ComputeTimetableResponse>> ComputeTimetable(const Env&, const Call& call,
                                                                      const v1::ComputeTimetableRequest& request,
                                                                      ReadTx& tx) {
  RETURN_IF_ERROR(CheckYears("last_year", request.first_year(), request.last_year()));
  RETURN_IF_ERROR(NetworkMustBeKnown(tx, request.network()));
  ASSIGN_OR_RETURN(const absl::CivilDay day, EffectiveDay(call, request.effective_date()));
  ASSIGN_OR_RETURN(const NetworkFacts facts, FactsOf(tx, request.network()));
  v1::ComputeTimetableResponse response = TimetableOf(facts, request.first_year(), request.last_year(), day);
  ASSIGN_OR_RETURN(*response.mutable_agreements_position(), PositionOf(tx, "agreements"));
  return Answer<v1::ComputeTimetableResponse>(response);
}

absl::StatusOr<Answer<v1::ComputeHostLedgerResponse>> ComputeHostLedger(const Env&, const Call& call,
                                                                        const v1::ComputeHostLedgerRequest& request,
                                                                        ReadTx& tx) {
  RETURN_IF_ERROR(NetworkMustBeKnown(tx, request.network()));
  ASSIGN_OR_RETURN(const absl::CivilDay day, EffectiveDay(call, request.effective_date()));
  ASSIGN_OR_RETURN(const NetworkFacts facts, FactsOf(tx, request.network()));
  v1::ComputeHostLedgerResponse response;
  for (v1::LedgerRow& row : LedgerOn(facts, day)) *response.add_rows() = std::move(row);
  *response.mutable_effective_date() = DateOf(day);
  ASSIGN_OR_RETURN(*response.mutable_membership_position(), PositionOf(tx, "membership"));
  return Answer<v1::ComputeHostLedgerResponse>(response);
}

absl::StatusOr<Answer<v1::HostProposal>> ProposeNextHost(const Env&, const Call& call,
                                                         const v1::ProposeNextHostRequest& request, ReadTx& tx) {
  RETURN_IF_ERROR(NetworkMustBeKnown(tx, request.network()));
  ASSIGN_OR_RETURN(const absl::CivilDay day, EffectiveDay(call, request.effective_date()));
  ASSIGN_OR_RETURN(const NetworkFacts facts, FactsOf(tx, request.network()));
  return Answer<v1::HostProposal>(ProposeHost(facts, day));
}

absl::StatusOr<Answer<v1::CheckMeetingDatesResponse>> CheckMeetingDates(const Env&, const Call&,
                                                                        const v1::CheckMeetingDatesRequest& request,
                                                                        ReadTx& tx) {
  RETURN_IF_ERROR(CheckDays("last_date", request.first_date(), request.last_date()));
  RETURN_IF_ERROR(NetworkMustBeKnown(tx, request.network()));
  ASSIGN_OR_RETURN(const v1::HostRotation rotation, RotationOf(tx, request.network()));
  v1::CheckMeetingDatesResponse response;
  for (v1::Note& note : NotesOnDays(*FullDay(request.first_date()), *FullDay(request.last_date()), rotation)) {
    *response.add_notes() = std::move(note);
  }
  return Answer<v1::CheckMeetingDatesResponse>(response);
}

}  // namespace partnerskap::scheduling
