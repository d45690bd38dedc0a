// Days as the sources know them: a full day, a month, a year, or nothing.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_MODEL_DATES_H_
#define PARTNERSKAP_TESTS_SIMULATOR_MODEL_DATES_H_

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/type/date.pb.h"

namespace partnerskap::simulator::model {

// The days that a date may mean; a date that no source tells may mean any.
struct Span {
  absl::CivilDay first = absl::CivilDay(1, 1, 1);
  absl::CivilDay last = absl::CivilDay(9999, 12, 31);
};

// `date` must be well formed or empty.
Span SpanOf(const google::type::Date& date);
// A full day.
bool IsDay(const google::type::Date& date);
// Year, year and month, or a full day that exists. An empty date is none.
bool IsWellFormed(const google::type::Date& date);
bool IsEmpty(const google::type::Date& date);
// Of a full day.
absl::CivilDay DayOf(const google::type::Date& date);
google::type::Date DateOf(absl::CivilDay day);
// Whatever the two dates mean exactly, `a` lies before `b`. False if one of them is empty.
bool CertainlyBefore(const google::type::Date& a, const google::type::Date& b);

// Two terms, inclusive at both ends, share a day whatever their dates mean exactly. An empty end means that nobody
// knows how long: such a term covers its first day alone.
bool CertainlyOverlap(const google::type::Date& start, const google::type::Date& end,
                      const google::type::Date& other_start, const google::type::Date& other_end);

// Today in Sweden.
absl::CivilDay SwedishDay(absl::Time now);
// General election days (allmänna val): the second Sunday of September every fourth year from 2014, before that the
// third. The last one on or before the day.
absl::CivilDay LastElectionDay(absl::CivilDay day);
// Saturdays, Sundays and public holidays (1989:253), and with 1930:173 Midsummer, Christmas and New Year's Eve.
bool IsPublicHoliday(absl::CivilDay day);
bool IsBankDay(absl::CivilDay day);

}  // namespace partnerskap::simulator::model

#endif  // PARTNERSKAP_TESTS_SIMULATOR_MODEL_DATES_H_
