#include "common/rpc/process.h"

#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>

#include "absl/synchronization/mutex.h"

namespace partnerskap {
namespace {

// 10,000 connections, the store's files, and room.
constexpr rlim_t kFiles = 65'536;

void RaiseFileLimit() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kFiles) return;
  // The hard limit only if this user may; else as far as it goes.
  const rlimit wanted = {kFiles, std::max(limit.rlim_max, kFiles)};
  if (setrlimit(RLIMIT_NOFILE, &wanted) == 0) return;
  limit.rlim_cur = std::min(limit.rlim_max, kFiles);
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

StopSignals::StopSignals() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  signal(SIGPIPE, SIG_IGN);
  const rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  // A core pattern that pipes does not ask for the limit.
  prctl(PR_SET_DUMPABLE, 0);
  RaiseFileLimit();
  // Debian builds Abseil and gRPC with it: every lock of gRPC's is looked up in a global graph.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
}

bool StopSignals::Wait(absl::Duration pause) const {
  const timespec timeout = absl::ToTimespec(pause);
  return sigtimedwait(&signals_, nullptr, &timeout) > 0;
}

}  // namespace partnerskap
