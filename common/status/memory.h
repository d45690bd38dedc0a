// What a call is told for which there was no memory.
#ifndef PARTNERSKAP_COMMON_STATUS_MEMORY_H_
#define PARTNERSKAP_COMMON_STATUS_MEMORY_H_

#include "absl/status/status.h"

namespace partnerskap {

// TOO_MANY_CALLS with the limit `memory`, and when to try again. Nothing of the call has happened.
absl::Status RefuseForMemory();

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_STATUS_MEMORY_H_
