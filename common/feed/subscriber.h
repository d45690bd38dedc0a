// What a service does when another service's feed says something. The cursor (producer, epoch, sequence) is stored in
// the transaction of the effect, so that each transaction of the producer has its effect exactly once, over crashes on
// both sides.
#ifndef PARTNERSKAP_COMMON_FEED_SUBSCRIBER_H_
#define PARTNERSKAP_COMMON_FEED_SUBSCRIBER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/env/env.h"
#include "common/sql/transaction.h"
#include "partnerskap/common/v1/feed.pb.h"

namespace partnerskap {

// One edge of the suite: consumer <- producer.
struct Subscription {
  std::string producer;      // `membership`: the peer's name
  std::string feed_service;  // `partnerskap.membership.v1.MembershipFeedService`
  // Applies one change. Idempotent by name: a resynchronisation sends current states again. An error stops this edge,
  // speaks through health, and is tried again later; a change of no interest returns OK.
  absl::Status (*react)(const common::v1::Change& change, WriteTx& tx);
  // Forgets what came from this producer, before a resynchronisation of another epoch.
  absl::Status (*reset)(WriteTx& tx);
};

class Projections;

// Follows the producers until destroyed: connects, resumes after the stored cursor, reconnects with growing pauses,
// resynchronises when the producer's epoch or floor says so.
class Subscriber {
 public:
  static std::unique_ptr<Subscriber> Start(const Env& env, std::vector<Subscription> subscriptions,
                                           Projections& projections);
  virtual ~Subscriber() = default;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_FEED_SUBSCRIBER_H_
