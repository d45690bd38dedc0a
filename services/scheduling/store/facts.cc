#include "services/scheduling/store/facts.h"

#include <optional>
#include <utility>

#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "partnerskap/common/v1/reasons.pb.h"
#include "services/scheduling/domain/rotation.h"
#include "services/scheduling/store/tables.h"

namespace partnerskap::scheduling {
namespace {

constexpr char kNetwork[] = R"sql(
SELECT 1
  FROM known_networks
 WHERE name = ?)sql";

constexpr char kAgreement[] = R"sql(
SELECT 1
  FROM known_agreements
 WHERE name = ? AND network = ?)sql";

constexpr char kSeat[] = R"sql(
SELECT name, display_name, actor, join_date, exit_date
  FROM known_seats
 WHERE name = ?)sql";

constexpr char kSeatsOfNetwork[] = R"sql(
SELECT name, display_name, actor, join_date, exit_date
  FROM known_seats
 WHERE network = ?
 ORDER BY name)sql";

constexpr char kPartiesOfSeat[] = R"sql(
SELECT organization
  FROM known_seat_parties
 WHERE seat = ?
 ORDER BY organization)sql";

constexpr char kHoldsOfSeat[] = R"sql(
SELECT start_date, end_date
  FROM known_seat_holds
 WHERE seat = ?
 ORDER BY number)sql";

constexpr char kAgreementsOfNetwork[] = R"sql(
SELECT name, start_date, end_date
  FROM known_agreements
 WHERE network = ?
 ORDER BY name)sql";

constexpr char kClausesOfAgreement[] = R"sql(
SELECT name, rank, meetings_per_year, days_per_meeting, officers_meetings_per_meeting
  FROM known_clauses
 WHERE agreement = ?
 ORDER BY name)sql";

constexpr char kMeetingsOfNetwork[] = R"sql(
SELECT message
  FROM meetings
 WHERE parent = ?
 ORDER BY sort_key, name)sql";

constexpr char kPreparationsOfMeeting[] = R"sql(
SELECT message
  FROM meetings
 WHERE prepared_meeting = ?
 ORDER BY name)sql";

constexpr char kCursor[] = R"sql(
SELECT epoch, sequence
  FROM feed_cursors
 WHERE producer = ?)sql";

absl::StatusOr<std::vector<v1::Meeting>> MeetingMessages(Rows rows) {
  std::vector<v1::Meeting> meetings;
  while (rows.Next()) {
    const absl::string_view bytes = rows.Bytes(0);
    if (!meetings.emplace_back().ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      return Refuse(common::v1::STORE_CORRUPT);
    }
  }
  RETURN_IF_ERROR(rows.status());
  return meetings;
}

absl::StatusOr<bool> HasRow(Rows rows) {
  const bool found = rows.Next();
  RETURN_IF_ERROR(rows.status());
  return found;
}

absl::Status Unknown(absl::string_view name) {
  return Refuse(common::v1::REFERENCE_UNKNOWN, {{"name", std::string(name)}});
}

// Dates of projections were written by DateToText: what does not parse is absent.
google::type::Date DateOfText(absl::string_view text) { return DateFromText(text).value_or(google::type::Date()); }

SeatFacts SeatOfRow(const Rows& row) {
  SeatFacts seat;
  seat.name = std::string(row.Text(0));
  seat.display_name = std::string(row.Text(1));
  seat.actor = row.Int(2) != 0;
  seat.join_date = DateOfText(row.Text(3));
  seat.exit_date = DateOfText(row.Text(4));
  return seat;
}

absl::Status AddPartiesAndHolds(ReadTx& tx, SeatFacts& seat) {
  Rows parties = tx.Query(kPartiesOfSeat, seat.name);
  while (parties.Next()) seat.organizations.emplace_back(parties.Text(0));
  RETURN_IF_ERROR(parties.status());
  Rows holds = tx.Query(kHoldsOfSeat, seat.name);
  while (holds.Next()) seat.holds.push_back({DateOfText(holds.Text(0)), DateOfText(holds.Text(1))});
  return holds.status();
}

absl::StatusOr<std::vector<SeatFacts>> SeatsOf(ReadTx& tx, absl::string_view network) {
  std::vector<SeatFacts> seats;
  Rows rows = tx.Query(kSeatsOfNetwork, network);
  while (rows.Next()) seats.push_back(SeatOfRow(rows));
  RETURN_IF_ERROR(rows.status());
  for (SeatFacts& seat : seats) RETURN_IF_ERROR(AddPartiesAndHolds(tx, seat));
  return seats;
}

}  // namespace

std::vector<absl::string_view> FactStatements() {
  return {kNetwork,
          kAgreement,
          kSeat,
          kSeatsOfNetwork,
          kPartiesOfSeat,
          kHoldsOfSeat,
          kAgreementsOfNetwork,
          kClausesOfAgreement,
          kMeetingsOfNetwork,
          kPreparationsOfMeeting,
          kCursor};
}

