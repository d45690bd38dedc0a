// How far a meeting has come, as a table. services/scheduling/README.md shows it as a matrix; a test holds the two
// equal.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_MEETING_STATES_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_MEETING_STATES_H_

#include "common/state/transitions.h"
#include "partnerskap/scheduling/v1/resources.pb.h"

namespace partnerskap::scheduling {

inline constexpr Transition<v1::Meeting::State> kMeetingTransitions[] = {
    {v1::Meeting::PLANNED, "harden", v1::Meeting::PLANNED},
    {v1::Meeting::PLANNED, "assignMeetingHost", v1::Meeting::PLANNED},
    {v1::Meeting::PLANNED, "convene", v1::Meeting::CONVENED},
    // History is recorded as held without ever having been called here.
    {v1::Meeting::PLANNED, "hold", v1::Meeting::HELD},
    {v1::Meeting::CONVENED, "hold", v1::Meeting::HELD},
    {v1::Meeting::PLANNED, "cancel", v1::Meeting::CANCELLED},
    {v1::Meeting::CONVENED, "cancel", v1::Meeting::CANCELLED},
};

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_MEETING_STATES_H_
