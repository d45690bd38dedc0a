// Callers whose calls come through the edge.
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "common/auth/authenticator.h"
#include "common/auth/forwarded_certificate.h"
#include "common/status/refusal.h"
#include "common/testing/certs.h"
#include "common/testing/sim.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

constexpr char kEdge[] = "spiffe://test.partnerskap/svc/edge";
constexpr char kDiary[] = "spiffe://test.partnerskap/org/kommun-0380/sys/diary";
constexpr char kRoles[] = R"(
  bindings { principal: "spiffe://test.partnerskap/org/{any}/sys/{any}" permissions: "a.x.get" }
  bindings { principal: "spiffe://test.partnerskap/svc/{any}" permissions: "a.x.get" }
)";

using Metadata = std::vector<std::pair<std::string, std::string>>;

class EdgeTest : public ::testing::Test {
 protected:
  EdgeTest() {
    env_.clock = &clock_;
    std::ofstream(files_ / "roles.textproto") << kRoles;
    WriteAuthority(AuthorityOf("one"));
    authenticator_ = Open();
  }
  std::string AuthorityOf(const std::string& folder) { return ReadFileOrDie(files_ / (folder + "/ca.pem")); }
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
  static std::string Forwarded(const TlsFiles& files) {
    return absl::StrReplaceAll(ReadFileOrDie(files.certificate),
                               {{"%", "%25"}, {"+", "%2B"}, {"\n", "%0A"}, {" ", "%20"}});
  }
  std::string Diary() { return Forwarded(issued_.Client("kommun-0380", "diary")); }
  // Whose call it is, or the reason of the refusal.
  std::string Caller(const std::vector<std::string>& peer, const Metadata& metadata) {
    const auto caller = authenticator_->Authenticate(peer, metadata);
    return caller.ok() ? (*caller)->principal.uri : ReasonOf(caller.status());
  }

  const TempDir files_;
  const TestCertificates issued_{files_ / "one"};
  FakeClock clock_{absl::Now()};
  Env env_;
  std::unique_ptr<Authenticator> authenticator_;
};

TEST_F(EdgeTest, TheClientCallsNotTheEdge) {
  EXPECT_EQ(Caller({kEdge}, {{kForwardedCertificateKey, Diary()}}), kDiary);
}

TEST_F(EdgeTest, ForItselfItIsNobody) { EXPECT_EQ(Caller({kEdge}, {}), "NO_IDENTITY"); }

TEST_F(EdgeTest, TwoForwardedCertificatesAreNone) {
  const std::string certificate = Diary();
  EXPECT_EQ(Caller({kEdge}, {{kForwardedCertificateKey, certificate}, {kForwardedCertificateKey, certificate}}),
            "NO_IDENTITY");
}

TEST_F(EdgeTest, NobodyElseCanForward) {
  const std::string other = Forwarded(issued_.Client("kommun-0136", "diary"));
  EXPECT_EQ(Caller({kDiary}, {{kForwardedCertificateKey, other}}), kDiary);
  EXPECT_EQ(Caller({"spiffe://test.partnerskap/svc/one"}, {{kForwardedCertificateKey, other}}),
            "spiffe://test.partnerskap/svc/one");
}

TEST_F(EdgeTest, AServiceDoesNotComeFromOutside) {
  EXPECT_EQ(Caller({kEdge}, {{kForwardedCertificateKey, Forwarded(issued_.Service("one"))}}), "NO_IDENTITY");
  EXPECT_EQ(Caller({kEdge}, {{kForwardedCertificateKey, Forwarded(issued_.Service("edge"))}}), "NO_IDENTITY");
}

TEST_F(EdgeTest, AClientOfAnotherDomainIsNobodyHere) {
  EXPECT_EQ(Caller({kEdge}, {{kForwardedCertificateKey, Forwarded(issued_.OtherDomain())}}), "NO_IDENTITY");
}

TEST_F(EdgeTest, ForeignAndEndedCertificatesAreRefused) {
  EXPECT_EQ(Caller({kEdge}, {{kForwardedCertificateKey, Forwarded(issued_.Foreign())}}), "NO_IDENTITY");
  EXPECT_EQ(Caller({kEdge}, {{kForwardedCertificateKey, Forwarded(issued_.ExpiredClient())}}), "NO_IDENTITY");
}

TEST_F(EdgeTest, ANewAuthorityIsSeenWithinASecond) {
  const TestCertificates next(files_ / "two");
  const Metadata metadata = {{kForwardedCertificateKey, Forwarded(next.Client("kommun-0380", "diary"))}};
  EXPECT_EQ(Caller({kEdge}, metadata), "NO_IDENTITY");
  WriteAuthority(AuthorityOf("one") + AuthorityOf("two"));
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Caller({kEdge}, metadata), kDiary);
  WriteAuthority("broken");
  clock_.Advance(absl::Seconds(1));
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
