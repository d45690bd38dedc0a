#include "absl/strings/string_view.h"
#include "partnerskap/common/v1/feed.pb.h"
#include "services/scheduling/handlers/national_fixture.h"

namespace partnerskap::scheduling {
namespace {

using v1::Meeting;

constexpr char kListChanges[] = "/partnerskap.scheduling.v1.SchedulingFeedService/ListChanges";

class AccessTest : public NationalTest {};

TEST_F(AccessTest, SeatsOfTheNetworkPlan) {
  const auto request = CreateOf(MeetingOn("2026-04", Meeting::JOINT, "2026-04"));
  ExpectRefused(Member("organizations/sundsvall"), "CreateMeeting", request, "OBJECT_NOT_YOURS");
  ExpectRefused(Reader(), "CreateMeeting", request, "PERMISSION_MISSING");
  Ok<Meeting>(Member("organizations/gavle"), "CreateMeeting", request);
  const auto cancel = Ask<v1::CancelMeetingRequest>("2026-04", "reason: 'x'");
  ExpectRefused(Member("organizations/sundsvall"), "CancelMeeting", cancel, "OBJECT_NOT_YOURS");
  Ok<Meeting>(Member("organizations/uppsala"), "CancelMeeting", cancel);
}

TEST_F(AccessTest, EveryTransitionAsksWhoseNetworkItIs) {
  Create("2017", Meeting::JOINT, "2017");
  const auto stranger = Member("organizations/sundsvall");
  const auto refuse = [&](absl::string_view method, const google::protobuf::Message& request) {
    ExpectRefused(stranger, method, request, "OBJECT_NOT_YOURS");
  };
  refuse("HardenMeeting", Ask<v1::HardenMeetingRequest>("2017", DaysText("2017-05-10", "2017-05-11")));
  refuse("AssignMeetingHost", Ask<v1::AssignMeetingHostRequest>("2017", "host: '" + NationalSeat("gavle") + "'"));
  refuse("ConveneMeeting", Ask<v1::ConveneMeetingRequest>("2017"));
  refuse("HoldMeeting", Ask<v1::HoldMeetingRequest>("2017"));
}

TEST_F(AccessTest, WhoHasLeftPlansNoMore) {
  membership::v1::Seat left = SeatMessage("gavle");
  *left.mutable_exit()->mutable_exit_date() = DateIn("2026-03-02");
  ASSERT_TRUE(Learn("membership", left).ok());
  SetToday(2026, 3, 2);
  Ok<Meeting>(Member("organizations/gavle"), "CreateMeeting", CreateOf(MeetingOn("a", Meeting::JOINT, "2026-04")));
  SetToday(2026, 3, 3);
  ExpectRefused(Member("organizations/gavle"), "CreateMeeting", CreateOf(MeetingOn("b", Meeting::JOINT, "2026-10")),
                "OBJECT_NOT_YOURS");
}

TEST_F(AccessTest, MembersFollowTheirNetworks) {
  common::v1::ListChangesRequest request;
  request.set_network(kNational);
  Ok<common::v1::ListChangesResponse>(Member("organizations/gavle"), kListChanges, request);
  ExpectRefused(Member("organizations/sundsvall"), kListChanges, request, "OBJECT_NOT_YOURS");
  request.clear_network();
  ExpectRefused(Member("organizations/gavle"), kListChanges, request, "OBJECT_NOT_YOURS");
  Ok<common::v1::ListChangesResponse>(Service("peer_review"), kListChanges, request);
}

}  // namespace
}  // namespace partnerskap::scheduling
