#include "common/time/swedish_calendar.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/time/partial_date.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

using ::absl::CivilDay;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr int kFirstYearOfFacts = 1990;
constexpr int kLastYearOfFacts = 2100;
constexpr size_t kHolidaysInFacts = 1439;
constexpr size_t kElectionsInFacts = 13;

// Rows of a file of two columns, without its heading.
std::vector<std::pair<CivilDay, std::string>> ReadFacts(absl::string_view file) {
  std::ifstream in(absl::StrCat(PARTNERSKAP_SOURCE_DIR, "/common/time/testdata/", file));
  std::vector<std::pair<CivilDay, std::string>> facts;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const std::pair<std::string, std::string> cells = absl::StrSplit(line, ',');
    CivilDay day;
    EXPECT_TRUE(absl::ParseCivilTime(cells.first, &day)) << line;
    facts.emplace_back(day, cells.second);
  }
  return facts;
}

TEST(HolidaysOf, AreTheDaysOfTheFacts) {
  std::map<CivilDay, std::string> expected;
  for (const auto& [day, name] : ReadFacts("public_holidays_1990_2100.csv")) expected[day] = name;
  ASSERT_EQ(expected.size(), kHolidaysInFacts);
  std::map<CivilDay, std::vector<std::string>> computed;
  for (int year = kFirstYearOfFacts; year <= kLastYearOfFacts; ++year) {
    for (const Holiday& holiday : HolidaysOf(year)) computed[holiday.day].emplace_back(holiday.name);
  }
  for (const auto& [day, name] : expected) EXPECT_THAT(computed[day], Contains(name)) << day;
  for (const auto& [day, names] : computed) EXPECT_EQ(expected.count(day), 1u) << day << " " << names.front();
}

TEST(HolidaysOf, AreInTheOrderOfTheYear) {
  std::vector<std::string> names;
  for (const Holiday& holiday : HolidaysOf(2016)) names.emplace_back(holiday.name);
  EXPECT_THAT(names, ElementsAre("nyårsdagen", "trettondedag jul", "långfredagen", "påskdagen", "annandag påsk",
                                 "första maj", "Kristi himmelsfärdsdag", "pingstdagen", "nationaldagen",
                                 "midsommardagen", "alla helgons dag", "juldagen", "annandag jul"));
}

TEST(HolidayNames, NamesBothHolidaysOfADay) {
  EXPECT_THAT(HolidayNames(CivilDay(2008, 5, 1)), UnorderedElementsAre("första maj", "Kristi himmelsfärdsdag"));
}

TEST(HolidayNames, OfAnOrdinarySundayAreNone) {
  EXPECT_THAT(HolidayNames(CivilDay(2016, 9, 11)), IsEmpty());
  EXPECT_TRUE(IsPublicHoliday(CivilDay(2016, 9, 11)));
}

TEST(IsPublicHoliday, FollowsTheLawOf2004) {
  EXPECT_TRUE(IsPublicHoliday(CivilDay(2004, 5, 31)));   // annandag pingst for the last time
  EXPECT_FALSE(IsPublicHoliday(CivilDay(2005, 5, 16)));  // annandag pingst no more
  EXPECT_TRUE(IsPublicHoliday(CivilDay(2005, 6, 6)));    // nationaldagen, a Monday
  EXPECT_FALSE(IsPublicHoliday(CivilDay(2003, 6, 6)));   // a Friday
}

TEST(IsWorkingDay, SkipsThreeEvesThatAreNoHolidays) {
  for (const CivilDay eve : {CivilDay(2012, 6, 22), CivilDay(2012, 12, 24), CivilDay(2012, 12, 31)}) {
    EXPECT_FALSE(IsWorkingDay(eve)) << eve;
    EXPECT_FALSE(IsPublicHoliday(eve)) << eve;
  }
}

TEST(IsWorkingDay, TakesOtherEves) {
  for (const CivilDay day : {CivilDay(2012, 1, 5), CivilDay(2012, 4, 5), CivilDay(2012, 4, 30), CivilDay(2012, 11, 2),
                             CivilDay(2012, 6, 21), CivilDay(2012, 12, 27)}) {
    EXPECT_TRUE(IsWorkingDay(day)) << day;
  }
}

