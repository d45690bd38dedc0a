#include "cli/request_fields.h"

#include <set>
#include <string>

#include "absl/strings/match.h"
#include "cli/catalog.h"
#include "cli/contract.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.pb.h"
#include "gtest/gtest.h"
#include "partnerskap/agreements/v1/service.pb.h"
#include "partnerskap/membership/v1/service.pb.h"

namespace partnerskap::cli {
namespace {

using google::protobuf::MethodDescriptor;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const MethodDescriptor& Method(const std::string& name) { return **FindMethod(name); }

std::vector<std::string> Flags(const std::string& method) {
  std::vector<std::string> flags;
  for (const RequestField& field : RequestFields(Method(method))) flags.push_back(field.flag);
  return flags;
}

template <typename M>
M Read(const std::string& method, const FlagValues& values) {
  const auto request = RequestOf(Method(method), values);
  EXPECT_TRUE(request.ok()) << request.status();
  return request.ok() ? static_cast<const M&>(**request) : M();
}

std::string Problem(const std::string& method, const FlagValues& values) {
  const auto request = RequestOf(Method(method), values);
  EXPECT_EQ(request.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(request.status().message());
}

TEST(RequestFieldsTest, EveryMethodHasFlagsThatDiffer) {
  std::set<std::string> verbs;
  for (const MethodDescriptor* method : AllMethods()) {
    verbs.insert(PathOf(*method).substr(0, PathOf(*method).find('.', 13)) + VerbOf(*method));
    std::set<std::string> flags;
    size_t positional = 0;
    for (const RequestField& field : RequestFields(*method)) {
      EXPECT_TRUE(flags.insert(field.flag).second) << VerbOf(*method) << " --" << field.flag;
      EXPECT_FALSE(CommentOf(field.field()).empty()) << field.field().full_name();
      positional += field.positional ? 1 : 0;
    }
    EXPECT_LE(positional, 1u) << VerbOf(*method);
    EXPECT_FALSE(CommentOf(*method).empty()) << method->full_name();
  }
  EXPECT_EQ(verbs.size(), AllMethods().size()) << "two methods of a service have one verb";
}

TEST(RequestFieldsTest, TheResourceIsFlattened) {
  const auto flags = Flags("CreateSeat");
  EXPECT_EQ(flags.front(), "parent");
  EXPECT_THAT(flags, Contains("join-date"));
  EXPECT_THAT(flags, Contains("seat-id"));
  EXPECT_THAT(flags, Not(Contains("name"))) << "a new seat is named by its parent and id";
  EXPECT_THAT(flags, Not(Contains("uid"))) << "the server makes it";
}

TEST(RequestFieldsTest, AResourceByAnotherWordStandsFirst) {
  const auto fields = RequestFields(Method("ComputeSeatStanding"));
  EXPECT_EQ(fields.front().flag, "seat");
  EXPECT_TRUE(fields.front().positional);
}

TEST(RequestFieldsTest, AnUpdateIsAboutAName) {
  EXPECT_EQ(Flags("UpdateSeat").front(), "name");
  const auto request = Read<membership::v1::UpdateSeatRequest>(
      "UpdateSeat", {{"name", {"networks/n/seats/s"}}, {"display-name", {"Haninge"}}, {"etag", {"*"}}});
  EXPECT_EQ(request.seat().name(), "networks/n/seats/s");
  EXPECT_EQ(request.seat().etag(), "*");
  EXPECT_THAT(request.update_mask().paths(), ElementsAre("display_name"));
  const auto told = Read<membership::v1::UpdateSeatRequest>(
      "UpdateSeat", {{"name", {"networks/n/seats/s"}}, {"update-mask", {"display-name,aliases"}}});
  EXPECT_THAT(told.update_mask().paths(), ElementsAre("display_name", "aliases"));
}

TEST(RequestFieldsTest, ReadsEveryKindOfValue) {
  const auto request = Read<membership::v1::CreateSeatRequest>(
      "CreateSeat",
      {{"parent", {"networks/n"}},
       {"kind", {"member"}},
       {"join-date", {"2016-04"}},
       {"parties",
        {R"({"organization": "organizations/kommun-0136"})", R"({"organization": "organizations/kommun-0380"})"}},
       {"validate-only", {"true"}}});
  EXPECT_EQ(request.parent(), "networks/n");
  EXPECT_EQ(request.seat().kind(), membership::v1::Seat::MEMBER);
  EXPECT_EQ(request.seat().join_date().year(), 2016);
  EXPECT_EQ(request.seat().join_date().month(), 4);
  EXPECT_EQ(request.seat().parties_size(), 2);
  EXPECT_TRUE(request.validate_only());
  const auto page =
      Read<membership::v1::ListSeatsRequest>("ListSeats", {{"parent", {"networks/n"}}, {"page-size", {"7"}}});
  EXPECT_EQ(page.page_size(), 7);
}

TEST(RequestFieldsTest, WhatCannotBeReadIsNamedWithItsForm) {
  EXPECT_THAT(Problem("CreateSeat", {{"join-date", {"soon"}}}), HasSubstr("--join-date soon"));
  EXPECT_THAT(Problem("CreateSeat", {{"join-date", {"2016-13"}}}), HasSubstr("YYYY[-MM[-DD]]"));
  EXPECT_THAT(Problem("CreateSeat", {{"kind", {"guest"}}}), HasSubstr("member|participating-actor"));
  EXPECT_THAT(Problem("CreateSeat", {{"kind", {"kind-unspecified"}}}), HasSubstr("--kind"));
  EXPECT_THAT(Problem("CreateSeat", {{"parties", {"{"}}}), HasSubstr("JSON"));
  EXPECT_THAT(Problem("CreateSeat", {{"validate-only", {"perhaps"}}}), HasSubstr("--validate-only"));
  for (const char* number : {"", "x", "1.5", "99999999999"}) {
    EXPECT_THAT(Problem("ListSeats", {{"page-size", {number}}}), HasSubstr("NUMBER")) << number;
  }
}

// A field of the contract that takes money, wherever it is.
TEST(RequestFieldsTest, MoneyIsInKronor) {
  const MethodDescriptor* method = nullptr;
  std::string flag;
  for (const MethodDescriptor* each : AllMethods()) {
    for (const RequestField& field : RequestFields(*each)) {
      if (field.form != "KRONOR[.ORE]") continue;
      method = each;
      flag = field.flag;
    }
  }
  ASSERT_NE(method, nullptr);
  EXPECT_THAT((*RequestOf(*method, {{flag, {"20000.50"}}}))->ShortDebugString(),
              HasSubstr("currency_code: \"SEK\" units: 20000 nanos: 500000000"));
  EXPECT_THAT((*RequestOf(*method, {{flag, {"-3.05"}}}))->ShortDebugString(), HasSubstr("units: -3 nanos: -50000000"));
  for (const char* text : {"", "kr", "1.5", "1.234", "1.-5", "1,50", "99999999999999999999"}) {
    EXPECT_FALSE(RequestOf(*method, {{flag, {text}}}).ok()) << text;
  }
}

TEST(ContractTest, IsWhole) {
  google::protobuf::FileDescriptorSet files;
  const std::string_view bytes = ContractBytes();
  ASSERT_TRUE(files.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  EXPECT_GT(files.file_size(), 20);
  EXPECT_EQ(FirstSentence("One. Two."), "One.");
  EXPECT_EQ(FirstSentence("One"), "One");
}

}  // namespace
}  // namespace partnerskap::cli
