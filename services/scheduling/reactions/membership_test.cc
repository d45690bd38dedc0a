#include "services/scheduling/reactions/membership.h"

#include <string>

#include "common/status/macros.h"
#include "common/time/partial_date.h"
#include "services/scheduling/handlers/national_fixture.h"
#include "services/scheduling/store/facts.h"

namespace partnerskap::scheduling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class MembershipReactionTest : public NationalTest {
 protected:
  SeatFacts Known(absl::string_view id) {
    auto seat = database().Read([&](ReadTx& tx) { return SeatNamed(tx, NationalSeat(id)); });
    EXPECT_TRUE(seat.ok()) << seat.status();
    return seat.ok() ? *seat : SeatFacts();
  }
  size_t KnownSeats() {
    auto facts = database().Read([](ReadTx& tx) { return FactsOf(tx, kNational); });
    EXPECT_TRUE(facts.ok()) << facts.status();
    return facts.ok() ? facts->seats.size() : 0;
  }
};

TEST_F(MembershipReactionTest, SeatIsKeptWithPartiesHoldsAndExit) {
  membership::v1::Seat seat = SeatMessage("karlskoga-degerfors");
  seat.add_parties()->set_organization("organizations/kommun-1862");
  auto& hold = *seat.add_holds();
  *hold.mutable_start_date() = DateIn("2017-01-01");
  *hold.mutable_end_date() = DateIn("2017-06-30");
  *seat.add_holds()->mutable_start_date() = DateIn("2019");
  *seat.mutable_exit()->mutable_exit_date() = DateIn("2021-12-31");
  ASSERT_TRUE(Learn("membership", seat).ok());
  const SeatFacts known = Known("karlskoga-degerfors");
  EXPECT_FALSE(known.actor);
  EXPECT_THAT(known.organizations, ElementsAre("organizations/karlskoga-degerfors", "organizations/kommun-1862"));
  ASSERT_EQ(known.holds.size(), 2u);
  EXPECT_EQ(DateToText(known.holds[0].end), "2017-06-30");
  EXPECT_EQ(DateToText(known.holds[1].start), "2019");
  EXPECT_EQ(DateToText(known.exit_date), "2021-12-31");
}

TEST_F(MembershipReactionTest, LaterChangeReplacesWhatWasKnown) {
  membership::v1::Seat seat = SeatMessage("uppsala");
  *seat.add_holds()->mutable_start_date() = DateIn("2017-01-01");
  ASSERT_TRUE(Learn("membership", seat).ok());
  seat.clear_holds();
  seat.clear_join_date();
  seat.set_display_name("Uppsala kommun");
  seat.mutable_parties(0)->set_organization("organizations/kommun-0380");
  ASSERT_TRUE(Learn("membership", seat).ok());
  const SeatFacts known = Known("uppsala");
  EXPECT_EQ(known.display_name, "Uppsala kommun");
  EXPECT_EQ(known.join_date.year(), 0);
  EXPECT_THAT(known.holds, IsEmpty());
  EXPECT_THAT(known.organizations, ElementsAre("organizations/kommun-0380"));
  EXPECT_EQ(KnownSeats(), 10u);
}

TEST_F(MembershipReactionTest, ActorIsKnownAsOne) {
  membership::v1::Seat seat = SeatMessage("radda-barnen");
  seat.set_kind(membership::v1::Seat::PARTICIPATING_ACTOR);
  ASSERT_TRUE(Learn("membership", seat).ok());
  EXPECT_TRUE(Known("radda-barnen").actor);
}

TEST_F(MembershipReactionTest, WhatIsNoSeatIsOfNoInterest) {
  membership::v1::Partner partner;
  partner.set_name("networks/partnerskapet/partners/barnombudsmannen");
  EXPECT_TRUE(Learn("membership", partner).ok());
  EXPECT_EQ(KnownSeats(), 10u);
}

TEST_F(MembershipReactionTest, BytesOfAnotherTypeAreRefused) {
  common::v1::Change change;
  change.set_name(NationalSeat("uppsala"));
  change.set_message_type("partnerskap.membership.v1.Seat");
  change.set_message("\xff");
  EXPECT_FALSE(Learn("membership", change).ok());
  change.clear_message();
  EXPECT_FALSE(Learn("membership", change).ok());
  EXPECT_EQ(Known("uppsala").display_name, "Uppsala");
}

TEST_F(MembershipReactionTest, ResetForgetsAll) {
  auto& writer = database().writer();
  WriteRequest write;
  write.audited = false;
  write.context.time = loop().clock().Now();
  write.body = [](WriteTx& tx) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(ResetMembership(tx));
    return std::string();
  };
  bool done = false;
  write.done = [&done](WriteResult result) { done = result.answer.ok(); };
  writer.Submit(std::move(write));
  ASSERT_TRUE(loop().RunUntil([&done] { return done; }));
  EXPECT_EQ(KnownSeats(), 0u);
  EXPECT_FALSE(*database().Read([](ReadTx& tx) { return IsKnownNetwork(tx, kNational); }));
}

}  // namespace
}  // namespace partnerskap::scheduling
