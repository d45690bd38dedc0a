// Rules of meetings. Pure: facts and a day in, a refusal or OK out. Each reason is raised by one function.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_MEETINGS_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_MEETINGS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "google/type/date.pb.h"
#include "partnerskap/scheduling/v1/resources.pb.h"
#include "services/scheduling/domain/network_facts.h"

namespace partnerskap::scheduling {

// From the first day of a meeting to its last, at most: a month; what lasts longer is no meeting.
inline constexpr int32_t kMaxMeetingSpanDays = 31;
// From the first year of a timetable to its last, at most: several agreement periods, and still one page to read.
inline constexpr int32_t kMaxTimetableSpanYears = 20;

// First and last day, both known. Errors: PERIOD_REVERSED.
absl::Status CheckDays(absl::string_view field, const google::type::Date& first, const google::type::Date& last);
// Errors: PERIOD_REVERSED.
absl::Status CheckYears(absl::string_view field, int32_t first, int32_t last);
// A new meeting's own fields. Errors: PERIOD_REVERSED, LAST_DATE_WITHOUT_DAY, PREPARED_MEETING_MISPLACED.
absl::Status CheckMeeting(const v1::Meeting& meeting);

// The state after `action` (a verb of kMeetingTransitions). Errors: MEETING_STATE.
absl::StatusOr<v1::Meeting::State> StateAfter(const v1::Meeting& meeting, absl::string_view action);
// Whether the meeting has a troika: only joint meetings that were not cancelled do.
// Errors: MEETING_STATE, MEETING_NOT_JOINT.
absl::Status MustCount(const v1::Meeting& meeting);

// Whether the seat can host the meeting: it is of the same network, had joined and had not left then.
// Errors: HOST_NOT_TAKING_PART.
absl::Status MayHost(const SeatFacts& seat, const v1::Meeting& meeting);
// Whether `officers` can prepare `joint`: a joint meeting of the same network that is not certainly at the same time or
// before. A month in which both lie is no contradiction. Errors: PREPARED_MEETING_WRONG.
absl::Status MayPrepare(const v1::Meeting& officers, const v1::Meeting& joint);

// Days to fix, and what stands in their way.
struct Days {
  google::type::Date first, last;
};
struct HardenFacts {
  const v1::HostRotation* rotation;  // whose calendar leaves months out
  int32_t agreed_days = 0;           // of a joint meeting by its agreement; 0: not said
  bool calendar_overridden = false;  // a person has decided so: neither month nor length is looked at
};
// Errors: MEETING_HAS_DAYS, DAYS_OUTSIDE_KNOWN_TIME, MONTH_EXCLUDED, MEETING_LENGTH_DIFFERS.
absl::Status MayHarden(const v1::Meeting& meeting, const Days& days, const HardenFacts& facts);

// Errors: MEETING_HAS_HOST.
absl::Status MayGetHost(const v1::Meeting& meeting);

// `preparations` are the officers' meetings that prepare it, cancelled ones too. That there is none is a note of the
// timetable, no refusal. Errors: DAYS_UNKNOWN, HOST_UNKNOWN, PREPARATION_NOT_HELD.
absl::Status MayConvene(const v1::Meeting& meeting, const std::vector<v1::Meeting>& preparations);

// A meeting whose first day certainly has not come was not held. Errors: MEETING_AHEAD.
absl::Status MayBeHeld(const v1::Meeting& meeting, absl::CivilDay today);

// Days of a meeting, both ends counted; 0 where they are not known.
int32_t LengthOf(const Days& days);
// A change that a participant must see: raises the SEQUENCE of the calendar entry, whose UID stays.
void RaiseCalendarSequence(v1::Meeting& meeting);

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_MEETINGS_H_
