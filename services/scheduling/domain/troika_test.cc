#include "services/scheduling/domain/troika.h"

#include <string>

#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "gtest/gtest.h"
#include "services/scheduling/domain/national_network.h"

namespace partnerskap::scheduling {
namespace {

// Long after the last meeting of the sources.
constexpr absl::CivilDay kToday(2026, 3, 2);

struct Row {
  const char *meeting, *outgoing, *lead, *incoming;
};

// The table of the sources: Verksamhetsplan 2016-2019 (tidplan) and Uppsala's memo on November 2015.
class TroikaOfSources : public testing::TestWithParam<Row> {};

TEST_P(TroikaOfSources, IsHostsOfPreviousPresentAndNextJointMeeting) {
  const Row& row = GetParam();
  const v1::Troika troika = TroikaOfMeeting(NationalNetwork(), NationalMeeting(row.meeting), kToday);
  EXPECT_EQ(troika.outgoing().seat(), NationalSeat(row.outgoing));
  EXPECT_EQ(troika.lead().seat(), NationalSeat(row.lead));
  EXPECT_EQ(troika.incoming().seat(), NationalSeat(row.incoming));
  EXPECT_EQ(troika.lead().meeting(), NationalMeeting(row.meeting));
  // Nobody has confirmed that any of them took place.
  EXPECT_EQ(troika.outgoing().confirmation(), v1::PLANNED_IN_SOURCE);
  EXPECT_EQ(troika.lead().confirmation(), v1::PLANNED_IN_SOURCE);
  EXPECT_FALSE(troika.has_effective_date());
  // Only November 2019 has no next host in the sources; the ledger knows whose turn it is.
  const std::string proposed = *row.incoming == '\0' ? "karlskoga-degerfors" : "";
  EXPECT_EQ(troika.proposed_incoming_seat(), NationalSeat(proposed));
}

INSTANTIATE_TEST_SUITE_P(
    Sources, TroikaOfSources,
    testing::Values(Row{"2016-04", "uppsala", "borlange", "ostersund"},
                    Row{"2016-10", "borlange", "ostersund", "orebro"}, Row{"2017-05", "ostersund", "orebro", "gavle"},
                    Row{"2017-11", "orebro", "gavle", "trelleborg"}, Row{"2018-05", "gavle", "trelleborg", "vasteras"},
                    Row{"2018-11", "trelleborg", "vasteras", "angered"},
                    Row{"2019-05", "vasteras", "angered", "haninge"}, Row{"2019-11", "angered", "haninge", ""}));

TEST(Troika, RunsOverTheBorderOfAgreements) {
  const v1::Troika first = TroikaOfMeeting(NationalNetwork(), NationalMeeting("2016-04"), kToday);
  EXPECT_EQ(first.outgoing().first_date().day(), 12);
  EXPECT_TRUE(first.outgoing().other_agreement());
  EXPECT_FALSE(first.lead().other_agreement());
  EXPECT_FALSE(first.incoming().other_agreement());
}

TEST(Troika, BelievesTheAgreementThatTheSourceNames) {
  NetworkFacts facts = NationalNetwork();
  MeetingIn(facts, "2015-11").set_agreement(kNationalAgreement);
  MeetingIn(facts, "2016-10").set_agreement("networks/partnerskapet/agreements/other");
  const v1::Troika troika = TroikaOfMeeting(facts, NationalMeeting("2016-04"), kToday);
  EXPECT_FALSE(troika.outgoing().other_agreement());
  EXPECT_TRUE(troika.incoming().other_agreement());
}

TEST(Troika, SkipsCancelledAndOtherMeetings) {
  NetworkFacts facts = NationalNetwork();
  MeetingIn(facts, "2016-10").set_state(v1::Meeting::CANCELLED);
  facts.meetings.push_back(MeetingOn("studiebesok", v1::Meeting::OTHER, "2016-06-01", "gavle"));
  const v1::Troika troika = TroikaOfMeeting(facts, NationalMeeting("2016-04"), kToday);
  EXPECT_EQ(troika.incoming().seat(), NationalSeat("orebro"));
}

TEST(Troika, FirstMeetingHasNobodyBeforeIt) {
  const v1::Troika troika = TroikaOfMeeting(NationalNetwork(), NationalMeeting("2015-11"), kToday);
  EXPECT_EQ(troika.outgoing().seat(), "");
  EXPECT_EQ(troika.outgoing().meeting(), "");
  EXPECT_EQ(troika.outgoing().confirmation(), v1::CONFIRMATION_UNSPECIFIED);
  EXPECT_EQ(troika.lead().seat(), NationalSeat("uppsala"));
}

TEST(Troika, UnknownHostOfAMeetingAheadIsProposed) {
  NetworkFacts facts = NationalNetwork();
  facts.meetings.push_back(MeetingOn("2026-10", v1::Meeting::JOINT, "2026-10"));
  const v1::Troika ahead = TroikaOfMeeting(facts, NationalMeeting("2019-11"), kToday);
  EXPECT_EQ(ahead.incoming().seat(), "");
  EXPECT_EQ(ahead.incoming().meeting(), NationalMeeting("2026-10"));
  EXPECT_EQ(ahead.incoming().confirmation(), v1::AHEAD);
  EXPECT_EQ(ahead.proposed_incoming_seat(), NationalSeat("karlskoga-degerfors"));
  // A host whom no source names cannot be proposed for a meeting that is over.
  const v1::Troika over = TroikaOfMeeting(facts, NationalMeeting("2019-11"), absl::CivilDay(2027, 1, 1));
  EXPECT_EQ(over.proposed_incoming_seat(), "");
}

TEST(TroikaOnDay, FirstMeetingThatIsNotOverLeads) {
  const NetworkFacts facts = NationalNetwork();
  const v1::Troika on_its_last_day = TroikaOnDay(facts, absl::CivilDay(2016, 4, 22));
  EXPECT_EQ(on_its_last_day.lead().seat(), NationalSeat("borlange"));
  EXPECT_EQ(DateToText(on_its_last_day.effective_date()), "2016-04-22");
  EXPECT_EQ(TroikaOnDay(facts, absl::CivilDay(2016, 4, 23)).lead().seat(), NationalSeat("ostersund"));
}

TEST(TroikaOnDay, MovesWhenTheMeetingIsRecordedAsHeld) {
  NetworkFacts facts = NationalNetwork();
  MeetingIn(facts, "2016-04").set_state(v1::Meeting::HELD);
  EXPECT_EQ(TroikaOnDay(facts, absl::CivilDay(2016, 4, 21)).lead().seat(), NationalSeat("borlange"));
  const v1::Troika moved = TroikaOnDay(facts, absl::CivilDay(2016, 4, 22));
  EXPECT_EQ(moved.outgoing().seat(), NationalSeat("borlange"));
  EXPECT_EQ(moved.outgoing().confirmation(), v1::CONFIRMED);
  EXPECT_EQ(moved.lead().seat(), NationalSeat("ostersund"));
  EXPECT_EQ(moved.lead().confirmation(), v1::AHEAD);
}

TEST(TroikaOnDay, NothingAheadIsUnknownAndProposed) {
  const v1::Troika troika = TroikaOnDay(NationalNetwork(), kToday);
  EXPECT_EQ(troika.outgoing().seat(), NationalSeat("haninge"));
  EXPECT_EQ(troika.lead().seat(), "");
  EXPECT_EQ(troika.incoming().seat(), "");
  EXPECT_EQ(troika.proposed_incoming_seat(), NationalSeat("karlskoga-degerfors"));
}

TEST(TroikaOnDay, NetworkWithoutMeetingsKnowsNobody) {
  NetworkFacts facts;
  facts.network = kNational;
  const v1::Troika troika = TroikaOnDay(facts, kToday);
  EXPECT_EQ(troika.network(), kNational);
  EXPECT_EQ(troika.outgoing().seat() + troika.lead().seat() + troika.incoming().seat(), "");
  EXPECT_EQ(troika.proposed_incoming_seat(), "");
}

TEST(TroikaRequest, TakesMeetingOrDay) {
  v1::ComputeTroikaRequest request;
  EXPECT_TRUE(CheckTroikaRequest(request).ok());
  request.set_meeting(NationalMeeting("2016-04"));
  EXPECT_TRUE(CheckTroikaRequest(request).ok());
  *request.mutable_effective_date() = DateIn("2016-04-21");
  EXPECT_EQ(ReasonOf(CheckTroikaRequest(request)), "TROIKA_ASKED_TWICE");
  request.clear_meeting();
  EXPECT_TRUE(CheckTroikaRequest(request).ok());
}

}  // namespace
}  // namespace partnerskap::scheduling
