// What *scheduling* does when the feed of *membership* says something: it keeps who sits in which network.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_REACTIONS_MEMBERSHIP_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_REACTIONS_MEMBERSHIP_H_

#include "absl/status/status.h"
#include "common/sql/transaction.h"
#include "partnerskap/common/v1/feed.pb.h"

namespace partnerskap::scheduling {

// Networks and seats; other changes are of no interest.
absl::Status ReactToMembership(const common::v1::Change& change, WriteTx& tx);
// Forgets them all, before a resynchronisation.
absl::Status ResetMembership(WriteTx& tx);

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_REACTIONS_MEMBERSHIP_H_
