// What *agreements* knows of *membership*: read by handlers, written by reactions only.
#ifndef PARTNERSKAP_SERVICES_AGREEMENTS_STORE_PROJECTIONS_H_
#define PARTNERSKAP_SERVICES_AGREEMENTS_STORE_PROJECTIONS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/sql/transaction.h"
#include "partnerskap/common/v1/projection.pb.h"
#include "services/agreements/domain/adoptions.h"
#include "services/agreements/domain/signatures.h"

namespace partnerskap::agreements {

// Every statement of projections.cc that searches, with the index that it is to use.
std::vector<std::pair<absl::string_view, absl::string_view>> ProjectionStatements();

// Errors: REFERENCE_UNKNOWN, where *membership* has not said so (yet).
absl::Status NetworkMustBeKnown(ReadTx& tx, absl::string_view network);
absl::Status OrganizationMustBeKnown(ReadTx& tx, absl::string_view organization);
absl::Status PostMustBeKnown(ReadTx& tx, absl::string_view post);
absl::StatusOr<SeatFacts> GetSeatFacts(ReadTx& tx, absl::string_view seat);
// `signing_seat` tells whether the post is one of its organizations'.
absl::StatusOr<PostFacts> GetPostFacts(ReadTx& tx, absl::string_view post, absl::string_view signing_seat);

// Organizations whose seat it is: the owners that Authorize asks for.
absl::StatusOr<std::vector<std::string>> OwnersOfSeat(ReadTx& tx, absl::string_view seat);
// Whether the organization holds a seat in the network.
absl::StatusOr<bool> HasSeatIn(ReadTx& tx, absl::string_view organization, absl::string_view network);
// Seats of a network, by name, with their parties.
absl::StatusOr<std::vector<SeatFacts>> SeatsOf(ReadTx& tx, absl::string_view network);
// Names of the seats that an organization holds, alone or with others.
absl::StatusOr<std::vector<std::string>> SeatsHeldBy(ReadTx& tx, absl::string_view organization);
// How far the feed of `producer` has been read; empty service name if never.
absl::StatusOr<common::v1::ProjectionPosition> PositionOf(ReadTx& tx, absl::string_view producer);

absl::Status WriteKnownNetwork(WriteTx& tx, absl::string_view name);
absl::Status WriteKnownOrganization(WriteTx& tx, absl::string_view name);
struct KnownSeat {
  std::string name, network, display_name, kind, join_date, exit_date;
  std::vector<std::string> parties;
};
absl::Status WriteKnownSeat(WriteTx& tx, const KnownSeat& seat);
absl::Status WriteKnownPost(WriteTx& tx, absl::string_view name, absl::string_view seat, absl::string_view capacity);
struct KnownAppointment {
  std::string name, post, person, start_date, end_date, release_date;
};
absl::Status WriteKnownAppointment(WriteTx& tx, const KnownAppointment& appointment);
// A resource that *membership* has erased (gallrat).
absl::Status ForgetKnown(WriteTx& tx, absl::string_view name);
absl::Status ForgetMembership(WriteTx& tx);

}  // namespace partnerskap::agreements

#endif  // PARTNERSKAP_SERVICES_AGREEMENTS_STORE_PROJECTIONS_H_
