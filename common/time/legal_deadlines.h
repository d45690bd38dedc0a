// The days that Kommunallagen (2017:725) counts for the minutes of a municipal body, as docs/sources.md cites it.
// Before 2018 the same rules stood in KL 1991:900. Each body has its own clock.
#ifndef PARTNERSKAP_COMMON_TIME_LEGAL_DEADLINES_H_
#define PARTNERSKAP_COMMON_TIME_LEGAL_DEADLINES_H_

#include "absl/time/civil_time.h"

namespace partnerskap {

// Last day to adjust the minutes (justera): 14 days after the meeting. KL 5:69, 6:35.
absl::CivilDay LastDayToAdjust(absl::CivilDay meeting);

// Last day to announce the adjustment (anslå): the second day after it. KL 8:9.
absl::CivilDay LastDayToAnnounce(absl::CivilDay adjusted);

// Last day to appeal: three weeks from the day of the announcement (KL 13:5), moved to the next working day where it
// falls on a Saturday, a public holiday, Midsummer Eve, Christmas Eve or New Year's Eve (Lag 1930:173 2 §, not
// verified).
absl::CivilDay LastDayToAppeal(absl::CivilDay announced);

// First day that the decision is final (laga kraft): the day after the last day to appeal, if nobody has appealed.
absl::CivilDay FirstDayFinal(absl::CivilDay announced);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_TIME_LEGAL_DEADLINES_H_
