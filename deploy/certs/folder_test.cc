#include "deploy/certs/folder.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap::certs {
namespace {

namespace fs = std::filesystem;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::Time kNow = absl::FromCivil(absl::CivilSecond(2026, 3, 1, 12, 0, 0), absl::UTCTimeZone());

class FolderTest : public ::testing::Test {
 protected:
  FolderTest() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    state_ = fs::path(::testing::TempDir()) / ("certs-" + std::string(test->name()));
    fs::remove_all(state_);
    options_ = {state_.string(), "partnerskap.internal", "operator", {}, {}};
  }
  ~FolderTest() override { fs::remove_all(state_); }

  std::vector<Outcome> MustInit(absl::Time now = kNow) {
    const auto outcomes = Init(options_, now);
    EXPECT_TRUE(outcomes.ok()) << outcomes.status();
    return outcomes.ok() ? *outcomes : std::vector<Outcome>();
  }

  std::string Read(const std::string& path) const {
    std::ifstream file(state_ / path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  void Overwrite(const std::string& path, const std::string& bytes) const {
    fs::remove(state_ / path);
    std::ofstream(state_ / path) << bytes;
  }

  mode_t Mode(const std::string& path) const {
    struct stat facts = {};
    EXPECT_EQ(stat((state_ / path).c_str(), &facts), 0) << path;
    return facts.st_mode & 0777;
  }

  // Path -> bytes of every file in the state folder.
  std::map<std::string, std::string> All() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(state_)) {
      const std::string path = fs::relative(entry.path(), state_).string();
      if (entry.is_regular_file()) files[path] = Read(path);
    }
    return files;
  }

  fs::path state_;
  InitOptions options_;
};

constexpr auto kCreated = Outcome::Action::kCreated;
constexpr auto kRenewed = Outcome::Action::kRenewed;
constexpr auto kKept = Outcome::Action::kKept;

TEST_F(FolderTest, MakesAnAuthorityFourServicesAnEdgeAndAnAdministrator) {
  const std::vector<Outcome> outcomes = MustInit();
  ASSERT_THAT(outcomes, SizeIs(7));
  EXPECT_THAT(outcomes, Each(Field(&Outcome::action, kCreated)));
  EXPECT_EQ(outcomes[1].uri, "spiffe://partnerskap.internal/svc/membership");
  EXPECT_EQ(outcomes[4].uri, "spiffe://partnerskap.internal/svc/peer-review");
  EXPECT_EQ(outcomes[5].uri, "spiffe://partnerskap.internal/svc/edge");
  EXPECT_EQ(outcomes[6].uri, "spiffe://partnerskap.internal/org/operator/sys/admin");
  EXPECT_THAT(All(), SizeIs(2 + 6 * 3));
  const CertificateFacts facts = ReadCertificate(Read("agreements/tls/cert.pem")).value();
  EXPECT_THAT(facts.uris, ElementsAre("spiffe://partnerskap.internal/svc/agreements"));
  EXPECT_THAT(facts.dns_names, ElementsAre("localhost", "agreements"));
  EXPECT_THAT(facts.addresses, ElementsAre("127.0.0.1"));
  EXPECT_EQ(Read("agreements/tls/ca.pem"), Read("authority/ca.pem"));
  EXPECT_EQ(outcomes[4].certificate, (state_ / "peer_review/tls/cert.pem").string());
  EXPECT_THAT(ReadCertificate(Read("edge/tls/cert.pem"))->dns_names,
              ElementsAre("localhost", "edge", "membership", "agreements", "scheduling", "peer-review"));
}

