// The promises of a feed, judged afterwards against the log that it is made of. The first six are those that etcd's
// tests hold its watch to; durable and epoch are ours.
//
//   ordered     changes come in the order of the log
//   unique      none comes twice in a stream
//   atomic      a transaction is never announced in part
//   reliable    none is left out between two that come, nor between the start and what is announced
//   resumable   a stream begins with the first change after the position that it was asked to go on from
//   bookmark    nothing at or below an announced position comes later
//   durable     what was told is in the log that the last restart has left
//   epoch       all of it is of the log's one life
#ifndef PARTNERSKAP_TESTS_HISTORY_FEED_CHECKER_H_
#define PARTNERSKAP_TESTS_HISTORY_FEED_CHECKER_H_

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "partnerskap/common/v1/feed.pb.h"
#include "tests/history/serial_order.h"

namespace partnerskap {

// What a watcher may see of the log.
struct FeedView {
  std::function<bool(const LogEntry&)> shows;  // null: everything
  std::set<std::string> cleared_types;         // message types of which the feed clears fields: not compared
};

// One WatchChanges stream, or the pages of a poller as the responses of one.
struct FeedStream {
  bool initial_state = false;  // asked for the present state first
  int64_t after = 0;           // else: position of the token that it was opened with; 0 for none
  std::vector<common::v1::WatchChangesResponse> responses;
};

// `promise: what was seen`, one for each broken promise of the stream; none when all hold. `log` has passed CheckLog.
std::vector<std::string> CheckFeed(const Log& log, const std::string& epoch, const FeedStream& stream,
                                   const FeedView& view = {});

}  // namespace partnerskap

#endif  // PARTNERSKAP_TESTS_HISTORY_FEED_CHECKER_H_
