#include "services/agreements/store/projections.h"

#include <iterator>

#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap::agreements {
namespace {

constexpr char kNetwork[] = R"sql(
SELECT 1
  FROM known_networks
 WHERE name = ?)sql";

constexpr char kOrganization[] = R"sql(
SELECT 1
  FROM known_organizations
 WHERE name = ?)sql";

constexpr char kSeat[] = R"sql(
SELECT name, kind, join_date, exit_date
  FROM known_seats
 WHERE name = ?)sql";

constexpr char kSeatsOfNetwork[] = R"sql(
SELECT name, kind, join_date, exit_date
  FROM known_seats
 WHERE network = ?
 ORDER BY name)sql";

constexpr char kOwnersOfSeat[] = R"sql(
SELECT organization
  FROM known_seat_parties
 WHERE seat = ?
 ORDER BY organization)sql";

constexpr char kSeatsHeldBy[] = R"sql(
SELECT seat
  FROM known_seat_parties
 WHERE organization = ?
 ORDER BY seat)sql";

constexpr char kHasSeatIn[] = R"sql(
SELECT 1
  FROM known_seat_parties
  JOIN known_seats ON known_seats.name = known_seat_parties.seat
 WHERE known_seat_parties.organization = ? AND known_seats.network = ?
 ORDER BY known_seats.name
 LIMIT 1)sql";

constexpr char kPost[] = R"sql(
SELECT capacity, seat
  FROM known_posts
 WHERE name = ?)sql";

constexpr char kShareOrganization[] = R"sql(
SELECT 1
  FROM known_seat_parties AS theirs
  JOIN known_seat_parties AS ours ON ours.organization = theirs.organization
 WHERE theirs.seat = ? AND ours.seat = ?
 ORDER BY theirs.organization
 LIMIT 1)sql";

constexpr char kAppointmentsOfPost[] = R"sql(
SELECT person, start_date, end_date, release_date
  FROM known_appointments
 WHERE post = ?
 ORDER BY name)sql";

constexpr char kCursor[] = R"sql(
SELECT epoch, sequence
  FROM feed_cursors
 WHERE producer = ?)sql";

constexpr char kInsertNetwork[] = R"sql(
INSERT OR IGNORE INTO known_networks (name)
VALUES (?))sql";

constexpr char kInsertOrganization[] = R"sql(
INSERT OR IGNORE INTO known_organizations (name)
VALUES (?))sql";

constexpr char kUpsertSeat[] = R"sql(
INSERT INTO known_seats (name, network, display_name, kind, join_date, exit_date)
VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE
   SET network = excluded.network, display_name = excluded.display_name, kind = excluded.kind,
       join_date = excluded.join_date, exit_date = excluded.exit_date)sql";

constexpr char kDeleteParties[] = R"sql(
DELETE FROM known_seat_parties
 WHERE seat = ?)sql";

constexpr char kInsertParty[] = R"sql(
INSERT OR IGNORE INTO known_seat_parties (seat, organization)
VALUES (?, ?))sql";

constexpr char kUpsertPost[] = R"sql(
INSERT INTO known_posts (name, seat, capacity)
VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE
   SET seat = excluded.seat, capacity = excluded.capacity)sql";

constexpr char kUpsertAppointment[] = R"sql(
INSERT INTO known_appointments (name, post, person, start_date, end_date, release_date)
VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE
   SET post = excluded.post, person = excluded.person, start_date = excluded.start_date,
       end_date = excluded.end_date, release_date = excluded.release_date)sql";

constexpr const char* kForget[] = {
    "DELETE FROM known_networks WHERE name = ?", "DELETE FROM known_organizations WHERE name = ?",
    "DELETE FROM known_seats WHERE name = ?",    kDeleteParties,
    "DELETE FROM known_posts WHERE name = ?",    "DELETE FROM known_appointments WHERE name = ?"};

// Dates of projections were written by DateToText: what does not parse is absent.
google::type::Date DateOfText(absl::string_view text) { return DateFromText(text).value_or(google::type::Date()); }

absl::StatusOr<bool> IsThere(Rows rows) {
  const bool found = rows.Next();
  RETURN_IF_ERROR(rows.status());
  return found;
}

absl::Status Unknown(absl::string_view name) {
  return Refuse(common::v1::REFERENCE_UNKNOWN, {{"name", std::string(name)}});
}

absl::StatusOr<std::vector<std::string>> Names(Rows rows) {
  std::vector<std::string> names;
  while (rows.Next()) names.emplace_back(rows.Text(0));
  RETURN_IF_ERROR(rows.status());
  return names;
}

// Of a row of kSeat or kSeatsOfNetwork; the parties are another query's.
SeatFacts SeatOfRow(const Rows& row) {
  return {.seat = std::string(row.Text(0)),
          .member = row.Text(1) == "MEMBER",
          .join_date = DateOfText(row.Text(2)),
          .exit_date = DateOfText(row.Text(3)),
          .parties = {}};
}

}  // namespace

std::vector<std::pair<absl::string_view, absl::string_view>> ProjectionStatements() {
  std::vector<std::pair<absl::string_view, absl::string_view>> statements = {
      {kNetwork, "PRIMARY KEY"},
      {kOrganization, "PRIMARY KEY"},
      {kSeat, "PRIMARY KEY"},
      {kSeatsOfNetwork, "known_seats_by_network"},
      {kOwnersOfSeat, "PRIMARY KEY"},
      {kSeatsHeldBy, "known_seat_parties_by_organization"},
      {kHasSeatIn, "known_seats_by_network"},
      {kPost, "PRIMARY KEY"},
      {kShareOrganization, "PRIMARY KEY"},
      {kAppointmentsOfPost, "known_appointments_by_post"},
      {kCursor, "PRIMARY KEY"}};
  for (const char* forget : kForget) statements.emplace_back(forget, "PRIMARY KEY");
  return statements;
}

