// What *membership* does when the feed of *agreements* says something: it keeps what its standings need.
#ifndef PARTNERSKAP_SERVICES_MEMBERSHIP_REACTIONS_AGREEMENTS_H_
#define PARTNERSKAP_SERVICES_MEMBERSHIP_REACTIONS_AGREEMENTS_H_

#include "absl/status/status.h"
#include "common/sql/transaction.h"
#include "partnerskap/common/v1/feed.pb.h"

namespace partnerskap::membership {

// Agreements, adoptions and signatures; other changes are of no interest.
absl::Status ReactToAgreements(const common::v1::Change& change, WriteTx& tx);
// Forgets them all, before a resynchronisation.
absl::Status ResetAgreements(WriteTx& tx);

}  // namespace partnerskap::membership

#endif  // PARTNERSKAP_SERVICES_MEMBERSHIP_REACTIONS_AGREEMENTS_H_
