// What speaks against days of a meeting. Pure: notes, never refusals; people decide.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_CALENDAR_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_CALENDAR_H_

#include <vector>

#include "absl/time/civil_time.h"
#include "google/type/date.pb.h"
#include "partnerskap/scheduling/v1/resources.pb.h"
#include "partnerskap/scheduling/v1/standing.pb.h"

namespace partnerskap::scheduling {

// EXCLUDED_MONTH (once a month), HOLIDAY (a public holiday with a name), WEEKEND (other Saturdays and Sundays) and
// ELECTION_WEEK (Monday to Sunday of a general election), by day. Both ends are inclusive.
std::vector<v1::Note> NotesOnDays(absl::CivilDay first, absl::CivilDay last, const v1::HostRotation& rotation);

// The same of a date known to the month: EXCLUDED_MONTH is all that can be said. Nothing of a date known to the year.
std::vector<v1::Note> NotesOnMonth(const google::type::Date& month, const v1::HostRotation& rotation);

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_CALENDAR_H_
