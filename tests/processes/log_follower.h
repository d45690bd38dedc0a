// What a service tells of itself while it runs, followed over all its lives: its log, its audit chain, its feed.
#ifndef PARTNERSKAP_TESTS_PROCESSES_LOG_FOLLOWER_H_
#define PARTNERSKAP_TESTS_PROCESSES_LOG_FOLLOWER_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/audit/audit.h"
#include "common/testing/test_watcher.h"
#include "partnerskap/common/v1/feed.pb.h"
#include "tests/history/feed_checker.h"
#include "tests/processes/history.h"

namespace partnerskap {

// By pages of changes and audit rows, each time from where it ended.
class LogFollower {
 public:
  LogFollower(ServiceProcesses& services, std::string service) : services_(services), service_(std::move(service)) {}

  // Reads to the end. Not OK: a gap, a row that does not fit the chain, or no answer within some seconds.
  absl::Status CatchUp();
  // Whether everything that was acknowledged up to now is in what was read, with the bytes that were answered.
  absl::Status CheckAcknowledged(const std::vector<ClientCall>& calls) const;

  const Log& log() const { return log_; }
  const std::vector<common::v1::Change>& changes() const { return changes_; }
  const std::string& epoch() const { return epoch_; }

 private:
  absl::Status ReadChanges(TestCaller& caller);
  absl::Status ReadAudit(TestCaller& caller);

  ServiceProcesses& services_;
  const std::string service_;
  std::string page_token_, audit_token_, epoch_;
  Log log_;
  std::vector<common::v1::Change> changes_;
  ChainVerifier chain_;
};

// A watcher that resumes where it ended, for as long as it is tended.
class FollowedFeed {
 public:
  FollowedFeed(ServiceProcesses& services, std::string service, bool initial_state);
  // Opens the next stream if the last one has ended.
  void Tend();
  int64_t sequence() const { return watcher_->sequence(); }
  // All streams so far. Ends the last one.
  std::vector<FeedStream> Finish();

 private:
  void Open(common::v1::WatchChangesRequest request);
  void Keep();

  ServiceProcesses& services_;
  const std::string service_;
  std::shared_ptr<Peer> peer_;
  std::unique_ptr<TestWatcher> watcher_;
  std::string token_;
  FeedStream current_;
  std::vector<FeedStream> streams_;
};

// A member's system that asks again and again what is new in its network.
class Poller {
 public:
  explicit Poller(ServiceProcesses& services) : services_(services) {}
  void Poll();
  // The pages as one stream, and what it may see.
  const FeedStream& stream() const { return stream_; }
  static FeedView View();

 private:
  ServiceProcesses& services_;
  std::shared_ptr<Peer> peer_;
  std::string token_;
  FeedStream stream_;
};

// Message types of which feeds clear personal fields.
const std::set<std::string>& ClearedTypes();
LogEntry EntryOf(const common::v1::Change& change);

}  // namespace partnerskap

#endif  // PARTNERSKAP_TESTS_PROCESSES_LOG_FOLLOWER_H_
