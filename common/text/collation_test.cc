#include "common/text/collation.h"

#include <algorithm>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

using ::testing::ElementsAre;
using ::testing::MatchesRegex;

std::string Key(absl::string_view text) { return SwedishSortKey(text); }

std::string Fold(absl::string_view text) {
  const absl::StatusOr<std::string> folded = FoldName(text);
  EXPECT_TRUE(folded.ok()) << folded.status();
  return folded.value_or("");
}

std::vector<std::string> Sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return Key(a) < Key(b); });
  return names;
}

TEST(SwedishSortKey, PutsRingAndDotsAfterZ) {
  EXPECT_THAT(Sorted({"Örebro", "Ängelholm", "Åre", "Zinkgruvan", "Angered", "Östersund", "Orsa"}),
              ElementsAre("Angered", "Orsa", "Zinkgruvan", "Åre", "Ängelholm", "Örebro", "Östersund"));
}

TEST(SwedishSortKey, KeepsTheNamesThatOnlyRingAndDotsTellApart) {
  EXPECT_THAT(Sorted({"Håbo", "Hallsberg", "Habo"}), ElementsAre("Habo", "Hallsberg", "Håbo"));
}

TEST(SwedishSortKey, HoldsWForALetterOfItsOwn) {
  EXPECT_THAT(Sorted({"Wa", "Vb", "Va"}), ElementsAre("Va", "Vb", "Wa"));
}

TEST(SwedishSortKey, LooksAtCaseAndAccentsLast) {
  EXPECT_THAT(Sorted({"Idé b", "ide a", "Ide a", "Ide b"}), ElementsAre("ide a", "Ide a", "Ide b", "Idé b"));
}

TEST(SwedishSortKey, IsTheSameForComposedAndDecomposedLetters) { EXPECT_EQ(Key("\u00c5re"), Key("A\u030are")); }

TEST(SwedishSortKey, HoldsNoZeroByteAndPutsTheShorterFirst) {
  EXPECT_EQ(Key("Örebro kommun").find('\0'), std::string::npos);
  EXPECT_LT(Key("Gävle"), Key("Gävleborg"));
  EXPECT_LT(Key(""), Key("a"));
}

TEST(SwedishSortKey, OfALongNameIsWhole) {
  const std::string common(2000, 'a');
  EXPECT_LT(Key(common + "b"), Key(common + "c"));
  EXPECT_GT(Key(common).size(), 1000u);
}

TEST(SwedishSortKey, PutsWhatIsNotUtf8AfterTheLetters) { EXPECT_GT(Key("\xd6rebro"), Key("Örebro")); }

TEST(SwedishSortKey, IsTheSameFromEveryThread) {
  std::vector<std::string> keys(4);
  std::vector<std::thread> threads;
  for (std::string& key : keys) {
    threads.emplace_back([&key] {
      for (int i = 0; i < 200; ++i) key = Key("Västerås");
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& key : keys) EXPECT_EQ(key, Key("Västerås"));
}

TEST(IcuVersion, NamesLibraryAndCollation) {
  const absl::StatusOr<std::string> version = IcuVersion();
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_THAT(*version, MatchesRegex("[0-9]+[0-9.]*/[0-9]+[0-9.]*"));
}

TEST(FoldName, ForgetsCaseSpaceAndCompatibilityForms) {
  EXPECT_EQ(Fold("  Upplands\t VÄSBY "), "upplands väsby");
  EXPECT_EQ(Fold("Upplands\u00a0Väsby"), "upplands väsby");
  EXPECT_EQ(Fold("A\u030aRE"), "åre");
  EXPECT_EQ(Fold("\uff21\uff22"), "ab");
  EXPECT_EQ(Fold(" \t\n"), "");
  EXPECT_EQ(Fold(""), "");
}

TEST(FoldName, KeepsLettersApart) {
  EXPECT_NE(Fold("Habo"), Fold("Håbo"));
  EXPECT_NE(Fold("idé"), Fold("ide"));
  EXPECT_NE(Fold("Karlskoga/Degerfors"), Fold("Karlskoga Degerfors"));
}

TEST(FoldName, ChangesNothingTheSecondTime) {
  for (const char* name : {"Angereds Stadsdel / GÖTEBORG", "STRASSE Straße", "İstanbul", "ﬁ"}) {
    EXPECT_EQ(Fold(Fold(name)), Fold(name)) << name;
  }
}

TEST(FoldName, RefusesWhatIsNotUtf8) {
  EXPECT_EQ(FoldName("\xd6rebro").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace partnerskap
