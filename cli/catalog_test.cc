#include "cli/catalog.h"

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "google/api/resource.pb.h"
#include "gtest/gtest.h"
#include "partnerskap/common/v1/source.pb.h"
#include "partnerskap/membership/v1/posts.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "partnerskap/scheduling/v1/resources.pb.h"

namespace partnerskap::cli {
namespace {

using ::testing::HasSubstr;

TEST(Catalog, KnowsTheMethodsOfFourServices) {
  std::set<std::string> services;
  for (const auto* method : AllMethods()) services.insert(method->service()->full_name());
  EXPECT_EQ(services.size(), 4U * 3U);
  EXPECT_TRUE(services.contains("partnerskap.peerreview.v1.PeerReviewFeedService"));
  EXPECT_TRUE(services.contains("partnerskap.scheduling.v1.SchedulingAuditService"));
}

TEST(Catalog, EveryCreatedResourceCanBeGot) {
  size_t created = 0;
  for (const auto* method : AllMethods()) {
    const auto& answer = *method->output_type();
    if (method->name() != "Create" + answer.name()) continue;
    ++created;
    const auto type = TypeOfMessage(answer);
    ASSERT_TRUE(type.ok()) << answer.full_name();
    ASSERT_NE((*type)->get, nullptr) << answer.full_name();
    EXPECT_NE((*type)->get->input_type()->FindFieldByName("name"), nullptr) << answer.full_name();
    EXPECT_EQ((*type)->create, method) << answer.full_name();
    ASSERT_NE((*type)->list, nullptr) << answer.full_name();
    // What `list` relies on.
    EXPECT_EQ((*type)->list->output_type()->FindFieldByNumber(1)->message_type(), &answer) << answer.full_name();
    EXPECT_NE((*type)->list->input_type()->FindFieldByName("page_size"), nullptr) << answer.full_name();
    EXPECT_NE((*type)->list->output_type()->FindFieldByName("next_page_token"), nullptr) << answer.full_name();
  }
  EXPECT_GT(created, 12U);
}

TEST(Catalog, FindsAMethodByAnyOfItsNames) {
  for (const char* name :
       {"/partnerskap.membership.v1.MembershipService/GetSeat", "partnerskap.membership.v1.MembershipService/GetSeat",
        "MembershipService/GetSeat", "GetSeat"}) {
    const auto method = FindMethod(name);
    ASSERT_TRUE(method.ok()) << name << ": " << method.status();
    EXPECT_EQ(PathOf(**method), "/partnerskap.membership.v1.MembershipService/GetSeat");
  }
}

TEST(Catalog, AnAmbiguousNameListsThem) {
  const auto method = FindMethod("WatchChanges");
  EXPECT_TRUE(absl::IsInvalidArgument(method.status()));
  EXPECT_THAT(std::string(method.status().message()), HasSubstr("AgreementsFeedService/WatchChanges"));
}

TEST(Catalog, AWrongNameIsAnsweredWithWhatIsNear) {
  const auto near = FindMethod("seatstanding");
  EXPECT_TRUE(absl::IsNotFound(near.status()));
  EXPECT_THAT(std::string(near.status().message()), HasSubstr("MembershipService/ComputeSeatStanding"));
  EXPECT_THAT(std::string(FindMethod("Frobnicate").status().message()), HasSubstr("partnerskap methods"));
  EXPECT_FALSE(FindMethod("").ok());
  EXPECT_FALSE(FindMethod("/").ok());
}

TEST(Catalog, ANameHasAType) {
  const auto seat = TypeOfName("networks/partnerskapet/seats/uppsala");
  ASSERT_TRUE(seat.ok()) << seat.status();
  EXPECT_EQ((*seat)->message, membership::v1::Seat::descriptor());
  EXPECT_EQ((*seat)->update->name(), "UpdateSeat");
  const auto rotation = TypeOfName("networks/partnerskapet/hostRotation");
  ASSERT_TRUE(rotation.ok()) << rotation.status();
  EXPECT_EQ((*rotation)->message, scheduling::v1::HostRotation::descriptor());
  EXPECT_EQ((*rotation)->create, nullptr);
  const auto contact = TypeOfName("persons/3f0c1c0e-5a3f-4a56-9d0e-6a1f3c2b7d01/contact");
  ASSERT_TRUE(contact.ok()) << contact.status();
  EXPECT_EQ((*contact)->message, membership::v1::PersonContact::descriptor());
}

TEST(Catalog, WhatIsNoNameIsRefusedWithThePatterns) {
  for (const char* name : {"", "/", "networks", "networks/partnerskapet/", "seats/uppsala", "networks/P/seats/uppsala",
                           "networks/partnerskapet/seats/uppsala/x", "../networks/partnerskapet", "networks//seats/x",
                           "networks/partnerskapet/stolar/uppsala"}) {
    const auto type = TypeOfName(name);
    EXPECT_TRUE(absl::IsNotFound(type.status())) << name;
    EXPECT_THAT(std::string(type.status().message()), HasSubstr("networks/{network}/seats/{seat}")) << name;
  }
}

TEST(Catalog, ACollectionHasATypeAndAParent) {
  const auto seats = CollectionOf("networks/partnerskapet/seats");
  ASSERT_TRUE(seats.ok()) << seats.status();
  EXPECT_EQ(seats->type->message, membership::v1::Seat::descriptor());
  EXPECT_EQ(seats->parent, "networks/partnerskapet");
  const auto organizations = CollectionOf("organizations");
  ASSERT_TRUE(organizations.ok()) << organizations.status();
  EXPECT_EQ(organizations->parent, "");
}

TEST(Catalog, WhatIsNoCollectionIsRefusedWithThoseThatThereAre) {
  for (const char* path :
       {"", "seats", "networks/partnerskapet", "networks/partnerskapet/seats/uppsala", "networks/partnerskapet/seats/",
        "networks/partnerskapet/hostRotation", "networks/partnerskapet/x"}) {
    const auto collection = CollectionOf(path);
    EXPECT_TRUE(absl::IsNotFound(collection.status())) << path;
    EXPECT_THAT(std::string(collection.status().message()), HasSubstr("organizations")) << path;
  }
}

TEST(Catalog, KnowsWhatACallerMaySet) {
  const auto input = [](const char* field) {
    return IsInputField(*membership::v1::Seat::descriptor()->FindFieldByName(field));
  };
  EXPECT_TRUE(input("display_name"));
  EXPECT_TRUE(input("parties"));
  EXPECT_FALSE(input("name"));
  EXPECT_FALSE(input("etag"));
  EXPECT_FALSE(input("uid"));
  EXPECT_FALSE(input("holds"));
}

TEST(Catalog, AMessageThatIsNoResourceHasNoType) {
  EXPECT_TRUE(absl::IsNotFound(TypeOfMessage(*common::v1::Source::descriptor()).status()));
}

}  // namespace
}  // namespace partnerskap::cli
