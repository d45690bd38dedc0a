#include "deploy/certs/authority.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <string>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap::certs {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const absl::Time kNow = absl::FromCivil(absl::CivilSecond(2026, 3, 1, 12, 0, 0), absl::UTCTimeZone());
constexpr char kDomain[] = "partnerskap.internal";

Names Membership() {
  return {"membership", "spiffe://partnerskap.internal/svc/membership", {"localhost", "membership"}, {"127.0.0.1"}};
}

Names Diary() { return {"diary", "spiffe://partnerskap.internal/org/kommun-0136/sys/diary", {}, {}}; }

Credential Authority() { return MakeAuthority(kDomain, kNow).value(); }

X509* Parse(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  return certificate;
}

// What a TLS peer asks of a certificate: its chain, purpose and period at `time`. X509_V_OK or OpenSSL's reason.
int Verify(const std::string& authority_pem, const std::string& certificate_pem, int purpose, absl::Time time) {
  X509* authority = Parse(authority_pem);
  X509* certificate = Parse(certificate_pem);
  X509_STORE* store = X509_STORE_new();
  X509_STORE_add_cert(store, authority);
  X509_STORE_CTX* context = X509_STORE_CTX_new();
  X509_STORE_CTX_init(context, store, certificate, nullptr);
  X509_STORE_CTX_set_purpose(context, purpose);
  X509_STORE_CTX_set_time(context, 0, absl::ToTimeT(time));
  X509_STORE_CTX_set_flags(context, X509_V_FLAG_X509_STRICT);
  X509_verify_cert(context);
  const int error = X509_STORE_CTX_get_error(context);
  X509_STORE_CTX_free(context);
  X509_STORE_free(store);
  X509_free(authority);
  X509_free(certificate);
  return error;
}

TEST(MakeAuthority, LivesTenYearsAndNamesItsDomain) {
  const Credential authority = Authority();
  const CertificateFacts facts = ReadCertificate(authority.certificate_pem).value();
  EXPECT_THAT(facts.uris, ElementsAre("spiffe://partnerskap.internal"));
  EXPECT_EQ(facts.not_before, kNow - kClockSkew);
  EXPECT_EQ(facts.not_after, kNow + kAuthorityLife);
  EXPECT_EQ(AuthorityDomain(authority).value(), kDomain);
}

TEST(MakeAuthority, IsAnEcdsaAuthorityThatMayIssueNoOtherAuthority) {
  X509* certificate = Parse(Authority().certificate_pem);
  EXPECT_EQ(X509_check_ca(certificate), 1);
  EXPECT_EQ(X509_get_pathlen(certificate), 0);
  EXPECT_EQ(X509_get_key_usage(certificate), static_cast<uint32_t>(KU_KEY_CERT_SIGN | KU_CRL_SIGN));
  EVP_PKEY* key = X509_get0_pubkey(certificate);
  EXPECT_EQ(EVP_PKEY_get_id(key), EVP_PKEY_EC);
  EXPECT_EQ(EVP_PKEY_get_bits(key), 256);
  X509_free(certificate);
}

TEST(MakeAuthority, RefusesWhatIsNoDomain) {
  for (const char* domain : {"", ".", "a..b", "Partnerskap.internal", "-a.b", "a b", "a/b", "örebro.se", "a.b."}) {
    EXPECT_EQ(MakeAuthority(domain, kNow).status().code(), absl::StatusCode::kInvalidArgument) << domain;
  }
  EXPECT_TRUE(MakeAuthority("a", kNow).ok());
  EXPECT_EQ(CheckDomain(std::string(126, 'a').replace(63, 1, ".") + "." + std::string(126, 'b').replace(63, 1, ".")),
            absl::OkStatus());
  EXPECT_FALSE(
      CheckDomain(std::string(127, 'a').replace(63, 1, ".") + "." + std::string(126, 'b').replace(63, 1, ".")).ok());
}

TEST(Issue, SaysExactlyOneUriAndTheNames) {
  const Credential issued = Issue(Authority(), Membership(), kNow).value();
  const CertificateFacts facts = ReadCertificate(issued.certificate_pem).value();
  EXPECT_THAT(facts.uris, ElementsAre("spiffe://partnerskap.internal/svc/membership"));
  EXPECT_THAT(facts.dns_names, ElementsAre("localhost", "membership"));
  EXPECT_THAT(facts.addresses, ElementsAre("127.0.0.1"));
  EXPECT_EQ(facts.not_before, kNow - kClockSkew);
  EXPECT_EQ(facts.not_after, kNow + kCertificateLife);
}

