#include "common/text/utf8.h"

#include <string>

#include "gtest/gtest.h"

namespace partnerskap {
namespace {

TEST(Utf8, IsValid) {
  EXPECT_TRUE(IsValidUtf8(""));
  EXPECT_TRUE(IsValidUtf8("Örebro"));
  EXPECT_TRUE(IsValidUtf8("§ 59 – 20\u00a0000 kr"));
  EXPECT_TRUE(IsValidUtf8("\U0001F600"));
  EXPECT_TRUE(IsValidUtf8("\xf4\x8f\xbf\xbf"));  // U+10FFFF
  EXPECT_TRUE(IsValidUtf8(absl::string_view("a\0b", 3)));
}

TEST(Utf8, IsNotValid) {
  EXPECT_FALSE(IsValidUtf8("\xd6rebro"));         // ISO 8859-1
  EXPECT_FALSE(IsValidUtf8("Uppsala \xc3"));      // cut short
  EXPECT_FALSE(IsValidUtf8("\x80"));              // continuation alone
  EXPECT_FALSE(IsValidUtf8("\xc0\xaf"));          // overlong
  EXPECT_FALSE(IsValidUtf8("\xed\xa0\x80"));      // surrogate
  EXPECT_FALSE(IsValidUtf8("\xf4\x90\x80\x80"));  // above U+10FFFF
  EXPECT_FALSE(IsValidUtf8("\xff"));
}

TEST(CutUtf8, KeepsWhatFits) {
  EXPECT_EQ(CutUtf8("Örebro", 7), "Örebro");
  EXPECT_EQ(CutUtf8("Örebro", 100), "Örebro");
  EXPECT_EQ(CutUtf8("", 0), "");
}

TEST(CutUtf8, EndsBetweenCharacters) {
  EXPECT_EQ(CutUtf8("Örebro", 6), "Örebr");
  EXPECT_EQ(CutUtf8("Örebro", 2), "Ö");
  EXPECT_EQ(CutUtf8("Örebro", 1), "");
  EXPECT_EQ(CutUtf8("Örebro", 0), "");
  EXPECT_EQ(CutUtf8("Malmö", 5), "Malm");
}

TEST(CutUtf8, EveryCutOfValidTextIsValidAndLosesLessThanACharacter) {
  const std::string text = "aå–\U0001F600";
  for (size_t bytes = 0; bytes <= text.size(); ++bytes) {
    const absl::string_view cut = CutUtf8(text, bytes);
    EXPECT_TRUE(IsValidUtf8(cut)) << bytes;
    EXPECT_LE(cut.size(), bytes);
    EXPECT_GT(cut.size() + 4, bytes);
  }
}

TEST(CutUtf8, StaysInsideTextThatIsNotUtf8) {
  const std::string continuations(20, '\x80');
  for (size_t bytes = 0; bytes <= continuations.size(); ++bytes) {
    EXPECT_EQ(CutUtf8(continuations, bytes).size(), bytes);
  }
}

}  // namespace
}  // namespace partnerskap
