// The role file that the suite is delivered with: does it say what its comments say, and nothing that no method asks
// for?
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "common/auth/authenticator.h"
#include "common/auth/roles.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "partnerskap/agreements/v1/feed.pb.h"
#include "partnerskap/agreements/v1/service.pb.h"
#include "partnerskap/common/v1/options.pb.h"
#include "partnerskap/membership/v1/audit.pb.h"
#include "partnerskap/membership/v1/feed.pb.h"
#include "partnerskap/membership/v1/service.pb.h"
#include "partnerskap/peerreview/v1/feed.pb.h"
#include "partnerskap/peerreview/v1/service.pb.h"
#include "partnerskap/scheduling/v1/feed.pb.h"
#include "partnerskap/scheduling/v1/service.pb.h"

namespace partnerskap {
namespace {

using auth::v1::RoleFile;
using common::v1::MethodAuth;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

std::string RoleText() {
  std::ifstream file(PARTNERSKAP_SOURCE_DIR "/deploy/roles.textproto");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void AddMethods(const google::protobuf::FileDescriptor* file, std::map<std::string, MethodAuth>& methods) {
  for (int s = 0; s < file->service_count(); ++s) {
    for (int m = 0; m < file->service(s)->method_count(); ++m) {
      const MethodAuth& auth = file->service(s)->method(m)->options().GetExtension(common::v1::auth);
      methods[auth.permission()] = auth;
    }
  }
}

// Permission -> the policy of a method that asks for it.
std::map<std::string, MethodAuth> AllMethods() {
  std::map<std::string, MethodAuth> methods;
  for (const auto* file :
       {membership::v1::GetSeatRequest::descriptor()->file(), agreements::v1::GetAdoptionRequest::descriptor()->file(),
        scheduling::v1::GetMeetingRequest::descriptor()->file(),
        peerreview::v1::GetChallengeRequest::descriptor()->file()}) {
    const auto* pool = file->pool();
    const std::string folder = file->name().substr(0, file->name().rfind('/') + 1);
    for (const char* name : {"service.proto", "feed.proto", "audit.proto"}) {
      if (const auto* sibling = pool->FindFileByName(folder + name)) AddMethods(sibling, methods);
    }
  }
  return methods;
}

RoleFile Roles() {
  RoleFile file;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(RoleText(), &file));
  return file;
}

// The permissions of a role or binding, wildcards expanded.
template <typename Holder>
std::set<std::string> Expanded(const Holder& holder) {
  static const auto* const all = new std::map<std::string, MethodAuth>(AllMethods());
  std::set<std::string> held;
  for (const std::string& permission : holder.permissions()) {
    absl::string_view prefix = permission;
    const bool open = absl::ConsumeSuffix(&prefix, "*");
    size_t before = held.size();
    for (const auto& [known, auth] : *all) {
      if (open ? absl::StartsWith(known, prefix) : known == prefix) held.insert(known);
    }
    const bool of_the_system = absl::StartsWith(permission, "system.");
    EXPECT_TRUE(of_the_system || held.size() > before) << permission << " is asked for by no method, or stands twice";
  }
  return held;
}

std::set<std::string> OfRole(absl::string_view name) {
  const RoleFile file = Roles();
  for (const auto& role : file.roles()) {
    if (role.name() == name) return Expanded(role);
  }
  ADD_FAILURE() << "no role " << name;
  return {};
}

TEST(Roles, TheContractIsReadWhole) {
  const std::map<std::string, MethodAuth> methods = AllMethods();
  for (const char* permission : {"membership.seats.get", "agreements.adoptions.import", "scheduling.changes.watch",
                                 "peer_review.reviewRounds.plan", "membership.auditEntries.list"}) {
    EXPECT_EQ(methods.count(permission), 1U) << permission;
  }
}

TEST(Roles, EveryServiceTakesTheFile) {
  Authenticator::Options options;
  for (const auto& [permission, auth] : AllMethods()) options.permissions.push_back(permission);
  const auto authenticator = Authenticator::FromText(options, RoleText());
  ASSERT_TRUE(authenticator.ok()) << authenticator.status();
  const auto caller = (*authenticator)->Authenticate({"spiffe://any.domain/org/operator/sys/admin"}, {});
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_TRUE((*caller)->principal.all_organizations);
  EXPECT_TRUE((*caller)->principal.Holds("agreements.adoptions.import"));
  EXPECT_FALSE((*authenticator)->Authenticate({"spiffe://any.domain/org/kommun-0136/sys/admin"}, {}).ok());
  EXPECT_FALSE((*authenticator)->Authenticate({"spiffe://any.domain/svc/edge"}, {}).ok());
}

TEST(Roles, OnlyTheAdministratorChangesWhatBelongsToNobody) {
  const std::map<std::string, MethodAuth> methods = AllMethods();
  const std::set<std::string> administrator = OfRole("administrator");
  EXPECT_EQ(administrator.size(), methods.size());
  for (const char* role : {"member", "reader"}) {
    for (const std::string& permission : OfRole(role)) {
      const MethodAuth& auth = methods.at(permission);
      EXPECT_FALSE(auth.mutating() && auth.scope() == MethodAuth::ANY) << role << " holds " << permission;
      EXPECT_FALSE(absl::StrContains(permission, "auditEntries") || absl::StrContains(permission, "contacts"))
          << role << " holds " << permission;
    }
  }
}

TEST(Roles, AReaderChangesNothingAndSeesNoPerson) {
  const std::map<std::string, MethodAuth> methods = AllMethods();
  for (const std::string& permission : OfRole("reader")) {
    EXPECT_FALSE(methods.at(permission).mutating()) << permission;
    EXPECT_FALSE(absl::StrContains(permission, "persons") || absl::StrContains(permission, "appointments") ||
                 absl::StrContains(permission, "changes"))
        << permission;
  }
}

TEST(Roles, AMemberMayDoAllThatItsOwnAdoptionNeeds) {
  const std::set<std::string> member = OfRole("member");
  for (const auto& [permission, auth] : AllMethods()) {
    const bool imports_history = permission == "agreements.adoptions.import";
    if (auth.scope() != MethodAuth::OWN_ORGANIZATION || imports_history) continue;
    EXPECT_THAT(member, Contains(permission));
  }
  EXPECT_THAT(member, Not(Contains("agreements.adoptions.import")));
}

TEST(Roles, ServicesHoldTheFeedsThatTheyFollowAndNothingElse) {
  EXPECT_THAT(OfRole("service"), IsEmpty());
  std::map<std::string, std::set<std::string>> followed;
  const RoleFile file = Roles();
  for (const auto& binding : file.bindings()) {
    absl::string_view principal = binding.principal();
    if (!absl::ConsumePrefix(&principal, "spiffe://{any}/svc/")) continue;
    for (const std::string& permission : Expanded(binding)) {
      const std::string feed = permission.substr(0, permission.find('.'));
      EXPECT_TRUE(permission == feed + ".changes.watch" || permission == feed + ".changes.list") << permission;
      followed[std::string(principal)].insert(feed);
    }
  }
  const std::map<std::string, std::set<std::string>> expected = {{"membership", {"agreements"}},
                                                                 {"agreements", {"membership"}},
                                                                 {"scheduling", {"membership", "agreements"}},
                                                                 {"peer-review", {"membership", "scheduling"}}};
  EXPECT_EQ(followed, expected);
}

}  // namespace
}  // namespace partnerskap
