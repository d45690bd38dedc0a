#include "services/peer_review/reactions/reactions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/service_fixture.h"
#include "partnerskap/membership/v1/posts.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "partnerskap/scheduling/v1/resources.pb.h"
#include "services/peer_review/service.h"
#include "services/peer_review/store/facts.h"

namespace partnerskap::peer_review {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ReactionsTest : public ServiceFixture {
 protected:
  ReactionsTest() : ServiceFixture(Definition()) {}

  template <typename F>
  auto Ask(F question) {
    auto answer = database().Read(question);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return *std::move(answer);
  }
  std::optional<KnownSeat> Known(const std::string& seat) {
    return Ask([&](ReadTx& tx) { return FindSeat(tx, seat); });
  }
  std::vector<std::string> Hosts() {
    return Ask([](ReadTx& tx) { return HostOrderOf(tx, "networks/n"); });
  }
};

TEST_F(ReactionsTest, KeepsSeatsAndWhoseTheyAre) {
  auto seat = Request<membership::v1::Seat>(
      "name: 'networks/n/seats/kd' display_name: 'Karlskoga/Degerfors' join_date { year: 2012 month: 1 } "
      "parties { organization: 'organizations/kommun-1883' } parties { organization: 'organizations/kommun-1862' }");
  ASSERT_TRUE(Learn("membership", seat).ok());
  ASSERT_TRUE(Known(seat.name()).has_value());
  EXPECT_EQ(Known(seat.name())->network, "networks/n");
  EXPECT_EQ(Known(seat.name())->display_name, "Karlskoga/Degerfors");
  EXPECT_EQ(Known(seat.name())->join_date.month(), 1);
  EXPECT_EQ(Known(seat.name())->exit_date.year(), 0);
  const std::vector<std::string> owners = Ask([&](ReadTx& tx) { return OwnersOfSeat(tx, seat.name()); });
  EXPECT_THAT(owners, ElementsAre("organizations/kommun-1862", "organizations/kommun-1883"));
  EXPECT_EQ(Ask([](ReadTx& tx) { return OwnersOfNetwork(tx, "networks/n", absl::CivilDay(2019, 6, 1)); }), owners);
  EXPECT_TRUE(Ask([](ReadTx& tx) { return OwnersOfNetwork(tx, "networks/n", absl::CivilDay(2011, 6, 1)); }).empty());
  EXPECT_TRUE(Ask([](ReadTx& tx) { return OwnersOfNetwork(tx, "networks/m", absl::CivilDay(2019, 6, 1)); }).empty());

  seat.mutable_exit()->mutable_exit_date()->set_year(2019);
  seat.mutable_parties()->RemoveLast();
  ASSERT_TRUE(Learn("membership", seat).ok());
  EXPECT_EQ(Known(seat.name())->exit_date.year(), 2019);
  EXPECT_TRUE(Ask([](ReadTx& tx) { return OwnersOfNetwork(tx, "networks/n", absl::CivilDay(2020, 1, 1)); }).empty());
  EXPECT_THAT(Ask([&](ReadTx& tx) { return OwnersOfSeat(tx, seat.name()); }), ElementsAre("organizations/kommun-1883"));
}

TEST_F(ReactionsTest, KeepsNetworksAndPosts) {
  EXPECT_FALSE(database().Read([](ReadTx& tx) { return NetworkMustBeKnown(tx, "networks/n"); }).ok());
  ASSERT_TRUE(Learn("membership", Request<membership::v1::Network>("name: 'networks/n'")).ok());
  EXPECT_TRUE(database().Read([](ReadTx& tx) { return NetworkMustBeKnown(tx, "networks/n"); }).ok());
  ASSERT_TRUE(
      Learn("membership", Request<membership::v1::Post>("name: 'networks/n/seats/a/posts/p' kind: OFFICIAL")).ok());
  const KnownPost post = Ask([](ReadTx& tx) { return PostNamed(tx, "networks/n/seats/a/posts/p"); });
  EXPECT_EQ(post.seat, "networks/n/seats/a");
  EXPECT_EQ(post.kind, "OFFICIAL");
}

TEST_F(ReactionsTest, KeepsTheNewestOrderOfHosts) {
  EXPECT_THAT(Hosts(), IsEmpty());
  auto rotation = Request<scheduling::v1::HostRotation>(
      "name: 'networks/n/hostRotation' seats: 'networks/n/seats/b' seats: 'networks/n/seats/a' seats: "
      "'networks/n/seats/c'");
  ASSERT_TRUE(Learn("scheduling", rotation).ok());
  EXPECT_THAT(Hosts(), ElementsAre("networks/n/seats/b", "networks/n/seats/a", "networks/n/seats/c"));
  rotation.mutable_seats()->RemoveLast();
  ASSERT_TRUE(Learn("scheduling", rotation).ok());
  EXPECT_THAT(Hosts(), ElementsAre("networks/n/seats/b", "networks/n/seats/a"));
}

TEST_F(ReactionsTest, ErasedResourcesAreForgotten) {
  ASSERT_TRUE(Learn("membership", Request<membership::v1::Seat>("name: 'networks/n/seats/a' display_name: 'A'")).ok());
  common::v1::Change erased;
  erased.set_name("networks/n/seats/a");
  erased.set_message_type("partnerskap.membership.v1.Seat");
  ASSERT_TRUE(Learn("membership", erased).ok());
  EXPECT_FALSE(Known("networks/n/seats/a").has_value());
}

TEST_F(ReactionsTest, OtherChangesAreOfNoInterestAndBrokenOnesStopTheEdge) {
  ASSERT_TRUE(Learn("membership", Request<membership::v1::Person>("name: 'persons/x'")).ok());
  ASSERT_TRUE(Learn("scheduling", Request<scheduling::v1::Meeting>("name: 'networks/n/meetings/m'")).ok());
  common::v1::Change broken;
  broken.set_name("networks/n/seats/a");
  broken.set_message_type("partnerskap.membership.v1.Seat");
  broken.set_message("\xff\xff");
  EXPECT_FALSE(Learn("membership", broken).ok());
}

}  // namespace
}  // namespace partnerskap::peer_review
