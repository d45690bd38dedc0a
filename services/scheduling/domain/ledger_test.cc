#include "services/scheduling/domain/ledger.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/scheduling/domain/national_network.h"

namespace partnerskap::scheduling {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr absl::CivilDay kToday(2020, 1, 15);

v1::LedgerRow RowOf(const NetworkFacts& facts, absl::string_view seat, absl::CivilDay day = kToday) {
  for (const v1::LedgerRow& row : LedgerOn(facts, day)) {
    if (row.seat() == NationalSeat(seat)) return row;
  }
  return {};
}

std::vector<std::string> Order(const NetworkFacts& facts) {
  std::vector<std::string> seats;
  for (const v1::LedgerRow& row : LedgerOn(facts, kToday)) seats.push_back(row.seat());
  return seats;
}

TEST(Ledger, ProposesTheOneSeatThatTheSourcesNeverShowAsHost) {
  const v1::HostProposal proposal = ProposeHost(NationalNetwork(), kToday);
  EXPECT_EQ(proposal.seat(), NationalSeat("karlskoga-degerfors"));
  EXPECT_EQ(proposal.code(), "NEVER_HOSTED");
  EXPECT_EQ(proposal.previous_meeting(), NationalMeeting("2019-11"));
  EXPECT_EQ(proposal.reason_sv(),
            "Karlskoga/Degerfors har inte varit värd för något av liggarens 9 gemensamma möten sedan platsen gick med: "
            "ingen har väntat längre. 9 av mötena är bara planerade i källorna, inte bekräftade.");
  EXPECT_EQ(proposal.reason_en(),
            "Karlskoga/Degerfors has hosted none of the ledger's 9 joint meetings since it joined: nobody has waited "
            "longer. 9 of the meetings are only planned in the sources, not confirmed.");
}

TEST(Ledger, RunsOverAgreementsInOrderOfWaiting) {
  const NetworkFacts facts = NationalNetwork();
  EXPECT_THAT(Order(facts),
              testing::ElementsAre(NationalSeat("karlskoga-degerfors"), NationalSeat("uppsala"),
                                   NationalSeat("borlange"), NationalSeat("ostersund"), NationalSeat("orebro"),
                                   NationalSeat("gavle"), NationalSeat("trelleborg"), NationalSeat("vasteras"),
                                   NationalSeat("angered"), NationalSeat("haninge")));
  const v1::LedgerRow uppsala = RowOf(facts, "uppsala");
  EXPECT_EQ(uppsala.join_date().year(), 2005);
  EXPECT_EQ(uppsala.hosting_count(), 1);
  EXPECT_EQ(uppsala.meeting_count(), 9);
  EXPECT_EQ(uppsala.idle_meeting_count(), 8);
  EXPECT_EQ(uppsala.rank(), 2);
  ASSERT_EQ(uppsala.hostings_size(), 1);
  EXPECT_EQ(uppsala.hostings(0).meeting(), NationalMeeting("2015-11"));
  EXPECT_EQ(uppsala.hostings(0).confirmation(), v1::PLANNED_IN_SOURCE);
  EXPECT_EQ(RowOf(facts, "karlskoga-degerfors").idle_meeting_count(), 9);
  EXPECT_FALSE(RowOf(facts, "borlange").has_join_date());
}

TEST(Ledger, LongestAgoComesNext) {
  NetworkFacts facts = NationalNetwork();
  facts.meetings.push_back(MeetingOn("2020-04", v1::Meeting::JOINT, "2020-04", "karlskoga-degerfors"));
  const v1::HostProposal proposal = ProposeHost(facts, kToday);
  EXPECT_EQ(proposal.seat(), NationalSeat("uppsala"));
  EXPECT_EQ(proposal.code(), "LONGEST_AGO");
  EXPECT_THAT(proposal.reason_sv(), HasSubstr("Uppsala var senast värd 2015-11-12, för 9 gemensamma möten sedan"));
  EXPECT_THAT(proposal.reason_en(), HasSubstr("Uppsala last hosted 2015-11-12, 9 joint meetings ago"));
  EXPECT_EQ(proposal.previous_meeting(), NationalMeeting("2020-04"));
}

TEST(Ledger, NewcomerInheritsNoDebt) {
  NetworkFacts facts = NationalNetwork();
  SeatFacts& newcomer = SeatIn(facts, "sundsvall");
  newcomer.join_date = DateIn("2019-06-01");
  const v1::LedgerRow row = RowOf(facts, "sundsvall");
  EXPECT_EQ(row.meeting_count(), 1);  // November 2019 alone
  EXPECT_EQ(row.idle_meeting_count(), 1);
  // Angered hosted the meeting before, and has waited as long; the newcomer has had no turn at all.
  EXPECT_EQ(row.rank(), 9);
  EXPECT_EQ(RowOf(facts, "angered").rank(), 10);
  EXPECT_EQ(RowOf(facts, "haninge").rank(), 11);
}

TEST(Ledger, WhoHasHostedLessOftenForItsTimeGoesFirst) {
  NetworkFacts facts;
  facts.network = kNational;
  SeatIn(facts, "aa");
  SeatIn(facts, "bb").join_date = DateIn("2017");
  facts.meetings = {MeetingOn("2016-04", v1::Meeting::JOINT, "2016-04", "aa"),
                    MeetingOn("2018-04", v1::Meeting::JOINT, "2018-04")};
  const v1::HostProposal proposal = ProposeHost(facts, kToday);
  EXPECT_EQ(proposal.seat(), NationalSeat("bb"));
  EXPECT_EQ(proposal.code(), "FEWEST_SINCE_JOINING");
  EXPECT_THAT(proposal.reason_en(), HasSubstr("waited as long"));
  EXPECT_THAT(proposal.reason_sv(), HasSubstr("väntat lika länge"));
}

TEST(Ledger, OrderOfHostsSettlesWhatWaitingDoesNot) {
  NetworkFacts facts;
  facts.network = kNational;
  for (const char* id : {"aa", "bb", "cc"}) SeatIn(facts, id);
  for (const char* id : {"cc", "bb", "aa"}) facts.rotation.add_seats(NationalSeat(id));
  v1::HostProposal proposal = ProposeHost(facts, kToday);
  EXPECT_EQ(proposal.seat(), NationalSeat("cc"));
  EXPECT_EQ(proposal.code(), "ROTATION_ORDER");
  EXPECT_EQ(proposal.previous_meeting(), "");
  EXPECT_THAT(proposal.reason_sv(), HasSubstr("cc kommer först i värdordningen av de 3 platser"));
  EXPECT_THAT(proposal.reason_en(), HasSubstr("cc comes first in the order of hosts among the 3 seats"));
  // The ring goes on after the last host, wherever it began.
  facts.meetings = {MeetingOn("2018-04", v1::Meeting::JOINT, "2018-04", "bb")};
  proposal = ProposeHost(facts, kToday);
  EXPECT_EQ(proposal.seat(), NationalSeat("aa"));
  EXPECT_EQ(proposal.code(), "ROTATION_ORDER");
}

TEST(Ledger, SeatsOutsideTheOrderComeAfterThoseInIt) {
  NetworkFacts facts;
  for (const char* id : {"aa", "bb"}) SeatIn(facts, id);
  facts.rotation.add_seats(NationalSeat("bb"));
  EXPECT_THAT(Order(facts), testing::ElementsAre(NationalSeat("bb"), NationalSeat("aa")));
}

TEST(Ledger, SwedishAlphabetIsTheLastResort) {
  NetworkFacts facts;
  SeatIn(facts, "a").display_name = "Örebro";
  SeatIn(facts, "b").display_name = "Ängelholm";
  SeatIn(facts, "c").display_name = "Zinkgruvan";
  const v1::HostProposal proposal = ProposeHost(facts, kToday);
  EXPECT_EQ(proposal.seat(), NationalSeat("c"));
  EXPECT_EQ(proposal.code(), "NEVER_HOSTED");
  EXPECT_THAT(proposal.reason_sv(), HasSubstr("Av de 3 som har väntat lika länge kommer den först i bokstavsordning."));
  EXPECT_THAT(proposal.reason_en(), HasSubstr("Of the 3 that have waited as long it comes first in the alphabet."));
  EXPECT_THAT(Order(facts), testing::ElementsAre(NationalSeat("c"), NationalSeat("b"), NationalSeat("a")));
}

TEST(Ledger, DoesNotDependOnTheOrderOfItsFacts) {
  NetworkFacts facts = NationalNetwork();
  const std::vector<std::string> order = Order(facts);
  std::reverse(facts.seats.begin(), facts.seats.end());
  std::reverse(facts.meetings.begin(), facts.meetings.end());
  EXPECT_EQ(Order(facts), order);
}

TEST(Ledger, SeatOnHoldIsShownLastAndNotProposed) {
  NetworkFacts facts = NationalNetwork();
  SeatIn(facts, "karlskoga-degerfors").holds = {{DateIn("2020-01-01"), DateIn("2020-01-15")}};
  const v1::HostProposal proposal = ProposeHost(facts, kToday);
  EXPECT_EQ(proposal.seat(), NationalSeat("uppsala"));
  const v1::LedgerRow& last = *proposal.candidates().rbegin();
  EXPECT_EQ(last.seat(), NationalSeat("karlskoga-degerfors"));
  EXPECT_TRUE(last.on_hold());
  EXPECT_EQ(last.rank(), 10);
  // The day after the hold it is its turn again: waiting is not lost.
  EXPECT_EQ(ProposeHost(facts, kToday + 1).seat(), NationalSeat("karlskoga-degerfors"));
}

TEST(Ledger, SeatThatHasLeftOrNotJoinedIsNotInIt) {
  NetworkFacts facts = NationalNetwork();
  SeatIn(facts, "karlskoga-degerfors").exit_date = DateIn("2019-12-31");
  SeatIn(facts, "uppsala").join_date = DateIn("2021");
  EXPECT_EQ(RowOf(facts, "karlskoga-degerfors").seat(), "");
  EXPECT_EQ(RowOf(facts, "uppsala").seat(), "");
  EXPECT_EQ(ProposeHost(facts, kToday).seat(), NationalSeat("borlange"));
  EXPECT_EQ(ProposeHost(facts, absl::CivilDay(2019, 12, 31)).seat(), NationalSeat("karlskoga-degerfors"));
}

TEST(Ledger, ParticipatingActorTakesATurnOnlyInTheOrderOfHosts) {
  NetworkFacts facts = NationalNetwork();
  SeatIn(facts, "radda-barnen").actor = true;
  EXPECT_EQ(RowOf(facts, "radda-barnen").seat(), "");
  facts.rotation.add_seats(NationalSeat("radda-barnen"));
  EXPECT_EQ(RowOf(facts, "radda-barnen").rank(), 1);
}

TEST(Ledger, CancelledMeetingIsNoHosting) {
  NetworkFacts facts = NationalNetwork();
  MeetingIn(facts, "2019-11").set_state(v1::Meeting::CANCELLED);
  const v1::LedgerRow haninge = RowOf(facts, "haninge");
  EXPECT_EQ(haninge.hosting_count(), 0);
  EXPECT_EQ(haninge.meeting_count(), 8);
  EXPECT_EQ(ProposeHost(facts, kToday).previous_meeting(), NationalMeeting("2019-05"));
}

TEST(Ledger, ConfirmedMeetingsAreNotCalledPlanned) {
  NetworkFacts facts = NationalNetwork();
  for (v1::Meeting& meeting : facts.meetings) meeting.set_state(v1::Meeting::HELD);
  EXPECT_THAT(ProposeHost(facts, kToday).reason_sv(), Not(HasSubstr("planerade")));
  EXPECT_EQ(RowOf(facts, "haninge").hostings(0).confirmation(), v1::CONFIRMED);
}

TEST(Ledger, GapInThePlanIsWhatAHostIsProposedFor) {
  NetworkFacts facts = NationalNetwork();
  facts.meetings.push_back(MeetingOn("2020-04", v1::Meeting::JOINT, "2020-04"));
  facts.meetings.push_back(MeetingOn("2020-10", v1::Meeting::JOINT, "2020-10", "karlskoga-degerfors"));
  const v1::HostProposal proposal = ProposeHost(facts, kToday);
  EXPECT_EQ(proposal.previous_meeting(), NationalMeeting("2019-11"));
  // Karlskoga/Degerfors has its turn already.
  EXPECT_EQ(proposal.seat(), NationalSeat("uppsala"));
}

TEST(Ledger, NobodyIsAValue) {
  NetworkFacts facts = NationalNetwork();
  for (SeatFacts& seat : facts.seats) seat.holds = {{DateIn("2019"), {}}};
  const v1::HostProposal held = ProposeHost(facts, kToday);
  EXPECT_EQ(held.seat(), "");
  EXPECT_EQ(held.code(), "NOBODY");
  EXPECT_THAT(held.reason_sv(), HasSubstr("Ingen plats kan föreslås"));
  EXPECT_THAT(held.reason_en(), HasSubstr("No seat can be proposed"));
  EXPECT_EQ(held.candidates_size(), 10);
  EXPECT_EQ(ProposeHost(NetworkFacts(), kToday).code(), "NOBODY");
}

}  // namespace
}  // namespace partnerskap::scheduling
