#include "services/peer_review/store/facts.h"

#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap::peer_review {
namespace {

constexpr char kNetwork[] = R"sql(
SELECT 1
  FROM known_networks
 WHERE name = ?)sql";

constexpr char kSeat[] = R"sql(
SELECT name, network, display_name, join_date, exit_date
  FROM known_seats
 WHERE name = ?)sql";

constexpr char kSeatNames[] = R"sql(
SELECT name, display_name
  FROM known_seats
 WHERE network = ?
 ORDER BY name)sql";

constexpr char kPost[] = R"sql(
SELECT post.name, post.seat, COALESCE(substituted.kind, post.kind)
  FROM known_posts AS post
  LEFT JOIN known_posts AS substituted ON substituted.name = post.substituted_post
 WHERE post.name = ?)sql";

constexpr char kHostOrder[] = R"sql(
SELECT seat
  FROM known_host_orders
 WHERE network = ?
 ORDER BY place)sql";

constexpr char kOpenRound[] = R"sql(
SELECT name
  FROM review_rounds
 WHERE agreement = ? AND state <> 'CLOSED')sql";

constexpr char kOwnersOfSeat[] = R"sql(
SELECT organization
  FROM known_seat_parties
 WHERE seat = ?
 ORDER BY organization)sql";

constexpr char kOwnersOfNetwork[] = R"sql(
SELECT parties.organization, seats.join_date, seats.exit_date
  FROM known_seats AS seats
  JOIN known_seat_parties AS parties ON parties.seat = seats.name
 WHERE seats.network = ?
 ORDER BY seats.name, parties.organization)sql";

constexpr char kUpsertNetwork[] = R"sql(
INSERT OR IGNORE INTO known_networks (name)
VALUES (?))sql";

constexpr char kUpsertSeat[] = R"sql(
INSERT INTO known_seats (name, network, display_name, join_date, exit_date)
VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE
   SET network = excluded.network, display_name = excluded.display_name, join_date = excluded.join_date,
       exit_date = excluded.exit_date)sql";

constexpr char kDeleteSeatParties[] = R"sql(
DELETE FROM known_seat_parties
 WHERE seat = ?)sql";

constexpr char kInsertSeatParty[] = R"sql(
INSERT OR IGNORE INTO known_seat_parties (seat, organization)
VALUES (?, ?))sql";

constexpr char kUpsertPost[] = R"sql(
INSERT INTO known_posts (name, seat, kind, substituted_post)
VALUES (?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE
   SET seat = excluded.seat, kind = excluded.kind, substituted_post = excluded.substituted_post)sql";

constexpr char kDeleteHostOrder[] = R"sql(
DELETE FROM known_host_orders
 WHERE network = ?)sql";

constexpr char kInsertHost[] = R"sql(
INSERT INTO known_host_orders (network, place, seat)
VALUES (?, ?, ?))sql";

constexpr char kDeleteNetwork[] = R"sql(
DELETE FROM known_networks
 WHERE name = ?)sql";

constexpr char kDeleteSeat[] = R"sql(
DELETE FROM known_seats
 WHERE name = ?)sql";

constexpr char kDeletePost[] = R"sql(
DELETE FROM known_posts
 WHERE name = ?)sql";

// Dates of projections were written by DateToText: what does not parse is absent.
google::type::Date DateOfText(absl::string_view text) { return DateFromText(text).value_or(google::type::Date()); }

absl::StatusOr<std::vector<std::string>> FirstColumn(Rows rows) {
  std::vector<std::string> texts;
  while (rows.Next()) texts.emplace_back(rows.Text(0));
  RETURN_IF_ERROR(rows.status());
  return texts;
}

absl::StatusOr<bool> Any(Rows rows) {
  const bool found = rows.Next();
  RETURN_IF_ERROR(rows.status());
  return found;
}

}  // namespace

std::vector<std::pair<absl::string_view, absl::string_view>> FactStatements() {
  return {{kNetwork, "PRIMARY KEY"},
          {kSeat, "PRIMARY KEY"},
          {kSeatNames, "known_seats_by_network"},
          {kPost, "PRIMARY KEY"},
          {kHostOrder, "PRIMARY KEY"},
          {kOpenRound, "review_rounds_open_by_agreement"},
          {kOwnersOfSeat, "PRIMARY KEY"},
          {kOwnersOfNetwork, "known_seats_by_network"},
          {kDeleteSeatParties, "PRIMARY KEY"},
          {kDeleteHostOrder, "PRIMARY KEY"},
          {kDeleteNetwork, "PRIMARY KEY"},
          {kDeleteSeat, "PRIMARY KEY"},
          {kDeletePost, "PRIMARY KEY"}};
}

absl::Status NetworkMustBeKnown(ReadTx& tx, absl::string_view network) {
  ASSIGN_OR_RETURN(const bool known, Any(tx.Query(kNetwork, network)));
  if (known) return absl::OkStatus();
  return Refuse(common::v1::PARENT_NOT_FOUND, {{"name", std::string(network)}});
}

