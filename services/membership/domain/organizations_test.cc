#include "services/membership/domain/organizations.h"

#include "common/status/refusal.h"
#include "gtest/gtest.h"
#include "services/membership/domain/test_messages.h"

namespace partnerskap::membership {
namespace {

v1::Organization Organization(const std::string& text) { return Parse<v1::Organization>(text); }

TEST(Organizations, MunicipalityAndRegionHaveIdsOfTheirCodes) {
  EXPECT_TRUE(MayRegisterOrganization(Organization("kind: MUNICIPALITY code: '0380'"), "kommun-0380").ok());
  EXPECT_TRUE(MayRegisterOrganization(Organization("kind: REGION code: '03'"), "region-03").ok());
  EXPECT_TRUE(MayRegisterOrganization(Organization("kind: ASSOCIATION"), "radda-barnen").ok());
  EXPECT_EQ(ReasonOf(MayRegisterOrganization(Organization("kind: MUNICIPALITY code: '0380'"), "uppsala")),
            "ORGANIZATION_ID_MISMATCH");
  EXPECT_EQ(ReasonOf(MayRegisterOrganization(Organization("kind: REGION code: '03'"), "kommun-03")),
            "ORGANIZATION_ID_MISMATCH");
}

TEST(Organizations, MunicipalityAndRegionNeedTheirCode) {
  EXPECT_EQ(ReasonOf(MayRegisterOrganization(Organization("kind: MUNICIPALITY"), "kommun-")),
            "ORGANIZATION_CODE_MISSING");
  EXPECT_EQ(ReasonOf(MayRegisterOrganization(Organization("kind: REGION"), "region-")), "ORGANIZATION_CODE_MISSING");
  EXPECT_TRUE(MayRegisterOrganization(Organization("kind: AGENCY"), "barnombudsmannen").ok());
}

TEST(Organizations, ADistrictAndNoOtherNamesItsMunicipality) {
  EXPECT_TRUE(MayRegisterOrganization(Organization("kind: DISTRICT parent_organization: 'organizations/kommun-1480'"),
                                      "angered")
                  .ok());
  EXPECT_EQ(ReasonOf(MayRegisterOrganization(Organization("kind: DISTRICT"), "angered")), "DISTRICT_PARENT_MISPLACED");
  EXPECT_TRUE(MayLieIn(Organization("kind: DISTRICT"), Organization("kind: MUNICIPALITY")).ok());
  EXPECT_EQ(ReasonOf(MayLieIn(Organization("kind: DISTRICT"), Organization("kind: DISTRICT"))),
            "DISTRICT_PARENT_MISPLACED");
  EXPECT_EQ(ReasonOf(MayRegisterOrganization(
                Organization("kind: AGENCY parent_organization: 'organizations/kommun-1480'"), "x")),
            "DISTRICT_PARENT_MISPLACED");
}

TEST(Organizations, ACodeBelongsToOneAtATime) {
  const auto now = Organization("name: 'organizations/kommun-0331' kind: MUNICIPALITY code: '0331'");
  EXPECT_EQ(ReasonOf(MayUseCode(now, {Organization("name: 'organizations/other' kind: MUNICIPALITY code: '0331'")})),
            "ORGANIZATION_CODE_TAKEN");
  const auto later = Organization("kind: MUNICIPALITY code: '0331' start_date { year: 2007 month: 1 day: 1 }");
  const auto before = Organization("kind: MUNICIPALITY code: '0331' end_date { year: 2006 month: 12 day: 31 }");
  EXPECT_TRUE(MayUseCode(later, {before}).ok());
  EXPECT_TRUE(MayUseCode(now, {}).ok());
}

TEST(Organizations, ANetworkIsNotItsOwnOrigin) {
  EXPECT_EQ(ReasonOf(MayHaveParent("networks/a", "networks/a", {})), "PARENT_NETWORK_CIRCULAR");
  EXPECT_EQ(ReasonOf(MayHaveParent("networks/a", "networks/b", {"networks/c", "networks/a"})),
            "PARENT_NETWORK_CIRCULAR");
  EXPECT_TRUE(MayHaveParent("networks/a", "networks/b", {"networks/c"}).ok());
}

}  // namespace
}  // namespace partnerskap::membership
