// Named places at which a proof can kill or hold the process: after the commit and before the answer, say.
//
// No flag, file or environment variable reaches them. A failpoint calls a function that nothing in a production binary
// ever sets: only tests/processes/failing_service.cc does, in a program of its own that is never installed
// (docs/adr/0020-failpoints.md).
#ifndef PARTNERSKAP_COMMON_ENV_FAILPOINT_H_
#define PARTNERSKAP_COMMON_ENV_FAILPOINT_H_

#include <atomic>

namespace partnerskap {

using FailpointHook = void (*)(const char* name);

namespace internal {
inline std::atomic<FailpointHook> failpoint_hook = nullptr;
}  // namespace internal

inline void Failpoint(const char* name) {
  if (const FailpointHook hook = internal::failpoint_hook.load(std::memory_order_relaxed)) hook(name);
}

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_ENV_FAILPOINT_H_
