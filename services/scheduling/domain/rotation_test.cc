#include "services/scheduling/domain/rotation.h"

#include "common/status/refusal.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/scheduling/domain/national_network.h"

namespace partnerskap::scheduling {
namespace {

TEST(Rotation, DefaultLeavesOutJuneAndJuly) {
  const v1::HostRotation rotation = DefaultRotation(kNational);
  EXPECT_EQ(rotation.name(), "networks/partnerskapet/hostRotation");
  EXPECT_THAT(rotation.excluded_months(), testing::ElementsAre(6, 7));
  EXPECT_TRUE(rotation.seats().empty());
  EXPECT_TRUE(CheckRotation(rotation).ok());
}

TEST(Rotation, EachSeatAndMonthOnce) {
  v1::HostRotation rotation = DefaultRotation(kNational);
  rotation.add_seats(NationalSeat("uppsala"));
  rotation.add_seats(NationalSeat("gavle"));
  EXPECT_TRUE(CheckRotation(rotation).ok());
  rotation.add_excluded_months(7);
  EXPECT_EQ(ReasonMetadataOf(CheckRotation(rotation), "value"), "7");
  rotation.add_seats(NationalSeat("uppsala"));
  EXPECT_EQ(ReasonOf(CheckRotation(rotation)), "ROTATION_REPEATS");
  EXPECT_EQ(ReasonMetadataOf(CheckRotation(rotation), "value"), NationalSeat("uppsala"));
}

TEST(Rotation, SeatOfAnotherNetworkDoesNotBelong) {
  v1::HostRotation rotation = DefaultRotation(kNational);
  rotation.add_seats("networks/natverket/seats/haninge");
  EXPECT_EQ(ReasonOf(CheckRotation(rotation)), "ROTATION_REPEATS");
}

}  // namespace
}  // namespace partnerskap::scheduling
