// The questions that handlers ask, as SQL. Each statement stands in facts.cc under a name, and facts_test.cc holds its
// query plan.
#ifndef PARTNERSKAP_SERVICES_MEMBERSHIP_STORE_FACTS_H_
#define PARTNERSKAP_SERVICES_MEMBERSHIP_STORE_FACTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/sql/transaction.h"
#include "partnerskap/common/v1/projection.pb.h"
#include "services/membership/domain/posts.h"
#include "services/membership/domain/standing.h"

namespace partnerskap::membership {

// Every statement of this file, for the query plan test.
std::vector<absl::string_view> FactStatements();

// Organizations of the same kind with the same code, but for the one of that name.
absl::StatusOr<std::vector<v1::Organization>> OrganizationsWithCode(ReadTx& tx, const v1::Organization& organization);
// Networks above `network`, nearest first.
absl::StatusOr<std::vector<std::string>> AncestorsOf(ReadTx& tx, const std::string& network);
absl::StatusOr<std::vector<v1::Seat>> SeatsOf(ReadTx& tx, absl::string_view network);
absl::StatusOr<std::vector<v1::ResponsibleBody>> BodiesOf(ReadTx& tx, absl::string_view seat);
absl::StatusOr<std::vector<v1::Post>> PostsOf(ReadTx& tx, absl::string_view seat);
absl::StatusOr<std::vector<v1::Appointment>> AppointmentsOf(ReadTx& tx, absl::string_view post);
// Posts that the person holds or has held in seats of the same organizations as `seat`.
absl::StatusOr<std::vector<HeldPost>> PostsHeldBy(ReadTx& tx, absl::string_view person, absl::string_view seat);

// Organizations whose seat it is: the owners that Authorize asks for.
absl::StatusOr<std::vector<std::string>> OwnersOfSeat(ReadTx& tx, absl::string_view seat);
// Keeps seat_parties equal to the seat's parties.
absl::Status WriteSeatParties(WriteTx& tx, const v1::Seat& seat);
// Whether the organization holds a seat in the network.
absl::StatusOr<bool> HasSeatIn(ReadTx& tx, absl::string_view organization, absl::string_view network);

// The agreements of a network with what is known of one seat's adoption in each, by start.
absl::StatusOr<std::vector<TermFacts>> TermsOf(ReadTx& tx, absl::string_view network, absl::string_view seat);
// How far the feed of `producer` has been read; empty service name if never.
absl::StatusOr<common::v1::ProjectionPosition> PositionOf(ReadTx& tx, absl::string_view producer);

// The projection of *agreements*: written by reactions only.
struct KnownAgreement {
  std::string name, network, start_date, end_date, predecessor;
};
absl::Status WriteKnownAgreement(WriteTx& tx, const KnownAgreement& agreement);
struct KnownAdoption {
  std::string name, agreement, seat, stage, decision_date, announcement_date, extract_date;
};
absl::Status WriteKnownAdoption(WriteTx& tx, const KnownAdoption& adoption);
absl::Status WriteKnownSignature(WriteTx& tx, absl::string_view name, absl::string_view adoption,
                                 absl::string_view signature_date);
// What was known under this name, of whatever kind.
absl::Status ForgetKnown(WriteTx& tx, absl::string_view name);
absl::Status ForgetAgreements(WriteTx& tx);

}  // namespace partnerskap::membership

#endif  // PARTNERSKAP_SERVICES_MEMBERSHIP_STORE_FACTS_H_
