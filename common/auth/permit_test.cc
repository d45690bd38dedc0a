#include "common/auth/permit.h"

#include <string>
#include <vector>

#include "common/rpc/call.h"
#include "common/status/refusal.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

using common::v1::MethodAuth;

class PermitTest : public ::testing::Test {
 protected:
  // What comes of an object of `owners` under `scope`: "" for a permit.
  std::string Ask(MethodAuth::Scope scope, const std::vector<std::string>& owners, bool existence_protected = false) {
    auth_.set_scope(scope);
    call_.auth = &auth_;
    const auto permit = Authorize(call_, {"networks/x/seats/y", owners, existence_protected});
    if (permit.ok()) {
      EXPECT_EQ(permit->object(), "networks/x/seats/y");
    }
    return permit.ok() ? "" : ReasonOf(permit.status());
  }

  MethodAuth auth_;
  Call call_;
};

TEST_F(PermitTest, AnyPasses) { EXPECT_EQ(Ask(MethodAuth::ANY, {}), ""); }

TEST_F(PermitTest, TheOwnOrganizationPassesAndOthersDoNot) {
  call_.principal.identity.organization = "organizations/kommun-0136";
  for (const auto scope : {MethodAuth::OWN_ORGANIZATION, MethodAuth::NETWORK}) {
    EXPECT_EQ(Ask(scope, {"organizations/kommun-0136"}), "");
    EXPECT_EQ(Ask(scope, {"organizations/kommun-0380", "organizations/kommun-0136"}), "");
    EXPECT_EQ(Ask(scope, {"organizations/kommun-0380"}), "OBJECT_NOT_YOURS");
    EXPECT_EQ(Ask(scope, {"organizations/kommun-013"}), "OBJECT_NOT_YOURS");
    EXPECT_EQ(Ask(scope, {}), "OBJECT_NOT_YOURS");
    EXPECT_EQ(Ask(scope, {"organizations/kommun-0380"}, true), "RESOURCE_NOT_FOUND");
  }
}

TEST_F(PermitTest, ACallerWithoutOrganizationOwnsNothingNotEvenWhatNobodyOwns) {
  call_.principal.identity.service = "scheduling";
  EXPECT_EQ(Ask(MethodAuth::OWN_ORGANIZATION, {""}), "OBJECT_NOT_YOURS");
}

TEST_F(PermitTest, ARoleThatReachesAllPasses) {
  call_.principal.all_organizations = true;
  EXPECT_EQ(Ask(MethodAuth::OWN_ORGANIZATION, {"organizations/kommun-0380"}), "");
  EXPECT_EQ(Ask(MethodAuth::NETWORK, {}), "");
}

TEST_F(PermitTest, AServiceMethodNeedsAService) {
  EXPECT_EQ(Ask(MethodAuth::SERVICE, {}), "OBJECT_NOT_YOURS");
  call_.principal.identity.service = "scheduling";
  EXPECT_EQ(Ask(MethodAuth::SERVICE, {}), "");
}

TEST_F(PermitTest, WithoutAPolicyOrAScopeNobodyPasses) {
  EXPECT_EQ(Ask(MethodAuth::SCOPE_UNSPECIFIED, {}), "OBJECT_NOT_YOURS");
  EXPECT_EQ(Ask(static_cast<MethodAuth::Scope>(77), {}), "OBJECT_NOT_YOURS");
  call_.auth = nullptr;
  EXPECT_EQ(ReasonOf(Authorize(call_, {"a", {}}).status()), "OBJECT_NOT_YOURS");
}

TEST_F(PermitTest, TheRefusalNamesTheObject) {
  auth_.set_scope(MethodAuth::OWN_ORGANIZATION);
  call_.auth = &auth_;
  EXPECT_EQ(ReasonMetadataOf(Authorize(call_, {"networks/x", {}}).status(), "object"), "networks/x");
  EXPECT_EQ(ReasonMetadataOf(Authorize(call_, {"networks/x", {}, true}).status(), "name"), "networks/x");
}

}  // namespace
}  // namespace partnerskap
