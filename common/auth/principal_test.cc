#include "common/auth/principal.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

TEST(ParseSpiffeUriTest, AServiceAndAMembersSystem) {
  const auto service = ParseSpiffeUri("spiffe://partnerskap.internal/svc/peer-review");
  ASSERT_TRUE(service.ok()) << service.status();
  EXPECT_EQ(service->domain, "partnerskap.internal");
  EXPECT_EQ(service->service, "peer-review");
  EXPECT_EQ(service->organization, "");
  const auto system = ParseSpiffeUri("spiffe://d/org/kommun-0136/sys/Arende_2.1");
  ASSERT_TRUE(system.ok()) << system.status();
  EXPECT_EQ(system->organization, "organizations/kommun-0136");
  EXPECT_EQ(system->system, "Arende_2.1");
  EXPECT_EQ(system->service, "");
}

TEST(ParseSpiffeUriTest, AnythingElseIsNoIdentity) {
  for (const std::string uri : {"",
                                "spiffe://",
                                "spiffe://d",
                                "spiffe://d/",
                                "spiffe://d/svc",
                                "spiffe://d/svc/",
                                "spiffe:///svc/a",
                                "http://d/svc/a",
                                "SPIFFE://d/svc/a",
                                "spiffe://D/svc/a",
                                "spiffe://d/svc/a/",
                                "spiffe://d/svc/a/b",
                                "spiffe://d/svc/a?b",
                                "spiffe://d/svc/a#b",
                                "spiffe://d/svc/%61",
                                "spiffe://d/svc/..",
                                "spiffe://d/svc/.",
                                "spiffe://u@d/svc/a",
                                "spiffe://d:1/svc/a",
                                "spiffe://d/org/kommun-0136",
                                "spiffe://d/org/kommun-0136/sys/",
                                "spiffe://d/org//sys/a",
                                "spiffe://d/org/Kommun/sys/a",
                                "spiffe://d/org/../sys/a",
                                "spiffe://d/org/a/svc/a",
                                "spiffe://d/other/a",
                                "spiffe://d/svc/\xc3\xa5",
                                "spiffe://d/svc/a\n",
                                " spiffe://d/svc/a"}) {
    EXPECT_FALSE(ParseSpiffeUri(uri).ok()) << uri;
  }
  EXPECT_FALSE(ParseSpiffeUri(absl::StrCat("spiffe://d/svc/", std::string("a\0b", 3))).ok());
  EXPECT_FALSE(ParseSpiffeUri(absl::StrCat("spiffe://d/svc/", std::string(64, 'a'))).ok());
  EXPECT_TRUE(ParseSpiffeUri(absl::StrCat("spiffe://d/svc/", std::string(63, 'a'))).ok());
  EXPECT_FALSE(ParseSpiffeUri(absl::StrCat("spiffe://", std::string(256, 'd'), "/svc/a")).ok());
  EXPECT_FALSE(ParseSpiffeUri(std::string(1 << 20, 'a')).ok());
}

TEST(PermissionSetTest, HoldsWhatItWasGiven) {
  const PermissionSet none, two({"a.b", "a.c"});
  EXPECT_FALSE(none.contains("a.b"));
  EXPECT_EQ(none.size(), 0u);
  EXPECT_TRUE(two.contains("a.b"));
  EXPECT_FALSE(two.contains("a.*"));
  EXPECT_FALSE(two.contains("a"));
  EXPECT_EQ(two.size(), 2u);
}

}  // namespace
}  // namespace partnerskap
