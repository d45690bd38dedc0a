#include "common/auth/authenticator.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "common/log/log.h"
#include "common/metrics/metrics.h"
#include "common/status/refusal.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kRoles[] = R"(
  roles { name: "reader" permissions: ["a.x.get", "a.x.list"] limits { calls_per_second: 10 burst: 20 } }
  roles { name: "writer" permissions: "a.*" limits { calls_per_second: 5 streams: 7 } }
  roles { name: "admin" permissions: "*" all_organizations: true }
  bindings { principal: "spiffe://d/svc/one" roles: "reader" }
  bindings { principal: "spiffe://d/svc/one" permissions: "b.feed.watch" }
  bindings { principal: "spiffe://{any}/org/{any}/sys/{any}" roles: ["reader", "writer"] }
  bindings { principal: "spiffe://d/org/kommun-0136/sys/root" roles: "admin" }
)";

Authenticator::Options SomeOptions() {
  Authenticator::Options options;
  options.permissions = {"a.x.get", "a.x.list", "a.y.do", "ab.z.do", "b.feed.watch"};
  return options;
}

std::unique_ptr<Authenticator> FromText(const std::string& text, Authenticator::Options options = SomeOptions()) {
  auto authenticator = Authenticator::FromText(std::move(options), text);
  EXPECT_TRUE(authenticator.ok()) << authenticator.status();
  return authenticator.ok() ? *std::move(authenticator) : nullptr;
}

