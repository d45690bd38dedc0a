// The timetable of some years (tidplan), with the troikas and what does not fit. Pure.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_TIMETABLE_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_TIMETABLE_H_

#include <cstdint>
#include <vector>

#include "absl/time/civil_time.h"
#include "partnerskap/scheduling/v1/standing.pb.h"
#include "partnerskap/scheduling/v1/standing_messages.pb.h"
#include "services/scheduling/domain/network_facts.h"

namespace partnerskap::scheduling {

// Rows of the meetings that begin in the years, both inclusive, cancelled ones too, by first day, then name; counts,
// without cancelled ones; and notes. `agreements_position` is left to the caller.
v1::ComputeTimetableResponse TimetableOf(const NetworkFacts& facts, int32_t first_year, int32_t last_year,
                                         absl::CivilDay day);

// TOO_FEW_MEETINGS, TOO_MANY_MEETINGS: per calendar year that one agreement holds whole and whose clauses say how many.
std::vector<v1::Note> NotesOnYear(const NetworkFacts& facts, int32_t year);

// LENGTH_DIFFERS and NO_PREPARATION of a joint meeting, and what NotesOnDays or NotesOnMonth says of any meeting.
// An officers' meeting prepares the joint meeting that it names, else the next one after it, so that "before each
// meeting" and "between the meetings" are the same.
std::vector<v1::Note> NotesOnMeeting(const NetworkFacts& facts, const v1::Meeting& meeting);

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_TIMETABLE_H_
