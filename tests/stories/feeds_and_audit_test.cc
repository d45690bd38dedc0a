// What every service has beside its own methods, and has the same: a feed to follow and an audit chain to check.
#include <string>
#include <vector>

#include "common/audit/audit.h"
#include "common/testing/service_fixture.h"
#include "common/testing/test_watcher.h"
#include "partnerskap/agreements/v1/service.pb.h"
#include "partnerskap/common/v1/audit.pb.h"
#include "partnerskap/common/v1/feed.pb.h"
#include "partnerskap/membership/v1/service.pb.h"
#include "partnerskap/peerreview/v1/service.pb.h"
#include "partnerskap/scheduling/v1/service.pb.h"
#include "tests/stories/world.h"

namespace partnerskap::stories {
namespace {

using ::testing::Contains;

// Calls that a test makes while it waits for a stream; each lets the world go on.
constexpr int kPatience = 10'000;

// One resource in each service, and its name by service.
class EveryService : public Story {
 protected:
  EveryService() {
    Ok<membership::v1::Organization>(
        world().Admin("membership"), "CreateOrganization",
        Request<membership::v1::CreateOrganizationRequest>(
            "organization { kind: MUNICIPALITY code: '0380' display_name: 'Uppsala' } organization_id: 'kommun-0380'"));
    Ok<membership::v1::Network>(world().Admin("membership"), "CreateNetwork",
                                Request<membership::v1::CreateNetworkRequest>(
                                    "network { kind: PARTNERSHIP display_name: 'N' } network_id: 'n'"));
    Ok<membership::v1::Seat>(world().Admin("membership"), "CreateSeat",
                             Request<membership::v1::CreateSeatRequest>(
                                 "parent: 'networks/n' seat_id: 'uppsala' seat { kind: MEMBER display_name: 'Uppsala' "
                                 "parties { organization: 'organizations/kommun-0380' } }"));
    EXPECT_TRUE(world().Settle()) << world().Edges();
    Ok<agreements::v1::Agreement>(
        world().Admin("agreements"), "CreateAgreement",
        Request<agreements::v1::CreateAgreementRequest>(
            "parent: 'networks/n' agreement_id: 'a' agreement { display_name: 'A' kind: PERIOD_AGREEMENT start_date { "
            "year: 2020 month: 1 day: 1 } end_date { year: 2021 month: 12 day: 31 } }"));
    Ok<scheduling::v1::Meeting>(
        world().Admin("scheduling"), "CreateMeeting",
        Request<scheduling::v1::CreateMeetingRequest>("parent: 'networks/n' meeting_id: 'm' meeting { kind: JOINT "
                                                      "first_date { year: 2027 month: 4 } }"));
    Ok<peerreview::v1::Challenge>(
        world().Admin("peer_review"), "CreateChallenge",
        Request<peerreview::v1::CreateChallengeRequest>("parent: 'networks/n' challenge_id: 'c' challenge { seat: "
                                                        "'networks/n/seats/uppsala' display_name: 'C' }"));
  }

  // Lets the world go on until the watcher has heard of `name`.
  bool Hears(absl::string_view service, const TestWatcher& watcher, const std::string& name) {
    for (int i = 0; i < kPatience; ++i) {
      std::vector<common::v1::Change> heard = watcher.initial_state();
      for (const common::v1::Change& change : watcher.changes()) heard.push_back(change);
      for (const common::v1::Change& change : heard) {
        if (change.name() == name) return true;
      }
      // Any call: it is the world that has to move.
      Ok<common::v1::ListChangesResponse>(world().Admin(service), "ListChanges", common::v1::ListChangesRequest());
    }
    return false;
  }

  struct Written {
    std::string service, method, name;
  };
  const std::vector<Written> written_ = {{"membership", "CreateSeat", "networks/n/seats/uppsala"},
                                         {"agreements", "CreateAgreement", "networks/n/agreements/a"},
                                         {"scheduling", "CreateMeeting", "networks/n/meetings/m"},
                                         {"peer_review", "CreateChallenge", "networks/n/challenges/c"}};
};

TEST_P(EveryService, TellsByItsFeedWhatWasWritten) {
  for (const auto& [service, method, name] : written_) {
    TestCaller admin = world().Admin(service);
    common::v1::WatchChangesRequest request;
    request.set_send_initial_state(true);
    TestWatcher from_state(admin.peer(), admin.Path("WatchChanges"), request);
    TestWatcher from_start(admin.peer(), admin.Path("WatchChanges"));
    EXPECT_TRUE(Hears(service, from_state, name)) << service;
    EXPECT_TRUE(Hears(service, from_start, name)) << service;
    EXPECT_EQ(from_state.broken_rule(), "");
    EXPECT_EQ(from_start.broken_rule(), "");
    std::vector<std::string> names;
    const auto listed = Ok<common::v1::ListChangesResponse>(admin, "ListChanges", common::v1::ListChangesRequest());
    for (const common::v1::Change& change : listed.changes()) names.push_back(change.name());
    EXPECT_THAT(names, Contains(name));
    ExpectRefused(world().Reader(service), "ListChanges", common::v1::ListChangesRequest(), "PERMISSION_MISSING");
  }
}

TEST_P(EveryService, KeepsAnAuditChainThatHolds) {
  for (const auto& [service, method, name] : written_) {
    TestCaller admin = world().Admin(service);
    ChainVerifier verifier;
    std::vector<std::string> methods;
    common::v1::ListAuditEntriesRequest request;
    request.set_page_size(2);
    do {
      const auto page = Ok<common::v1::ListAuditEntriesResponse>(admin, "ListAuditEntries", request);
      for (const common::v1::AuditEntry& entry : page.audit_entries()) {
        EXPECT_TRUE(verifier.Add(entry).ok()) << service;
        methods.push_back(entry.method());
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    EXPECT_THAT(methods, Contains(admin.Path(method))) << service;
    EXPECT_GT(verifier.sequence(), 0) << service;
    request.set_page_token("not a token");
    ExpectRefused(admin, "ListAuditEntries", request, "PAGE_TOKEN_INVALID");
  }
}

IN_BOTH_WORLDS(EveryService);

}  // namespace
}  // namespace partnerskap::stories