absl::StatusOr<std::optional<KnownSeat>> FindSeat(ReadTx& tx, absl::string_view seat) {
  Rows rows = tx.Query(kSeat, seat);
  if (!rows.Next()) {
    RETURN_IF_ERROR(rows.status());
    return std::nullopt;
  }
  return KnownSeat{std::string(rows.Text(0)), std::string(rows.Text(1)), std::string(rows.Text(2)),
                   DateOfText(rows.Text(3)), DateOfText(rows.Text(4))};
}

absl::StatusOr<std::map<std::string, std::string>> SeatNamesOf(ReadTx& tx, absl::string_view network) {
  std::map<std::string, std::string> names;
  Rows rows = tx.Query(kSeatNames, network);
  while (rows.Next()) names.emplace(rows.Text(0), rows.Text(1));
  RETURN_IF_ERROR(rows.status());
  return names;
}

absl::StatusOr<KnownPost> PostNamed(ReadTx& tx, absl::string_view post) {
  Rows rows = tx.Query(kPost, post);
  if (!rows.Next()) {
    RETURN_IF_ERROR(rows.status());
    return Refuse(common::v1::REFERENCE_UNKNOWN, {{"name", std::string(post)}});
  }
  return KnownPost{std::string(rows.Text(0)), std::string(rows.Text(1)), std::string(rows.Text(2))};
}

absl::StatusOr<std::vector<std::string>> HostOrderOf(ReadTx& tx, absl::string_view network) {
  return FirstColumn(tx.Query(kHostOrder, network));
}

absl::StatusOr<std::string> OpenRoundOf(ReadTx& tx, absl::string_view agreement) {
  ASSIGN_OR_RETURN(const std::vector<std::string> rounds, FirstColumn(tx.Query(kOpenRound, agreement)));
  return rounds.empty() ? std::string() : rounds[0];
}

absl::StatusOr<std::vector<std::string>> OwnersOfSeat(ReadTx& tx, absl::string_view seat) {
  return FirstColumn(tx.Query(kOwnersOfSeat, seat));
}

absl::StatusOr<std::vector<std::string>> OwnersOfNetwork(ReadTx& tx, absl::string_view network, absl::CivilDay day) {
  std::vector<std::string> owners;
  Rows rows = tx.Query(kOwnersOfNetwork, network);
  while (rows.Next()) {
    const bool before = Compare(DateOf(day), DateOfText(rows.Text(1))) == DateOrder::kBefore;
    const bool after = Compare(DateOf(day), DateOfText(rows.Text(2))) == DateOrder::kAfter;
    if (!before && !after) owners.emplace_back(rows.Text(0));
  }
  RETURN_IF_ERROR(rows.status());
  return owners;
}

absl::Status WriteKnownNetwork(WriteTx& tx, absl::string_view network) { return tx.Execute(kUpsertNetwork, network); }

absl::Status WriteKnownSeat(WriteTx& tx, const KnownSeat& seat, const std::vector<std::string>& organizations) {
  RETURN_IF_ERROR(tx.Execute(kUpsertSeat, seat.name, seat.network, seat.display_name, DateToText(seat.join_date),
                             DateToText(seat.exit_date)));
  RETURN_IF_ERROR(tx.Execute(kDeleteSeatParties, seat.name));
  for (const std::string& organization : organizations) {
    RETURN_IF_ERROR(tx.Execute(kInsertSeatParty, seat.name, organization));
  }
  return absl::OkStatus();
}

absl::Status WriteKnownPost(WriteTx& tx, const KnownPost& post, absl::string_view substituted_post) {
  return tx.Execute(kUpsertPost, post.name, post.seat, post.kind, substituted_post);
}

absl::Status WriteHostOrder(WriteTx& tx, absl::string_view network, const std::vector<std::string>& seats) {
  RETURN_IF_ERROR(tx.Execute(kDeleteHostOrder, network));
  for (size_t place = 0; place < seats.size(); ++place) {
    RETURN_IF_ERROR(tx.Execute(kInsertHost, network, place, seats[place]));
  }
  return absl::OkStatus();
}

absl::Status ForgetNamed(WriteTx& tx, absl::string_view name) {
  RETURN_IF_ERROR(tx.Execute(kDeleteNetwork, name));
  RETURN_IF_ERROR(tx.Execute(kDeleteSeat, name));
  RETURN_IF_ERROR(tx.Execute(kDeleteSeatParties, name));
  return tx.Execute(kDeletePost, name);
}

absl::Status ForgetMembership(WriteTx& tx) {
  RETURN_IF_ERROR(tx.Execute("DELETE FROM known_networks"));
  RETURN_IF_ERROR(tx.Execute("DELETE FROM known_seats"));
  RETURN_IF_ERROR(tx.Execute("DELETE FROM known_seat_parties"));
  return tx.Execute("DELETE FROM known_posts");
}

absl::Status ForgetScheduling(WriteTx& tx) { return tx.Execute("DELETE FROM known_host_orders"); }

}  // namespace partnerskap::peer_review
