#include <string>

#include "common/time/partial_date.h"
#include "services/scheduling/handlers/national_fixture.h"

namespace partnerskap::scheduling {
namespace {

using v1::Meeting;

class TransitionTest : public NationalTest {
 protected:
  void ExpectNotHardened(absl::string_view id, const std::string& rest, absl::string_view reason) {
    ExpectRefused(admin(), "HardenMeeting", Ask<v1::HardenMeetingRequest>(id, rest), reason);
  }
  // An officers' meeting that prepares the joint one.
  Meeting CreatePreparation(absl::string_view id, absl::string_view dates, absl::string_view joint) {
    Meeting officers = MeetingOn(id, Meeting::OFFICERS, dates);
    officers.set_prepared_meeting(NationalMeeting(joint));
    return Create(officers);
  }
};

TEST_F(TransitionTest, MonthHardensToTwoDays) {
  const Meeting month = Create("2017-05", Meeting::JOINT, "2017-05", "orebro");
  const Meeting days = Ok<Meeting>(admin(), "HardenMeeting",
                                   Ask<v1::HardenMeetingRequest>("2017-05", DaysText("2017-05-10", "2017-05-11")));
  EXPECT_EQ(days.uid(), month.uid());
  EXPECT_EQ(days.calendar_sequence(), month.calendar_sequence() + 1);
  EXPECT_EQ(days.state(), Meeting::PLANNED);
  EXPECT_EQ(DateToText(days.first_date()), "2017-05-10");
  EXPECT_EQ(DateToText(days.last_date()), "2017-05-11");
  EXPECT_NE(days.etag(), month.etag());
  ExpectNotHardened("2017-05", DaysText("2017-05-17", "2017-05-18"), "MEETING_HAS_DAYS");
}

TEST_F(TransitionTest, HardeningIsRefusedByTheCalendarUnlessOverridden) {
  Create("2017", Meeting::JOINT, "2017", "orebro");
  ExpectNotHardened("2017", DaysText("2017-05-11", "2017-05-10"), "PERIOD_REVERSED");
  ExpectNotHardened("2017", DaysText("2018-05-10", "2018-05-11"), "DAYS_OUTSIDE_KNOWN_TIME");
  ExpectNotHardened("2017", DaysText("2017-06-07", "2017-06-08"), "MONTH_EXCLUDED");
  ExpectNotHardened("2017", DaysText("2017-05-10", "2017-05-12"), "MEETING_LENGTH_DIFFERS");
  const Meeting june = Ok<Meeting>(
      admin(), "HardenMeeting",
      Ask<v1::HardenMeetingRequest>("2017", DaysText("2017-06-07", "2017-06-09") + " calendar_overridden: true"));
  EXPECT_EQ(DateToText(june.first_date()), "2017-06-07");
}

TEST_F(TransitionTest, LengthIsFreeWhereNoAgreementSaysIt) {
  Create("2021-05", Meeting::JOINT, "2021-05");
  Ok<Meeting>(admin(), "HardenMeeting", Ask<v1::HardenMeetingRequest>("2021-05", DaysText("2021-05-10", "2021-05-12")));
}

TEST_F(TransitionTest, HardeningKeepsThePreparationBeforeItsMeeting) {
  Create("2017-05", Meeting::JOINT, "2017-05");
  CreatePreparation("tjp", "2017-05", "2017-05");
  Ok<Meeting>(admin(), "HardenMeeting", Ask<v1::HardenMeetingRequest>("2017-05", DaysText("2017-05-10", "2017-05-11")));
  ExpectNotHardened("tjp", DaysText("2017-05-10", "2017-05-10"), "PREPARED_MEETING_WRONG");
  Ok<Meeting>(admin(), "HardenMeeting", Ask<v1::HardenMeetingRequest>("tjp", DaysText("2017-05-09", "2017-05-09")));

  Create("2017-11", Meeting::JOINT, "2017-11");
  CreatePreparation("tjp-2", "2017-11-15", "2017-11");
  ExpectNotHardened("2017-11", DaysText("2017-11-15", "2017-11-16"), "PREPARED_MEETING_WRONG");
  Ok<Meeting>(admin(), "HardenMeeting", Ask<v1::HardenMeetingRequest>("2017-11", DaysText("2017-11-16", "2017-11-17")));
}

TEST_F(TransitionTest, StaleEtagIsRefused) {
  const Meeting month = Create("2017-05", Meeting::JOINT, "2017-05");
  auto request = Ask<v1::HardenMeetingRequest>("2017-05", DaysText("2017-05-10", "2017-05-11"));
  request.set_etag("stale");
  ExpectRefused(admin(), "HardenMeeting", request, "ETAG_STALE");
  request.set_etag(month.etag());
  Ok<Meeting>(admin(), "HardenMeeting", request);
}

TEST_F(TransitionTest, HostIsAssignedOnce) {
  Create("2017-05", Meeting::JOINT, "2017-05");
  auto request = Ask<v1::AssignMeetingHostRequest>("2017-05", "host: '" + NationalSeat("orebro") + "'");
  const Meeting hosted = Ok<Meeting>(admin(), "AssignMeetingHost", request);
  EXPECT_EQ(hosted.host(), NationalSeat("orebro"));
  EXPECT_EQ(hosted.calendar_sequence(), 1);
  ExpectRefused(admin(), "AssignMeetingHost", request, "MEETING_HAS_HOST");
}

TEST_F(TransitionTest, HostTakesPart) {
  Create("2004", Meeting::JOINT, "2004");
  ExpectRefused(admin(), "AssignMeetingHost",
                Ask<v1::AssignMeetingHostRequest>("2004", "host: '" + NationalSeat("uppsala") + "'"),
                "HOST_NOT_TAKING_PART");
  ExpectRefused(admin(), "AssignMeetingHost",
                Ask<v1::AssignMeetingHostRequest>("2004", "host: '" + NationalSeat("okand") + "'"),
                "REFERENCE_UNKNOWN");
}

TEST_F(TransitionTest, ConvenedWithDaysHostAndPreparation) {
  const auto convene = Ask<v1::ConveneMeetingRequest>("2026-04");
  Create("2026-04", Meeting::JOINT, "2026-04");
  CreatePreparation("tjp", "2026-02", "2026-04");
  ExpectRefused(admin(), "ConveneMeeting", convene, "DAYS_UNKNOWN");
  Ok<Meeting>(admin(), "HardenMeeting", Ask<v1::HardenMeetingRequest>("2026-04", DaysText("2026-04-15", "2026-04-16")));
  ExpectRefused(admin(), "ConveneMeeting", convene, "HOST_UNKNOWN");
  Ok<Meeting>(admin(), "AssignMeetingHost",
              Ask<v1::AssignMeetingHostRequest>("2026-04", "host: '" + NationalSeat("gavle") + "'"));
  ExpectRefused(admin(), "ConveneMeeting", convene, "PREPARATION_NOT_HELD");
  Ok<Meeting>(admin(), "HoldMeeting", Ask<v1::HoldMeetingRequest>("tjp"));
  const Meeting convened = Ok<Meeting>(admin(), "ConveneMeeting", convene);
  EXPECT_EQ(convened.state(), Meeting::CONVENED);
  EXPECT_EQ(convened.calendar_sequence(), 2);
  ExpectRefused(admin(), "ConveneMeeting", convene, "MEETING_STATE");
}

TEST_F(TransitionTest, HeldFromItsFirstDayOn) {
  Create("2026-04", Meeting::JOINT, "2026-04-15/2026-04-16", "gavle");
  const auto hold = Ask<v1::HoldMeetingRequest>("2026-04");
  SetToday(2026, 4, 14);
  ExpectRefused(admin(), "HoldMeeting", hold, "MEETING_AHEAD");
  SetToday(2026, 4, 15);
  EXPECT_EQ(Ok<Meeting>(admin(), "HoldMeeting", hold).state(), Meeting::HELD);
  ExpectRefused(admin(), "HoldMeeting", hold, "MEETING_STATE");
}

TEST_F(TransitionTest, HistoryIsHeldWithoutDaysOrCall) {
  Create("2017-05", Meeting::JOINT, "2017-05", "orebro");
  const Meeting held = Ok<Meeting>(admin(), "HoldMeeting", Ask<v1::HoldMeetingRequest>("2017-05"));
  EXPECT_EQ(held.state(), Meeting::HELD);
  EXPECT_EQ(held.calendar_sequence(), 0);
}

TEST_F(TransitionTest, CancelledWithItsReason) {
  Create("2026-04", Meeting::JOINT, "2026-04");
  const auto cancel = Ask<v1::CancelMeetingRequest>("2026-04", "reason: 'Värden har fått förhinder.'");
  const Meeting cancelled = Ok<Meeting>(admin(), "CancelMeeting", cancel);
  EXPECT_EQ(cancelled.state(), Meeting::CANCELLED);
  EXPECT_EQ(cancelled.cancel_reason(), "Värden har fått förhinder.");
  EXPECT_EQ(cancelled.calendar_sequence(), 1);
  ExpectRefused(admin(), "CancelMeeting", cancel, "MEETING_STATE");
  ExpectNotHardened("2026-04", DaysText("2026-04-15", "2026-04-16"), "MEETING_STATE");
}

TEST_F(TransitionTest, ValidateOnlyChangesNothing) {
  Create("2026-04", Meeting::JOINT, "2026-04");
  const auto cancel = Ask<v1::CancelMeetingRequest>("2026-04", "reason: 'x' validate_only: true");
  EXPECT_EQ(Ok<Meeting>(admin(), "CancelMeeting", cancel).state(), Meeting::CANCELLED);
  EXPECT_EQ(Get("2026-04").state(), Meeting::PLANNED);
}

}  // namespace
}  // namespace partnerskap::scheduling
