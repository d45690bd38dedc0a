#include "services/agreements/domain/texts.h"
#include "services/agreements/handlers/agreements_fixture.h"

namespace partnerskap::agreements {
namespace {

class AgreementTest : public AgreementsFixture {};

TEST_F(AgreementTest, IsCreatedAndRead) {
  const auto created = Ok<v1::Agreement>(admin(), "CreateAgreement", AgreementRequest());
  EXPECT_EQ(created.name(), kAgreement);
  EXPECT_NE(created.uid(), "");
  const auto get = Request<v1::GetAgreementRequest>("name: 'networks/partnerskapet/agreements/2016-2019'");
  EXPECT_EQ(Ok<v1::Agreement>(Reader(), "GetAgreement", get).SerializeAsString(), created.SerializeAsString());
  ExpectRefused(admin(), "CreateAgreement", AgreementRequest(), "RESOURCE_ALREADY_EXISTS");
}

TEST_F(AgreementTest, IsTheCoordinatorsToCreate) {
  ExpectRefused(Member(kHaninge), "CreateAgreement", AgreementRequest(), "PERMISSION_MISSING");
  ExpectRefused(Reader(), "CreateAgreement", AgreementRequest(), "PERMISSION_MISSING");
}

TEST_F(AgreementTest, StandsInANetworkThatIsKnown) {
  auto request = AgreementRequest();
  request.set_parent("networks/okant");
  ExpectRefused(admin(), "CreateAgreement", request, "REFERENCE_UNKNOWN");
}

TEST_F(AgreementTest, HasAPeriodAndSlotsThatMakeSense) {
  ExpectRefused(admin(), "CreateAgreement", AgreementRequest("2016-2019", "2019-12-31", "2016-01-01"),
                "PERIOD_REVERSED");
  auto request = AgreementRequest();
  request.mutable_agreement()->mutable_signer_slots(1)->set_slot(1);
  ExpectRefused(admin(), "CreateAgreement", request, "SIGNER_SLOTS_WRONG");
}

TEST_F(AgreementTest, FollowsOnAnEarlierOne) {
  auto request = AgreementRequest("2020-2021", "2020-01-01", "2021-12-31");
  request.mutable_agreement()->set_predecessor(kAgreement);
  ExpectRefused(admin(), "CreateAgreement", request, "REFERENCE_UNKNOWN");
  Ok<v1::Agreement>(admin(), "CreateAgreement", AgreementRequest());
  EXPECT_EQ(Ok<v1::Agreement>(admin(), "CreateAgreement", request).predecessor(), kAgreement);
  auto backwards = AgreementRequest("2012-2015", "2012-01-01", "2015-12-31");
  backwards.mutable_agreement()->set_predecessor(kAgreement);
  ExpectRefused(admin(), "CreateAgreement", backwards, "PREDECESSOR_WRONG");
}

TEST_F(AgreementTest, IsListedByTheDayOfItsPeriod) {
  Ok<v1::Agreement>(admin(), "CreateAgreement", AgreementRequest());
  Ok<v1::Agreement>(admin(), "CreateAgreement", AgreementRequest("2020-2021", "2020-01-01", "2021-12-31"));
  auto request = Request<v1::ListAgreementsRequest>("parent: 'networks/partnerskapet'");
  EXPECT_EQ(Ok<v1::ListAgreementsResponse>(Reader(), "ListAgreements", request).agreements_size(), 2);
  *request.mutable_effective_date() = Date("2019-12-31");
  const auto held = Ok<v1::ListAgreementsResponse>(Reader(), "ListAgreements", request);
  ASSERT_EQ(held.agreements_size(), 1);
  EXPECT_EQ(held.agreements(0).name(), kAgreement);
}

class VersionTest : public AgreementsFixture {
 protected:
  VersionTest() { Ok<v1::Agreement>(admin(), "CreateAgreement", AgreementRequest()); }

