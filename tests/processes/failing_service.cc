// The four services in a program that can be told to die or to hold still at a failpoint. Only proofs start it.
//
//   partnerskap-failing-service membership --failpoint=before_commit,3,kill,0 FLAGS…
//
// The third time it comes to the place, it is killed as by SIGKILL after so many microseconds (`kill`), or the thread
// holds still for so long, once (`hold`).
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/env/failpoint.h"
#include "common/rpc/serve.h"
#include "services/agreements/service.h"
#include "services/membership/service.h"
#include "services/peer_review/service.h"
#include "services/scheduling/service.h"

namespace partnerskap {
namespace {

struct Plan {
  std::string name;
  int visit = 0;
  bool kills = false;
  int64_t micros = 0;
  std::atomic<int> visits = 0;
};

Plan& ThePlan() {
  static Plan& plan = *new Plan;
  return plan;
}

void AtFailpoint(const char* name) {
  Plan& plan = ThePlan();
  if (plan.name != name || ++plan.visits != plan.visit) return;
  const absl::Duration delay = absl::Microseconds(plan.micros);
  if (!plan.kills) {
    absl::SleepFor(delay);
    return;
  }
  if (plan.micros == 0) kill(getpid(), SIGKILL);
  // The thread goes on meanwhile: so a kill falls into what comes after the place.
  std::thread([delay] {
    absl::SleepFor(delay);
    kill(getpid(), SIGKILL);
  }).detach();
}

bool Arm(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "--failpoint=")) return false;
  const std::vector<std::string> parts = absl::StrSplit(text, ',');
  Plan& plan = ThePlan();
  if (parts.size() != 4 || !absl::SimpleAtoi(parts[1], &plan.visit) || !absl::SimpleAtoi(parts[3], &plan.micros)) {
    return false;
  }
  plan.name = parts[0];
  plan.kills = parts[2] == "kill";
  internal::failpoint_hook.store(&AtFailpoint, std::memory_order_relaxed);
  return true;
}

int Main(int argc, char** argv) {
  if (argc < 3 || !Arm(argv[2])) {
    std::fputs("usage: partnerskap-failing-service NAME --failpoint=PLACE,VISIT,kill|hold,MICROSECONDS FLAGS...\n",
               stderr);
    return 2;
  }
  for (const ServiceDefinition& service :
       {membership::Definition(), agreements::Definition(), scheduling::Definition(), peer_review::Definition()}) {
    if (service.name == argv[1]) return Serve(service, argc - 2, argv + 2);
  }
  return 2;
}

}  // namespace
}  // namespace partnerskap

int main(int argc, char** argv) { return partnerskap::Main(argc, argv); }
