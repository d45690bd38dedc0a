// The joint meetings of a network in order of time: what troika and ledger are derived from. Pure.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_JOINT_MEETINGS_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_JOINT_MEETINGS_H_

#include <vector>

#include "absl/time/civil_time.h"
#include "partnerskap/scheduling/v1/resources.pb.h"
#include "partnerskap/scheduling/v1/standing.pb.h"

namespace partnerskap::scheduling {

// Joint meetings that were not cancelled, over all agreements, by first day, then name. What the sources only plan is
// among them. The pointers are into `meetings`.
std::vector<const v1::Meeting*> JointMeetings(const std::vector<v1::Meeting>& meetings);

// How sure the meeting is, seen from `day`: a meeting recorded as held is CONFIRMED from its first day on; one whose
// time has come without such a record is PLANNED_IN_SOURCE; before that both are AHEAD. The time of a meeting known to
// the month has certainly come on the last day of that month.
v1::Confirmation ConfirmationOf(const v1::Meeting& meeting, absl::CivilDay day);

// Whether the window of the three hosts has moved past the meeting on `day`: on the last day of a meeting recorded as
// held, else on the day after it.
bool IsOver(const v1::Meeting& meeting, absl::CivilDay day);

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_JOINT_MEETINGS_H_