  static v1::CreateAgreementVersionRequest Held(const std::string& text) {
    auto request = VersionRequest();
    request.mutable_agreement_version()->set_custody(v1::AgreementVersion::HELD);
    request.mutable_agreement_version()->set_media_type("text/plain;charset=utf-8");
    request.mutable_agreement_version()->set_text(text);
    return request;
  }
  static v1::DownloadAgreementTextRequest Download() {
    return Request<v1::DownloadAgreementTextRequest>(
        "version: 'networks/partnerskapet/agreements/2016-2019/versions/1'");
  }
};

TEST_F(VersionTest, HeldTextIsKeptApartWithItsDigest) {
  const std::string text = "Kommunerna samverkar.\n";
  const auto version = Ok<v1::AgreementVersion>(admin(), "CreateAgreementVersion", Held(text));
  EXPECT_EQ(version.name(), kVersion);
  EXPECT_EQ(version.text(), "");
  EXPECT_EQ(version.text_size(), static_cast<int64_t>(text.size()));
  EXPECT_EQ(version.sha256(), Sha256Hex(text));
  const auto list = Request<v1::ListAgreementVersionsRequest>("parent: 'networks/partnerskapet/agreements/2016-2019'");
  const auto page = Ok<v1::ListAgreementVersionsResponse>(Reader(), "ListAgreementVersions", list);
  ASSERT_EQ(page.agreement_versions_size(), 1);
  EXPECT_EQ(page.agreement_versions(0).text(), "");
  const auto get =
      Request<v1::GetAgreementVersionRequest>("name: 'networks/partnerskapet/agreements/2016-2019/versions/1'");
  EXPECT_EQ(Ok<v1::AgreementVersion>(Reader(), "GetAgreementVersion", get).SerializeAsString(),
            version.SerializeAsString());
  const auto answer = Ok<v1::DownloadAgreementTextResponse>(Reader(), "DownloadAgreementText", Download());
  EXPECT_EQ(answer.text(), text);
  EXPECT_EQ(answer.sha256(), version.sha256());
  EXPECT_EQ(answer.media_type(), "text/plain;charset=utf-8");
  Restart();
  EXPECT_EQ(Ok<v1::DownloadAgreementTextResponse>(Reader(), "DownloadAgreementText", Download()).text(), text);
}

TEST_F(VersionTest, DigestIsTheServers) {
  auto request = Held("abc");
  request.mutable_agreement_version()->set_sha256(std::string(64, '0'));
  ExpectRefused(admin(), "CreateAgreementVersion", request, "DIGEST_MISMATCH");
}

TEST_F(VersionTest, TextFitsWhatIsKept) {
  ExpectRefused(admin(), "CreateAgreementVersion", Held(""), "CUSTODY_CONTRADICTED");
  auto request = VersionRequest();
  request.mutable_agreement_version()->set_custody(v1::AgreementVersion::DIGEST_ONLY);
  ExpectRefused(admin(), "CreateAgreementVersion", request, "CUSTODY_CONTRADICTED");
  request.mutable_agreement_version()->set_sha256(Sha256Hex("abc"));
  EXPECT_EQ(Ok<v1::AgreementVersion>(admin(), "CreateAgreementVersion", request).sha256(), Sha256Hex("abc"));
  ExpectRefused(Reader(), "DownloadAgreementText", Download(), "TEXT_NOT_HELD");
}

TEST_F(VersionTest, TextHasALimit) {
  ExpectRefused(admin(), "CreateAgreementVersion", Held(std::string(524'289, 'a')), "FIELD_VIOLATIONS");
  EXPECT_EQ(Ok<v1::AgreementVersion>(admin(), "CreateAgreementVersion", Held(std::string(524'288, 'a'))).text_size(),
            524'288);
}

TEST_F(VersionTest, DamagedTextIsNotAnswered) {
  Ok<v1::AgreementVersion>(admin(), "CreateAgreementVersion", Held("abc"));
  // What a broken disk could leave: other bytes under the same name.
  auto lease = database().LeaseReader();
  ASSERT_TRUE(lease.ok());
  auto writer = Connection::Open(database().directory() + "/store.db", Connection::Mode::kWriter, "");
  ASSERT_TRUE(writer.ok()) << writer.status();
  ASSERT_TRUE((*writer)->Execute("UPDATE agreement_texts SET text = x'00'").ok());
  ExpectRefused(Reader(), "DownloadAgreementText", Download(), "STORE_CORRUPT");
}

TEST_F(VersionTest, StandsUnderAnAgreement) {
  ExpectRefused(admin(), "CreateAgreementVersion", VersionRequest("1", "networks/partnerskapet/agreements/okand"),
                "PARENT_NOT_FOUND");
}

}  // namespace
}  // namespace partnerskap::agreements
