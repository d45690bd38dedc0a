// Who sees what of this service beside its resources: the feed and the audit chain.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "partnerskap/common/v1/audit.pb.h"
#include "partnerskap/common/v1/feed.pb.h"
#include "services/membership/handlers/fixture.h"

namespace partnerskap::membership {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kListChanges[] = "/partnerskap.membership.v1.MembershipFeedService/ListChanges";
constexpr char kListAuditEntries[] = "/partnerskap.membership.v1.MembershipAuditService/ListAuditEntries";

using AccessTest = MembershipTest;

TEST_F(AccessTest, AMemberFollowsTheNetworksInWhichItHasASeat) {
  CreateUppsala();
  CreateMunicipality("0136", "Haninge");
  auto request = Request<common::v1::ListChangesRequest>("network: 'networks/n'");
  EXPECT_GT(Ok<common::v1::ListChangesResponse>(Uppsala(), kListChanges, request).changes_size(), 0);
  ExpectRefused(Haninge(), kListChanges, request, "OBJECT_NOT_YOURS");
  request.clear_network();
  ExpectRefused(Uppsala(), kListChanges, request, "OBJECT_NOT_YOURS");
  ExpectRefused(Reader(), kListChanges, request, "PERMISSION_MISSING");
  EXPECT_GT(Ok<common::v1::ListChangesResponse>(Service("agreements"), kListChanges, request).changes_size(), 0);
}

TEST_F(AccessTest, TheFeedHoldsNoNameOfAPersonAndNoContact) {
  CreatePerson();
  Ok<v1::PersonContact>(admin(), "UpdatePersonContact",
                        Request<v1::UpdatePersonContactRequest>(absl::StrCat(
                            "person_contact { name: '", kPerson, "/contact' etag: '*' email: 'namn@exempel.se' }")));
  const auto changes =
      Ok<common::v1::ListChangesResponse>(Service("agreements"), kListChanges, common::v1::ListChangesRequest());
  std::vector<std::string> names;
  for (const common::v1::Change& change : changes.changes()) names.push_back(change.name());
  EXPECT_THAT(names, Contains(std::string(kPerson)));
  EXPECT_THAT(names, Not(Contains(absl::StrCat(kPerson, "/contact"))));
  EXPECT_THAT(changes.SerializeAsString(), Not(HasSubstr("Exempelsson")));
  EXPECT_THAT(changes.SerializeAsString(), Not(HasSubstr("exempel.se")));
}

TEST_F(AccessTest, TheAuditChainNamesWhoDidWhatAndNoPersonalData) {
  CreatePerson();
  const auto page =
      Ok<common::v1::ListAuditEntriesResponse>(admin(), kListAuditEntries, common::v1::ListAuditEntriesRequest());
  ASSERT_GT(page.audit_entries_size(), 0);
  EXPECT_EQ(page.audit_entries(0).principal(), TestAdminUri());
  EXPECT_THAT(page.audit_entries(0).method(), HasSubstr("CreatePerson"));
  EXPECT_THAT(page.SerializeAsString(), Not(HasSubstr("Exempelsson")));
}

}  // namespace
}  // namespace partnerskap::membership
