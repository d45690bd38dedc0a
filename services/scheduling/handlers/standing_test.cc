#include <string>

#include "common/time/partial_date.h"
#include "partnerskap/scheduling/v1/standing_messages.pb.h"
#include "services/scheduling/domain/rotation.h"
#include "services/scheduling/handlers/national_fixture.h"

namespace partnerskap::scheduling {
namespace {

using testing::IsEmpty;
using v1::Meeting;

class StandingTest : public NationalTest {
 protected:
  StandingTest() { CreateNationalMeetings(); }

  template <typename R>
  static R Of(const std::string& rest = "") {
    R request = partnerskap::Request<R>(rest);
    request.set_network(kNational);
    return request;
  }
};

TEST_F(StandingTest, TroikaOfTheLastMeetingProposesWhoNeverHosted) {
  const auto troika = Ok<v1::Troika>(Reader(), "ComputeTroika",
                                     Of<v1::ComputeTroikaRequest>("meeting: '" + NationalMeeting("2019-11") + "'"));
  EXPECT_EQ(troika.outgoing().seat(), NationalSeat("angered"));
  EXPECT_EQ(troika.lead().seat(), NationalSeat("haninge"));
  EXPECT_EQ(troika.incoming().seat(), "");
  EXPECT_EQ(troika.proposed_incoming_seat(), NationalSeat("karlskoga-degerfors"));
}

TEST_F(StandingTest, TroikaCrossesTheBorderOfAgreements) {
  const auto troika = Ok<v1::Troika>(Reader(), "ComputeTroika",
                                     Of<v1::ComputeTroikaRequest>("effective_date { year: 2016 month: 4 day: 21 }"));
  EXPECT_EQ(DateToText(troika.effective_date()), "2016-04-21");
  EXPECT_EQ(troika.outgoing().seat(), NationalSeat("uppsala"));
  EXPECT_TRUE(troika.outgoing().other_agreement());
  EXPECT_EQ(troika.lead().seat(), NationalSeat("borlange"));
}

TEST_F(StandingTest, TroikaMovesWhenTheMeetingIsHeld) {
  SetToday(2016, 4, 22);
  const auto request = Of<v1::ComputeTroikaRequest>();
  EXPECT_EQ(Ok<v1::Troika>(Reader(), "ComputeTroika", request).lead().seat(), NationalSeat("borlange"));
  Ok<Meeting>(admin(), "HoldMeeting", Ask<v1::HoldMeetingRequest>("2016-04"));
  const auto moved = Ok<v1::Troika>(Reader(), "ComputeTroika", request);
  EXPECT_EQ(moved.outgoing().seat(), NationalSeat("borlange"));
  EXPECT_EQ(moved.outgoing().confirmation(), v1::CONFIRMED);
  EXPECT_EQ(moved.lead().seat(), NationalSeat("ostersund"));
}

TEST_F(StandingTest, TroikaIsOfAJointMeetingOrADay) {
  const std::string april = "meeting: '" + NationalMeeting("2016-04") + "'";
  ExpectRefused(Reader(), "ComputeTroika",
                Of<v1::ComputeTroikaRequest>(april + " effective_date { year: 2016 month: 4 day: 21 }"),
                "TROIKA_ASKED_TWICE");
  ExpectRefused(Reader(), "ComputeTroika",
                Of<v1::ComputeTroikaRequest>("meeting: '" + NationalMeeting("tjp-2016-02") + "'"), "MEETING_NOT_JOINT");
  ExpectRefused(Reader(), "ComputeTroika",
                Of<v1::ComputeTroikaRequest>("meeting: '" + NationalMeeting("2020-04") + "'"), "RESOURCE_NOT_FOUND");
  ExpectRefused(Reader(), "ComputeTroika", Of<v1::ComputeTroikaRequest>("meeting: 'networks/andra/meetings/2016-04'"),
                "FIELD_VIOLATIONS");
  Ok<Meeting>(admin(), "CancelMeeting", Ask<v1::CancelMeetingRequest>("2016-04", "reason: 'x'"));
  ExpectRefused(Reader(), "ComputeTroika", Of<v1::ComputeTroikaRequest>(april), "MEETING_STATE");
}

TEST_F(StandingTest, TimetableFitsTheClausesThatTheFeedBrought) {
  auto request = Of<v1::ComputeTimetableRequest>("first_year: 2016 last_year: 2019");
  auto timetable = Ok<v1::ComputeTimetableResponse>(Reader(), "ComputeTimetable", request);
  EXPECT_EQ(timetable.joint_meeting_count(), 8);
  EXPECT_EQ(timetable.officers_meeting_count(), 8);
  EXPECT_EQ(timetable.rows_size(), 16);
  EXPECT_THAT(timetable.notes(), IsEmpty());
  EXPECT_EQ(timetable.agreements_position().service(), "agreements");
  EXPECT_EQ(timetable.agreements_position().sequence(), 2);
  Ok<Meeting>(admin(), "CancelMeeting", Ask<v1::CancelMeetingRequest>("2016-10", "reason: 'x'"));
  timetable = Ok<v1::ComputeTimetableResponse>(Reader(), "ComputeTimetable", request);
  ASSERT_EQ(timetable.notes_size(), 1);
  EXPECT_EQ(timetable.notes(0).code(), "TOO_FEW_MEETINGS");
  EXPECT_EQ(timetable.notes(0).source(), kNationalCadence);
}

TEST_F(StandingTest, TimetableOfTooManyYearsIsRefused) {
  ExpectRefused(Reader(), "ComputeTimetable", Of<v1::ComputeTimetableRequest>("first_year: 2016 last_year: 2037"),
                "PERIOD_REVERSED");
  ExpectRefused(Reader(), "ComputeTimetable", Of<v1::ComputeTimetableRequest>("first_year: 2016 last_year: 2015"),
                "PERIOD_REVERSED");
}

TEST_F(StandingTest, LedgerRunsOverAllMeetings) {
  const auto ledger = Ok<v1::ComputeHostLedgerResponse>(
      Reader(), "ComputeHostLedger",
      Of<v1::ComputeHostLedgerRequest>("effective_date { year: 2019 month: 12 day: 1 }"));
  ASSERT_EQ(ledger.rows_size(), 10);
  EXPECT_EQ(ledger.rows(0).seat(), NationalSeat("karlskoga-degerfors"));
  EXPECT_EQ(ledger.rows(0).hosting_count(), 0);
  EXPECT_EQ(ledger.rows(0).meeting_count(), 9);
  EXPECT_EQ(ledger.rows(9).seat(), NationalSeat("haninge"));
  EXPECT_EQ(DateToText(ledger.effective_date()), "2019-12-01");
  EXPECT_EQ(ledger.membership_position().sequence(), 11);  // the network and ten seats
}

TEST_F(StandingTest, NextHostIsProposedWithItsReason) {
  const auto proposal = Ok<v1::HostProposal>(Reader(), "ProposeNextHost", Of<v1::ProposeNextHostRequest>());
  EXPECT_EQ(proposal.seat(), NationalSeat("karlskoga-degerfors"));
  EXPECT_EQ(proposal.code(), "NEVER_HOSTED");
  EXPECT_EQ(proposal.previous_meeting(), NationalMeeting("2019-11"));
  EXPECT_THAT(proposal.reason_sv(), testing::StartsWith("Karlskoga/Degerfors har inte varit värd"));
}

TEST_F(StandingTest, SeatOnHoldIsNotProposed) {
  membership::v1::Seat seat = SeatMessage("karlskoga-degerfors");
  *seat.add_holds()->mutable_start_date() = DateIn("2026-01");
  ASSERT_TRUE(Learn("membership", seat).ok());
  const auto request = Of<v1::ProposeNextHostRequest>();
  EXPECT_EQ(Ok<v1::HostProposal>(Reader(), "ProposeNextHost", request).seat(), NationalSeat("uppsala"));
}

TEST_F(StandingTest, OfAnUnknownNetworkNothingIsDerived) {
  auto troika = Of<v1::ComputeTroikaRequest>();
  troika.set_network("networks/okant");
  ExpectRefused(Reader(), "ComputeTroika", troika, "REFERENCE_UNKNOWN");
  auto timetable = Of<v1::ComputeTimetableRequest>("first_year: 2016 last_year: 2016");
  timetable.set_network("networks/okant");
  ExpectRefused(Reader(), "ComputeTimetable", timetable, "REFERENCE_UNKNOWN");
}

TEST_F(StandingTest, DaysAreCheckedAgainstTheCalendar) {
  const auto notes = Ok<v1::CheckMeetingDatesResponse>(
      Reader(), "CheckMeetingDates", Of<v1::CheckMeetingDatesRequest>(DaysText("2018-06-05", "2018-06-06")));
  ASSERT_EQ(notes.notes_size(), 2);
  EXPECT_EQ(notes.notes(0).code(), "EXCLUDED_MONTH");
  EXPECT_EQ(notes.notes(1).code(), "HOLIDAY");  // the national day
  EXPECT_THAT(Ok<v1::CheckMeetingDatesResponse>(Reader(), "CheckMeetingDates",
                                                Of<v1::CheckMeetingDatesRequest>(DaysText("2018-05-16", "2018-05-17")))
                  .notes(),
              IsEmpty());
  ExpectRefused(Reader(), "CheckMeetingDates", Of<v1::CheckMeetingDatesRequest>(DaysText("2018-05-17", "2018-05-16")),
                "PERIOD_REVERSED");
}

TEST_F(StandingTest, MonthsLeftOutAreThoseOfTheRotation) {
  v1::UpdateHostRotationRequest update;
  update.mutable_host_rotation()->set_name(RotationName(kNational));
  update.mutable_host_rotation()->set_etag("*");
  update.mutable_host_rotation()->add_excluded_months(8);
  Ok<v1::HostRotation>(admin(), "UpdateHostRotation", update);
  const auto june = Ok<v1::CheckMeetingDatesResponse>(
      Reader(), "CheckMeetingDates", Of<v1::CheckMeetingDatesRequest>(DaysText("2018-06-07", "2018-06-08")));
  EXPECT_THAT(june.notes(), IsEmpty());
  const auto august = Ok<v1::CheckMeetingDatesResponse>(
      Reader(), "CheckMeetingDates", Of<v1::CheckMeetingDatesRequest>(DaysText("2018-08-07", "2018-08-08")));
  ASSERT_EQ(august.notes_size(), 1);
  EXPECT_EQ(august.notes(0).source(), RotationName(kNational));
}

}  // namespace
}  // namespace partnerskap::scheduling
