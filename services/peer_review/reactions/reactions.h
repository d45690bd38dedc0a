// What *peer_review* does when the feeds of *membership* and *scheduling* say something: it keeps who takes part and in
// which order they host.
#ifndef PARTNERSKAP_SERVICES_PEER_REVIEW_REACTIONS_REACTIONS_H_
#define PARTNERSKAP_SERVICES_PEER_REVIEW_REACTIONS_REACTIONS_H_

#include "absl/status/status.h"
#include "common/sql/transaction.h"
#include "partnerskap/common/v1/feed.pb.h"

namespace partnerskap::peer_review {

// Networks, seats and posts; other changes are of no interest.
absl::Status ReactToMembership(const common::v1::Change& change, WriteTx& tx);
// The order of hosts; other changes are of no interest.
absl::Status ReactToScheduling(const common::v1::Change& change, WriteTx& tx);

}  // namespace partnerskap::peer_review

#endif  // PARTNERSKAP_SERVICES_PEER_REVIEW_REACTIONS_REACTIONS_H_
