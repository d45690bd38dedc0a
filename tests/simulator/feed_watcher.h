// A consumer of a feed in the simulator, which resumes for ever and believes nothing.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_FEED_WATCHER_H_
#define PARTNERSKAP_TESTS_SIMULATOR_FEED_WATCHER_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/rpc/peer.h"
#include "common/testing/sim.h"
#include "common/testing/test_watcher.h"
#include "tests/simulator/mirror.h"

namespace partnerskap::simulator {

class FeedWatcher {
 public:
  // Follows `method`, which is WatchChanges of the mirror's service; everything, or one network.
  FeedWatcher(SimLoop& loop, SeededRandom& random, std::unique_ptr<Peer> peer, std::string method, std::string network,
              Mirror& mirror);
  ~FeedWatcher() { *alive_ = false; }

  // Stops reading for so long.
  void Pause(absl::Duration time);
  // Breaks the stream, as a lost connection does; it resumes by itself.
  void Break() { Ended(absl::UnavailableError("broken by the watcher")); }
  // Read through this sequence number.
  int64_t sequence() const { return sequence_; }
  const std::string& method() const { return method_; }
  bool follows_all() const { return network_.empty(); }
  // Whether it may not follow: the caller holds no seat.
  bool refused() const { return refused_; }
  uint64_t changes() const { return heard_; }
  // Empty, or which rule was broken.
  std::string broken() const { return broken_; }
  // Of a watcher of everything: what was passed over must not be there for anybody. Empty, or what is missing.
  std::string JudgeGaps(const Mirror& mirror);

 private:
  void Open();
  bool Heard(const std::string& message);
  void Ended(const absl::Status& status);

  SimLoop& loop_;
  SeededRandom& random_;
  const std::unique_ptr<Peer> peer_;
  const std::string method_, network_;
  Mirror& mirror_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  uint64_t attempt_ = 0;
  std::unique_ptr<PeerStream> stream_;
  FeedRules rules_;
  std::string token_;
  bool begun_ = false;  // the initial state is complete
  bool paused_ = false;
  bool refused_ = false;
  int64_t sequence_ = 0;
  int64_t last_change_ = 0;
  uint64_t heard_ = 0;
  std::vector<std::pair<int64_t, int64_t>> gaps_;  // after the first, before the second
  std::string broken_;
};

}  // namespace partnerskap::simulator

#endif  // PARTNERSKAP_TESTS_SIMULATOR_FEED_WATCHER_H_
