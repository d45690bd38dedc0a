#include "common/auth/forwarded_certificate.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "deploy/certs/authority.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

constexpr char kDomain[] = "test.partnerskap";

// As nginx writes $ssl_client_escaped_cert: everything but letters, digits, `-`, `.`, `_` and `~`.
std::string Escape(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '_' || c == '~') {
      escaped.push_back(c);
    } else {
      absl::StrAppend(&escaped, "%", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    }
  }
  return escaped;
}

class ForwardedCertificateTest : public ::testing::Test {
 protected:
  ForwardedCertificateTest() : authority_(*certs::MakeAuthority(kDomain, now_)) {
    certificates_ = *ForwardedCertificates::FromPem(authority_.certificate_pem);
  }
  static certs::Credential Client(const certs::Credential& authority, absl::Time now) {
    return *certs::Issue(authority, {"diary", certs::SystemUri(kDomain, "kommun-0380", "diary"), {}, {}}, now);
  }
  absl::StatusCode Refusal(absl::string_view forwarded) {
    return certificates_->UriOf(forwarded, now_).status().code();
  }

  const absl::Time now_ = absl::FromCivil(absl::CivilDay(2026, 3, 2), absl::UTCTimeZone());
  const certs::Credential authority_;
  std::unique_ptr<ForwardedCertificates> certificates_;
};

TEST_F(ForwardedCertificateTest, SaysWhoCalls) {
  const std::string forwarded = Escape(Client(authority_, now_).certificate_pem);
  for (int times = 0; times < 2; ++times) {
    EXPECT_EQ(*certificates_->UriOf(forwarded, now_), "spiffe://test.partnerskap/org/kommun-0380/sys/diary");
  }
}

TEST_F(ForwardedCertificateTest, EndsWithItsPeriodEvenWhenRemembered) {
  const std::string forwarded = Escape(Client(authority_, now_).certificate_pem);
  EXPECT_TRUE(certificates_->UriOf(forwarded, now_ + certs::kCertificateLife - absl::Hours(1)).ok());
  EXPECT_EQ(certificates_->UriOf(forwarded, now_ + certs::kCertificateLife + absl::Hours(1)).status().code(),
            absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(certificates_->UriOf(forwarded, now_ - absl::Hours(1)).status().code(), absl::StatusCode::kUnauthenticated);
}

TEST_F(ForwardedCertificateTest, OfAnotherAuthorityIsRefused) {
  const certs::Credential foreign = *certs::MakeAuthority(kDomain, now_);
  EXPECT_EQ(Refusal(Escape(Client(foreign, now_).certificate_pem)), absl::StatusCode::kUnauthenticated);
}

TEST_F(ForwardedCertificateTest, TheAuthorityItselfIsNoClient) {
  EXPECT_NE(Refusal(Escape(authority_.certificate_pem)), absl::StatusCode::kOk);
}

TEST_F(ForwardedCertificateTest, GarbageIsRefused) {
  const std::string good = Escape(Client(authority_, now_).certificate_pem);
  const std::vector<std::string> hostile = {
      "",
      "%",
      "%4",
      "%zz",
      "hello",
      std::string(kMaxForwardedBytes + 1, 'a'),
      std::string("\0\0", 2),
      good.substr(0, good.size() / 2),
      Escape("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
      Escape("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
  };
  for (const std::string& forwarded : hostile) {
    EXPECT_EQ(Refusal(forwarded), absl::StatusCode::kInvalidArgument) << forwarded;
  }
}

TEST_F(ForwardedCertificateTest, ManyClientsAreToldApart) {
  const std::string one = Escape(Client(authority_, now_).certificate_pem);
  for (int i = 0; i < 8; ++i) {
    const std::string id = absl::StrCat("kommun-", 1000 + i);
    const certs::Credential client =
        *certs::Issue(authority_, {"diary", certs::SystemUri(kDomain, id, "diary"), {}, {}}, now_);
    EXPECT_EQ(*certificates_->UriOf(Escape(client.certificate_pem), now_), certs::SystemUri(kDomain, id, "diary"));
  }
  EXPECT_TRUE(certificates_->UriOf(one, now_).ok());
}

TEST_F(ForwardedCertificateTest, TwoAuthoritiesDuringARotation) {
  const certs::Credential next = *certs::MakeAuthority(kDomain, now_);
  const auto both = *ForwardedCertificates::FromPem(authority_.certificate_pem + next.certificate_pem);
  EXPECT_TRUE(both->UriOf(Escape(Client(authority_, now_).certificate_pem), now_).ok());
  EXPECT_TRUE(both->UriOf(Escape(Client(next, now_).certificate_pem), now_).ok());
}

TEST_F(ForwardedCertificateTest, AnAuthorityIsNeeded) {
  EXPECT_EQ(ForwardedCertificates::FromPem("").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ForwardedCertificates::FromPem("garbage").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace partnerskap
