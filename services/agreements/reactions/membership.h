// What *agreements* does when the feed of *membership* says something: it keeps whose seats are whose, and who holds
// the posts that sign.
#ifndef PARTNERSKAP_SERVICES_AGREEMENTS_REACTIONS_MEMBERSHIP_H_
#define PARTNERSKAP_SERVICES_AGREEMENTS_REACTIONS_MEMBERSHIP_H_

#include "absl/status/status.h"
#include "common/sql/transaction.h"
#include "partnerskap/common/v1/feed.pb.h"

namespace partnerskap::agreements {

// Networks, organizations, seats, posts and appointments; other changes are of no interest.
absl::Status ReactToMembership(const common::v1::Change& change, WriteTx& tx);
// Forgets them all, before a resynchronisation.
absl::Status ResetMembership(WriteTx& tx);

}  // namespace partnerskap::agreements

#endif  // PARTNERSKAP_SERVICES_AGREEMENTS_REACTIONS_MEMBERSHIP_H_
