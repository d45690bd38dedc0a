#include "services/scheduling/domain/timetable.h"

#include <string>
#include <vector>

#include "common/time/partial_date.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/scheduling/domain/national_network.h"

namespace partnerskap::scheduling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr absl::CivilDay kToday(2026, 3, 2);

std::vector<std::string> Codes(const std::vector<v1::Note>& notes) {
  std::vector<std::string> codes;
  for (const v1::Note& note : notes) codes.push_back(note.code());
  return codes;
}

TEST(Timetable, OfTheSourcesFitsItsAgreement) {
  const v1::ComputeTimetableResponse timetable = TimetableOf(NationalNetwork(), 2016, 2019, kToday);
  EXPECT_EQ(timetable.joint_meeting_count(), 8);
  EXPECT_EQ(timetable.officers_meeting_count(), 8);
  ASSERT_EQ(timetable.rows_size(), 16);
  EXPECT_THAT(timetable.notes(), IsEmpty());
  EXPECT_EQ(timetable.rows(0).meeting(), NationalMeeting("tjp-2016-02"));
  EXPECT_EQ(timetable.rows(0).prepared_meeting(), NationalMeeting("2016-04"));
  EXPECT_FALSE(timetable.rows(0).has_troika());
  const v1::TimetableRow& april = timetable.rows(1);
  EXPECT_EQ(april.meeting(), NationalMeeting("2016-04"));
  EXPECT_EQ(april.kind(), v1::Meeting::JOINT);
  EXPECT_EQ(april.host(), NationalSeat("borlange"));
  EXPECT_EQ(DateToText(april.last_date()), "2016-04-22");
  EXPECT_EQ(april.state(), v1::Meeting::PLANNED);
  EXPECT_EQ(april.confirmation(), v1::PLANNED_IN_SOURCE);
  EXPECT_EQ(april.troika().outgoing().seat(), NationalSeat("uppsala"));
  EXPECT_EQ(timetable.rows(15).troika().proposed_incoming_seat(), NationalSeat("karlskoga-degerfors"));
  EXPECT_FALSE(timetable.rows(15).has_last_date());
}

TEST(Timetable, YearsAreInclusive) {
  EXPECT_EQ(TimetableOf(NationalNetwork(), 2015, 2016, kToday).rows_size(), 5);
  EXPECT_EQ(TimetableOf(NationalNetwork(), 2019, 2019, kToday).rows_size(), 4);
  EXPECT_EQ(TimetableOf(NationalNetwork(), 2014, 2014, kToday).rows_size(), 0);
}

TEST(Timetable, CancelledMeetingIsShownAndNotCounted) {
  NetworkFacts facts = NationalNetwork();
  MeetingIn(facts, "2017-11").set_state(v1::Meeting::CANCELLED);
  const v1::ComputeTimetableResponse timetable = TimetableOf(facts, 2017, 2017, kToday);
  EXPECT_EQ(timetable.joint_meeting_count(), 1);
  ASSERT_EQ(timetable.rows_size(), 4);
  EXPECT_EQ(timetable.rows(3).state(), v1::Meeting::CANCELLED);
  EXPECT_FALSE(timetable.rows(3).has_troika());
  EXPECT_EQ(timetable.rows(3).confirmation(), v1::CONFIRMATION_UNSPECIFIED);
  ASSERT_EQ(timetable.notes_size(), 1);
  EXPECT_EQ(timetable.notes(0).code(), "TOO_FEW_MEETINGS");
}

