#include "gtest/gtest.h"
#include "services/membership/handlers/fixture.h"

namespace partnerskap::membership {
namespace {

using NetworksTest = MembershipTest;

TEST_F(NetworksTest, ANetworkComesOutOfAnother) {
  Ok<v1::Network>(admin(), "CreateNetwork",
                  Request<v1::CreateNetworkRequest>("network { kind: PARTNERSHIP display_name: 'A' } network_id: 'a'"));
  const auto child =
      Ok<v1::Network>(admin(), "CreateNetwork",
                      Request<v1::CreateNetworkRequest>("network { kind: NETWORK display_name: 'B' parent_network: "
                                                        "'networks/a' founding_date { year: 2013 } } network_id: 'b'"));
  EXPECT_EQ(child.parent_network(), "networks/a");
  EXPECT_EQ(Ok<v1::Network>(Reader(), "GetNetwork", Request<v1::GetNetworkRequest>("name: 'networks/b'")).uid(),
            child.uid());
  ExpectRefused(Reader(), "GetNetwork", Request<v1::GetNetworkRequest>("name: 'networks/c'"), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(Ok<v1::ListNetworksResponse>(Reader(), "ListNetworks", v1::ListNetworksRequest()).networks_size(), 2);
  ExpectRefused(admin(), "CreateNetwork",
                Request<v1::CreateNetworkRequest>(
                    "network { kind: NETWORK display_name: 'C' parent_network: 'networks/c' } network_id: 'c'"),
                "PARENT_NETWORK_CIRCULAR");
  ExpectRefused(admin(), "CreateNetwork",
                Request<v1::CreateNetworkRequest>(
                    "network { kind: NETWORK display_name: 'C' parent_network: 'networks/none' } network_id: 'c'"),
                "REFERENCE_UNKNOWN");
}

TEST_F(NetworksTest, APartnerTakesPartWithoutASeat) {
  CreateUppsala();
  const auto partner =
      Ok<v1::Partner>(admin(), "CreatePartner",
                      Request<v1::CreatePartnerRequest>("parent: 'networks/n' partner_id: 'bo' partner { display_name: "
                                                        "'Barnombudsmannen' roles: SUPPORTER roles: CO_ACTOR }"));
  EXPECT_EQ(
      Ok<v1::Partner>(Reader(), "GetPartner", Request<v1::GetPartnerRequest>("name: 'networks/n/partners/bo'")).uid(),
      partner.uid());
  EXPECT_EQ(
      Ok<v1::ListPartnersResponse>(Reader(), "ListPartners", Request<v1::ListPartnersRequest>("parent: 'networks/n'"))
          .partners_size(),
      1);
  ExpectRefused(admin(), "CreatePartner",
                Request<v1::CreatePartnerRequest>(
                    "parent: 'networks/none' partner_id: 'bo' partner { display_name: 'B' roles: SUPPORTER }"),
                "PARENT_NOT_FOUND");
  ExpectRefused(admin(), "CreatePartner",
                Request<v1::CreatePartnerRequest>("parent: 'networks/n' partner_id: 'x' partner { display_name: 'B' }"),
                "FIELD_VIOLATIONS");
}

}  // namespace
}  // namespace partnerskap::membership
