// A service's feed: its revisions table, pulled. Each service registers the methods of its feed service here.
#ifndef PARTNERSKAP_COMMON_FEED_PRODUCER_H_
#define PARTNERSKAP_COMMON_FEED_PRODUCER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "common/sql/transaction.h"

namespace partnerskap {

struct FeedOptions {
  // Which message types never enter the feed (`partnerskap.membership.v1.PersonContact`). Fields marked personal are
  // cleared from the rest.
  std::vector<std::string> hidden_types;
  // Whether this caller, whose role allows the method, may follow this network (`networks/partnerskapet`, or empty for
  // all). Services and administrators are not asked.
  absl::Status (*may_follow)(const Call& call, absl::string_view network, ReadTx& tx) = nullptr;
};

// Registers WatchChanges and ListChanges of `feed_service`, and ListAuditEntries of `audit_service`.
void RegisterFeed(Methods& methods, absl::string_view feed_service, absl::string_view audit_service,
                  FeedOptions options);

// Seconds between bookmarks on a quiet stream.
inline constexpr int kBookmarkSeconds = 15;

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_FEED_PRODUCER_H_