TEST_F(FolderTest, KeysAreReadByTheirOwnerAlone) {
  MustInit();
  EXPECT_EQ(Mode("authority/ca.key"), 0400U);
  EXPECT_EQ(Mode("membership/tls/key.pem"), 0400U);
  EXPECT_EQ(Mode("clients/admin/key.pem"), 0400U);
  EXPECT_EQ(Mode("membership/tls/cert.pem"), 0444U);
  EXPECT_EQ(Mode("authority"), 0700U);
  fs::permissions(state_ / "membership/tls/key.pem", fs::perms::owner_read | fs::perms::others_read);
  MustInit();
  EXPECT_EQ(Mode("membership/tls/key.pem"), 0400U);
}

TEST_F(FolderTest, TheSecondTimeChangesNothing) {
  MustInit();
  const auto before = All();
  EXPECT_THAT(MustInit(kNow + absl::Hours(24 * 300)), Each(Field(&Outcome::action, kKept)));
  EXPECT_EQ(All(), before);
}

TEST_F(FolderTest, RenewsWhatEndsSoonUnderTheSameAuthority) {
  MustInit();
  const std::string authority = Read("authority/ca.pem");
  const std::vector<Outcome> outcomes = MustInit(kNow + kCertificateLife - absl::Hours(24 * 29));
  ASSERT_THAT(outcomes, SizeIs(7));
  EXPECT_EQ(outcomes[0].action, kKept);
  for (size_t i = 1; i < outcomes.size(); ++i) {
    EXPECT_EQ(outcomes[i].action, kRenewed);
    EXPECT_EQ(outcomes[i].why, "ends 2027-03-01");
  }
  EXPECT_EQ(Read("authority/ca.pem"), authority);
}

TEST_F(FolderTest, RenewsTheAuthorityWithItsKeyAndHandsItToEverybody) {
  MustInit();
  const std::string key = Read("authority/ca.key");
  const std::string former = Read("authority/ca.pem");
  EXPECT_EQ(MustInit(kNow + kAuthorityLife - absl::Hours(24 * 29))[0].action, kRenewed);
  EXPECT_EQ(Read("authority/ca.key"), key);
  EXPECT_NE(Read("authority/ca.pem"), former);
  EXPECT_EQ(Read("scheduling/tls/ca.pem"), Read("authority/ca.pem"));
  EXPECT_EQ(Read("clients/admin/ca.pem"), Read("authority/ca.pem"));
}

TEST_F(FolderTest, ReplacesWhatIsBrokenAndNothingElse) {
  MustInit();
  Overwrite("membership/tls/key.pem", Read("agreements/tls/key.pem"));
  const std::string untouched = Read("agreements/tls/cert.pem");
  const std::vector<Outcome> outcomes = MustInit();
  ASSERT_THAT(outcomes, SizeIs(7));
  EXPECT_EQ(outcomes[1].action, kRenewed);
  EXPECT_EQ(outcomes[1].why, "does not fit its key");
  EXPECT_EQ(outcomes[2].action, kKept);
  EXPECT_EQ(Read("agreements/tls/cert.pem"), untouched);
}

TEST_F(FolderTest, AFirstRunThatWasCutShortIsFinished) {
  MustInit();
  fs::remove(state_ / "authority/ca.pem");
  fs::remove(state_ / "membership/tls/cert.pem");
  const std::string key = Read("authority/ca.key");
  const std::vector<Outcome> outcomes = MustInit();
  ASSERT_THAT(outcomes, SizeIs(7));
  EXPECT_EQ(outcomes[0].action, kCreated);
  EXPECT_EQ(outcomes[1].action, kCreated);
  EXPECT_EQ(outcomes[2].action, kKept);
  EXPECT_EQ(Read("authority/ca.key"), key);
  EXPECT_THAT(MustInit(), Each(Field(&Outcome::action, kKept)));
}

TEST_F(FolderTest, AnotherAuthorityReplacesEverything) {
  MustInit();
  fs::remove_all(state_ / "authority");
  const std::vector<Outcome> outcomes = MustInit();
  ASSERT_THAT(outcomes, SizeIs(7));
  EXPECT_EQ(outcomes[0].action, kCreated);
  for (size_t i = 1; i < outcomes.size(); ++i) EXPECT_EQ(outcomes[i].why, "is not of this authority");
}

