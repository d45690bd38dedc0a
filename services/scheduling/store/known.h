// The projections of *membership* and *agreements*: written by reactions only, read by facts.h.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_STORE_KNOWN_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_STORE_KNOWN_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/sql/transaction.h"
#include "services/scheduling/domain/network_facts.h"

namespace partnerskap::scheduling {

// Every statement of known.cc that finds rows, for the query plan test.
std::vector<absl::string_view> KnownStatements();

absl::Status WriteKnownNetwork(WriteTx& tx, absl::string_view network);
// With parties and holds, instead of what was known of the seat.
absl::Status WriteKnownSeat(WriteTx& tx, const SeatFacts& seat);
// Without its clauses, which come on their own.
absl::Status WriteKnownAgreement(WriteTx& tx, const AgreementFacts& agreement);
absl::Status WriteKnownClause(WriteTx& tx, absl::string_view agreement, const CadenceFacts& clause);
// A clause that says nothing of meetings any more, or is gone.
absl::Status ForgetClause(WriteTx& tx, absl::string_view clause);

// All that was learned from the one feed or the other.
absl::Status ForgetMembership(WriteTx& tx);
absl::Status ForgetAgreements(WriteTx& tx);

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_STORE_KNOWN_H_
