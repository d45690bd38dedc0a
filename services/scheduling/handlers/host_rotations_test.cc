#include <string>

#include "services/scheduling/domain/rotation.h"
#include "services/scheduling/handlers/national_fixture.h"

namespace partnerskap::scheduling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using v1::HostRotation;

class RotationTest : public NationalTest {
 protected:
  static v1::UpdateHostRotationRequest Update(const std::vector<std::string>& seats,
                                              const std::vector<std::string>& mask) {
    v1::UpdateHostRotationRequest request;
    request.mutable_host_rotation()->set_name(RotationName(kNational));
    request.mutable_host_rotation()->set_etag("*");
    for (const std::string& seat : seats) request.mutable_host_rotation()->add_seats(NationalSeat(seat));
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    return request;
  }
  HostRotation Stored() {
    v1::GetHostRotationRequest request;
    request.set_name(RotationName(kNational));
    return Ok<HostRotation>(Reader(), "GetHostRotation", request);
  }
};

TEST_F(RotationTest, UntilItIsSetItLeavesOutJuneAndJuly) {
  const HostRotation rotation = Stored();
  EXPECT_EQ(rotation.name(), RotationName(kNational));
  EXPECT_EQ(rotation.uid(), "");
  EXPECT_THAT(rotation.seats(), IsEmpty());
  EXPECT_THAT(rotation.excluded_months(), ElementsAre(6, 7));
}

TEST_F(RotationTest, OfAnUnknownNetworkIsNotThere) {
  v1::GetHostRotationRequest get;
  get.set_name("networks/okant/hostRotation");
  ExpectRefused(Reader(), "GetHostRotation", get, "RESOURCE_NOT_FOUND");
  auto update = Update({}, {"seats"});
  update.mutable_host_rotation()->set_name(get.name());
  ExpectRefused(admin(), "UpdateHostRotation", update, "REFERENCE_UNKNOWN");
}

TEST_F(RotationTest, SeatsAloneKeepTheMonths) {
  const HostRotation set = Ok<HostRotation>(admin(), "UpdateHostRotation", Update({"uppsala", "borlange"}, {"seats"}));
  EXPECT_THAT(set.seats(), ElementsAre(NationalSeat("uppsala"), NationalSeat("borlange")));
  EXPECT_THAT(set.excluded_months(), ElementsAre(6, 7));
  EXPECT_NE(set.uid(), "");
  EXPECT_EQ(Stored().SerializeAsString(), set.SerializeAsString());
}

TEST_F(RotationTest, WithoutAMaskAllIsReplaced) {
  Ok<HostRotation>(admin(), "UpdateHostRotation", Update({"uppsala"}, {"seats"}));
  const HostRotation replaced = Ok<HostRotation>(admin(), "UpdateHostRotation", Update({"gavle"}, {}));
  EXPECT_THAT(replaced.seats(), ElementsAre(NationalSeat("gavle")));
  EXPECT_THAT(replaced.excluded_months(), IsEmpty());
}

TEST_F(RotationTest, StaleEtagIsRefused) {
  const HostRotation set = Ok<HostRotation>(admin(), "UpdateHostRotation", Update({"uppsala"}, {"seats"}));
  auto update = Update({"gavle"}, {"seats"});
  update.mutable_host_rotation()->set_etag("stale");
  ExpectRefused(admin(), "UpdateHostRotation", update, "ETAG_STALE");
  update.mutable_host_rotation()->set_etag(set.etag());
  Ok<HostRotation>(admin(), "UpdateHostRotation", update);
}

TEST_F(RotationTest, EachKnownSeatOnce) {
  ExpectRefused(admin(), "UpdateHostRotation", Update({"uppsala", "uppsala"}, {"seats"}), "ROTATION_REPEATS");
  ExpectRefused(admin(), "UpdateHostRotation", Update({"okand"}, {"seats"}), "REFERENCE_UNKNOWN");
}

TEST_F(RotationTest, IsTheAdministrators) {
  ExpectRefused(Member("organizations/uppsala"), "UpdateHostRotation", Update({"uppsala"}, {"seats"}),
                "PERMISSION_MISSING");
}

}  // namespace
}  // namespace partnerskap::scheduling
