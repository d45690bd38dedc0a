// Pages that repeat what the code says: does every README name every method and reason, does every source stand in
// docs/sources.md, does every link lead somewhere?
#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "re2/re2.h"
#include "tests/contract/contract.h"
#include "tests/tidy/source_tree.h"

namespace partnerskap::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string ReadmeOf(const Service& service) { return TextOf(absl::StrCat("services/", service.folder, "/README.md")); }

TEST(Readmes, NameEveryMethod) {
  for (const Service& service : Services()) {
    const std::string readme = ReadmeOf(service);
    std::vector<std::string> missing;
    ForEachMethod([&](const MethodDescriptor& method) {
      // Feeds and audit chains are the same in every service.
      const bool own = absl::EndsWith(method.file()->name(), absl::StrCat(service.package, "/v1/service.proto"));
      if (own && !HasWord(readme, method.name())) missing.push_back(method.name());
    });
    EXPECT_THAT(missing, IsEmpty()) << service.folder;
  }
}

TEST(Readmes, NameEveryReason) {
  for (const Service& service : Services()) {
    const std::string readme = ReadmeOf(service);
    const FileDescriptor* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(
        absl::StrCat("partnerskap/", service.package, "/v1/reasons.proto"));
    ASSERT_NE(file, nullptr) << service.package;
    const EnumDescriptor* reasons = file->FindEnumTypeByName("Reason");
    std::vector<std::string> missing;
    for (int i = 1; i < reasons->value_count(); ++i) {
      if (!HasWord(readme, reasons->value(i)->name())) missing.push_back(reasons->value(i)->name());
    }
    EXPECT_THAT(missing, IsEmpty()) << service.folder;
  }
}

// Rows of a README that say in which file a reason is raised, where that is not so.
std::vector<std::string> WrongRows(const std::string& folder, const std::string& readme) {
  static const RE2& row = *new RE2(R"(\|.*\b((?:domain|store|clients|handlers|reactions)/\w+\.cc))");
  static const RE2& reason_name = *new RE2(R"(\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)\b)");
  std::vector<std::string> wrong;
  for (const std::string& line : LinesOf(readme)) {
    std::string file, reason;
    if (!RE2::PartialMatch(line, row, &file)) continue;
    const std::string code = TextOf(absl::StrCat("services/", folder, "/", file));
    re2::StringPiece input(line);
    while (RE2::FindAndConsume(&input, reason_name, &reason)) {
      if (!HasWord(code, absl::StrCat("v1::", reason))) wrong.push_back(absl::StrCat(reason, " in ", file));
    }
  }
  return wrong;
}

TEST(Readmes, SayWhereAReasonIsRaised) {
  for (const Service& service : Services()) {
    EXPECT_THAT(WrongRows(service.folder, ReadmeOf(service)), IsEmpty()) << service.folder;
  }
}

TEST(Readmes, AWrongFileIsFound) {
  EXPECT_THAT(WrongRows("membership", "| SEAT_LEFT, SEAT_ON_HOLD | `MayHoldSeat` in `domain/seats.cc` |\n"), IsEmpty());
  EXPECT_THAT(WrongRows("membership", "| SEAT_LEFT | `MayHoldSeat` in `domain/posts.cc` |\n"),
              ElementsAre("SEAT_LEFT in domain/posts.cc"));
}

// docs/sources.md says how: lower case, å, ä, ö as a, a, o, § left out, everything else one hyphen.
std::string AnchorOf(absl::string_view mark) {
  std::string text =
      absl::StrReplaceAll(mark, {{"å", "a"}, {"ä", "a"}, {"ö", "o"}, {"Å", "a"}, {"Ä", "a"}, {"Ö", "o"}, {"§", ""}});
  absl::AsciiStrToLower(&text);
  RE2::GlobalReplace(&text, "[^a-z0-9]+", "-");
  return std::string(absl::StripSuffix(absl::StripPrefix(text, "-"), "-"));
}

