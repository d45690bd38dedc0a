// A watcher of a feed in a test: keeps what it hears, judges it by the rules of every feed, and can stop reading.
#ifndef PARTNERSKAP_COMMON_TESTING_TEST_WATCHER_H_
#define PARTNERSKAP_COMMON_TESTING_TEST_WATCHER_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/rpc/peer.h"
#include "partnerskap/common/v1/feed.pb.h"

namespace partnerskap {

// The rules that hold for every watcher, over any number of streams that resume each other: ordered, each change once
// (in the initial state once more), transactions whole, nothing at or below an announced position later.
class FeedRules {
 public:
  // Empty, or what is broken.
  std::string Add(const common::v1::WatchChangesResponse& response);
  // The next response is of a stream that goes on after the last token.
  void Resumed();

 private:
  std::string AddChange(const common::v1::Change& change);
  std::string epoch_;
  int64_t sequence_ = 0;     // of the last change
  int64_t transaction_ = 0;  // of the last change
  int64_t announced_ = 0;    // read through
  int64_t held_ = 0;         // first change of a transaction that is not announced whole, or 0
  bool state_ = false;       // inside an initial state
};

class TestWatcher {
 public:
  // `method` is the path of WatchChanges. Goes on after `token`, or begins with the initial state if `request` says so.
  TestWatcher(Peer& peer, std::string method, common::v1::WatchChangesRequest request = {});
  ~TestWatcher() { Stop(); }

  // Ends the stream, if it has not ended, and opens one that resumes after what was heard.
  void Resume();
  void Stop() { stream_.reset(); }
  // Takes nothing more until Read.
  void StopReading();
  void Read();

  size_t heard() const;  // responses so far
  size_t count() const;  // changes so far outside the initial state
  std::vector<common::v1::WatchChangesResponse> responses() const;
  // All changes outside the initial state.
  std::vector<common::v1::Change> changes() const;
  std::vector<int64_t> sequences() const;
  std::vector<common::v1::Change> initial_state() const;
  // Read through this sequence.
  int64_t sequence() const;
  bool initial_state_complete() const;
  std::optional<absl::Status> end() const;
  // What was wrong with what was heard, or empty.
  std::string broken_rule() const;

 private:
  // Shared with the stream's events, which another thread may bring.
  struct Heard {
    mutable std::mutex mutex;
    std::vector<common::v1::WatchChangesResponse> responses;
    size_t count = 0;
    std::string token;
    bool complete = false;
    bool reading = true;
    std::optional<absl::Status> end;
    FeedRules rules;
    std::string broken_rule;
  };
  void Open();

  Peer& peer_;
  const std::string method_;
  common::v1::WatchChangesRequest request_;
  std::shared_ptr<Heard> heard_ = std::make_shared<Heard>();
  std::unique_ptr<PeerStream> stream_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_TESTING_TEST_WATCHER_H_
