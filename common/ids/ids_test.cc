#include "common/ids/ids.h"

#include <array>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

using ::testing::Pair;
using ::testing::UnorderedElementsAre;

TEST(ResourceId, TakesWhatAPersonMayChoose) {
  for (const char* id : {"a", "7", "uppsala", "kommun-0380", "2016-2019", "a--b"}) EXPECT_TRUE(IsResourceId(id)) << id;
  EXPECT_TRUE(IsResourceId(std::string(kMaxResourceIdBytes, 'a')));
}

TEST(ResourceId, RefusesTheRest) {
  for (const char* id : {"", "-", "-a", "a-", "Uppsala", "örebro", "a_b", "a b", "a/b", "a.b", "*"}) {
    EXPECT_FALSE(IsResourceId(id)) << id;
  }
  EXPECT_FALSE(IsResourceId(std::string(kMaxResourceIdBytes + 1, 'a')));
  EXPECT_FALSE(IsResourceId(absl::string_view("a\0b", 3)));
}

TEST(CollectionIdCheck, IsCamelCaseThatBeginsSmall) {
  EXPECT_TRUE(IsCollectionId("seats"));
  EXPECT_TRUE(IsCollectionId("responsibleBodies"));
  for (const char* segment : {"", "Seats", "7seats", "responsible_bodies", "responsible-bodies", "ö"}) {
    EXPECT_FALSE(IsCollectionId(segment)) << segment;
  }
}

TEST(Uuid4, SetsVersionAndVariantAndKeepsTheOtherBits) {
  std::array<uint8_t, kUuidBytes> bytes;
  bytes.fill(0xff);
  EXPECT_EQ(FormatUuid4(bytes), "ffffffff-ffff-4fff-bfff-ffffffffffff");
  bytes.fill(0x00);
  EXPECT_EQ(FormatUuid4(bytes), "00000000-0000-4000-8000-000000000000");
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(0x10 + i);
  EXPECT_EQ(FormatUuid4(bytes), "10111213-1415-4617-9819-1a1b1c1d1e1f");
}

TEST(Uuid4, WhatIsFormattedIsAUuidAndAResourceId) {
  std::array<uint8_t, kUuidBytes> bytes;
  for (int fill = 0; fill < 256; ++fill) {
    bytes.fill(static_cast<uint8_t>(fill));
    const std::string uuid = FormatUuid4(bytes);
    EXPECT_TRUE(IsUuid4(uuid)) << uuid;
    EXPECT_TRUE(IsResourceId(uuid)) << uuid;
  }
}

TEST(Uuid4, TakesEitherCase) {
  EXPECT_TRUE(IsUuid4("f47ac10b-58cc-4372-a567-0e02b2c3d479"));
  EXPECT_TRUE(IsUuid4("F47AC10B-58CC-4372-A567-0E02B2C3D479"));
}

TEST(Uuid4, RefusesOtherVersionsVariantsAndForms) {
  for (const char* text : {
           "",
           "f47ac10b-58cc-1372-a567-0e02b2c3d479",    // version 1
           "f47ac10b-58cc-4372-7567-0e02b2c3d479",    // variant below
           "f47ac10b-58cc-4372-c567-0e02b2c3d479",    // variant above
           "f47ac10b-58cc-4372-a567-0e02b2c3d47",     // short
           "f47ac10b-58cc-4372-a567-0e02b2c3d4790",   // long
           "f47ac10b058cc-4372-a567-0e02b2c3d479",    // digit for hyphen
           "f47ac10b-58cc-4372-a567-0e02b2c3d47g",    // not hexadecimal
           "{f47ac10b-58cc-4372-a567-0e02b2c3d479}",  // braces
           "f47ac10b58cc4372a5670e02b2c3d479",        // no hyphens
       }) {
    EXPECT_FALSE(IsUuid4(text)) << text;
  }
}

TEST(MatchName, GivesTheIdsByName) {
  const auto ids = MatchName("networks/{network}/seats/{seat}", "networks/partnerskapet/seats/uppsala");
  ASSERT_TRUE(ids.has_value());
  EXPECT_THAT(*ids, UnorderedElementsAre(Pair("network", "partnerskapet"), Pair("seat", "uppsala")));
}

TEST(MatchName, TakesSingletons) {
  const auto ids = MatchName("networks/{network}/hostRotation", "networks/partnerskapet/hostRotation");
  ASSERT_TRUE(ids.has_value());
  EXPECT_THAT(*ids, UnorderedElementsAre(Pair("network", "partnerskapet")));
}

TEST(MatchName, RefusesOtherNames) {
  constexpr char kPattern[] = "networks/{network}/seats/{seat}";
  for (const char* name :
       {"", "networks", "networks/p", "networks/p/seats", "networks/p/seats/", "networks/p/seats/s/",
        "/networks/p/seats/s", "networks//seats/s", "networks/p/posts/s", "Networks/p/seats/s", "networks/p/seats/S",
        "networks/p/seats/s/posts/q", "networks/-/seats/s", "networks/{network}/seats/{seat}"}) {
    EXPECT_FALSE(MatchName(kPattern, name).has_value()) << name;
  }
}

TEST(NameParts, OfAResource) {
  constexpr char kName[] = "networks/p/seats/s/responsibleBodies/b";
  EXPECT_EQ(ParentName(kName), "networks/p/seats/s");
  EXPECT_EQ(LastSegment(kName), "b");
  EXPECT_EQ(CollectionId(kName), "responsibleBodies");
}

TEST(NameParts, OfASingleton) {
  EXPECT_EQ(ParentName("networks/p/hostRotation"), "networks/p");
  EXPECT_EQ(LastSegment("networks/p/hostRotation"), "hostRotation");
  EXPECT_EQ(CollectionId("networks/p/hostRotation"), "hostRotation");
}

TEST(NameParts, OfATopLevelResource) {
  EXPECT_EQ(ParentName("networks/p"), "");
  EXPECT_EQ(LastSegment("networks/p"), "p");
  EXPECT_EQ(CollectionId("networks/p"), "networks");
}

TEST(NameParts, OfNothingAreNothing) {
  EXPECT_EQ(ParentName(""), "");
  EXPECT_EQ(LastSegment(""), "");
  EXPECT_EQ(CollectionId(""), "");
  EXPECT_EQ(ParentName("networks"), "");
}

}  // namespace
}  // namespace partnerskap