TEST(NotesOnYear, TwoMeetingsPerYear) {
  NetworkFacts facts = NationalNetwork();
  EXPECT_THAT(NotesOnYear(facts, 2017), IsEmpty());
  facts.meetings.push_back(MeetingOn("2017-09", v1::Meeting::JOINT, "2017-09"));
  const std::vector<v1::Note> many = NotesOnYear(facts, 2017);
  ASSERT_THAT(Codes(many), ElementsAre("TOO_MANY_MEETINGS"));
  EXPECT_EQ(many[0].note_date().year(), 2017);
  EXPECT_EQ(many[0].source(), kNationalCadence);
  EXPECT_EQ(many[0].sv(), "2017 har 3 gemensamma möten; överenskommelsen säger 2.");
  EXPECT_EQ(many[0].en(), "2017 has 3 joint meetings; the agreement says 2.");
  MeetingIn(facts, "2017-09").set_state(v1::Meeting::CANCELLED);
  EXPECT_THAT(NotesOnYear(facts, 2017), IsEmpty());
  MeetingIn(facts, "2017-05").set_state(v1::Meeting::CANCELLED);
  EXPECT_THAT(Codes(NotesOnYear(facts, 2017)), ElementsAre("TOO_FEW_MEETINGS"));
}

TEST(NotesOnYear, NoAgreementDemandsNothing) {
  NetworkFacts facts = NationalNetwork();
  EXPECT_THAT(NotesOnYear(facts, 2015), IsEmpty());  // one meeting, and the agreement then is not known
  facts.agreements[0].cadences.clear();
  facts.meetings.clear();
  EXPECT_THAT(NotesOnYear(facts, 2017), IsEmpty());
}

TEST(NotesOnMeeting, TwoDays) {
  NetworkFacts facts = NationalNetwork();
  v1::Meeting& april = MeetingIn(facts, "2016-04");
  *april.mutable_last_date() = april.first_date();
  const std::vector<v1::Note> notes = NotesOnMeeting(facts, april);
  ASSERT_THAT(Codes(notes), ElementsAre("LENGTH_DIFFERS"));
  EXPECT_EQ(notes[0].meeting(), april.name());
  EXPECT_EQ(notes[0].sv(), "Mötet är 1 dagar; överenskommelsen säger 2.");
  april.set_state(v1::Meeting::CANCELLED);
  EXPECT_THAT(NotesOnMeeting(facts, april), IsEmpty());
}

TEST(NotesOnMeeting, OneOfficersMeetingBefore) {
  NetworkFacts facts = NationalNetwork();
  const v1::Meeting may = MeetingIn(facts, "2017-05");
  MeetingIn(facts, "tjp-2017-02").set_state(v1::Meeting::CANCELLED);
  const std::vector<v1::Note> notes = NotesOnMeeting(facts, may);
  ASSERT_THAT(Codes(notes), ElementsAre("NO_PREPARATION"));
  EXPECT_THAT(notes[0].en(), HasSubstr("0 officers' meetings"));
  // One between the meetings that names none prepares the next.
  v1::Meeting between = MeetingOn("tjp-2017-03", v1::Meeting::OFFICERS, "2017-03");
  facts.meetings.push_back(between);
  EXPECT_THAT(NotesOnMeeting(facts, may), IsEmpty());
  *facts.meetings.back().mutable_first_date() = DateIn("2017-06");
  EXPECT_THAT(Codes(NotesOnMeeting(facts, may)), ElementsAre("NO_PREPARATION"));
}

TEST(NotesOnMeeting, OfficersMeetingsOweNeither) {
  NetworkFacts facts = NationalNetwork();
  EXPECT_THAT(NotesOnMeeting(facts, MeetingIn(facts, "tjp-2016-02")), IsEmpty());
}

TEST(NotesOnMeeting, CalendarOfDaysAndMonths) {
  NetworkFacts facts = NationalNetwork();
  const v1::Meeting holiday = MeetingOn("m", v1::Meeting::OTHER, "2017-05-24/2017-05-25");
  const std::vector<v1::Note> notes = NotesOnMeeting(facts, holiday);
  ASSERT_THAT(Codes(notes), ElementsAre("HOLIDAY"));
  EXPECT_EQ(notes[0].meeting(), holiday.name());
  EXPECT_THAT(Codes(NotesOnMeeting(facts, MeetingOn("m", v1::Meeting::OTHER, "2017-06"))),
              ElementsAre("EXCLUDED_MONTH"));
  EXPECT_THAT(Codes(NotesOnMeeting(facts, MeetingOn("m", v1::Meeting::OTHER, "2017-05-13"))), ElementsAre("WEEKEND"));
}

}  // namespace
}  // namespace partnerskap::scheduling
