// What a service asks of the operating system before anything else, and how it hears that it is to stop.
#ifndef PARTNERSKAP_COMMON_RPC_PROCESS_H_
#define PARTNERSKAP_COMMON_RPC_PROCESS_H_

#include <signal.h>

#include "absl/time/time.h"

namespace partnerskap {

// Before any thread begins: SIGTERM and SIGINT are blocked, so that all threads inherit that and only StopSignals hears
// them; a closed socket is an error of write, not a signal; no core file, for it would hold keys; as many files as
// calls and connections can need.
class StopSignals {
 public:
  StopSignals();
  // Waits for at most `pause`; true when the process is to stop.
  bool Wait(absl::Duration pause) const;

 private:
  sigset_t signals_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_PROCESS_H_
