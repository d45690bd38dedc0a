#include "gtest/gtest.h"
#include "services/membership/handlers/fixture.h"

namespace partnerskap::membership {
namespace {

using OrganizationsTest = MembershipTest;

TEST_F(OrganizationsTest, ARegisteredMunicipalityIsFoundByNameAndBatch) {
  const v1::Organization created = CreateMunicipality("0380", "Uppsala");
  EXPECT_EQ(created.name(), kUppsala);
  EXPECT_FALSE(created.uid().empty());
  EXPECT_EQ(created.etag(), "1");
  const auto got = Ok<v1::Organization>(Reader(), "GetOrganization",
                                        Request<v1::GetOrganizationRequest>("name: 'organizations/kommun-0380'"));
  EXPECT_EQ(got.SerializeAsString(), created.SerializeAsString());
  CreateMunicipality("0136", "Haninge");
  const auto batch = Ok<v1::BatchGetOrganizationsResponse>(
      Reader(), "BatchGetOrganizations",
      Request<v1::BatchGetOrganizationsRequest>(
          "names: 'organizations/kommun-0136' names: 'organizations/kommun-0380'"));
  ASSERT_EQ(batch.organizations_size(), 2);
  EXPECT_EQ(batch.organizations(0).display_name(), "Haninge");
}

TEST_F(OrganizationsTest, ListsGoInSwedishOrderByPagesAndFilters) {
  CreateMunicipality("1880", "Örebro");
  CreateMunicipality("0114", "Upplands Väsby");
  CreateMunicipality("1489", "Alingsås");
  CreateMunicipality("0760", "Åtvidaberg");
  std::vector<std::string> names;
  std::string token;
  do {
    auto request = Request<v1::ListOrganizationsRequest>("page_size: 3 filter: 'kind = MUNICIPALITY'");
    request.set_page_token(token);
    const auto page = Ok<v1::ListOrganizationsResponse>(Reader(), "ListOrganizations", request);
    for (const auto& organization : page.organizations()) names.push_back(organization.display_name());
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(names, (std::vector<std::string>{"Alingsås", "Upplands Väsby", "Åtvidaberg", "Örebro"}));
}

TEST_F(OrganizationsTest, APageTokenBelongsToItsArguments) {
  CreateMunicipality("1880", "Örebro");
  CreateMunicipality("0380", "Uppsala");
  const auto page = Ok<v1::ListOrganizationsResponse>(Reader(), "ListOrganizations",
                                                      Request<v1::ListOrganizationsRequest>("page_size: 1"));
  auto other = Request<v1::ListOrganizationsRequest>("page_size: 1 filter: 'code = \"0380\"'");
  other.set_page_token(page.next_page_token());
  ExpectRefused(Reader(), "ListOrganizations", other, "PAGE_TOKEN_INVALID");
  // Nor to another method with the same arguments.
  auto networks = Request<v1::ListNetworksRequest>("page_size: 1");
  networks.set_page_token(page.next_page_token());
  ExpectRefused(Reader(), "ListNetworks", networks, "PAGE_TOKEN_INVALID");
  ExpectRefused(Reader(), "ListOrganizations", Request<v1::ListOrganizationsRequest>("page_token: 'garbage'"),
                "PAGE_TOKEN_INVALID");
  ExpectRefused(Reader(), "ListOrganizations", Request<v1::ListOrganizationsRequest>("page_size: -1"),
                "FIELD_VIOLATIONS");
  ExpectRefused(Reader(), "ListOrganizations", Request<v1::ListOrganizationsRequest>("filter: 'name = x'"),
                "FIELD_VIOLATIONS");
}

TEST_F(OrganizationsTest, BadInputIsRefusedAndChangesNothing) {
  CreateMunicipality("0380", "Uppsala");
  const auto refused = [&](const std::string& request, absl::string_view reason) {
    ExpectRefused(admin(), "CreateOrganization", Request<v1::CreateOrganizationRequest>(request), reason);
  };
  refused("", "FIELD_VIOLATIONS");
  refused("organization { kind: MUNICIPALITY code: '0380' } organization_id: 'kommun-0380'", "FIELD_VIOLATIONS");
  refused("organization { kind: MUNICIPALITY display_name: 'X' } organization_id: 'kommun-'", "FIELD_VIOLATIONS");
  refused("organization { kind: MUNICIPALITY display_name: 'X' } organization_id: 'kommun-0001'",
          "ORGANIZATION_CODE_MISSING");
  refused("organization { kind: MUNICIPALITY display_name: 'X' code: '0136' } organization_id: 'haninge'",
          "ORGANIZATION_ID_MISMATCH");
  refused("organization { kind: DISTRICT display_name: 'X' } organization_id: 'x'", "DISTRICT_PARENT_MISPLACED");
  refused(
      "organization { kind: DISTRICT display_name: 'X' parent_organization: 'organizations/none' } organization_id: "
      "'x'",
      "REFERENCE_UNKNOWN");
  refused(
      "organization { kind: AGENCY display_name: 'X' start_date { year: 2020 } end_date { year: 2019 } } "
      "organization_id: 'x'",
      "PERIOD_REVERSED");
  refused("organization { kind: MUNICIPALITY display_name: 'Uppsala' code: '0380' } organization_id: 'kommun-0380'",
          "RESOURCE_ALREADY_EXISTS");
}

TEST_F(OrganizationsTest, OnlyAdministratorsRegister) {
  ExpectRefused(
      Uppsala(), "CreateOrganization",
      Request<v1::CreateOrganizationRequest>("organization { kind: AGENCY display_name: 'X' } organization_id: 'x'"),
      "PERMISSION_MISSING");
}

TEST_F(OrganizationsTest, WhatWasKnownThenIsAnsweredForThen) {
  SetToday(2020, 1, 2);
  CreateUppsala();
  const absl::Time then = loop().clock().Now();
  SetToday(2020, 1, 3);
  Ok<v1::Seat>(Uppsala(), "UpdateSeat",
               Request<v1::UpdateSeatRequest>(
                   "seat { name: 'networks/n/seats/uppsala' etag: '1' display_name: 'Uppsala kommun' }"));
  auto request = Request<v1::GetSeatRequest>("name: 'networks/n/seats/uppsala'");
  EXPECT_EQ(Ok<v1::Seat>(Reader(), "GetSeat", request).display_name(), "Uppsala kommun");
  request.mutable_read_time()->set_seconds(absl::ToUnixSeconds(then) + 60);
  EXPECT_EQ(Ok<v1::Seat>(Reader(), "GetSeat", request).display_name(), "Uppsala");
  request.mutable_read_time()->set_seconds(absl::ToUnixSeconds(then) - 3600);
  ExpectRefused(Reader(), "GetSeat", request, "RESOURCE_NOT_FOUND");
}

}  // namespace
}  // namespace partnerskap::membership
