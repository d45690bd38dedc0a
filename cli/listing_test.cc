#include "cli/listing.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "yaml-cpp/yaml.h"

namespace partnerskap::cli {
namespace {

using membership::v1::Seat;
using ::testing::HasSubstr;

Seat MakeSeat(const std::string& name, int year) {
  Seat seat;
  seat.set_name("networks/n/seats/x");
  seat.set_display_name(name);
  seat.mutable_join_date()->set_year(year);
  return seat;
}

Messages Seats() {
  Messages seats;
  for (const auto& [name, year] : {std::pair("Örebro", 2016), {"Avesta", 2020}, {"Åmål, stad", 2018}}) {
    seats.push_back(std::make_unique<Seat>(MakeSeat(name, year)));
  }
  return seats;
}

std::string Show(Format format, std::vector<std::string> columns, std::string sort) {
  return ListText({format, Language::kEnglish, std::move(columns), std::move(sort)}, *Seat::descriptor(), Seats());
}

TEST(ListingTest, ChosenColumnsInSwedishOrder) {
  EXPECT_EQ(Show(Format::kTable, {"display_name", "join_date"}, "display_name"),
            "display_name  join_date\n"
            "------------  ---------\n"
            "Avesta        2020\n"
            "Åmål, stad    2018\n"
            "Örebro        2016\n");
}

TEST(ListingTest, FallingOrderAndCsv) {
  EXPECT_EQ(Show(Format::kCsv, {"display_name", "join_date"}, "-join_date"),
            "display_name,join_date\r\nAvesta,2020\r\n\"Åmål, stad\",2018\r\nÖrebro,2016\r\n");
}

TEST(ListingTest, WhatHasNoValueStandsLast) {
  for (const char* sort : {"display_name", "-display_name"}) {
    Messages seats = Seats();
    seats.insert(seats.begin(), std::make_unique<Seat>());
    const std::string text =
        ListText({Format::kCsv, Language::kEnglish, {"display_name"}, sort}, *Seat::descriptor(), std::move(seats));
    EXPECT_TRUE(absl::EndsWith(text, "\r\n\r\n")) << text;
  }
}

TEST(ListingTest, AFieldOfAFieldIsAColumn) {
  EXPECT_EQ(Show(Format::kCsv, {"join_date.year"}, "join_date.year"), "join_date.year\r\n2016\r\n2018\r\n2020\r\n");
}

TEST(ListingTest, YamlIsReadByAnotherParser) {
  const auto documents = YAML::LoadAll(Show(Format::kYaml, {}, ""));
  ASSERT_EQ(documents.size(), 3u);
  EXPECT_EQ(documents[0]["display_name"].as<std::string>(), "Örebro");
  EXPECT_EQ(documents[0]["join_date"]["year"].as<int>(), 2016);
}

TEST(ListingTest, ATextThatLooksLikeSomethingElseStaysOne) {
  for (const char* text : {"no", "2016-04-21", "null", "0x10", "a: b", "- x", "\"q\"", "line\nfeed", "#"}) {
    Seat seat;
    seat.set_display_name(text);
    const std::string yaml = MessageText({Format::kYaml, Language::kEnglish, {}, ""}, seat);
    EXPECT_EQ(YAML::Load(yaml)["display_name"].as<std::string>(), text) << yaml;
  }
}

TEST(ListingTest, NothingIsSaidToPeopleAlone) {
  const auto* type = Seat::descriptor();
  EXPECT_EQ(ListText({Format::kTable, Language::kSwedish, {}, ""}, *type, {}), "(inget)\n");
  EXPECT_EQ(ListText({Format::kJson, Language::kSwedish, {}, ""}, *type, {}), "");
  EXPECT_THAT(ListText({Format::kCsv, Language::kSwedish, {}, ""}, *type, {}), HasSubstr("display_name"));
}

TEST(ListingTest, UnknownColumnsAreNamed) {
  const auto* type = Seat::descriptor();
  EXPECT_TRUE(CheckListing({Format::kTable, Language::kEnglish, {"join_date.year"}, "-display_name"}, *type).ok());
  for (const char* column : {"colour", "join_date.hour", "display_name.x", "parties.organization", ""}) {
    const absl::Status status = CheckListing({Format::kTable, Language::kEnglish, {column}, ""}, *type);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << column;
    EXPECT_THAT(std::string(status.message()), HasSubstr("display_name")) << column;
  }
  EXPECT_FALSE(CheckListing({Format::kTable, Language::kEnglish, {}, "-colour"}, *type).ok());
}

TEST(CsvRowTest, QuotesAndDefusesFormulas) {
  EXPECT_EQ(CsvRow({"a", "", "b c"}), "a,,b c\r\n");
  EXPECT_EQ(CsvRow({"say \"x\"", "1,2", "two\nlines"}), "\"say \"\"x\"\"\",\"1,2\",\"two\nlines\"\r\n");
  EXPECT_EQ(CsvRow({"=cmd()", "+1+1", "-2", "@sum", "-x", "-"}), "'=cmd(),'+1+1,-2,'@sum,'-x,-\r\n");
}

TEST(FormatTest, OnlyFour) {
  EXPECT_EQ(*FormatFromText("yaml"), Format::kYaml);
  EXPECT_FALSE(FormatFromText("xml").ok());
  EXPECT_FALSE(FormatFromText("").ok());
}

}  // namespace
}  // namespace partnerskap::cli
