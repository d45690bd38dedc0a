#include "common/auth/forwarded_certificate.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/testing/certs.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

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

// Longer than a certificate lives.
constexpr absl::Duration kTwoYears = absl::Hours(24 * 731);

class ForwardedCertificateTest : public ::testing::Test {
 protected:
  ForwardedCertificateTest() { certificates_ = *ForwardedCertificates::FromPem(AuthorityOf("one")); }
  std::string AuthorityOf(const std::string& folder) { return ReadFileOrDie(files_ / (folder + "/ca.pem")); }
  std::string Client(absl::string_view organization = "kommun-0380") {
    return Forwarded(issued_.Client(organization, "diary"));
  }
  static std::string Forwarded(const TlsFiles& files) { return Escape(ReadFileOrDie(files.certificate)); }
  absl::StatusCode Refusal(absl::string_view forwarded) {
    return certificates_->UriOf(forwarded, now_).status().code();
  }

  const TempDir files_;
  const TestCertificates issued_{files_ / "one"};
  const absl::Time now_ = absl::Now();
  std::unique_ptr<ForwardedCertificates> certificates_;
};

TEST_F(ForwardedCertificateTest, SaysWhoCalls) {
  const std::string forwarded = Client();
  for (int times = 0; times < 2; ++times) {
    EXPECT_EQ(*certificates_->UriOf(forwarded, now_), "spiffe://test.partnerskap/org/kommun-0380/sys/diary");
  }
}

TEST_F(ForwardedCertificateTest, EndsWithItsPeriodEvenWhenRemembered) {
  const std::string forwarded = Client();
  EXPECT_TRUE(certificates_->UriOf(forwarded, now_).ok());
  for (const absl::Time other : {now_ - kTwoYears, now_ + kTwoYears}) {
    EXPECT_EQ(certificates_->UriOf(forwarded, other).status().code(), absl::StatusCode::kUnauthenticated);
  }
  EXPECT_EQ(Refusal(Forwarded(issued_.ExpiredClient())), absl::StatusCode::kUnauthenticated);
}

TEST_F(ForwardedCertificateTest, OfAnotherAuthorityIsRefused) {
  EXPECT_EQ(Refusal(Forwarded(issued_.Foreign())), absl::StatusCode::kUnauthenticated);
}

TEST_F(ForwardedCertificateTest, WithTwoUrisIsRefused) {
  const TlsFiles two = issued_.TwoUris(issued_.ClientUri("kommun-0136", "a"), issued_.ClientUri("kommun-0380", "b"));
  EXPECT_EQ(Refusal(Forwarded(two)), absl::StatusCode::kInvalidArgument);
}

TEST_F(ForwardedCertificateTest, TheAuthorityItselfIsNoClient) {
  EXPECT_NE(Refusal(Escape(AuthorityOf("one"))), absl::StatusCode::kOk);
}

TEST_F(ForwardedCertificateTest, GarbageIsRefused) {
  const std::string good = Client();
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
  for (const char* organization : {"kommun-0136", "kommun-0380", "region-03"}) {
    EXPECT_EQ(*certificates_->UriOf(Client(organization), now_), issued_.ClientUri(organization, "diary"));
  }
}

TEST_F(ForwardedCertificateTest, TwoAuthoritiesDuringARotation) {
  const TestCertificates next(files_ / "two");
  const auto both = *ForwardedCertificates::FromPem(AuthorityOf("one") + AuthorityOf("two"));
  EXPECT_TRUE(both->UriOf(Client(), now_).ok());
  EXPECT_TRUE(both->UriOf(Forwarded(next.Client("kommun-0380", "diary")), now_).ok());
}

TEST_F(ForwardedCertificateTest, AnAuthorityIsNeeded) {
  EXPECT_EQ(ForwardedCertificates::FromPem("").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ForwardedCertificates::FromPem("garbage").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace partnerskap
