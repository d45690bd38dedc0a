// Every method and every reason of the contract is named by a test, every reason is raised, and every statement is
// shown to the test of query plans.
#include "tests/contract/contract.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "re2/re2.h"
#include "tests/tidy/source_tree.h"

namespace partnerskap::tidy {
namespace {

using ::testing::IsEmpty;

// All tests under some folders, as one text.
std::string TestsUnder(const std::vector<std::string>& folders) {
  std::string text;
  for (const std::string& folder : folders) {
    for (const File& file : FilesUnder(folder, {".cc", ".h"})) {
      if (IsTest(file.path)) absl::StrAppend(&text, file.text, "\n");
    }
  }
  return text;
}

std::vector<File> ProductUnder(const std::string& folder) {
  std::vector<File> product;
  for (const File& file : FilesUnder(folder, {".cc"})) {
    if (!IsTest(file.path)) product.push_back(file);
  }
  return product;
}

std::string PackageOf(const Service& service) { return absl::StrCat("partnerskap.", service.package, ".v1"); }

std::vector<std::string> ReasonsOf(const std::string& package) {
  std::vector<std::string> reasons;
  for (const FileDescriptor* file : Files()) {
    const EnumDescriptor* values = file->package() == package ? file->FindEnumTypeByName("Reason") : nullptr;
    for (int i = 0; values != nullptr && i < values->value_count(); ++i) {
      if (values->value(i)->number() != 0) reasons.push_back(values->value(i)->name());
    }
  }
  EXPECT_FALSE(reasons.empty()) << package;
  return reasons;
}

// Files that say `v1::REASON` of their own package, not of `common::v1`.
std::vector<std::string> RaisedIn(const std::vector<File>& product, const std::string& reason) {
  const RE2 own(absl::StrCat(R"((^|[^:\w])v1::)", reason, R"(\b)"));
  std::vector<std::string> found;
  for (const File& file : product) {
    if (RE2::PartialMatch(file.text, own)) found.push_back(file.path);
  }
  return found;
}

TEST(Methods, EachIsNamedByATestOfItsService) {
  for (const Service& service : Services()) {
    const std::string tests = TestsUnder({absl::StrCat("services/", service.folder), "tests/stories"});
    std::vector<std::string> untested;
    ForEachMethod([&](const MethodDescriptor& method) {
      if (method.file()->package() == PackageOf(service) && !HasWord(tests, method.name())) {
        untested.push_back(method.full_name());
      }
    });
    EXPECT_THAT(untested, IsEmpty());
  }
}

TEST(Reasons, OfAServiceAreRaisedInOneFile) {
  for (const Service& service : Services()) {
    const std::vector<File> product = ProductUnder(absl::StrCat("services/", service.folder));
    for (const std::string& reason : ReasonsOf(PackageOf(service))) {
      const std::vector<std::string> files = RaisedIn(product, reason);
      EXPECT_EQ(files.size(), 1U) << service.folder << " " << reason << " stands in "
                                  << ::testing::PrintToString(files);
    }
  }
}

TEST(Reasons, OfAServiceAreNamedByItsTests) {
  for (const Service& service : Services()) {
    const std::string tests = TestsUnder({absl::StrCat("services/", service.folder), "tests/stories"});
    for (const std::string& reason : ReasonsOf(PackageOf(service))) {
      EXPECT_TRUE(HasWord(tests, reason)) << service.folder << " " << reason;
    }
  }
}

TEST(Reasons, OfEveryServiceAreRaisedAndTested) {
  const std::string tests = TestsUnder({"common", "services", "tests/stories", "tests/processes"});
  std::vector<File> product = ProductUnder("common");
  for (const File& file : ProductUnder("services")) product.push_back(file);
  for (const std::string& reason : ReasonsOf("partnerskap.common.v1")) {
    const RE2 raised(absl::StrCat(R"(\bv1::)", reason, R"(\b)"));
    bool found = false;
    for (const File& file : product) found = found || RE2::PartialMatch(file.text, raised);
    EXPECT_TRUE(found) << reason << " is raised nowhere";
    EXPECT_TRUE(HasWord(tests, reason)) << reason << " is named by no test";
  }
}

TEST(Reasons, AreFoundWhereTheyAreRaisedAndNotInOtherPackages) {
  const std::vector<File> product = {{"a.cc", "return Refuse(v1::SEAT_LEFT, {});"},
                                     {"b.cc", "return Refuse(common::v1::SEAT_LEFT);"},
                                     {"c.cc", "return Refuse(v1::SEAT_LEFT_LATE);"}};
  EXPECT_EQ(RaisedIn(product, "SEAT_LEFT"), std::vector<std::string>{"a.cc"});
}

// Statements whose rows SQLite has to find. An INSERT of VALUES looks nothing up but its own keys.
bool NeedsAPlan(const std::string& sql) {
  return !(absl::StartsWith(sql, "INSERT") && absl::StrContains(sql, "VALUES"));
}

// Statements of a file that no function `…Statements()` of it lists, by name; the plan test runs over those functions.
std::vector<std::string> Unlisted(const std::string& text) {
  std::string listed;
  re2::StringPiece input(text);
  std::string body;
  while (RE2::FindAndConsume(&input, R"((?s)Statements\(\) \{(.*?)\}\n)", &body)) absl::StrAppend(&listed, body, "\n");
  // A list may name a list.
  std::string array;
  input = re2::StringPiece(text);
  while (RE2::FindAndConsume(&input, R"((?s)(k\w+)\[\] = \{(.*?)\};)", &array, &body)) {
    if (HasWord(listed, array)) absl::StrAppend(&listed, body, "\n");
  }
  std::vector<std::string> unlisted;
  input = re2::StringPiece(text);
  std::string name, sql;
  while (RE2::FindAndConsume(&input, R"((?s)constexpr char (k\w+)\[\] = R"sql\(\s*(.*?)\)sql")", &name, &sql)) {
    if (NeedsAPlan(sql) && !HasWord(listed, name)) unlisted.push_back(name);
  }
  return unlisted;
}

TEST(Statements, EachIsListedForTheTestOfPlans) {
  size_t files = 0;
  for (const Service& service : Services()) {
    const std::string folder = absl::StrCat("services/", service.folder, "/store");
    const std::string tests = TestsUnder({folder});
    for (const File& file : ProductUnder(folder)) {
      EXPECT_THAT(Unlisted(file.text), IsEmpty()) << file.path;
      re2::StringPiece input(file.text);
      std::string function;
      while (RE2::FindAndConsume(&input, R"((\w+Statements)\(\) \{)", &function)) {
        ++files;
        EXPECT_TRUE(HasWord(tests, function)) << function << " of " << file.path << " is not run over by a test";
      }
    }
    EXPECT_TRUE(HasWord(tests, "PlanOf")) << folder;
  }
  EXPECT_GE(files, Services().size());
}

TEST(Statements, WhatIsNotListedIsFound) {
  EXPECT_EQ(Unlisted("constexpr char kA[] = R\"sql(\nSELECT a\n  FROM b)sql\";\n"), std::vector<std::string>{"kA"});
  EXPECT_THAT(
      Unlisted("constexpr char kA[] = R\"sql(\nSELECT a\n  FROM b)sql\";\nFactStatements() {\n  return {kA};\n}\n"),
      IsEmpty());
  EXPECT_THAT(Unlisted("constexpr char kA[] = R\"sql(\nINSERT INTO a (b)\nVALUES (?))sql\";\n"), IsEmpty());
}

}  // namespace
}  // namespace partnerskap::tidy
