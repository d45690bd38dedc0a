#include "gtest/gtest.h"
#include "services/membership/handlers/fixture.h"

namespace partnerskap::membership {
namespace {

using PersonsTest = MembershipTest;

TEST_F(PersonsTest, APersonHasAUuidForAName) {
  const v1::Person person = CreatePerson();
  EXPECT_EQ(person.name(), kPerson);
  EXPECT_EQ(Ok<v1::Person>(Reader(), "GetPerson", Request<v1::GetPersonRequest>(absl::StrCat("name: '", kPerson, "'")))
                .display_name(),
            "Exempel Exempelsson");
  const auto made =
      Ok<v1::Person>(admin(), "CreatePerson", Request<v1::CreatePersonRequest>("person { display_name: 'E' }"));
  EXPECT_EQ(made.name().size(), std::string("persons/").size() + 36);
  ExpectRefused(admin(), "CreatePerson",
                Request<v1::CreatePersonRequest>("person { display_name: 'E' } person_id: 'exempel'"),
                "PERSON_ID_NOT_UUID");
  ExpectRefused(admin(), "CreatePerson", Request<v1::CreatePersonRequest>("person { display_name: 'E 811218-9876' }"),
                "PERSONAL_IDENTITY_NUMBER");
}

TEST_F(PersonsTest, AProtectedPersonIsMasked) {
  Ok<v1::Person>(
      admin(), "CreatePerson",
      Request<v1::CreatePersonRequest>("person { display_name: 'Exempel Exempelsson' party: 'X' protected_identity: "
                                       "true } person_id: '3f0c1c0e-5a3f-4a56-9d0e-6a1f3c2b7d01'"));
  const auto seen =
      Ok<v1::Person>(Reader(), "GetPerson", Request<v1::GetPersonRequest>(absl::StrCat("name: '", kPerson, "'")));
  EXPECT_EQ(seen.display_name(), "(skyddade personuppgifter)");
  EXPECT_EQ(seen.party(), "");
  const auto listed = Ok<v1::ListPersonsResponse>(Reader(), "ListPersons", v1::ListPersonsRequest());
  ASSERT_EQ(listed.persons_size(), 1);
  EXPECT_EQ(listed.persons(0).display_name(), "(skyddade personuppgifter)");
  EXPECT_EQ(Ok<v1::Person>(admin(), "GetPerson", Request<v1::GetPersonRequest>(absl::StrCat("name: '", kPerson, "'")))
                .display_name(),
            "Exempel Exempelsson");
}

TEST_F(PersonsTest, ContactDataIsApartAndRestricted) {
  CreatePerson();
  const std::string contact = absl::StrCat("name: '", kPerson, "/contact'");
  ExpectRefused(admin(), "GetPersonContact", Request<v1::GetPersonContactRequest>(contact), "RESOURCE_NOT_FOUND");
  Ok<v1::PersonContact>(
      admin(), "UpdatePersonContact",
      Request<v1::UpdatePersonContactRequest>(
          absl::StrCat("person_contact { ", contact, " etag: '*' email: 'namn@exempel.se' phone: '018-727 00 00' }")));
  const auto changed = Ok<v1::PersonContact>(
      admin(), "UpdatePersonContact",
      Request<v1::UpdatePersonContactRequest>(absl::StrCat(
          "person_contact { ", contact, " etag: '1' phone: '08-606 70 00' } update_mask { paths: 'phone' }")));
  EXPECT_EQ(changed.email(), "namn@exempel.se");
  EXPECT_EQ(changed.phone(), "08-606 70 00");
  ExpectRefused(Reader(), "UpdatePersonContact",
                Request<v1::UpdatePersonContactRequest>(absl::StrCat("person_contact { ", contact, " etag: '*' }")),
                "PERMISSION_MISSING");
  ExpectRefused(admin(), "UpdatePersonContact",
                Request<v1::UpdatePersonContactRequest>(
                    absl::StrCat("person_contact { ", contact, " etag: '*' email: 'no address' }")),
                "FIELD_VIOLATIONS");
  ExpectRefused(admin(), "UpdatePersonContact",
                Request<v1::UpdatePersonContactRequest>(
                    "person_contact { name: 'persons/8b7e4d92-1c64-4f0b-8f3a-2d5e9a7c4b02/contact' etag: '*' }"),
                "REFERENCE_UNKNOWN");
}

}  // namespace
}  // namespace partnerskap::membership
