// A membership service with a network to work on.
#ifndef PARTNERSKAP_SERVICES_MEMBERSHIP_HANDLERS_FIXTURE_H_
#define PARTNERSKAP_SERVICES_MEMBERSHIP_HANDLERS_FIXTURE_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "common/testing/service_fixture.h"
#include "services/membership/handlers/handlers.h"
#include "services/membership/service.h"

namespace partnerskap::membership {

inline constexpr char kUppsala[] = "organizations/kommun-0380";
inline constexpr char kHaninge[] = "organizations/kommun-0136";
inline constexpr char kNetwork[] = "networks/n";
inline constexpr char kSeat[] = "networks/n/seats/uppsala";
inline constexpr char kPerson[] = "persons/3f0c1c0e-5a3f-4a56-9d0e-6a1f3c2b7d01";

class MembershipTest : public ServiceFixture {
 protected:
  MembershipTest() : ServiceFixture(Definition()) {}

  v1::Organization CreateMunicipality(const std::string& code, const std::string& name) {
    return Ok<v1::Organization>(admin(), "CreateOrganization",
                                Request<v1::CreateOrganizationRequest>(
                                    absl::StrCat("organization { kind: MUNICIPALITY code: '", code, "' display_name: '",
                                                 name, "' } organization_id: 'kommun-", code, "'")));
  }
  // The network `n` with one seat, Uppsala's.
  v1::Seat CreateUppsala() {
    CreateMunicipality("0380", "Uppsala");
    Ok<v1::Network>(
        admin(), "CreateNetwork",
        Request<v1::CreateNetworkRequest>("network { kind: PARTNERSHIP display_name: 'N' } network_id: 'n'"));
    return Ok<v1::Seat>(admin(), "CreateSeat",
                        Request<v1::CreateSeatRequest>(
                            "parent: 'networks/n' seat_id: 'uppsala' seat { kind: MEMBER display_name: 'Uppsala' "
                            "parties { organization: 'organizations/kommun-0380' } join_date { year: 2005 } }"));
  }
  v1::Post CreatePost(const std::string& id, const std::string& fields) {
    return Ok<v1::Post>(admin(), "CreatePost",
                        Request<v1::CreatePostRequest>(absl::StrCat("parent: '", kSeat, "' post_id: '", id,
                                                                    "' post { display_name: 'P' ", fields, " }")));
  }
  v1::Person CreatePerson() {
    return Ok<v1::Person>(admin(), "CreatePerson",
                          Request<v1::CreatePersonRequest>("person { display_name: 'Exempel Exempelsson' party: 'X' } "
                                                           "person_id: '3f0c1c0e-5a3f-4a56-9d0e-6a1f3c2b7d01'"));
  }
  TestCaller Uppsala() { return Member(kUppsala); }
  TestCaller Haninge() { return Member(kHaninge); }
};

}  // namespace partnerskap::membership

#endif  // PARTNERSKAP_SERVICES_MEMBERSHIP_HANDLERS_FIXTURE_H_
