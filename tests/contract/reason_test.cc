// Every reason says its code, and what it means in both languages.
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tests/contract/contract.h"

namespace partnerskap {
namespace {

// The keys in `{key}` of a text.
std::set<std::string> KeysOf(const std::string& text) {
  std::set<std::string> keys;
  const std::vector<std::string> parts = absl::StrSplit(text, '{');
  for (size_t i = 1; i < parts.size(); ++i) keys.insert(parts[i].substr(0, parts[i].find('}')));
  return keys;
}

void ForEachReason(const std::function<void(const google::protobuf::EnumValueDescriptor&)>& visit) {
  for (const FileDescriptor* file : Files()) {
    const EnumDescriptor* reasons = file->FindEnumTypeByName("Reason");
    for (int i = 0; reasons != nullptr && i < reasons->value_count(); ++i) visit(*reasons->value(i));
  }
}

TEST(Reasons, EachPackageHasThem) {
  std::set<std::string> packages;
  ForEachReason([&](const auto& value) { packages.insert(value.file()->package()); });
  EXPECT_EQ(packages,
            (std::set<std::string>{"partnerskap.agreements.v1", "partnerskap.common.v1", "partnerskap.membership.v1",
                                   "partnerskap.peerreview.v1", "partnerskap.scheduling.v1"}));
}

TEST(Reasons, EachHasCodeAndBothTexts) {
  ForEachReason([](const auto& value) {
    const auto& rule = value.options().GetExtension(common::v1::reason);
    if (value.number() == 0) {
      EXPECT_FALSE(value.options().HasExtension(common::v1::reason)) << value.full_name();
      return;
    }
    EXPECT_NE(rule.code(), google::rpc::OK) << value.full_name();
    EXPECT_NE(rule.code(), google::rpc::UNKNOWN) << value.full_name();
    EXPECT_FALSE(rule.sv().empty()) << value.full_name();
    EXPECT_FALSE(rule.en().empty()) << value.full_name();
    EXPECT_TRUE(absl::EndsWith(rule.sv(), ".")) << value.full_name();
    EXPECT_TRUE(absl::EndsWith(rule.en(), ".")) << value.full_name();
  });
}

TEST(Reasons, BothTextsSpeakOfTheSame) {
  ForEachReason([](const auto& value) {
    const auto& rule = value.options().GetExtension(common::v1::reason);
    EXPECT_EQ(KeysOf(rule.sv()), KeysOf(rule.en())) << value.full_name();
  });
}

TEST(Reasons, OfTheServicesHaveASource) {
  ForEachReason([](const auto& value) {
    if (value.number() == 0 || value.file()->package() == "partnerskap.common.v1") return;
    EXPECT_FALSE(value.options().GetExtension(common::v1::reason).source().empty()) << value.full_name();
  });
}

TEST(Reasons, TextsAreShortEnoughForTheWire) {
  // All details of a refusal share 4 KiB; two texts of this size leave room for metadata.
  static constexpr size_t kLongestText = 300;
  ForEachReason([](const auto& value) {
    const auto& rule = value.options().GetExtension(common::v1::reason);
    EXPECT_LE(rule.sv().size(), kLongestText) << value.full_name();
    EXPECT_LE(rule.en().size(), kLongestText) << value.full_name();
  });
}

}  // namespace
}  // namespace partnerskap
