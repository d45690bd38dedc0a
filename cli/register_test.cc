#include "cli/register.h"

#include <fstream>
#include <map>
#include <set>
#include <string>

#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap::cli {
namespace {

using membership::v1::Organization;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kCounties[] = "county_code,county_name,region_name\n03,Uppsala län,Region Uppsala\n";
constexpr char kMunicipalities[] =
    "code,name,full_name,county_code,county_name\n0380,Uppsala,Uppsala kommun,03,Uppsala län\n";

TEST(Csv, ReadsRows) {
  const auto rows = ParseCsv("a,b\n1,Håbo\n");
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_THAT(*rows, ElementsAre(ElementsAre("a", "b"), ElementsAre("1", "Håbo")));
}

TEST(Csv, ReadsQuotes) {
  const auto rows = ParseCsv("\"a,b\",\"say \"\"hej\"\"\",\"two\nlines\",\"\"\n");
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_THAT(*rows, ElementsAre(ElementsAre("a,b", "say \"hej\"", "two\nlines", "")));
}

TEST(Csv, TakesEitherLineEndAndNone) {
  EXPECT_THAT(*ParseCsv("a,b\r\nc,d"), ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d")));
  EXPECT_THAT(*ParseCsv("a\n\n\nb\n"), ElementsAre(ElementsAre("a"), ElementsAre("b")));
  EXPECT_THAT(*ParseCsv("a,\n,b\n"), ElementsAre(ElementsAre("a", ""), ElementsAre("", "b")));
  EXPECT_THAT(*ParseCsv(""), IsEmpty());
}

TEST(Csv, SaysWhereAQuoteIsWrong) {
  EXPECT_THAT(std::string(ParseCsv("a\nb\"c\n").status().message()), HasSubstr("line 2"));
  EXPECT_THAT(std::string(ParseCsv("a\n\"b\n").status().message()), HasSubstr("not closed"));
}

class RegisterTest : public ::testing::Test {
 protected:
  void Write(const std::string& name, const std::string& text) { std::ofstream(directory_ / name) << text; }
  // The message with which the register of the directory is refused.
  std::string Refusal() {
    const auto file = ReadRegister(directory_.path());
    EXPECT_FALSE(file.ok());
    return std::string(file.status().message());
  }
  const TempDir directory_;
};

TEST_F(RegisterTest, MakesOneOrganizationOfEachRowRegionsFirst) {
  Write("counties.csv", kCounties);
  Write("municipalities.csv", kMunicipalities);
  const auto file = ReadRegister(directory_.path());
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->organizations_size(), 2);
  const Organization& region = file->organizations(0);
  EXPECT_EQ(region.name(), "organizations/region-03");
  EXPECT_EQ(region.kind(), Organization::REGION);
  EXPECT_EQ(region.display_name(), "Region Uppsala");
  const Organization& municipality = file->organizations(1);
  EXPECT_EQ(municipality.name(), "organizations/kommun-0380");
  EXPECT_EQ(municipality.kind(), Organization::MUNICIPALITY);
  EXPECT_EQ(municipality.code(), "0380");
  EXPECT_EQ(municipality.full_name(), "Uppsala kommun");
  EXPECT_EQ(municipality.county_code(), "03");
  EXPECT_EQ(municipality.sources_size(), 1);
}

TEST_F(RegisterTest, AMissingFileIsNamed) {
  EXPECT_THAT(Refusal(), HasSubstr("counties.csv"));
  Write("counties.csv", kCounties);
  EXPECT_THAT(Refusal(), HasSubstr("municipalities.csv"));
}

TEST_F(RegisterTest, AnotherHeaderIsRefused) {
  Write("counties.csv", kCounties);
  Write("municipalities.csv", "kod,name,full_name,county_code,county_name\n0380,U,U,03,U\n");
  EXPECT_THAT(Refusal(), HasSubstr("the header lacks code"));
  Write("municipalities.csv", "");
  EXPECT_THAT(Refusal(), HasSubstr("is empty"));
}

TEST_F(RegisterTest, AShortOrLongRowIsRefusedWithItsNumber) {
  Write("counties.csv", kCounties);
  Write("municipalities.csv", std::string(kMunicipalities) + "0381,Enköping\n");
  EXPECT_THAT(Refusal(), HasSubstr("row 3 has 2 values, the header 5"));
  Write("municipalities.csv", std::string(kMunicipalities) + "0381,Enköping,Enköpings kommun,03,Uppsala län,x\n");
  EXPECT_THAT(Refusal(), HasSubstr("row 3 has 6 values"));
}

TEST(Register, HoldsEveryMunicipalityAndCountyOnce) {
  const auto file = ReadRegister(PARTNERSKAP_SOURCE_DIR "/services/membership/data");
  ASSERT_TRUE(file.ok()) << file.status();
  std::map<Organization::Kind, int> kinds;
  std::set<std::string> names, counties;
  for (const Organization& organization : file->organizations()) {
    ++kinds[organization.kind()];
    names.insert(organization.name());
    counties.insert(organization.county_code());
    EXPECT_EQ(organization.code().substr(0, 2), organization.county_code()) << organization.name();
    EXPECT_GT(organization.sources_size(), 0) << organization.name();
  }
  EXPECT_EQ(kinds[Organization::MUNICIPALITY], 290);
  EXPECT_EQ(kinds[Organization::REGION], 21);
  EXPECT_EQ(names.size(), 311U);
  EXPECT_EQ(counties.size(), 21U);
  EXPECT_TRUE(names.contains("organizations/kommun-0136"));
  EXPECT_TRUE(names.contains("organizations/region-03"));
}

}  // namespace
}  // namespace partnerskap::cli