TEST(Issue, AServiceServesAndCallsAClientOnlyCalls) {
  const Credential authority = Authority();
  const std::string service = Issue(authority, Membership(), kNow)->certificate_pem;
  const std::string client = Issue(authority, Diary(), kNow)->certificate_pem;
  EXPECT_EQ(Verify(authority.certificate_pem, service, X509_PURPOSE_SSL_SERVER, kNow), X509_V_OK);
  EXPECT_EQ(Verify(authority.certificate_pem, service, X509_PURPOSE_SSL_CLIENT, kNow), X509_V_OK);
  EXPECT_EQ(Verify(authority.certificate_pem, client, X509_PURPOSE_SSL_CLIENT, kNow), X509_V_OK);
  EXPECT_EQ(Verify(authority.certificate_pem, client, X509_PURPOSE_SSL_SERVER, kNow), X509_V_ERR_INVALID_PURPOSE);
}

TEST(Issue, IsValidWithinItsPeriodAndItsAuthorityOnly) {
  const Credential authority = Authority();
  const Credential other = MakeAuthority(kDomain, kNow).value();
  const std::string issued = Issue(authority, Membership(), kNow)->certificate_pem;
  const auto verify = [&](const Credential& by, absl::Time at) {
    return Verify(by.certificate_pem, issued, X509_PURPOSE_SSL_SERVER, at);
  };
  EXPECT_EQ(verify(authority, kNow + kCertificateLife - absl::Seconds(1)), X509_V_OK);
  EXPECT_EQ(verify(authority, kNow + kCertificateLife + absl::Seconds(1)), X509_V_ERR_CERT_HAS_EXPIRED);
  EXPECT_EQ(verify(authority, kNow - kClockSkew - absl::Seconds(1)), X509_V_ERR_CERT_NOT_YET_VALID);
  EXPECT_NE(verify(other, kNow), X509_V_OK);
}

TEST(Issue, EndsNoLaterThanItsAuthority) {
  const absl::Time late = kNow + kAuthorityLife - absl::Hours(24);
  const Credential issued = Issue(Authority(), Membership(), late).value();
  EXPECT_EQ(ReadCertificate(issued.certificate_pem)->not_after, kNow + kAuthorityLife);
}

TEST(Issue, KeysAndSerialNumbersAreFresh) {
  const Credential authority = Authority();
  const Credential first = Issue(authority, Membership(), kNow).value();
  const Credential second = Issue(authority, Membership(), kNow).value();
  EXPECT_NE(first.key_pem, second.key_pem);
  X509* a = Parse(first.certificate_pem);
  X509* b = Parse(second.certificate_pem);
  EXPECT_NE(ASN1_INTEGER_cmp(X509_get0_serialNumber(a), X509_get0_serialNumber(b)), 0);
  X509_free(a);
  X509_free(b);
}

TEST(Issue, RefusesIdentitiesThatAreNotOfTheDomainOrForm) {
  const Credential authority = Authority();
  for (const char* uri :
       {"", "spiffe://partnerskap.internal", "spiffe://other.internal/svc/membership",
        "spiffe://partnerskap.internal/svc/", "spiffe://partnerskap.internal/svc/a/b",
        "spiffe://partnerskap.internal/svc/Membership", "https://partnerskap.internal/svc/membership",
        "spiffe://partnerskap.internal/org/kommun-0136", "spiffe://partnerskap.internal/org/kommun-0136/sys/"}) {
    Names names = Membership();
    names.uri = uri;
    EXPECT_EQ(Issue(authority, names, kNow).status().code(), absl::StatusCode::kInvalidArgument) << uri;
  }
}

