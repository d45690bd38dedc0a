// One watcher of a feed: pulls pages by its own cursor, as fast as its stream takes them.
#ifndef PARTNERSKAP_COMMON_FEED_WATCH_SESSION_H_
#define PARTNERSKAP_COMMON_FEED_WATCH_SESSION_H_

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/env/env.h"
#include "common/feed/change_reader.h"
#include "common/feed/producer.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"

namespace partnerskap {

// A stream that takes nothing for so long is ended with WATCHER_TOO_SLOW; it can resume.
inline constexpr absl::Duration kWatcherPatience = absl::Seconds(30);
// A watcher whose filter lets nothing through hears how far the feed has been read, this often at most: soon enough for
// who waits for a position, seldom enough for a thousand watchers of a busy feed.
inline constexpr absl::Duration kProgressSpacing = absl::Milliseconds(100);
// How long a watcher that may no longer follow a network goes on seeing it.
inline constexpr absl::Duration kRecheck = absl::Seconds(5);

// What the watchers of one feed share.
class Feed {
 public:
  // Something of one watcher that waits for commits.
  class Waiting {
   public:
    virtual ~Waiting() = default;
    virtual void Wake() = 0;
  };

  Feed(std::string service, FeedOptions options);

  const std::string& service() const { return service_; }
  const FeedOptions& options() const { return options_; }
  FeedFilter FilterOf(const std::string& network, std::vector<std::string> message_types) const;
  // Whether the caller may follow this; services of the suite and administrators may follow everything.
  absl::Status MayFollow(const Call& call, absl::string_view network, ReadTx& tx) const;

  // Wakes `waiting` once, at the next commit. Listens to the writer from the first call on.
  void AwaitCommit(const Env& env, std::weak_ptr<Waiting> waiting);

 private:
  struct Waiters;
  const std::string service_;
  const FeedOptions options_;
  const std::shared_ptr<Waiters> waiters_;
  std::once_flag listening_;
};

std::shared_ptr<Session> NewWatchSession(const Env& env, const Call& call, std::shared_ptr<Feed> feed,
                                         std::shared_ptr<StreamSink> sink);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_FEED_WATCH_SESSION_H_