std::string ErrorOf(const std::string& text, Authenticator::Options options = SomeOptions()) {
  const auto authenticator = Authenticator::FromText(std::move(options), text);
  EXPECT_EQ(authenticator.status().code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(authenticator.status().message());
}

std::string ReasonFor(Authenticator& authenticator, const std::vector<std::string>& uris) {
  const auto caller = authenticator.Authenticate(uris, {});
  return caller.ok() ? "" : ReasonOf(caller.status());
}

TEST(AuthenticateTest, ExactlyOneIdentityIsNeeded) {
  auto authenticator = FromText(kRoles);
  EXPECT_EQ(ReasonFor(*authenticator, {"spiffe://d/svc/one"}), "");
  EXPECT_EQ(ReasonFor(*authenticator, {}), "NO_IDENTITY");
  EXPECT_EQ(ReasonFor(*authenticator, {"spiffe://d/svc/one", "spiffe://d/svc/one"}), "NO_IDENTITY");
  EXPECT_EQ(ReasonFor(*authenticator, {"spiffe://d/svc/one", "spiffe://d/svc/two"}), "NO_IDENTITY");
  EXPECT_EQ(ReasonFor(*authenticator, {"https://d/svc/one"}), "NO_IDENTITY");
  EXPECT_EQ(ReasonFor(*authenticator, {""}), "NO_IDENTITY");
  EXPECT_EQ(ReasonFor(*authenticator, {std::string(1 << 20, 'x')}), "NO_IDENTITY");
}

TEST(AuthenticateTest, AnIdentityWithoutARoleIsUnknown) {
  auto authenticator = FromText(kRoles);
  const auto caller = authenticator->Authenticate({"spiffe://d/svc/two"}, {});
  EXPECT_EQ(caller.status().code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(ReasonOf(caller.status()), "UNKNOWN_PRINCIPAL");
  EXPECT_EQ(ReasonMetadataOf(caller.status(), "principal"), "spiffe://d/svc/two");
  EXPECT_EQ(ReasonFor(*authenticator, {"spiffe://e/svc/one"}), "UNKNOWN_PRINCIPAL");
  EXPECT_EQ(ReasonFor(*authenticator, {"spiffe://d/svc/{any}"}), "NO_IDENTITY");
}

TEST(AuthenticateTest, AllBindingsOfAPrincipalHold) {
  auto authenticator = FromText(kRoles);
  const auto one = *authenticator->Authenticate({"spiffe://d/svc/one"}, {});
  EXPECT_EQ(one->principal.uri, "spiffe://d/svc/one");
  EXPECT_EQ(one->principal.identity.service, "one");
  EXPECT_THAT(one->principal.roles, ElementsAre("reader"));
  EXPECT_TRUE(one->principal.Holds("a.x.get"));
  EXPECT_TRUE(one->principal.Holds("b.feed.watch"));
  EXPECT_FALSE(one->principal.Holds("a.y.do"));
  EXPECT_FALSE(one->principal.all_organizations);
  const auto system = *authenticator->Authenticate({"spiffe://q/org/kommun-0001/sys/s"}, {});
  EXPECT_THAT(system->principal.roles, ElementsAre("reader", "writer"));
  EXPECT_TRUE(system->principal.Holds("a.y.do"));
  EXPECT_FALSE(system->principal.Holds("ab.z.do")) << "a.* must not reach what begins with ab.";
  EXPECT_FALSE(system->principal.Holds("a.*"));
  const auto admin = *authenticator->Authenticate({"spiffe://d/org/kommun-0136/sys/root"}, {});
  EXPECT_TRUE(admin->principal.all_organizations);
  EXPECT_TRUE(admin->principal.Holds("ab.z.do"));
  EXPECT_FALSE(admin->principal.Holds("ab.z.undo")) << "a permission that no method declares";
}

TEST(AuthenticateTest, TheLargestLimitHolds) {
  auto authenticator = FromText(kRoles);
  const Limits defaults;
  const auto one = *authenticator->Authenticate({"spiffe://d/svc/one"}, {});
  EXPECT_EQ(one->limits.calls_per_second, 10);
  EXPECT_EQ(one->limits.burst, 20);
  EXPECT_EQ(one->limits.streams, defaults.streams);
  const auto both = *authenticator->Authenticate({"spiffe://d/org/a/sys/s"}, {});
  EXPECT_EQ(both->limits.calls_per_second, 10);
  EXPECT_EQ(both->limits.burst, defaults.burst);
  EXPECT_EQ(both->limits.streams, defaults.streams);
}

TEST(AuthenticateTest, CallsOfAPrincipalShareOneCaller) {
  auto authenticator = FromText(kRoles);
  EXPECT_EQ(*authenticator->Authenticate({"spiffe://d/svc/one"}, {}),
            *authenticator->Authenticate({"spiffe://d/svc/one"}, {}));
}

TEST(AuthenticateTest, FlagsOverrideTheFile) {
  Authenticator::Options options = SomeOptions();
  options.limits = {{"reader", "calls_per_second", 50}, {"reader", "max_request_bytes", 100}};
  auto authenticator = FromText(kRoles, options);
  const auto one = *authenticator->Authenticate({"spiffe://d/svc/one"}, {});
  EXPECT_EQ(one->limits.calls_per_second, 50);
  EXPECT_EQ(one->limits.max_request_bytes, 100u);
  options.limits = {{"nobody", "calls_per_second", 50}};
  EXPECT_THAT(ErrorOf(kRoles, options), HasSubstr("role nobody, which is not there"));
}

TEST(RoleFileTest, MistakesAreNamed) {
  EXPECT_THAT(ErrorOf("roles { name: 3 }"), HasSubstr("role file:1:15"));
  EXPECT_THAT(ErrorOf("roles {\n nme: \"a\" }"), HasSubstr("role file:2:"));
  EXPECT_THAT(ErrorOf(""), HasSubstr("binds nobody"));
  EXPECT_THAT(ErrorOf("roles { }"), HasSubstr("a role has no name"));
  EXPECT_THAT(ErrorOf("roles { name: \"a\" } roles { name: \"a\" }"), HasSubstr("a stands there twice"));
  EXPECT_THAT(ErrorOf("roles { name: \"a\" permissions: \"x.**\" }"), HasSubstr("role a: \"x.**\" is no permission"));
  EXPECT_THAT(ErrorOf("roles { name: \"a\" permissions: \"\" }"), HasSubstr("is no permission"));
  EXPECT_THAT(ErrorOf("roles { name: \"a\" limits { streams: 0 } }"), HasSubstr("role a: streams must be from 1"));
  EXPECT_THAT(ErrorOf("roles { name: \"a\" limits { streams: -1 } }"), HasSubstr("streams must be"));
  EXPECT_THAT(ErrorOf("roles { name: \"a\" limits { calls_per_second: nan } }"), HasSubstr("calls_per_second must be"));
  EXPECT_THAT(ErrorOf("roles { name: \"a\" limits { burst: inf } }"), HasSubstr("burst must be"));
  EXPECT_THAT(ErrorOf("bindings { principal: \"spiffe://d/svc/a\" roles: \"b\" }"),
              HasSubstr("role b, which is not there"));
  EXPECT_THAT(ErrorOf("bindings { principal: \"spiffe://d/svc/a\" }"), HasSubstr("gives nothing"));
  for (const char* principal :
       {"", "*", "spiffe://d/svc/*", "spiffe://d/{any}", "spiffe://d/svc/{any}/{any}", "{any}"}) {
    EXPECT_THAT(ErrorOf(std::string("bindings { permissions: \"a.b\" principal: \"") + principal + "\" }"),
                HasSubstr("is neither spiffe://"))
        << principal;
  }
}

TEST(ParseLimitOverrideTest, TakesRoleLimitAndNumber) {
  const auto limit = ParseLimitOverride("reader:calls_per_second=50.5");
  ASSERT_TRUE(limit.ok()) << limit.status();
  EXPECT_EQ(limit->role, "reader");
  EXPECT_EQ(limit->limit, "calls_per_second");
  EXPECT_EQ(limit->value, 50.5);
}

TEST(ParseLimitOverrideTest, SaysWhatIsWrong) {
  const auto error = [](const char* text) { return std::string(ParseLimitOverride(text).status().message()); };
  for (const char* text : {"", "reader", "reader:", "reader:streams", ":streams=1", "streams=1"}) {
    EXPECT_THAT(error(text), HasSubstr("write role:limit=number")) << text;
  }
  EXPECT_THAT(error("reader:speed=1"), HasSubstr("there are calls_per_second, burst"));
  EXPECT_THAT(error("reader:streams=many"), HasSubstr("\"many\" in \"reader:streams=many\" is no number"));
  for (const char* text : {"reader:streams=0", "reader:streams=-5", "reader:streams=nan", "reader:streams=1e12"}) {
    EXPECT_THAT(error(text), HasSubstr("streams must be from 1 to")) << text;
  }
}

class FakeClock final : public Clock {
 public:
  absl::Time Now() override { return absl::UnixEpoch() + steady; }
  absl::Duration Steady() override { return steady; }
  absl::Duration steady;
};

class RoleFileReloadTest : public ::testing::Test {
 protected:
  RoleFileReloadTest() : executor_(NewThreadExecutor(1, 1)), metrics_("m", "1", absl::UnixEpoch()) {
    directory_ = ::testing::TempDir() + "/roles" + std::to_string(getpid());
    std::filesystem::create_directories(directory_);
    file_ = directory_ + "/roles.textproto";
    env_.clock = &clock_;
    env_.executor = executor_.get();
    logger_ = Logger::Create({.service = "m"}, env_,
                             [this](absl::string_view lines) { log_.append(lines.data(), lines.size()); });
  }
  ~RoleFileReloadTest() override { std::filesystem::remove_all(directory_); }

  // A new file in place of the old, as editors and configuration tools write one.
  void Write(const std::string& text) {
    std::ofstream(file_ + ".new") << text;
    std::filesystem::rename(file_ + ".new", file_);
  }

  std::unique_ptr<Authenticator> Open() {
    Authenticator::Options options = SomeOptions();
    options.role_file = file_;
    auto authenticator = Authenticator::Open(options, env_, logger_.get(), &metrics_);
    EXPECT_TRUE(authenticator.ok()) << authenticator.status();
    return *std::move(authenticator);
  }

  std::string directory_, file_, log_;
  FakeClock clock_;
  std::unique_ptr<Executor> executor_;
  Env env_;
  std::unique_ptr<Logger> logger_;
  Metrics metrics_;
};

constexpr char kOnlyTwo[] = "bindings { principal: \"spiffe://d/svc/two\" permissions: \"a.x.get\" }";

TEST_F(RoleFileReloadTest, AChangeIsSeenWithinASecondAndNotLookedForSooner) {
  Write(kRoles);
  auto authenticator = Open();
  EXPECT_EQ(ReasonFor(*authenticator, {"spiffe://d/svc/two"}), "UNKNOWN_PRINCIPAL");
  Write(kOnlyTwo);
  clock_.steady += absl::Milliseconds(999);
  EXPECT_EQ(ReasonFor(*authenticator, {"spiffe://d/svc/two"}), "UNKNOWN_PRINCIPAL");
  clock_.steady += absl::Milliseconds(1);
  EXPECT_EQ(ReasonFor(*authenticator, {"spiffe://d/svc/two"}), "");
  EXPECT_EQ(ReasonFor(*authenticator, {"spiffe://d/svc/one"}), "UNKNOWN_PRINCIPAL");
}

TEST_F(RoleFileReloadTest, ABrokenFileLeavesTheFormerInForceAndIsReported) {
  Write(kRoles);
  auto authenticator = Open();
  Write("roles {");
  clock_.steady += absl::Seconds(2);
  EXPECT_EQ(ReasonFor(*authenticator, {"spiffe://d/svc/one"}), "");
  EXPECT_THAT(metrics_.Text(), HasSubstr("partnerskap_role_file_broken{service=\"m\"} 1"));
  clock_.steady += absl::Seconds(2);
  EXPECT_EQ(ReasonFor(*authenticator, {"spiffe://d/svc/one"}), "");
  EXPECT_THAT(metrics_.Text(), HasSubstr("partnerskap_role_file_reads_total{outcome=\"broken\",service=\"m\"} 1"));
  Write(kOnlyTwo);
  clock_.steady += absl::Seconds(2);
  EXPECT_EQ(ReasonFor(*authenticator, {"spiffe://d/svc/one"}), "UNKNOWN_PRINCIPAL");
  EXPECT_THAT(metrics_.Text(), HasSubstr("partnerskap_role_file_broken{service=\"m\"} 0"));
  logger_.reset();
  EXPECT_THAT(log_, HasSubstr("roles_broken"));
  EXPECT_THAT(log_, HasSubstr("roles_read"));
}

TEST_F(RoleFileReloadTest, AVanishedFileLeavesTheFormerInForce) {
  Write(kRoles);
  auto authenticator = Open();
  std::filesystem::remove(file_);
  for (int i = 0; i < 3; ++i) {
    clock_.steady += absl::Seconds(2);
    EXPECT_EQ(ReasonFor(*authenticator, {"spiffe://d/svc/one"}), "");
  }
  EXPECT_THAT(metrics_.Text(), HasSubstr("partnerskap_role_file_reads_total{outcome=\"broken\",service=\"m\"} 1"));
  Write(kRoles);
  clock_.steady += absl::Seconds(2);
  EXPECT_EQ(ReasonFor(*authenticator, {"spiffe://d/svc/one"}), "");
  EXPECT_THAT(metrics_.Text(), HasSubstr("partnerskap_role_file_broken{service=\"m\"} 0"));
}

TEST_F(RoleFileReloadTest, AFileThatIsNotThereOrNoFileIsAnErrorThatNamesIt) {
  Authenticator::Options options = SomeOptions();
  options.role_file = file_;
  EXPECT_THAT(std::string(Authenticator::Open(options, env_, nullptr, nullptr).status().message()), HasSubstr(file_));
  options.role_file = directory_;
  EXPECT_THAT(std::string(Authenticator::Open(options, env_, nullptr, nullptr).status().message()),
              HasSubstr("is no role file"));
  options.role_file = "/dev/zero";
  EXPECT_FALSE(Authenticator::Open(options, env_, nullptr, nullptr).ok());
}

}  // namespace
}  // namespace partnerskap
