// The questions that handlers ask, as SQL. Each statement stands in facts.cc under a name, and facts_test.cc holds its
// query plan.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_STORE_FACTS_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_STORE_FACTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/sql/transaction.h"
#include "partnerskap/common/v1/projection.pb.h"
#include "services/scheduling/domain/network_facts.h"

namespace partnerskap::scheduling {

// Every statement of this file, for the query plan test.
std::vector<absl::string_view> FactStatements();

// Whether *membership* has told of the network.
absl::StatusOr<bool> IsKnownNetwork(ReadTx& tx, absl::string_view network);
// A network that a request asks about. Errors: REFERENCE_UNKNOWN.
absl::Status NetworkMustBeKnown(ReadTx& tx, absl::string_view network);
// The network under which something new is to stand. Errors: PARENT_NOT_FOUND.
absl::Status ParentNetworkMustBeKnown(ReadTx& tx, absl::string_view network);
// An agreement of the network. Errors: REFERENCE_UNKNOWN.
absl::Status AgreementMustBeKnown(ReadTx& tx, absl::string_view network, absl::string_view agreement);
// Errors: REFERENCE_UNKNOWN.
absl::StatusOr<SeatFacts> SeatNamed(ReadTx& tx, absl::string_view seat);

// Everything that is known of the network; without seats and the rest where none is.
absl::StatusOr<NetworkFacts> FactsOf(ReadTx& tx, absl::string_view network);
absl::StatusOr<std::vector<AgreementFacts>> AgreementsOf(ReadTx& tx, absl::string_view network);
// The one that is set, else the default one, whose uid is empty.
absl::StatusOr<v1::HostRotation> RotationOf(ReadTx& tx, absl::string_view network);
// Officers' meetings that name the meeting as what they prepare, cancelled ones too.
absl::StatusOr<std::vector<v1::Meeting>> PreparationsOf(ReadTx& tx, absl::string_view meeting);

// Organizations that hold a seat in the network on the day: the owners that Authorize asks for.
absl::StatusOr<std::vector<std::string>> OwnersOfNetwork(ReadTx& tx, absl::string_view network, absl::CivilDay day);
// How far the feed of `producer` has been read; empty service name if never.
absl::StatusOr<common::v1::ProjectionPosition> PositionOf(ReadTx& tx, absl::string_view producer);

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_STORE_FACTS_H_
