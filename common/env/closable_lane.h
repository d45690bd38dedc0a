// A lane that can be taken away while others post to it, and while a timer that holds it fires for the last time.
#ifndef PARTNERSKAP_COMMON_ENV_CLOSABLE_LANE_H_
#define PARTNERSKAP_COMMON_ENV_CLOSABLE_LANE_H_

#include <memory>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "common/env/env.h"

namespace partnerskap {

class ClosableLane {
 public:
  explicit ClosableLane(std::unique_ptr<Lane> lane) : lane_(std::move(lane)) {}

  void Post(Task task) {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    if (lane_ != nullptr) lane_->Post(std::move(task));
  }

  // Runs what was posted; what comes later is dropped.
  void Close() {
    std::unique_ptr<Lane> lane;
    {
      std::unique_lock<std::shared_mutex> lock(mutex_);
      lane = std::move(lane_);
    }
    lane.reset();
  }

 private:
  std::shared_mutex mutex_;
  std::unique_ptr<Lane> lane_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_ENV_CLOSABLE_LANE_H_
