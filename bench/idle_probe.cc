#include "bench/idle_probe.h"

#include <poll.h>

#include "bench/rows.h"

namespace partnerskap::bench {

using Steady = std::chrono::steady_clock;

IdleProbe::IdleProbe(const Channels& channels) : channels_(channels) {
  // Handshakes are not what is measured.
  for (size_t i = 0; i < channels_.size(); ++i) Call();
  samples_.clear();
}

void IdleProbe::Call() {
  const auto is_right = [](const std::string& bytes) { return IsOrganization(0, bytes); };
  samples_.push_back(TimeOneCall(channels_[next_++ % channels_.size()], kGetMethod, GetRequest(0), is_right));
  last_ = Steady::now();
}

void IdleProbe::Poll() {
  if (Steady::now() - last_ >= kPause) Call();
}

void IdleProbe::Complete(size_t count) {
  while (samples_.size() < count) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(last_ + kPause - Steady::now()).count();
    if (left > 0) poll(nullptr, 0, static_cast<int>(left));
    Poll();
  }
}

}  // namespace partnerskap::bench