std::set<std::string> AnchorsOf(const std::string& page) {
  std::set<std::string> anchors;
  re2::StringPiece input(page);
  std::string anchor;
  while (RE2::FindAndConsume(&input, R"~(<a id="([^"]+)">)~", &anchor)) anchors.insert(anchor);
  return anchors;
}

// First words of the marks: what begins otherwise is the suite's own rule.
bool IsMark(absl::string_view text) {
  for (absl::string_view first :
       {"KL ", "TF ", "Lag ", "Vallag ", "Uppsala ", "Haninge ", "Överenskommelse ", "Verksamhetsplan "}) {
    if (absl::StartsWith(text, first)) return true;
  }
  return false;
}

// The marks of a reason's source: `KL 2017:725 6:37, 7:5: why` has two.
std::vector<std::string> MarksOf(const std::string& source) {
  std::vector<std::string> marks;
  for (absl::string_view part : absl::StrSplit(source, "; ")) {
    const std::string mark(part.substr(0, part.find(": ")));
    if (!IsMark(mark)) continue;
    std::string act, sections;
    if (!RE2::FullMatch(mark, R"(((?:KL|TF) \d+:\d+) (.+))", &act, &sections)) {
      marks.push_back(mark);
      continue;
    }
    sections = absl::StrReplaceAll(sections, {{" to ", ", "}});
    for (absl::string_view section : absl::StrSplit(sections, ", ")) marks.push_back(absl::StrCat(act, " ", section));
  }
  return marks;
}

TEST(Sources, EachMarkOfAReasonStandsOnThePage) {
  const std::set<std::string> anchors = AnchorsOf(TextOf("docs/sources.md"));
  size_t marks = 0;
  for (const FileDescriptor* file : Files()) {
    const EnumDescriptor* reasons = file->FindEnumTypeByName("Reason");
    for (int i = 0; reasons != nullptr && i < reasons->value_count(); ++i) {
      const auto& reason = reasons->value(i)->options().GetExtension(common::v1::reason);
      for (const std::string& mark : MarksOf(reason.source())) {
        ++marks;
        EXPECT_TRUE(anchors.contains(AnchorOf(mark))) << reasons->value(i)->full_name() << ": " << mark;
      }
    }
  }
  EXPECT_GT(marks, 20U);
}

TEST(Sources, MarksAreReadAsThePageSays) {
  EXPECT_EQ(AnchorOf("Haninge KS 2020/131 § 59 Överläggningar"), "haninge-ks-2020-131-59-overlaggningar");
  EXPECT_EQ(AnchorOf("KL 2017:725 4:27"), "kl-2017-725-4-27");
  EXPECT_THAT(MarksOf("KL 2017:725 5:53 to 5:56, 6:33"),
              ElementsAre("KL 2017:725 5:53", "KL 2017:725 5:56", "KL 2017:725 6:33"));
  EXPECT_THAT(MarksOf("Haninge KS 2020/131 § 59, punkt 3; a local rule"),
              ElementsAre("Haninge KS 2020/131 § 59, punkt 3"));
  EXPECT_THAT(MarksOf("Två: KL 2017:725 4:27"), IsEmpty());
  EXPECT_THAT(MarksOf("Plan: no mutual pair"), IsEmpty());
}

// Links of a page that lead to no file; addresses and anchors of the page itself are not looked at.
std::vector<std::string> DeadLinks(const std::string& path, std::string text) {
  namespace fs = std::filesystem;
  // What stands in backticks is shown as it is.
  RE2::GlobalReplace(&text, "`[^`\n]*`", "");
  std::vector<std::string> dead;
  re2::StringPiece input(text);
  std::string target;
  while (RE2::FindAndConsume(&input, R"(\]\(([^)#\s]+)(?:#[^)]*)?\))", &target)) {
    if (absl::StrContains(target, "://") || absl::StartsWith(target, "mailto:")) continue;
    const fs::path file = fs::path(PARTNERSKAP_SOURCE_DIR) / fs::path(path).parent_path() / target;
    if (!fs::exists(file)) dead.push_back(absl::StrCat(path, ": ", target));
  }
  return dead;
}

TEST(Links, LeadSomewhere) {
  for (const File& file : FilesUnder("", {".md"})) EXPECT_THAT(DeadLinks(file.path, file.text), IsEmpty());
}

TEST(Links, DeadOnesAreFound) {
  EXPECT_THAT(DeadLinks("docs/a.md", "[x](sources.md#kl) [y](https://example.org) [z](#a) `[a](b)`"), IsEmpty());
  EXPECT_THAT(DeadLinks("docs/a.md", "[x](nowhere.md) and [y](../nowhere.md#z)"),
              ElementsAre("docs/a.md: nowhere.md", "docs/a.md: ../nowhere.md"));
}

}  // namespace
}  // namespace partnerskap::tidy