TEST(IsWorkingDay, SkipsSaturdaySundayAndHoliday) {
  EXPECT_FALSE(IsWorkingDay(CivilDay(2012, 12, 1)));
  EXPECT_FALSE(IsWorkingDay(CivilDay(2012, 12, 2)));
  EXPECT_FALSE(IsWorkingDay(CivilDay(2012, 12, 25)));
  EXPECT_TRUE(IsWorkingDay(CivilDay(2012, 12, 3)));
}

TEST(NextWorkingDay, IsTheDayItselfOnAWorkingDay) {
  EXPECT_EQ(NextWorkingDay(CivilDay(2012, 12, 21)), CivilDay(2012, 12, 21));
}

// Announced on 2012-12-01, three weeks end on a Saturday; Sunday, Christmas Eve and two holidays follow.
TEST(NextWorkingDay, CrossesChristmas) { EXPECT_EQ(NextWorkingDay(CivilDay(2012, 12, 22)), CivilDay(2012, 12, 27)); }

TEST(NextWorkingDay, CrossesTheYear) { EXPECT_EQ(NextWorkingDay(CivilDay(2012, 12, 31)), CivilDay(2013, 1, 2)); }

TEST(ElectionDay, IsThatOfTheFacts) {
  const auto facts = ReadFacts("election_days_2002_2050.csv");
  ASSERT_EQ(facts.size(), kElectionsInFacts);
  std::map<int, CivilDay> expected;
  for (const auto& [day, sunday] : facts) expected[day.year()] = day;
  for (int year = 2002; year <= 2050; ++year) {
    const std::optional<CivilDay> computed = ElectionDay(year);
    EXPECT_EQ(computed.has_value(), expected.count(year) == 1) << year;
    if (computed.has_value()) {
      EXPECT_EQ(*computed, expected[year]);
    }
  }
}

TEST(ElectionDay, IsNotKnownBeforeTheFacts) {
  EXPECT_EQ(ElectionDay(1998), std::nullopt);
  EXPECT_EQ(ElectionDay(-2), std::nullopt);
}

std::string TodayAt(absl::string_view utc) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, utc, &time, &error)) << error;
  const absl::StatusOr<google::type::Date> today = TodayInStockholm(time);
  EXPECT_TRUE(today.ok()) << today.status();
  return today.ok() ? DateToText(*today) : "";
}

TEST(TodayInStockholm, IsAnHourAheadInWinterAndTwoInSummer) {
  EXPECT_EQ(TodayAt("2016-01-15T22:59:59Z"), "2016-01-15");
  EXPECT_EQ(TodayAt("2016-01-15T23:00:00Z"), "2016-01-16");
  EXPECT_EQ(TodayAt("2016-07-15T21:59:59Z"), "2016-07-15");
  EXPECT_EQ(TodayAt("2016-07-15T22:00:00Z"), "2016-07-16");
}

TEST(TodayInStockholm, OfTheEndsOfTimeIsAbsent) {
  EXPECT_EQ(DateToText(TodayInStockholm(absl::InfiniteFuture()).value()), "");
  EXPECT_EQ(DateToText(TodayInStockholm(absl::InfinitePast()).value()), "");
}

// In a process of its own, which has read no time zone before.
TEST(TodayInStockholmDeathTest, SaysWhatToInstallWhereTheDatabaseIsMissing) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto ask_without_database = [] {
    setenv("TZDIR", "/nonexistent", 1);
    const absl::StatusOr<google::type::Date> today = TodayInStockholm(absl::UnixEpoch());
    std::fputs(today.status().ToString().c_str(), stderr);
    std::exit(today.status().code() == absl::StatusCode::kInternal ? 0 : 1);
  };
  EXPECT_EXIT(ask_without_database(), ::testing::ExitedWithCode(0), "install the package tzdata");
}

}  // namespace
}  // namespace partnerskap
