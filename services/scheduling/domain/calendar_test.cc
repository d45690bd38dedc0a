#include "services/scheduling/domain/calendar.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/time/partial_date.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/scheduling/domain/national_network.h"
#include "services/scheduling/domain/rotation.h"

namespace partnerskap::scheduling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> Codes(const std::vector<v1::Note>& notes) {
  std::vector<std::string> codes;
  for (const v1::Note& note : notes) codes.push_back(absl::StrCat(note.code(), " ", DateToText(note.note_date())));
  return codes;
}

// Notes on the days from the one to the other.
std::vector<std::string> On(absl::string_view first, absl::string_view last) {
  return Codes(NotesOnDays(*FullDay(DateIn(first)), *FullDay(DateIn(last)), DefaultRotation(kNational)));
}

TEST(Calendar, NothingSpeaksAgainstTheDaysOfTheSources) {
  EXPECT_THAT(On("2015-11-12", "2015-11-13"), IsEmpty());
  EXPECT_THAT(On("2016-04-21", "2016-04-22"), IsEmpty());
  EXPECT_THAT(On("2016-10-27", "2016-10-28"), IsEmpty());
}

TEST(Calendar, HolidaysByName) {
  EXPECT_THAT(On("2017-05-24", "2017-05-25"), ElementsAre("HOLIDAY 2017-05-25"));
  const v1::Note note =
      NotesOnDays(absl::CivilDay(2017, 5, 25), absl::CivilDay(2017, 5, 25), DefaultRotation(kNational)).at(0);
  EXPECT_THAT(note.sv(), HasSubstr("är helgdag: "));
  EXPECT_THAT(note.sv(), HasSubstr("himmelsf"));
  EXPECT_THAT(note.en(), HasSubstr("is a public holiday"));
  EXPECT_THAT(note.source(), HasSubstr("1989:253"));
}

TEST(Calendar, WeekendsThatAreNoNamedHoliday) {
  EXPECT_THAT(On("2017-05-12", "2017-05-15"), ElementsAre("WEEKEND 2017-05-13", "WEEKEND 2017-05-14"));
  // Easter Sunday has a name.
  EXPECT_THAT(On("2017-04-16", "2017-04-16"), ElementsAre("HOLIDAY 2017-04-16"));
}

TEST(Calendar, WeekOfTheGeneralElection) {
  EXPECT_THAT(On("2018-09-02", "2018-09-03"), ElementsAre("WEEKEND 2018-09-02", "ELECTION_WEEK 2018-09-03"));
  EXPECT_THAT(On("2018-09-09", "2018-09-10"), ElementsAre("WEEKEND 2018-09-09", "ELECTION_WEEK 2018-09-09"));
  EXPECT_THAT(On("2017-09-04", "2017-09-08"), IsEmpty());
}

TEST(Calendar, MonthsLeftOutOncePerMonth) {
  EXPECT_THAT(On("2018-05-31", "2018-06-01"), ElementsAre("EXCLUDED_MONTH 2018-06"));
  EXPECT_THAT(On("2018-07-31", "2018-08-01"), ElementsAre("EXCLUDED_MONTH 2018-07"));
  EXPECT_THAT(On("2018-06-29", "2018-06-29"), ElementsAre("EXCLUDED_MONTH 2018-06"));
}

TEST(Calendar, SourceOfAMonthIsWhoLeavesItOut) {
  v1::HostRotation rotation = DefaultRotation(kNational);
  EXPECT_THAT(NotesOnMonth(DateIn("2018-06"), rotation).at(0).source(), HasSubstr("Verksamhetsplan"));
  rotation.set_uid("00000000-0000-4000-8000-000000000000");
  EXPECT_EQ(NotesOnMonth(DateIn("2018-06"), rotation).at(0).source(), rotation.name());
}

TEST(Calendar, OfAMonthOnlyWhetherItIsLeftOut) {
  const v1::HostRotation rotation = DefaultRotation(kNational);
  EXPECT_THAT(Codes(NotesOnMonth(DateIn("2018-07"), rotation)), ElementsAre("EXCLUDED_MONTH 2018-07"));
  EXPECT_THAT(NotesOnMonth(DateIn("2018-05"), rotation), IsEmpty());
  EXPECT_THAT(NotesOnMonth(DateIn("2018"), rotation), IsEmpty());
}

}  // namespace
}  // namespace partnerskap::scheduling