TEST_F(FolderTest, FurtherNamesAreTakenUp) {
  MustInit();
  options_.dns_names = {"members.example.se"};
  options_.addresses = {"192.0.2.7"};
  EXPECT_EQ(MustInit()[1].why, "says other names");
  EXPECT_THAT(ReadCertificate(Read("membership/tls/cert.pem"))->dns_names,
              ElementsAre("localhost", "membership", "members.example.se"));
  EXPECT_THAT(ReadCertificate(Read("membership/tls/cert.pem"))->addresses, ElementsAre("127.0.0.1", "192.0.2.7"));
}

TEST_F(FolderTest, RefusesAnotherDomainAndChangesNothing) {
  MustInit();
  const auto before = All();
  options_.domain = "other.internal";
  const absl::Status status = Init(options_, kNow).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("use --domain partnerskap.internal"));
  EXPECT_EQ(All(), before);
}

TEST_F(FolderTest, RefusesBadOptionsBeforeItMakesAnything) {
  options_.domain = "not a domain";
  EXPECT_EQ(Init(options_, kNow).status().code(), absl::StatusCode::kInvalidArgument);
  options_.domain = "partnerskap.internal";
  options_.organization = "Kommun/0136";
  EXPECT_EQ(Init(options_, kNow).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(fs::exists(state_));
}

TEST_F(FolderTest, RefusesAnAuthorityThatIsNone) {
  MustInit();
  Overwrite("authority/ca.pem", Read("membership/tls/cert.pem"));
  const absl::Status status = Init(options_, kNow).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("authority/ca.pem"));
}

TEST_F(FolderTest, TheAuthoritysKeyMayBeElsewhereUntilItIsNeeded) {
  MustInit();
  fs::remove(state_ / "authority/ca.key");
  EXPECT_THAT(MustInit(), Each(Field(&Outcome::action, kKept)));
  const absl::Status status = Init(options_, kNow + kCertificateLife).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("put it back"));
}

TEST_F(FolderTest, IssuesAClientThatTheAuthorityVouchesFor) {
  MustInit();
  const IssueOptions issue = {
      state_.string(), {"diary", "spiffe://partnerskap.internal/org/kommun-0136/sys/diary", {}, {}}, ""};
  EXPECT_EQ(IssueTo(issue, kNow)->action, kCreated);
  EXPECT_EQ(IssueTo(issue, kNow)->action, kKept);
  EXPECT_EQ(Mode("clients/diary/key.pem"), 0400U);
  EXPECT_EQ(Read("clients/diary/ca.pem"), Read("authority/ca.pem"));
  const Credential credential = {Read("clients/diary/cert.pem"), Read("clients/diary/key.pem")};
  EXPECT_THAT(WhyReplace({Read("authority/ca.pem"), ""}, credential, issue.names, kNow), IsEmpty());
}

TEST_F(FolderTest, DoesNotReplaceAnotherIdentity) {
  MustInit();
  const std::string before = Read("clients/admin/cert.pem");
  const IssueOptions issue = {
      state_.string(), {"admin", "spiffe://partnerskap.internal/org/kommun-0136/sys/diary", {}, {}}, ""};
  const absl::Status status = IssueTo(issue, kNow).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("org/operator/sys/admin"));
  EXPECT_EQ(Read("clients/admin/cert.pem"), before);
}

TEST_F(FolderTest, IssuesNothingWithoutAnAuthority) {
  const IssueOptions issue = {
      state_.string(), {"diary", "spiffe://partnerskap.internal/org/kommun-0136/sys/diary", {}, {}}, ""};
  const absl::Status status = IssueTo(issue, kNow).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("partnerskap-certs init"));
  EXPECT_FALSE(fs::exists(state_));
}

}  // namespace
}  // namespace partnerskap::certs
