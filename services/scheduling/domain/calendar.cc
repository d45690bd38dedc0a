#include "services/scheduling/domain/calendar.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "common/time/partial_date.h"
#include "common/time/swedish_calendar.h"

namespace partnerskap::scheduling {
namespace {

using google::type::Date;

constexpr char kHolidayAct[] = "Lag (1989:253) om allmänna helgdagar";
constexpr char kElectionAct[] = "Vallag (2005:837)";
constexpr char kWorkPlan[] = "Verksamhetsplan 2016-2019, tidplan";
constexpr int kDaysBeforeElectionInWeek = 6;  // the election is on the Sunday that ends the week

v1::Note NoteOn(absl::string_view code, const Date& date, std::string sv, std::string en, absl::string_view source) {
  v1::Note note;
  note.set_code(std::string(code));
  *note.mutable_note_date() = date;
  note.set_sv(std::move(sv));
  note.set_en(std::move(en));
  note.set_source(std::string(source));
  return note;
}

bool IsWeekend(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

bool IsElectionWeek(absl::CivilDay day) {
  const std::optional<absl::CivilDay> election = ElectionDay(day.year());
  return election && *election - kDaysBeforeElectionInWeek <= day && day <= *election;
}

bool IsExcluded(int month, const v1::HostRotation& rotation) {
  const auto& months = rotation.excluded_months();
  return std::find(months.begin(), months.end(), month) != months.end();
}

v1::Note ExcludedMonth(const Date& month, const v1::HostRotation& rotation) {
  // A rotation that nobody has set is the sources' own timetable.
  const std::string source = rotation.uid().empty() ? kWorkPlan : rotation.name();
  return NoteOn("EXCLUDED_MONTH", month, absl::StrCat("Månad ", month.month(), " finns inte i planeringskalendern."),
                absl::StrCat("Month ", month.month(), " is not in the planning calendar."), source);
}

Date MonthOf(const Date& date) {
  Date month = date;
  month.clear_day();
  return month;
}

}  // namespace

std::vector<v1::Note> NotesOnDays(absl::CivilDay first, absl::CivilDay last, const v1::HostRotation& rotation) {
  std::vector<v1::Note> notes;
  for (absl::CivilDay day = first; day <= last; ++day) {
    const Date date = DateOf(day);
    const std::string text = DateToText(date);
    if ((day == first || day.day() == 1) && IsExcluded(day.month(), rotation)) {
      notes.push_back(ExcludedMonth(MonthOf(date), rotation));
    }
    const std::string holidays = absl::StrJoin(HolidayNames(day), ", ");
    if (!holidays.empty()) {
      notes.push_back(NoteOn("HOLIDAY", date, absl::StrCat(text, " är helgdag: ", holidays, "."),
                             absl::StrCat(text, " is a public holiday: ", holidays, "."), kHolidayAct));
    } else if (IsWeekend(day)) {
      const bool sunday = absl::GetWeekday(day) == absl::Weekday::sunday;
      notes.push_back(NoteOn("WEEKEND", date, absl::StrCat(text, " är en ", sunday ? "söndag." : "lördag."),
                             absl::StrCat(text, " is a ", sunday ? "Sunday." : "Saturday."), kWorkPlan));
    }
    if (IsElectionWeek(day)) {
      notes.push_back(NoteOn("ELECTION_WEEK", date, absl::StrCat(text, " ligger i valveckan."),
                             absl::StrCat(text, " is in the week of the general election."), kElectionAct));
    }
  }
  return notes;
}

std::vector<v1::Note> NotesOnMonth(const Date& month, const v1::HostRotation& rotation) {
  if (month.month() == 0 || !IsExcluded(month.month(), rotation)) return {};
  return {ExcludedMonth(MonthOf(month), rotation)};
}

}  // namespace partnerskap::scheduling
