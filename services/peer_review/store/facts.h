// The questions that handlers ask, as SQL. Each statement stands in facts.cc under a name, and facts_test.cc holds its
// query plan.
#ifndef PARTNERSKAP_SERVICES_PEER_REVIEW_STORE_FACTS_H_
#define PARTNERSKAP_SERVICES_PEER_REVIEW_STORE_FACTS_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/sql/transaction.h"
#include "services/peer_review/domain/taking_part.h"

namespace partnerskap::peer_review {

// Every statement of this file with the index that it must search by, for the query plan test.
std::vector<std::pair<absl::string_view, absl::string_view>> FactStatements();

// Whether *membership* has told of the network. Errors: PARENT_NOT_FOUND.
absl::Status NetworkMustBeKnown(ReadTx& tx, absl::string_view network);
absl::StatusOr<std::optional<KnownSeat>> FindSeat(ReadTx& tx, absl::string_view seat);
// What people call the seats of a network, by name.
absl::StatusOr<std::map<std::string, std::string>> SeatNamesOf(ReadTx& tx, absl::string_view network);
// Errors: REFERENCE_UNKNOWN.
absl::StatusOr<KnownPost> PostNamed(ReadTx& tx, absl::string_view post);
// Seats in the order of hosts; empty if *scheduling* has told of none.
absl::StatusOr<std::vector<std::string>> HostOrderOf(ReadTx& tx, absl::string_view network);

// The round of the agreement that is not closed, or empty.
absl::StatusOr<std::string> OpenRoundOf(ReadTx& tx, absl::string_view agreement);

// Organizations whose seat it is, and those with a seat in the network: the owners that Authorize asks for.
absl::StatusOr<std::vector<std::string>> OwnersOfSeat(ReadTx& tx, absl::string_view seat);
absl::StatusOr<std::vector<std::string>> OwnersOfNetwork(ReadTx& tx, absl::string_view network, absl::CivilDay day);

// The projections: written by reactions only. Each replaces what was known under the name.
absl::Status WriteKnownNetwork(WriteTx& tx, absl::string_view network);
absl::Status WriteKnownSeat(WriteTx& tx, const KnownSeat& seat, const std::vector<std::string>& organizations);
absl::Status WriteKnownPost(WriteTx& tx, const KnownPost& post, absl::string_view substituted_post);
absl::Status WriteHostOrder(WriteTx& tx, absl::string_view network, const std::vector<std::string>& seats);
// What was told of one resource, and all that a producer has told.
absl::Status ForgetNamed(WriteTx& tx, absl::string_view name);
absl::Status ForgetMembership(WriteTx& tx);
absl::Status ForgetScheduling(WriteTx& tx);

}  // namespace partnerskap::peer_review

#endif  // PARTNERSKAP_SERVICES_PEER_REVIEW_STORE_FACTS_H_
