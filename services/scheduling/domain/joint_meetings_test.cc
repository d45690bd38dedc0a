#include "services/scheduling/domain/joint_meetings.h"

#include "gtest/gtest.h"
#include "services/scheduling/domain/national_network.h"

namespace partnerskap::scheduling {
namespace {

using v1::Meeting;

Meeting Held(absl::string_view dates) {
  Meeting meeting = MeetingOn("m", Meeting::JOINT, dates);
  meeting.set_state(Meeting::HELD);
  return meeting;
}

TEST(JointMeetings, ByTimeWithoutCancelledAndOthers) {
  std::vector<Meeting> meetings = {
      MeetingOn("c", Meeting::JOINT, "2017-05-03"), MeetingOn("b", Meeting::JOINT, "2017-05"),
      MeetingOn("a", Meeting::JOINT, "2017-05"),    MeetingOn("d", Meeting::JOINT, "2016-10-27"),
      MeetingOn("e", Meeting::OFFICERS, "2016-09"), MeetingOn("f", Meeting::JOINT, "2016-01"),
  };
  meetings.back().set_state(Meeting::CANCELLED);
  const auto joint = JointMeetings(meetings);
  ASSERT_EQ(joint.size(), 4u);
  EXPECT_EQ(joint[0]->name(), NationalMeeting("d"));
  EXPECT_EQ(joint[1]->name(), NationalMeeting("a"));
  EXPECT_EQ(joint[2]->name(), NationalMeeting("b"));
  EXPECT_EQ(joint[3]->name(), NationalMeeting("c"));
}

TEST(Confirmation, OfDays) {
  const Meeting planned = MeetingOn("m", Meeting::JOINT, "2016-04-21/2016-04-22");
  EXPECT_EQ(ConfirmationOf(planned, absl::CivilDay(2016, 4, 20)), v1::AHEAD);
  EXPECT_EQ(ConfirmationOf(planned, absl::CivilDay(2016, 4, 21)), v1::PLANNED_IN_SOURCE);
  EXPECT_EQ(ConfirmationOf(Held("2016-04-21"), absl::CivilDay(2016, 4, 20)), v1::AHEAD);
  EXPECT_EQ(ConfirmationOf(Held("2016-04-21"), absl::CivilDay(2016, 4, 21)), v1::CONFIRMED);
}

TEST(Confirmation, OfAMonth) {
  const Meeting planned = MeetingOn("m", Meeting::JOINT, "2017-05");
  EXPECT_EQ(ConfirmationOf(planned, absl::CivilDay(2017, 5, 30)), v1::AHEAD);
  EXPECT_EQ(ConfirmationOf(planned, absl::CivilDay(2017, 5, 31)), v1::PLANNED_IN_SOURCE);
  EXPECT_EQ(ConfirmationOf(Held("2017-05"), absl::CivilDay(2017, 4, 30)), v1::AHEAD);
  EXPECT_EQ(ConfirmationOf(Held("2017-05"), absl::CivilDay(2017, 5, 1)), v1::CONFIRMED);
}

TEST(IsOver, PlannedMeetingTheDayAfter) {
  const Meeting days = MeetingOn("m", Meeting::JOINT, "2016-04-21/2016-04-22");
  EXPECT_FALSE(IsOver(days, absl::CivilDay(2016, 4, 22)));
  EXPECT_TRUE(IsOver(days, absl::CivilDay(2016, 4, 23)));
  const Meeting month = MeetingOn("m", Meeting::JOINT, "2017-05");
  EXPECT_FALSE(IsOver(month, absl::CivilDay(2017, 5, 31)));
  EXPECT_TRUE(IsOver(month, absl::CivilDay(2017, 6, 1)));
}

TEST(IsOver, HeldMeetingOnItsLastDay) {
  EXPECT_FALSE(IsOver(Held("2016-04-21/2016-04-22"), absl::CivilDay(2016, 4, 21)));
  EXPECT_TRUE(IsOver(Held("2016-04-21/2016-04-22"), absl::CivilDay(2016, 4, 22)));
  EXPECT_FALSE(IsOver(Held("2017-05"), absl::CivilDay(2017, 4, 30)));
  EXPECT_TRUE(IsOver(Held("2017-05"), absl::CivilDay(2017, 5, 1)));
}

}  // namespace
}  // namespace partnerskap::scheduling
