// What holds between services whatever they are about: each works alone, what was written is read, nobody hears too
// much.
#include <string>
#include <vector>

#include "common/status/refusal.h"
#include "common/testing/service_fixture.h"
#include "common/testing/test_watcher.h"
#include "partnerskap/membership/v1/service.pb.h"
#include "partnerskap/scheduling/v1/service.pb.h"
#include "tests/stories/world.h"

namespace partnerskap::stories {
namespace {

namespace mem = membership::v1;
namespace sch = scheduling::v1;

constexpr char kUppsala[] = "organizations/kommun-0380";
constexpr char kHaninge[] = "organizations/kommun-0136";
constexpr char kFeed[] = "/partnerskap.membership.v1.MembershipFeedService/WatchChanges";

class BetweenServices : public Story {
 protected:
  BetweenServices() {
    world().SetToday(2016, 1, 11);
    CreateOrganization("0380", "Uppsala");
    CreateOrganization("0136", "Haninge");
    Ok<mem::Network>(
        Membership(), "CreateNetwork",
        Request<mem::CreateNetworkRequest>("network { kind: PARTNERSHIP display_name: 'N' } network_id: 'n'"));
  }

  TestCaller& Membership() { return membership_; }
  void CreateOrganization(const std::string& code, const std::string& name) {
    Ok<mem::Organization>(Membership(), "CreateOrganization",
                          Request<mem::CreateOrganizationRequest>("organization { kind: MUNICIPALITY code: '" + code +
                                                                  "' display_name: '" + name +
                                                                  "' } organization_id: 'kommun-" + code + "'"));
  }
  mem::CreateSeatRequest SeatOf(const std::string& id, const std::string& organization) {
    return Request<mem::CreateSeatRequest>("parent: 'networks/n' seat_id: '" + id +
                                           "' seat { kind: MEMBER display_name: 'Plats' parties { organization: '" +
                                           organization + "' } join_date { year: 2005 } }");
  }
  sch::CreateMeetingRequest MeetingAt(const std::string& id, const std::string& seat) {
    return Request<sch::CreateMeetingRequest>(
        "parent: 'networks/n' meeting_id: '" + id + "' meeting { kind: JOINT host: 'networks/n/seats/" + seat +
        "' first_date { year: 2017 month: 5 day: 11 } last_date { year: 2017 month: 5 day: 12 } }");
  }

  TestCaller membership_ = world().Admin("membership");
};

TEST_P(BetweenServices, WhatWasWrittenInOneIsReadInAnother) {
  TestCaller membership = Membership();
  const auto seat = membership.Call<mem::Seat>("CreateSeat", SeatOf("uppsala", kUppsala));
  ASSERT_TRUE(seat.ok()) << seat.status();
  ASSERT_FALSE(membership.position().empty());
  TestCaller scheduling = world().Admin("scheduling");
  scheduling.With(kPositionKey, membership.position());
  EXPECT_EQ(Ok<sch::Meeting>(scheduling, "CreateMeeting", MeetingAt("2017-1", "uppsala")).host(), seat->name());
}

TEST_P(BetweenServices, EachWorksWhileTheOthersAreDown) {
  Ok<mem::Seat>(Membership(), "CreateSeat", SeatOf("uppsala", kUppsala));
  ASSERT_TRUE(world().Settle()) << world().Edges();
  for (const char* service : {"membership", "agreements", "peer_review"}) world().Stop(service);
  TestCaller scheduling = world().Admin("scheduling");
  Ok<sch::Meeting>(scheduling, "CreateMeeting", MeetingAt("2017-1", "uppsala"));
  EXPECT_EQ(Ok<sch::ListMeetingsResponse>(world().Reader("scheduling"), "ListMeetings",
                                          Request<sch::ListMeetingsRequest>("parent: 'networks/n'"))
                .meetings_size(),
            1);
  // What it cannot know it says in time, and does not guess.
  TestCaller ahead = world().Admin("scheduling");
  ahead.set_timeout(absl::Seconds(1));
  Position unseen{"membership", std::string(16, '0'), 1};
  ahead.With(kPositionKey, FormatPosition(unseen));
  ExpectRefused(ahead, "CreateMeeting", MeetingAt("2017-2", "uppsala"), "PROJECTION_BEHIND");
  for (const char* service : {"membership", "agreements", "peer_review"}) world().Start(service);
  Ok<mem::Seat>(Membership(), "CreateSeat", SeatOf("haninge", kHaninge));
  ASSERT_TRUE(world().Settle()) << world().Edges();
  Ok<sch::Meeting>(scheduling, "CreateMeeting", MeetingAt("2017-2", "haninge"));
}

TEST_P(BetweenServices, AMemberFollowsItsNetworkAndAStrangerDoesNot) {
  Ok<mem::Seat>(Membership(), "CreateSeat", SeatOf("uppsala", kUppsala));
  common::v1::WatchChangesRequest request;
  request.set_network("networks/n");
  request.set_send_initial_state(true);
  TestCaller member = world().Member("membership", kUppsala);
  TestWatcher follows(member.peer(), kFeed, request);
  ASSERT_TRUE(world().WaitUntil([&] { return follows.initial_state_complete(); }));
  bool found = false;
  for (const auto& change : follows.initial_state()) found = found || change.name() == "networks/n/seats/uppsala";
  EXPECT_TRUE(found);
  EXPECT_EQ(follows.broken_rule(), "");
  TestCaller stranger = world().Member("membership", kHaninge);
  TestWatcher refused(stranger.peer(), kFeed, request);
  ASSERT_TRUE(world().WaitUntil([&] { return refused.end().has_value(); }));
  EXPECT_EQ(ReasonOf(*refused.end()), "OBJECT_NOT_YOURS");
}

TEST_P(BetweenServices, NoNameOfAPersonEntersAFeed) {
  const std::string id = "3f0c1c0e-5a3f-4a56-9d0e-6a1f3c2b7d01";
  Ok<mem::Person>(Membership(), "CreatePerson",
                  Request<mem::CreatePersonRequest>("person { display_name: 'Exempel Exempelsson' party: 'X' } "
                                                    "person_id: '" +
                                                    id + "'"));
  common::v1::WatchChangesRequest request;
  request.set_send_initial_state(true);
  TestCaller everything = world().Caller("membership", TestServiceUri("scheduling"));
  TestWatcher watcher(everything.peer(), kFeed, request);
  ASSERT_TRUE(world().WaitUntil([&] { return watcher.initial_state_complete(); }));
  bool person = false;
  for (const auto& change : watcher.initial_state()) {
    person = person || change.name() == "persons/" + id;
    EXPECT_EQ(change.SerializeAsString().find("Exempelsson"), std::string::npos) << change.name();
  }
  EXPECT_TRUE(person);
}

IN_BOTH_WORLDS(BetweenServices);

}  // namespace
}  // namespace partnerskap::stories
