// Callers whose calls come through the edge.
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/auth/authenticator.h"
#include "common/auth/forwarded_certificate.h"
#include "common/status/refusal.h"
#include "common/testing/sim.h"
#include "common/testing/temp_dir.h"
#include "deploy/certs/authority.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

constexpr char kEdge[] = "spiffe://d/svc/edge";
constexpr char kDiary[] = "spiffe://d/org/kommun-0380/sys/diary";
constexpr char kRoles[] = R"(
  bindings { principal: "spiffe://d/org/{any}/sys/{any}" permissions: "a.x.get" }
  bindings { principal: "spiffe://d/svc/{any}" permissions: "a.x.get" }
)";

using Metadata = std::vector<std::pair<std::string, std::string>>;

class EdgeTest : public ::testing::Test {
 protected:
  EdgeTest() : loop_(1), authority_(*certs::MakeAuthority("d", loop_.clock().Now())) {
    env_.clock = &loop_.clock();
    std::ofstream(files_ / "roles.textproto") << kRoles;
    WriteAuthority(authority_.certificate_pem);
    authenticator_ = Open();
  }
  std::unique_ptr<Authenticator> Open() {
    Authenticator::Options options;
    options.role_file = files_ / "roles.textproto";
    options.permissions = {"a.x.get"};
    options.ca_file = files_ / "ca.pem";
    auto authenticator = Authenticator::Open(options, env_, nullptr, nullptr);
    EXPECT_TRUE(authenticator.ok()) << authenticator.status();
    return authenticator.ok() ? *std::move(authenticator) : nullptr;
  }
  void WriteAuthority(const std::string& pem) {
    std::ofstream(files_ / "ca.new") << pem;
    std::filesystem::rename(files_ / "ca.new", files_ / "ca.pem");
  }
  // The escaped certificate of a client with this URI.
  std::string Certificate(const std::string& uri, const certs::Credential& authority) {
    const auto client = certs::Issue(authority, {"client", uri, {}, {}}, loop_.clock().Now());
    EXPECT_TRUE(client.ok()) << client.status();
    return absl::StrReplaceAll(client->certificate_pem, {{"%", "%25"}, {"+", "%2B"}, {"\n", "%0A"}, {" ", "%20"}});
  }
  std::string Certificate(const std::string& uri) { return Certificate(uri, authority_); }
  // Whose call it is, or the reason of the refusal.
  std::string Caller(const std::vector<std::string>& peer, const Metadata& metadata) {
    const auto caller = authenticator_->Authenticate(peer, metadata);
    return caller.ok() ? (*caller)->principal.uri : ReasonOf(caller.status());
  }

  const TempDir files_;
  SimLoop loop_;
  Env env_;
  const certs::Credential authority_;
  std::unique_ptr<Authenticator> authenticator_;
};

TEST_F(EdgeTest, TheClientCallsNotTheEdge) {
  EXPECT_EQ(Caller({kEdge}, {{kForwardedCertificateKey, Certificate(kDiary)}}), kDiary);
}

TEST_F(EdgeTest, ForItselfItIsNobody) { EXPECT_EQ(Caller({kEdge}, {}), "NO_IDENTITY"); }

TEST_F(EdgeTest, TwoForwardedCertificatesAreNone) {
  const std::string certificate = Certificate(kDiary);
  EXPECT_EQ(Caller({kEdge}, {{kForwardedCertificateKey, certificate}, {kForwardedCertificateKey, certificate}}),
            "NO_IDENTITY");
}

TEST_F(EdgeTest, NobodyElseCanForward) {
  const std::string other = Certificate("spiffe://d/org/kommun-0136/sys/diary");
  EXPECT_EQ(Caller({kDiary}, {{kForwardedCertificateKey, other}}), kDiary);
  EXPECT_EQ(Caller({"spiffe://d/svc/one"}, {{kForwardedCertificateKey, other}}), "spiffe://d/svc/one");
}

TEST_F(EdgeTest, AServiceDoesNotComeFromOutside) {
  EXPECT_EQ(Caller({kEdge}, {{kForwardedCertificateKey, Certificate("spiffe://d/svc/one")}}), "NO_IDENTITY");
  EXPECT_EQ(Caller({kEdge}, {{kForwardedCertificateKey, Certificate(kEdge)}}), "NO_IDENTITY");
}

TEST_F(EdgeTest, ForeignAndEndedCertificatesAreRefused) {
  const certs::Credential foreign = *certs::MakeAuthority("d", loop_.clock().Now());
  EXPECT_EQ(Caller({kEdge}, {{kForwardedCertificateKey, Certificate(kDiary, foreign)}}), "NO_IDENTITY");
  const std::string certificate = Certificate(kDiary);
  loop_.clock().SetNow(loop_.clock().Now() + certs::kCertificateLife + absl::Hours(1));
  EXPECT_EQ(Caller({kEdge}, {{kForwardedCertificateKey, certificate}}), "NO_IDENTITY");
}

TEST_F(EdgeTest, ANewAuthorityIsSeenWithinASecond) {
  const certs::Credential next = *certs::MakeAuthority("d", loop_.clock().Now());
  const Metadata metadata = {{kForwardedCertificateKey, Certificate(kDiary, next)}};
  EXPECT_EQ(Caller({kEdge}, metadata), "NO_IDENTITY");
  WriteAuthority(authority_.certificate_pem + next.certificate_pem);
  loop_.clock().Advance(absl::Seconds(1));
  EXPECT_EQ(Caller({kEdge}, metadata), kDiary);
  WriteAuthority("broken");
  loop_.clock().Advance(absl::Seconds(1));
  EXPECT_EQ(Caller({kEdge}, metadata), kDiary) << "the former stays in force";
}

TEST_F(EdgeTest, ABrokenAuthorityIsSaidAtTheStart) {
  WriteAuthority("broken");
  Authenticator::Options options;
  options.role_file = files_ / "roles.textproto";
  options.permissions = {"a.x.get"};
  options.ca_file = files_ / "ca.pem";
  const auto authenticator = Authenticator::Open(options, env_, nullptr, nullptr);
  EXPECT_EQ(authenticator.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(authenticator.status().message()), ::testing::HasSubstr("ca.pem"));
}

}  // namespace
}  // namespace partnerskap