absl::StatusOr<bool> IsKnownNetwork(ReadTx& tx, absl::string_view network) {
  return HasRow(tx.Query(kNetwork, network));
}

absl::Status NetworkMustBeKnown(ReadTx& tx, absl::string_view network) {
  ASSIGN_OR_RETURN(const bool known, IsKnownNetwork(tx, network));
  return known ? absl::OkStatus() : Unknown(network);
}

absl::Status ParentNetworkMustBeKnown(ReadTx& tx, absl::string_view network) {
  ASSIGN_OR_RETURN(const bool known, IsKnownNetwork(tx, network));
  if (known) return absl::OkStatus();
  return Refuse(common::v1::PARENT_NOT_FOUND, {{"name", std::string(network)}});
}

absl::Status AgreementMustBeKnown(ReadTx& tx, absl::string_view network, absl::string_view agreement) {
  ASSIGN_OR_RETURN(const bool known, HasRow(tx.Query(kAgreement, agreement, network)));
  return known ? absl::OkStatus() : Unknown(agreement);
}

absl::StatusOr<SeatFacts> SeatNamed(ReadTx& tx, absl::string_view name) {
  Rows rows = tx.Query(kSeat, name);
  if (!rows.Next()) {
    RETURN_IF_ERROR(rows.status());
    return Unknown(name);
  }
  SeatFacts seat = SeatOfRow(rows);
  RETURN_IF_ERROR(AddPartiesAndHolds(tx, seat));
  return seat;
}

absl::StatusOr<NetworkFacts> FactsOf(ReadTx& tx, absl::string_view network) {
  NetworkFacts facts;
  facts.network = std::string(network);
  ASSIGN_OR_RETURN(facts.meetings, MeetingMessages(tx.Query(kMeetingsOfNetwork, network)));
  ASSIGN_OR_RETURN(facts.seats, SeatsOf(tx, network));
  ASSIGN_OR_RETURN(facts.agreements, AgreementsOf(tx, network));
  ASSIGN_OR_RETURN(facts.rotation, RotationOf(tx, network));
  return facts;
}

absl::StatusOr<std::vector<AgreementFacts>> AgreementsOf(ReadTx& tx, absl::string_view network) {
  std::vector<AgreementFacts> agreements;
  Rows rows = tx.Query(kAgreementsOfNetwork, network);
  while (rows.Next()) {
    agreements.push_back({std::string(rows.Text(0)), {DateOfText(rows.Text(1)), DateOfText(rows.Text(2))}, {}});
  }
  RETURN_IF_ERROR(rows.status());
  for (AgreementFacts& agreement : agreements) {
    Rows clauses = tx.Query(kClausesOfAgreement, agreement.name);
    while (clauses.Next()) {
      agreement.cadences.push_back({std::string(clauses.Text(0)), static_cast<int32_t>(clauses.Int(1)),
                                    static_cast<int32_t>(clauses.Int(2)), static_cast<int32_t>(clauses.Int(3)),
                                    static_cast<int32_t>(clauses.Int(4))});
    }
    RETURN_IF_ERROR(clauses.status());
  }
  return agreements;
}

absl::StatusOr<v1::HostRotation> RotationOf(ReadTx& tx, absl::string_view network) {
  ASSIGN_OR_RETURN(std::optional<v1::HostRotation> stored, HostRotations().Find(tx, RotationName(network)));
  return stored ? *std::move(stored) : DefaultRotation(network);
}

absl::StatusOr<std::vector<v1::Meeting>> PreparationsOf(ReadTx& tx, absl::string_view meeting) {
  return MeetingMessages(tx.Query(kPreparationsOfMeeting, meeting));
}

absl::StatusOr<std::vector<std::string>> OwnersOfNetwork(ReadTx& tx, absl::string_view network, absl::CivilDay day) {
  ASSIGN_OR_RETURN(const std::vector<SeatFacts> seats, SeatsOf(tx, network));
  std::vector<std::string> owners;
  for (const SeatFacts& seat : seats) {
    if (TakesPart(seat, DateOf(day))) owners.insert(owners.end(), seat.organizations.begin(), seat.organizations.end());
  }
  return owners;
}

absl::StatusOr<common::v1::ProjectionPosition> PositionOf(ReadTx& tx, absl::string_view producer) {
  common::v1::ProjectionPosition position;
  Rows rows = tx.Query(kCursor, producer);
  if (rows.Next()) {
    position.set_service(std::string(producer));
    position.set_epoch(std::string(rows.Text(0)));
    position.set_sequence(rows.Int(1));
  }
  RETURN_IF_ERROR(rows.status());
  return position;
}

}  // namespace partnerskap::scheduling
