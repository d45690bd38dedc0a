// What *scheduling* does when the feed of *agreements* says something: it keeps how often, how long and how prepared
// the meetings are to be.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_REACTIONS_AGREEMENTS_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_REACTIONS_AGREEMENTS_H_

#include "absl/status/status.h"
#include "common/sql/transaction.h"
#include "partnerskap/common/v1/feed.pb.h"

namespace partnerskap::scheduling {

// Agreements for a period, and their clauses on meetings that bind; other changes are of no interest.
absl::Status ReactToAgreements(const common::v1::Change& change, WriteTx& tx);
// Forgets them all, before a resynchronisation.
absl::Status ResetAgreements(WriteTx& tx);

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_REACTIONS_AGREEMENTS_H_
