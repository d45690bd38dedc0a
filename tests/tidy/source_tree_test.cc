#include "tests/tidy/source_tree.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SourceTree, HoldsWhatIsWrittenAndNotWhatIsBuilt) {
  EXPECT_FALSE(TextOf("CMakeLists.txt").empty());
  EXPECT_FALSE(TextOf("services/membership/service.cc").empty());
  for (const File& file : AllFiles()) EXPECT_NE(file.path.substr(0, 5), "build") << file.path;
  EXPECT_GT(FilesUnder("services/membership", {".cc"}).size(), 10U);
  EXPECT_THAT(FilesUnder("services/member", {".cc"}), IsEmpty());
}

TEST(SourceTree, KnowsTests) {
  EXPECT_TRUE(IsTest("services/membership/domain/seats_test.cc"));
  EXPECT_TRUE(IsTest("services/membership/domain/test_messages.h"));
  EXPECT_TRUE(IsTest("services/scheduling/handlers/national_fixture.cc"));
  EXPECT_TRUE(IsTest("services/peer_review/domain/plan_testing.cc"));
  EXPECT_TRUE(IsTest("common/testing/sim.cc"));
  EXPECT_TRUE(IsTest("tests/stories/world.cc"));
  EXPECT_FALSE(IsTest("services/membership/domain/seats.cc"));
}

TEST(SourceTree, FindsIncludes) {
  EXPECT_THAT(IncludesOf("#include \"a/b.h\"\n  #include <vector>\n#define X\n// #include \"c.h\"\n#include MACRO\n"),
              ElementsAre("a/b.h", "vector"));
}

TEST(SourceTree, FindsWholeWords) {
  EXPECT_TRUE(HasWord("x.Call(\"GetSeat\")", "GetSeat"));
  EXPECT_TRUE(HasWord("GetSeats GetSeat", "GetSeat"));
  EXPECT_FALSE(HasWord("GetSeatRequest", "GetSeat"));
  EXPECT_FALSE(HasWord("BatchGetSeat", "GetSeat"));
  EXPECT_FALSE(HasWord("", "GetSeat"));
}

}  // namespace
}  // namespace partnerskap::tidy
