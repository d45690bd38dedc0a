#include "cli/output.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "partnerskap/scheduling/v1/resources.pb.h"

namespace partnerskap::cli {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

google::type::Date Date(int year, int month = 0, int day = 0) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

google::type::Money Money(int64_t units) {
  google::type::Money money;
  money.set_currency_code("SEK");
  money.set_units(units);
  return money;
}

TEST(Table, AlignsCharactersNotBytes) {
  EXPECT_EQ(Table({"plats", "värd"}, {{"Örebro", "ja"}, {"Åmål", "nej"}}),
            "plats   värd\n"
            "------  ----\n"
            "Örebro  ja\n"
            "Åmål    nej\n");
}

TEST(Table, HasNoTrailingSpaces) {
  EXPECT_EQ(Table({"a", "b"}, {{"long", ""}, {"x", "y"}}), "a     b\n----  -\nlong\nx     y\n");
}

TEST(Table, ShortRowsAndNoRows) {
  EXPECT_EQ(Table({"a", "b"}, {{"x"}}), "a  b\n-  -\nx\n");
  EXPECT_EQ(Table({"a", "b"}, {}), "");
}

TEST(Json, HasTheContractsNamesAndAbsentScalars) {
  membership::v1::Seat seat;
  seat.set_name("networks/n/seats/amal");
  seat.set_display_name("Åmål");
  seat.set_kind(membership::v1::Seat::MEMBER);
  const std::string json = Json(seat);
  EXPECT_THAT(json, HasSubstr("\"display_name\": \"Åmål\""));
  EXPECT_THAT(json, HasSubstr("\"kind\": \"MEMBER\""));
  EXPECT_THAT(json, HasSubstr("\"etag\": \"\""));
  EXPECT_THAT(json, Not(HasSubstr("displayName")));
  EXPECT_EQ(json.back(), '\n');
}

TEST(Text, KeepsSwedishLetters) {
  membership::v1::Seat seat;
  seat.set_display_name("Åmål");
  EXPECT_EQ(Text(seat), "display_name: \"Åmål\"\n");
}

TEST(Columns, AreThoseThatFitATable) {
  const std::vector<std::string> columns = ColumnsOf(*scheduling::v1::Meeting::descriptor(), 20);
  EXPECT_THAT(columns, Contains("name"));
  EXPECT_THAT(columns, Contains("first_date"));
  EXPECT_THAT(columns, Not(Contains("uid")));
  EXPECT_THAT(columns, Not(Contains("etag")));
  EXPECT_THAT(columns, Not(Contains("sources")));
  EXPECT_THAT(columns, Not(Contains("create_time")));
  EXPECT_THAT(ColumnsOf(*scheduling::v1::Meeting::descriptor(), 2), ElementsAre("name", "display_name"));
}

TEST(Cells, ShowWhatTheFieldHolds) {
  scheduling::v1::Meeting meeting;
  meeting.set_display_name("Möte");
  meeting.set_kind(scheduling::v1::Meeting::JOINT);
  meeting.set_calendar_sequence(3);
  *meeting.mutable_first_date() = Date(2016, 4);
  meeting.add_sources()->set_document("D");
  EXPECT_EQ(Cell(meeting, "display_name"), "Möte");
  EXPECT_EQ(Cell(meeting, "kind"), "JOINT");
  EXPECT_EQ(Cell(meeting, "calendar_sequence"), "3");
  EXPECT_EQ(Cell(meeting, "first_date"), "2016-04");
  EXPECT_EQ(Cell(meeting, "last_date"), "");
  EXPECT_EQ(Cell(meeting, "sources"), "");
  EXPECT_EQ(Cell(meeting, "no_such_field"), "");
}

TEST(Dates, AreAsExactAsTheyAreKnown) {
  EXPECT_EQ(DateText(Date(2016, 4, 21), "okänt"), "2016-04-21");
  EXPECT_EQ(DateText(Date(2017, 5), "okänt"), "2017-05");
  EXPECT_EQ(DateText(Date(2017), "okänt"), "2017");
  EXPECT_EQ(DateText({}, "okänt"), "okänt");
}

TEST(MoneyTexts, GroupThousands) {
  EXPECT_EQ(MoneyText(Money(0)), "0 kr");
  EXPECT_EQ(MoneyText(Money(999)), "999 kr");
  EXPECT_EQ(MoneyText(Money(20'000)), "20 000 kr");
  EXPECT_EQ(MoneyText(Money(1'234'567)), "1 234 567 kr");
}

TEST(MoneyTexts, ShowOreAndASign) {
  google::type::Money money = Money(12);
  money.set_nanos(500'000'000);
  EXPECT_EQ(MoneyText(money), "12,50 kr");
  EXPECT_EQ(MoneyText(Money(-100'000)), "-100 000 kr");
}

}  // namespace
}  // namespace partnerskap::cli
