#include "services/scheduling/domain/meetings.h"

#include <fstream>
#include <sstream>
#include <string>

#include "common/state/transitions.h"
#include "common/status/refusal.h"
#include "gtest/gtest.h"
#include "services/scheduling/domain/meeting_states.h"
#include "services/scheduling/domain/national_network.h"
#include "services/scheduling/domain/rotation.h"

namespace partnerskap::scheduling {
namespace {

using v1::Meeting;

Days DaysOf(absl::string_view first, absl::string_view last) { return {DateIn(first), DateIn(last)}; }

Meeting InState(Meeting::State state) {
  Meeting meeting = MeetingOn("2016-04", Meeting::JOINT, "2016-04-21/2016-04-22", "borlange");
  meeting.set_state(state);
  return meeting;
}

TEST(MeetingStates, ReadmeShowsTheTable) {
  std::ifstream file(PARTNERSKAP_SOURCE_DIR "/services/scheduling/README.md");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(MatrixIn(text.str(), "meeting"), Matrix(kMeetingTransitions));
}

TEST(MeetingStates, EachMethodFromEachState) {
  const struct {
    const char* action;
    Meeting::State from_planned, from_convened;
  } kRows[] = {
      {"harden", Meeting::PLANNED, Meeting::STATE_UNSPECIFIED},
      {"assignMeetingHost", Meeting::PLANNED, Meeting::STATE_UNSPECIFIED},
      {"convene", Meeting::CONVENED, Meeting::STATE_UNSPECIFIED},
      {"hold", Meeting::HELD, Meeting::HELD},
      {"cancel", Meeting::CANCELLED, Meeting::CANCELLED},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(StateAfter(InState(Meeting::PLANNED), row.action).value_or(Meeting::STATE_UNSPECIFIED), row.from_planned);
    EXPECT_EQ(StateAfter(InState(Meeting::CONVENED), row.action).value_or(Meeting::STATE_UNSPECIFIED),
              row.from_convened);
    for (const Meeting::State end : {Meeting::HELD, Meeting::CANCELLED}) {
      const absl::Status refused = StateAfter(InState(end), row.action).status();
      EXPECT_EQ(ReasonOf(refused), "MEETING_STATE") << row.action;
      EXPECT_EQ(ReasonMetadataOf(refused, "state"), Meeting::State_Name(end));
      EXPECT_EQ(ReasonMetadataOf(refused, "method"), row.action);
    }
  }
}

TEST(CheckDays, TakesAMonthAndNotMore) {
  EXPECT_TRUE(CheckDays("last_date", DateIn("2016-04-21"), DateIn("2016-04-21")).ok());
  EXPECT_TRUE(CheckDays("last_date", DateIn("2016-04-21"), DateIn("2016-05-22")).ok());
  const absl::Status longer = CheckDays("last_date", DateIn("2016-04-21"), DateIn("2016-05-23"));
  EXPECT_EQ(ReasonOf(longer), "PERIOD_REVERSED");
  EXPECT_EQ(ReasonMetadataOf(longer, "field"), "last_date");
  EXPECT_EQ(ReasonMetadataOf(longer, "end"), "2016-05-23");
  EXPECT_EQ(ReasonOf(CheckDays("last_date", DateIn("2016-04-22"), DateIn("2016-04-21"))), "PERIOD_REVERSED");
}

TEST(CheckYears, TakesTwentyYearsAndNotMore) {
  EXPECT_TRUE(CheckYears("last_year", 2016, 2016).ok());
  EXPECT_TRUE(CheckYears("last_year", 2016, 2036).ok());
  EXPECT_EQ(ReasonOf(CheckYears("last_year", 2016, 2037)), "PERIOD_REVERSED");
  EXPECT_EQ(ReasonOf(CheckYears("last_year", 2016, 2015)), "PERIOD_REVERSED");
}

TEST(CheckMeeting, DaysMayBeKnownToTheMonth) {
  EXPECT_TRUE(CheckMeeting(MeetingOn("m", Meeting::JOINT, "2017-05")).ok());
  EXPECT_TRUE(CheckMeeting(MeetingOn("m", Meeting::JOINT, "2017")).ok());
  EXPECT_TRUE(CheckMeeting(MeetingOn("m", Meeting::JOINT, "2016-04-21")).ok());
  EXPECT_TRUE(CheckMeeting(MeetingOn("m", Meeting::JOINT, "2016-04-21/2016-04-22")).ok());
}

TEST(CheckMeeting, LastDayNeedsAFirstDay) {
  EXPECT_EQ(ReasonOf(CheckMeeting(MeetingOn("m", Meeting::JOINT, "2017-05/2017-05-22"))), "LAST_DATE_WITHOUT_DAY");
  EXPECT_EQ(ReasonOf(CheckMeeting(MeetingOn("m", Meeting::JOINT, "2017-05/2017-06"))), "LAST_DATE_WITHOUT_DAY");
  EXPECT_EQ(ReasonOf(CheckMeeting(MeetingOn("m", Meeting::JOINT, "2017-05-22/2017-05"))), "LAST_DATE_WITHOUT_DAY");
  EXPECT_EQ(ReasonOf(CheckMeeting(MeetingOn("m", Meeting::JOINT, "2016-04-22/2016-04-21"))), "PERIOD_REVERSED");
}

TEST(CheckMeeting, OnlyOfficersPrepare) {
  for (const Meeting::Kind kind : {Meeting::JOINT, Meeting::OTHER}) {
    Meeting meeting = MeetingOn("m", kind, "2016-02");
    meeting.set_prepared_meeting(NationalMeeting("2016-04"));
    const absl::Status refused = CheckMeeting(meeting);
    EXPECT_EQ(ReasonOf(refused), "PREPARED_MEETING_MISPLACED");
    EXPECT_EQ(ReasonMetadataOf(refused, "kind"), Meeting::Kind_Name(kind));
  }
  Meeting officers = MeetingOn("m", Meeting::OFFICERS, "2016-02");
  EXPECT_TRUE(CheckMeeting(officers).ok());
  officers.set_prepared_meeting(NationalMeeting("2016-04"));
  EXPECT_TRUE(CheckMeeting(officers).ok());
}

TEST(MustCount, JointMeetingsThatWereNotCancelledMakeATroika) {
  EXPECT_TRUE(MustCount(InState(Meeting::PLANNED)).ok());
  EXPECT_TRUE(MustCount(InState(Meeting::HELD)).ok());
  EXPECT_EQ(ReasonOf(MustCount(InState(Meeting::CANCELLED))), "MEETING_STATE");
  EXPECT_EQ(ReasonOf(MustCount(MeetingOn("m", Meeting::OFFICERS, "2016-02"))), "MEETING_NOT_JOINT");
  EXPECT_EQ(ReasonOf(MustCount(MeetingOn("m", Meeting::OTHER, "2016-02"))), "MEETING_NOT_JOINT");
}

TEST(MayHost, SeatTakesPartOnTheDay) {
  SeatFacts seat;
  seat.name = NationalSeat("uppsala");
  seat.join_date = DateIn("2016-04-21");
  seat.exit_date = DateIn("2017-05");
  EXPECT_TRUE(MayHost(seat, MeetingOn("m", Meeting::JOINT, "2016-04-21")).ok());
  EXPECT_EQ(ReasonOf(MayHost(seat, MeetingOn("m", Meeting::JOINT, "2016-04-20"))), "HOST_NOT_TAKING_PART");
  // What the month leaves open is not held against it.
  EXPECT_TRUE(MayHost(seat, MeetingOn("m", Meeting::JOINT, "2016-04")).ok());
  EXPECT_TRUE(MayHost(seat, MeetingOn("m", Meeting::JOINT, "2017-05-31")).ok());
  EXPECT_EQ(ReasonOf(MayHost(seat, MeetingOn("m", Meeting::JOINT, "2017-06-01"))), "HOST_NOT_TAKING_PART");
}

TEST(MayHost, SeatIsOfTheSameNetwork) {
  SeatFacts seat;
  seat.name = "networks/natverket/seats/uppsala";
  const absl::Status refused = MayHost(seat, MeetingOn("m", Meeting::JOINT, "2016-04"));
  EXPECT_EQ(ReasonOf(refused), "HOST_NOT_TAKING_PART");
  EXPECT_EQ(ReasonMetadataOf(refused, "host"), seat.name);
}

TEST(MayPrepare, OfficersMeetBeforeTheJointMeeting) {
  const Meeting joint = MeetingOn("2016-04", Meeting::JOINT, "2016-04-21/2016-04-22");
  const auto reason = [&](absl::string_view dates) {
    return ReasonOf(MayPrepare(MeetingOn("tjp", Meeting::OFFICERS, dates), joint));
  };
  EXPECT_EQ(reason("2016-02"), "");
  EXPECT_EQ(reason("2016-04-20"), "");
  EXPECT_EQ(reason("2016-04"), "");  // the month leaves it open
  EXPECT_EQ(reason("2016-04-21"), "PREPARED_MEETING_WRONG");
  EXPECT_EQ(reason("2016-04-20/2016-04-21"), "PREPARED_MEETING_WRONG");
  EXPECT_EQ(reason("2016-09"), "PREPARED_MEETING_WRONG");
}

TEST(MayPrepare, OnlyAJointMeetingOfTheNetworkIsPrepared) {
  const Meeting officers = MeetingOn("tjp", Meeting::OFFICERS, "2016-02");
  EXPECT_EQ(ReasonOf(MayPrepare(officers, MeetingOn("m", Meeting::OTHER, "2016-04"))), "PREPARED_MEETING_WRONG");
  Meeting elsewhere = MeetingOn("m", Meeting::JOINT, "2016-04");
  elsewhere.set_name("networks/natverket/meetings/m");
  EXPECT_EQ(ReasonOf(MayPrepare(officers, elsewhere)), "PREPARED_MEETING_WRONG");
}

class Harden : public testing::Test {
 protected:
  std::string Reason(absl::string_view known, const Days& days, bool overridden = false) {
    const Meeting meeting = MeetingOn("m", kind_, known);
    return ReasonOf(MayHarden(meeting, days, {&rotation_, agreed_days_, overridden}));
  }
  v1::HostRotation rotation_ = DefaultRotation(kNational);
  Meeting::Kind kind_ = Meeting::JOINT;
  int32_t agreed_days_ = 2;
};

TEST_F(Harden, MonthBecomesTwoDaysInIt) {
  EXPECT_EQ(Reason("2017-05", DaysOf("2017-05-01", "2017-05-02")), "");
  EXPECT_EQ(Reason("2017-05", DaysOf("2017-05-30", "2017-05-31")), "");
  EXPECT_EQ(Reason("2017-05", DaysOf("2017-05-31", "2017-06-01")), "DAYS_OUTSIDE_KNOWN_TIME");
  EXPECT_EQ(Reason("2017-05", DaysOf("2017-04-30", "2017-05-01")), "DAYS_OUTSIDE_KNOWN_TIME");
  EXPECT_EQ(Reason("2017-05", DaysOf("2018-05-01", "2018-05-02")), "DAYS_OUTSIDE_KNOWN_TIME");
}

TEST_F(Harden, YearBecomesTwoDaysInIt) {
  EXPECT_EQ(Reason("2017", DaysOf("2017-11-09", "2017-11-10")), "");
  EXPECT_EQ(Reason("2017", DaysOf("2017-12-31", "2018-01-01")), "DAYS_OUTSIDE_KNOWN_TIME");
}

TEST_F(Harden, OnlyOnce) {
  EXPECT_EQ(Reason("2017-05-10", DaysOf("2017-05-10", "2017-05-11")), "MEETING_HAS_DAYS");
  EXPECT_EQ(Reason("2017-05-10/2017-05-11", DaysOf("2017-05-10", "2017-05-11"), true), "MEETING_HAS_DAYS");
}

TEST_F(Harden, ExcludedMonthUnlessOverridden) {
  EXPECT_EQ(Reason("2017", DaysOf("2017-06-01", "2017-06-02")), "MONTH_EXCLUDED");
  EXPECT_EQ(Reason("2017", DaysOf("2017-07-31", "2017-08-01")), "MONTH_EXCLUDED");
  EXPECT_EQ(Reason("2017", DaysOf("2017-08-01", "2017-08-02")), "");
  EXPECT_EQ(Reason("2017", DaysOf("2017-06-01", "2017-06-02"), true), "");
  agreed_days_ = 0;
  EXPECT_EQ(Reason("2017", DaysOf("2017-05-31", "2017-07-01")), "MONTH_EXCLUDED");
  rotation_.clear_excluded_months();
  EXPECT_EQ(Reason("2017", DaysOf("2017-06-01", "2017-06-02")), "");
}

TEST_F(Harden, JointMeetingIsAsLongAsAgreed) {
  EXPECT_EQ(Reason("2017-05", DaysOf("2017-05-10", "2017-05-10")), "MEETING_LENGTH_DIFFERS");
  EXPECT_EQ(Reason("2017-05", DaysOf("2017-05-10", "2017-05-12")), "MEETING_LENGTH_DIFFERS");
  EXPECT_EQ(Reason("2017-05", DaysOf("2017-05-10", "2017-05-12"), true), "");
  agreed_days_ = 0;  // nothing is agreed
  EXPECT_EQ(Reason("2017-05", DaysOf("2017-05-10", "2017-05-12")), "");
  agreed_days_ = 2;
  kind_ = Meeting::OFFICERS;
  EXPECT_EQ(Reason("2017-05", DaysOf("2017-05-10", "2017-05-10")), "");
}

TEST(MayGetHost, OnlyOnce) {
  EXPECT_TRUE(MayGetHost(MeetingOn("m", Meeting::JOINT, "2017-05")).ok());
  const absl::Status refused = MayGetHost(MeetingOn("m", Meeting::JOINT, "2017-05", "orebro"));
  EXPECT_EQ(ReasonOf(refused), "MEETING_HAS_HOST");
  EXPECT_EQ(ReasonMetadataOf(refused, "host"), NationalSeat("orebro"));
}

TEST(MayConvene, NeedsDaysAndHost) {
  EXPECT_EQ(ReasonOf(MayConvene(MeetingOn("m", Meeting::JOINT, "2017-05", "orebro"), {})), "DAYS_UNKNOWN");
  EXPECT_EQ(ReasonOf(MayConvene(MeetingOn("m", Meeting::JOINT, "2016-04-21"), {})), "HOST_UNKNOWN");
  EXPECT_TRUE(MayConvene(MeetingOn("m", Meeting::JOINT, "2016-04-21", "borlange"), {}).ok());
  // The sources do not say who hosts the officers.
  EXPECT_TRUE(MayConvene(MeetingOn("m", Meeting::OFFICERS, "2016-02-10"), {}).ok());
}

TEST(MayConvene, PreparationsWereHeld) {
  const Meeting joint = MeetingOn("m", Meeting::JOINT, "2016-04-21", "borlange");
  Meeting held = MeetingOn("held", Meeting::OFFICERS, "2016-02"),
          other = MeetingOn("other", Meeting::OFFICERS, "2016-03");
  held.set_state(Meeting::HELD);
  for (const Meeting::State state : {Meeting::PLANNED, Meeting::CONVENED}) {
    other.set_state(state);
    const absl::Status refused = MayConvene(joint, {held, other});
    EXPECT_EQ(ReasonOf(refused), "PREPARATION_NOT_HELD");
    EXPECT_EQ(ReasonMetadataOf(refused, "preparation"), other.name());
    // A day that is known is not a day that was held.
    EXPECT_EQ(ReasonOf(MayConvene(joint, {MeetingOn("dated", Meeting::OFFICERS, "2016-02-10")})),
              "PREPARATION_NOT_HELD");
  }
  other.set_state(Meeting::CANCELLED);
  EXPECT_TRUE(MayConvene(joint, {held, other}).ok());
}

TEST(MayBeHeld, FromItsFirstDayOn) {
  const Meeting days = MeetingOn("m", Meeting::JOINT, "2016-04-21/2016-04-22");
  EXPECT_EQ(ReasonOf(MayBeHeld(days, absl::CivilDay(2016, 4, 20))), "MEETING_AHEAD");
  EXPECT_TRUE(MayBeHeld(days, absl::CivilDay(2016, 4, 21)).ok());
  const Meeting month = MeetingOn("m", Meeting::JOINT, "2017-05");
  EXPECT_EQ(ReasonOf(MayBeHeld(month, absl::CivilDay(2017, 4, 30))), "MEETING_AHEAD");
  EXPECT_TRUE(MayBeHeld(month, absl::CivilDay(2017, 5, 1)).ok());
}

TEST(Length, CountsBothEnds) {
  EXPECT_EQ(LengthOf(DaysOf("2016-04-21", "2016-04-22")), 2);
  EXPECT_EQ(LengthOf(DaysOf("2016-04-21", "2016-04-21")), 1);
  EXPECT_EQ(LengthOf({DateIn("2017-05"), {}}), 0);
}

}  // namespace
}  // namespace partnerskap::scheduling