TEST(Issue, RefusesBadNamesAndAddresses) {
  Names names = Membership();
  names.dns_names = {"localhost,URI:spiffe://partnerskap.internal/svc/agreements"};
  EXPECT_EQ(Issue(Authority(), names, kNow).status().code(), absl::StatusCode::kInvalidArgument);
  names = Membership();
  names.addresses = {"127.0.0.256"};
  EXPECT_THAT(std::string(Issue(Authority(), names, kNow).status().message()), HasSubstr("127.0.0.256"));
  names = Membership();
  names.common_name = "../admin";
  EXPECT_EQ(Issue(Authority(), names, kNow).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Issue, NeedsTheAuthoritysKey) {
  Credential authority = Authority();
  authority.key_pem.clear();
  const absl::Status status = Issue(authority, Membership(), kNow).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("put it back"));
}

TEST(RenewAuthority, KeepsWhatItHasIssuedValid) {
  const Credential authority = Authority();
  const std::string issued = Issue(authority, Membership(), kNow)->certificate_pem;
  const Credential renewed = RenewAuthority(kDomain, authority.key_pem, kNow + absl::Hours(24)).value();
  EXPECT_NE(renewed.certificate_pem, authority.certificate_pem);
  EXPECT_EQ(ReadCertificate(renewed.certificate_pem)->not_after, kNow + absl::Hours(24) + kAuthorityLife);
  EXPECT_EQ(Verify(renewed.certificate_pem, issued, X509_PURPOSE_SSL_SERVER, kNow + absl::Hours(24)), X509_V_OK);
  EXPECT_FALSE(RenewAuthority(kDomain, "", kNow).ok());
  EXPECT_FALSE(RenewAuthority(kDomain, issued, kNow).ok());
}

TEST(WhyReplace, IsEmptyUntilThirtyDaysBeforeTheEnd) {
  const Credential authority = Authority();
  const Credential issued = Issue(authority, Membership(), kNow).value();
  const absl::Time end = kNow + kCertificateLife;
  EXPECT_THAT(WhyReplace(authority, issued, Membership(), kNow), IsEmpty());
  EXPECT_THAT(WhyReplace(authority, issued, Membership(), end - kRenewBefore), IsEmpty());
  EXPECT_EQ(WhyReplace(authority, issued, Membership(), end - kRenewBefore + absl::Seconds(1)), "ends 2027-03-01");
  EXPECT_EQ(WhyReplace(authority, issued, Membership(), end), "ended 2027-03-01");
  EXPECT_EQ(WhyReplace(authority, issued, Membership(), kNow - absl::Hours(24)), "is not valid before 2026-03-01");
}

TEST(WhyReplace, SeesAnotherKeyAuthorityOrName) {
  const Credential authority = Authority();
  const Credential issued = Issue(authority, Membership(), kNow).value();
  const Credential other_key = {issued.certificate_pem, Issue(authority, Membership(), kNow)->key_pem};
  EXPECT_EQ(WhyReplace(authority, other_key, Membership(), kNow), "does not fit its key");
  EXPECT_EQ(WhyReplace(Authority(), issued, Membership(), kNow), "is not of this authority");
  EXPECT_EQ(WhyReplace(authority, {issued.certificate_pem, ""}, Membership(), kNow), "has no readable key");
  EXPECT_EQ(WhyReplace(authority, {"not a certificate", issued.key_pem}, Membership(), kNow), "cannot be read");
  Names more = Membership();
  more.dns_names.push_back("members.example.se");
  EXPECT_EQ(WhyReplace(authority, issued, more, kNow), "says other names");
  Names elsewhere = Membership();
  elsewhere.addresses = {"127.0.0.2"};
  EXPECT_EQ(WhyReplace(authority, issued, elsewhere, kNow), "says other names");
}

TEST(WhyReplace, ReadsOneAddressInItsSpellings) {
  const Credential authority = Authority();
  Names names = Membership();
  names.addresses = {"0:0::1"};
  const Credential issued = Issue(authority, names, kNow).value();
  names.addresses = {"::1"};
  EXPECT_THAT(WhyReplace(authority, issued, names, kNow), IsEmpty());
}

TEST(ReadCertificate, RefusesWhatIsNone) {
  EXPECT_EQ(ReadCertificate("").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadCertificate(Authority().key_pem).status().code(), absl::StatusCode::kInvalidArgument);
  const std::string whole = Authority().certificate_pem;
  EXPECT_EQ(ReadCertificate(whole.substr(0, whole.size() / 2)).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace partnerskap::certs