absl::Status NetworkMustBeKnown(ReadTx& tx, absl::string_view network) {
  ASSIGN_OR_RETURN(const bool known, IsThere(tx.Query(kNetwork, network)));
  return known ? absl::OkStatus() : Unknown(network);
}

absl::Status OrganizationMustBeKnown(ReadTx& tx, absl::string_view organization) {
  ASSIGN_OR_RETURN(const bool known, IsThere(tx.Query(kOrganization, organization)));
  return known ? absl::OkStatus() : Unknown(organization);
}

absl::Status PostMustBeKnown(ReadTx& tx, absl::string_view post) {
  ASSIGN_OR_RETURN(const bool known, IsThere(tx.Query(kPost, post)));
  return known ? absl::OkStatus() : Unknown(post);
}

absl::StatusOr<SeatFacts> GetSeatFacts(ReadTx& tx, absl::string_view seat) {
  SeatFacts facts;
  {
    Rows rows = tx.Query(kSeat, seat);
    const bool found = rows.Next();
    RETURN_IF_ERROR(rows.status());
    if (!found) return Unknown(seat);
    facts = SeatOfRow(rows);
  }
  ASSIGN_OR_RETURN(facts.parties, OwnersOfSeat(tx, seat));
  return facts;
}

absl::StatusOr<PostFacts> GetPostFacts(ReadTx& tx, absl::string_view post, absl::string_view signing_seat) {
  PostFacts facts;
  std::string seat;
  {
    Rows rows = tx.Query(kPost, post);
    const bool found = rows.Next();
    RETURN_IF_ERROR(rows.status());
    if (!found) return Unknown(post);
    facts.post = std::string(post);
    facts.capacity = std::string(rows.Text(0));
    seat = std::string(rows.Text(1));
  }
  ASSIGN_OR_RETURN(facts.of_seat, IsThere(tx.Query(kShareOrganization, seat, signing_seat)));
  Rows rows = tx.Query(kAppointmentsOfPost, post);
  while (rows.Next()) {
    facts.appointments.push_back(
        {std::string(rows.Text(0)), DateOfText(rows.Text(1)), DateOfText(rows.Text(2)), DateOfText(rows.Text(3))});
  }
  RETURN_IF_ERROR(rows.status());
  return facts;
}

absl::StatusOr<std::vector<std::string>> OwnersOfSeat(ReadTx& tx, absl::string_view seat) {
  return Names(tx.Query(kOwnersOfSeat, seat));
}

absl::StatusOr<bool> HasSeatIn(ReadTx& tx, absl::string_view organization, absl::string_view network) {
  return IsThere(tx.Query(kHasSeatIn, organization, network));
}

absl::StatusOr<std::vector<SeatFacts>> SeatsOf(ReadTx& tx, absl::string_view network) {
  std::vector<SeatFacts> seats;
  Rows rows = tx.Query(kSeatsOfNetwork, network);
  while (rows.Next()) seats.push_back(SeatOfRow(rows));
  RETURN_IF_ERROR(rows.status());
  for (SeatFacts& seat : seats) {
    ASSIGN_OR_RETURN(seat.parties, OwnersOfSeat(tx, seat.seat));
  }
  return seats;
}

absl::StatusOr<std::vector<std::string>> SeatsHeldBy(ReadTx& tx, absl::string_view organization) {
  return Names(tx.Query(kSeatsHeldBy, organization));
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

absl::Status WriteKnownNetwork(WriteTx& tx, absl::string_view name) { return tx.Execute(kInsertNetwork, name); }

absl::Status WriteKnownOrganization(WriteTx& tx, absl::string_view name) {
  return tx.Execute(kInsertOrganization, name);
}

absl::Status WriteKnownSeat(WriteTx& tx, const KnownSeat& seat) {
  RETURN_IF_ERROR(
      tx.Execute(kUpsertSeat, seat.name, seat.network, seat.display_name, seat.kind, seat.join_date, seat.exit_date));
  RETURN_IF_ERROR(tx.Execute(kDeleteParties, seat.name));
  for (const std::string& organization : seat.parties) {
    RETURN_IF_ERROR(tx.Execute(kInsertParty, seat.name, organization));
  }
  return absl::OkStatus();
}

absl::Status WriteKnownPost(WriteTx& tx, absl::string_view name, absl::string_view seat, absl::string_view capacity) {
  return tx.Execute(kUpsertPost, name, seat, capacity);
}

absl::Status WriteKnownAppointment(WriteTx& tx, const KnownAppointment& appointment) {
  return tx.Execute(kUpsertAppointment, appointment.name, appointment.post, appointment.person, appointment.start_date,
                    appointment.end_date, appointment.release_date);
}

absl::Status ForgetKnown(WriteTx& tx, absl::string_view name) {
  // A name belongs to one collection, so at most one of these finds it.
  for (const char* statement : kForget) RETURN_IF_ERROR(tx.Execute(statement, name));
  return absl::OkStatus();
}

absl::Status ForgetMembership(WriteTx& tx) {
  for (const char* statement :
       {"DELETE FROM known_appointments", "DELETE FROM known_posts", "DELETE FROM known_seat_parties",
        "DELETE FROM known_seats", "DELETE FROM known_organizations", "DELETE FROM known_networks"}) {
    RETURN_IF_ERROR(tx.Execute(statement));
  }
  return absl::OkStatus();
}

}  // namespace partnerskap::agreements
