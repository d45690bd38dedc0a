#include "services/scheduling/handlers/national_fixture.h"

#include "absl/strings/str_cat.h"
#include "common/ids/ids.h"
#include "partnerskap/agreements/v1/clauses.pb.h"
#include "partnerskap/agreements/v1/resources.pb.h"
#include "services/scheduling/service.h"

namespace partnerskap::scheduling {

NationalTest::NationalTest() : ServiceFixture(Definition()) {
  membership::v1::Network network;
  network.set_name(kNational);
  EXPECT_TRUE(Learn("membership", network).ok());
  for (const SeatFacts& seat : NationalNetwork().seats) {
    EXPECT_TRUE(Learn("membership", SeatMessage(LastSegment(seat.name))).ok());
  }
  agreements::v1::Agreement agreement;
  agreement.set_name(kNationalAgreement);
  agreement.set_kind(agreements::v1::Agreement::PERIOD_AGREEMENT);
  *agreement.mutable_start_date() = DateIn("2016-01-01");
  *agreement.mutable_end_date() = DateIn("2019-12-31");
  EXPECT_TRUE(Learn("agreements", agreement).ok());
  agreements::v1::Clause clause;
  clause.set_name(kNationalCadence);
  clause.set_kind(agreements::v1::Clause::CADENCE);
  clause.set_force(agreements::v1::Clause::MUST);
  clause.set_origin(agreements::v1::Clause::AGREEMENT_TEXT);
  clause.mutable_cadence()->set_meetings_per_year(2);
  clause.mutable_cadence()->set_days_per_meeting(2);
  clause.mutable_cadence()->set_officers_meetings_per_meeting(1);
  EXPECT_TRUE(Learn("agreements", clause).ok());
}

membership::v1::Seat NationalTest::SeatMessage(absl::string_view id) {
  NetworkFacts facts = NationalNetwork();
  const SeatFacts& known = SeatIn(facts, id);
  membership::v1::Seat seat;
  seat.set_name(known.name);
  seat.set_display_name(known.display_name);
  seat.set_kind(membership::v1::Seat::MEMBER);
  if (known.join_date.year() != 0) *seat.mutable_join_date() = known.join_date;
  seat.add_parties()->set_organization(absl::StrCat("organizations/", id));
  return seat;
}

v1::CreateMeetingRequest NationalTest::CreateOf(const v1::Meeting& meeting) {
  v1::CreateMeetingRequest request;
  request.set_parent(std::string(ParentName(meeting.name())));
  request.set_meeting_id(std::string(LastSegment(meeting.name())));
  *request.mutable_meeting() = meeting;
  request.mutable_meeting()->clear_name();
  return request;
}

void NationalTest::CreateNationalMeetings() {
  const NetworkFacts facts = NationalNetwork();
  // What is prepared must be there before what prepares it.
  for (const v1::Meeting::Kind kind : {v1::Meeting::JOINT, v1::Meeting::OFFICERS}) {
    for (const v1::Meeting& meeting : facts.meetings) {
      if (meeting.kind() == kind) Create(meeting);
    }
  }
}

v1::Meeting NationalTest::Get(absl::string_view id) {
  v1::GetMeetingRequest request;
  request.set_name(NationalMeeting(id));
  return Ok<v1::Meeting>(admin(), "GetMeeting", request);
}

std::string DaysText(absl::string_view first, absl::string_view last) {
  return absl::StrCat("first_date { ", DateIn(first).ShortDebugString(), " } last_date { ",
                      DateIn(last).ShortDebugString(), " }");
}

}  // namespace partnerskap::scheduling
