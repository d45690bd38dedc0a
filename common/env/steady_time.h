// Points in time that no jump of the wall clock moves: what deadlines are told in.
#ifndef PARTNERSKAP_COMMON_ENV_STEADY_TIME_H_
#define PARTNERSKAP_COMMON_ENV_STEADY_TIME_H_

#include "absl/time/time.h"
#include "common/env/env.h"

namespace partnerskap {

// Now, on the line of Clock::Steady, which begins at an arbitrary moment, called the Unix epoch here. Never to be
// compared with Clock::Now.
inline absl::Time SteadyTime(Clock& clock) { return absl::UnixEpoch() + clock.Steady(); }

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_ENV_STEADY_TIME_H_
