// One function per RPC of *scheduling*; service.cc lists them. What each does, refuses and means stands in
// protos/partnerskap/scheduling/v1/service.proto.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_HANDLERS_HANDLERS_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_HANDLERS_HANDLERS_H_

#include "absl/status/statusor.h"
#include "common/env/env.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "common/sql/transaction.h"
#include "partnerskap/scheduling/v1/meeting_messages.pb.h"
#include "partnerskap/scheduling/v1/standing_messages.pb.h"

namespace partnerskap::scheduling {

// clang-format off: one line per method

// meetings.cc
absl::StatusOr<Answer<v1::Meeting>> GetMeeting(const Env&, const Call&, const v1::GetMeetingRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ListMeetingsResponse>> ListMeetings(const Env&, const Call&, const v1::ListMeetingsRequest&,
                                                              ReadTx&);
absl::StatusOr<Answer<v1::BatchGetMeetingsResponse>> BatchGetMeetings(const Env&, const Call&,
                                                                      const v1::BatchGetMeetingsRequest&, ReadTx&);
absl::StatusOr<v1::Meeting> CreateMeeting(const Env&, const Call&, const v1::CreateMeetingRequest&, WriteTx&);

// transitions.cc
absl::StatusOr<v1::Meeting> HardenMeeting(const Env&, const Call&, const v1::HardenMeetingRequest&, WriteTx&);
absl::StatusOr<v1::Meeting> AssignMeetingHost(const Env&, const Call&, const v1::AssignMeetingHostRequest&, WriteTx&);
absl::StatusOr<v1::Meeting> ConveneMeeting(const Env&, const Call&, const v1::ConveneMeetingRequest&, WriteTx&);
absl::StatusOr<v1::Meeting> HoldMeeting(const Env&, const Call&, const v1::HoldMeetingRequest&, WriteTx&);
absl::StatusOr<v1::Meeting> CancelMeeting(const Env&, const Call&, const v1::CancelMeetingRequest&, WriteTx&);

// host_rotations.cc
absl::StatusOr<Answer<v1::HostRotation>> GetHostRotation(const Env&, const Call&, const v1::GetHostRotationRequest&,
                                                         ReadTx&);
absl::StatusOr<v1::HostRotation> UpdateHostRotation(const Env&, const Call&, const v1::UpdateHostRotationRequest&,
                                                    WriteTx&);

// standing.cc
absl::StatusOr<Answer<v1::Troika>> ComputeTroika(const Env&, const Call&, const v1::ComputeTroikaRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ComputeTimetableResponse>> ComputeTimetable(const Env&, const Call&,
                                                                      const v1::ComputeTimetableRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ComputeHostLedgerResponse>> ComputeHostLedger(const Env&, const Call&,
                                                                        const v1::ComputeHostLedgerRequest&, ReadTx&);
absl::StatusOr<Answer<v1::HostProposal>> ProposeNextHost(const Env&, const Call&, const v1::ProposeNextHostRequest&,
                                                         ReadTx&);
absl::StatusOr<Answer<v1::CheckMeetingDatesResponse>> CheckMeetingDates(const Env&, const Call&,
                                                                        const v1::CheckMeetingDatesRequest&, ReadTx&);

// clang-format on

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_HANDLERS_HANDLERS_H_
