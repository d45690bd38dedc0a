#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/ids/ids.h"
#include "common/time/partial_date.h"
#include "services/scheduling/handlers/national_fixture.h"

namespace partnerskap::scheduling {
namespace {

using testing::ElementsAre;
using v1::Meeting;

class MeetingTest : public NationalTest {
 protected:
  void ExpectNotCreated(const Meeting& meeting, absl::string_view reason) {
    ExpectRefused(admin(), "CreateMeeting", CreateOf(meeting), reason);
  }
  std::vector<std::string> ListedIds(const v1::ListMeetingsResponse& response) {
    std::vector<std::string> ids;
    for (const Meeting& meeting : response.meetings()) ids.emplace_back(LastSegment(meeting.name()));
    return ids;
  }
};

TEST_F(MeetingTest, BeginsPlannedWithItsFacts) {
  Meeting wanted = MeetingOn("2016-04", Meeting::JOINT, "2016-04-21/2016-04-22", "borlange");
  wanted.set_agreement(kNationalAgreement);
  wanted.set_state(Meeting::HELD);  // the service's own: what a caller says of it does not count
  wanted.set_calendar_sequence(7);
  const Meeting meeting = Create(wanted);
  EXPECT_EQ(meeting.name(), NationalMeeting("2016-04"));
  EXPECT_TRUE(IsUuid4(meeting.uid()));
  EXPECT_EQ(meeting.state(), Meeting::PLANNED);
  EXPECT_EQ(meeting.calendar_sequence(), 0);
  EXPECT_EQ(meeting.host(), NationalSeat("borlange"));
  EXPECT_EQ(Get("2016-04").SerializeAsString(), meeting.SerializeAsString());
}

TEST_F(MeetingTest, MayBeKnownToTheMonth) {
  EXPECT_EQ(DateToText(Create("2017-05", Meeting::JOINT, "2017-05", "orebro").first_date()), "2017-05");
}

TEST_F(MeetingTest, NeedsItsNetwork) {
  Meeting meeting = MeetingOn("m", Meeting::JOINT, "2017-05");
  meeting.set_name("networks/okant/meetings/m");
  ExpectNotCreated(meeting, "PARENT_NOT_FOUND");
}

TEST_F(MeetingTest, OnlyOnce) {
  Create("2017-05", Meeting::JOINT, "2017-05");
  ExpectNotCreated(MeetingOn("2017-05", Meeting::JOINT, "2017-05"), "RESOURCE_ALREADY_EXISTS");
}

TEST_F(MeetingTest, ItsOwnFieldsAreChecked) {
  ExpectNotCreated(MeetingOn("m", Meeting::JOINT, "2016-04-22/2016-04-21"), "PERIOD_REVERSED");
  ExpectNotCreated(MeetingOn("m", Meeting::JOINT, "2017-05/2017-05-02"), "LAST_DATE_WITHOUT_DAY");
  Create("2016-04", Meeting::JOINT, "2016-04");
  Meeting other = MeetingOn("m", Meeting::OTHER, "2016-02");
  other.set_prepared_meeting(NationalMeeting("2016-04"));
  ExpectNotCreated(other, "PREPARED_MEETING_MISPLACED");
}

TEST_F(MeetingTest, HostIsAKnownSeatThatTakesPart) {
  ExpectNotCreated(MeetingOn("m", Meeting::JOINT, "2017-05", "okand"), "REFERENCE_UNKNOWN");
  ExpectNotCreated(MeetingOn("m", Meeting::JOINT, "2004", "uppsala"), "HOST_NOT_TAKING_PART");  // joined in 2005
  membership::v1::Seat left = SeatMessage("trelleborg");
  *left.mutable_exit()->mutable_exit_date() = DateIn("2018-12-31");
  ASSERT_TRUE(Learn("membership", left).ok());
  ExpectNotCreated(MeetingOn("m", Meeting::JOINT, "2019-01", "trelleborg"), "HOST_NOT_TAKING_PART");
  Create("2018-05", Meeting::JOINT, "2018-05", "trelleborg");
}

TEST_F(MeetingTest, AgreementIsKnown) {
  Meeting meeting = MeetingOn("m", Meeting::JOINT, "2020-04");
  meeting.set_agreement("networks/partnerskapet/agreements/2020-2021");
  ExpectNotCreated(meeting, "REFERENCE_UNKNOWN");
}

TEST_F(MeetingTest, OfficersMeetBeforeAJointMeeting) {
  Create("2016-04", Meeting::JOINT, "2016-04-21/2016-04-22");
  Meeting officers = MeetingOn("tjp-2016-02", Meeting::OFFICERS, "2016-02");
  officers.set_prepared_meeting(NationalMeeting("2016-10"));
  ExpectNotCreated(officers, "REFERENCE_UNKNOWN");
  officers.set_prepared_meeting(NationalMeeting("2016-04"));
  EXPECT_EQ(Create(officers).prepared_meeting(), NationalMeeting("2016-04"));
  officers.set_name(NationalMeeting("tjp-2016-05"));
  *officers.mutable_first_date() = DateIn("2016-05");
  ExpectNotCreated(officers, "PREPARED_MEETING_WRONG");
}

TEST_F(MeetingTest, ListsByTimeInPages) {
  CreateNationalMeetings();
  v1::ListMeetingsRequest request;
  request.set_parent(kNational);
  request.set_page_size(3);
  auto page = Ok<v1::ListMeetingsResponse>(Reader(), "ListMeetings", request);
  EXPECT_THAT(ListedIds(page), ElementsAre("2015-11", "tjp-2016-02", "2016-04"));
  request.set_page_token(page.next_page_token());
  page = Ok<v1::ListMeetingsResponse>(Reader(), "ListMeetings", request);
  EXPECT_THAT(ListedIds(page), ElementsAre("tjp-2016-09", "2016-10", "tjp-2017-02"));
  request.set_page_size(1000);
  request.set_page_token("");
  page = Ok<v1::ListMeetingsResponse>(Reader(), "ListMeetings", request);
  EXPECT_EQ(page.meetings_size(), 17);
  EXPECT_EQ(page.next_page_token(), "");
}

TEST_F(MeetingTest, BatchGetsAllOrNone) {
  Create("2016-04", Meeting::JOINT, "2016-04");
  Create("2016-10", Meeting::JOINT, "2016-10");
  v1::BatchGetMeetingsRequest request;
  request.set_parent(kNational);
  request.add_names(NationalMeeting("2016-10"));
  request.add_names(NationalMeeting("2016-04"));
  const auto both = Ok<v1::BatchGetMeetingsResponse>(Reader(), "BatchGetMeetings", request);
  ASSERT_EQ(both.meetings_size(), 2);
  EXPECT_EQ(both.meetings(0).name(), NationalMeeting("2016-10"));
  request.add_names(NationalMeeting("2017-05"));
  ExpectRefused(Reader(), "BatchGetMeetings", request, "RESOURCE_NOT_FOUND");
}

TEST_F(MeetingTest, NotThereIsNotFound) {
  v1::GetMeetingRequest request;
  request.set_name(NationalMeeting("2016-04"));
  ExpectRefused(Reader(), "GetMeeting", request, "RESOURCE_NOT_FOUND");
}

}  // namespace
}  // namespace partnerskap::scheduling
