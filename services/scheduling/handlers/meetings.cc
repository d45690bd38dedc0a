#include "services/scheduling/domain/meetings.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/list.h"
#include "common/sql/references.h"
#include "common/status/macros.h"
#include "services/scheduling/handlers/access.h"
#include "services/scheduling/handlers/handlers.h"
#include "services/scheduling/store/facts.h"
#include "services/scheduling/store/tables.h"

namespace partnerskap::scheduling {

absl::StatusOr<Answer<v1::Meeting>> GetMeeting(const Env&, const Call&, const v1::GetMeetingRequest& request,
                                               ReadTx& tx) {
  return GetAnswer(request, Meetings(), tx);
}

absl::StatusOr<Answer<v1::ListMeetingsResponse>> ListMeetings(const Env& env, const Call& call,
                                                              const v1::ListMeetingsRequest& request, ReadTx& tx) {
  return ListAnswer<v1::ListMeetingsResponse>(env, call, request, {.parent = request.parent()}, Meetings(), tx);
}

absl::StatusOr<Answer<v1::BatchGetMeetingsResponse>> BatchGetMeetings(const Env&, const Call&,
                                                                      const v1::BatchGetMeetingsRequest& request,
                                                                      ReadTx& tx) {
  return BatchGetAnswer<v1::BatchGetMeetingsResponse>(request, Meetings(), tx);
}

absl::StatusOr<v1::Meeting> CreateMeeting(const Env&, const Call& call, const v1::CreateMeetingRequest& request,
                                          WriteTx& tx) {
  v1::Meeting meeting = request.meeting();
  meeting.set_name(absl::StrCat(request.parent(), "/meetings/", request.meeting_id()));
  meeting.set_state(v1::Meeting::PLANNED);
  RETURN_IF_ERROR(CheckMeeting(meeting));
  RETURN_IF_ERROR(ParentNetworkMustBeKnown(tx, request.parent()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeNetwork(tx, call, request.parent(), meeting.name()));
  if (!meeting.agreement().empty()) {
    RETURN_IF_ERROR(AgreementMustBeKnown(tx, request.parent(), meeting.agreement()));
  }
  if (!meeting.host().empty()) {
    ASSIGN_OR_RETURN(const SeatFacts host, SeatNamed(tx, meeting.host()));
    RETURN_IF_ERROR(MayHost(host, meeting));
  }
  if (!meeting.prepared_meeting().empty()) {
    RETURN_IF_ERROR(MustExist(tx, Meetings(), meeting.prepared_meeting()));
    ASSIGN_OR_RETURN(const v1::Meeting joint, Meetings().Get(tx, meeting.prepared_meeting()));
    RETURN_IF_ERROR(MayPrepare(meeting, joint));
  }
  return Meetings().Create(tx, permit, std::move(meeting));
}

}  // namespace partnerskap::scheduling
