#include "services/membership/store/facts.h"

#include <optional>

#include "common/ids/ids.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "common/time/legal_deadlines.h"
#include "common/time/partial_date.h"
#include "partnerskap/common/v1/reasons.pb.h"
#include "services/membership/store/tables.h"

namespace partnerskap::membership {
namespace {

constexpr char kOrganizationsWithCode[] = R"sql(
SELECT message
  FROM organizations
 WHERE kind = ? AND code = ? AND name <> ?
 ORDER BY name)sql";

constexpr char kParentNetwork[] = R"sql(
SELECT parent_network
  FROM networks
 WHERE name = ?)sql";

constexpr char kSeatsOfNetwork[] = R"sql(
SELECT message
  FROM seats
 WHERE parent = ?
 ORDER BY sort_key, name)sql";

constexpr char kBodiesOfSeat[] = R"sql(
SELECT message
  FROM responsible_bodies
 WHERE parent = ?
 ORDER BY name)sql";

constexpr char kPostsOfSeat[] = R"sql(
SELECT message
  FROM posts
 WHERE parent = ?
 ORDER BY name)sql";

constexpr char kAppointmentsOfPost[] = R"sql(
SELECT message
  FROM appointments
 WHERE parent = ?
 ORDER BY name)sql";

constexpr char kPostsHeldByPerson[] = R"sql(
SELECT posts.message, appointments.message
  FROM appointments
  JOIN posts ON posts.name = appointments.parent
 WHERE appointments.person = ?
   AND EXISTS (SELECT 1
                 FROM seat_parties AS theirs
                 JOIN seat_parties AS ours ON ours.organization = theirs.organization
                WHERE theirs.seat = posts.parent AND ours.seat = ?)
 ORDER BY appointments.name)sql";

constexpr char kOwnersOfSeat[] = R"sql(
SELECT organization
  FROM seat_parties
 WHERE seat = ?
 ORDER BY organization)sql";

constexpr char kDeleteSeatParties[] = R"sql(
DELETE FROM seat_parties
 WHERE seat = ?)sql";

constexpr char kInsertSeatParty[] = R"sql(
INSERT OR IGNORE INTO seat_parties (seat, organization)
VALUES (?, ?))sql";

constexpr char kHasSeatIn[] = R"sql(
SELECT 1
  FROM seat_parties
  JOIN seats ON seats.name = seat_parties.seat
 WHERE seat_parties.organization = ? AND seats.parent = ?
 ORDER BY seat_parties.seat
 LIMIT 1)sql";

constexpr char kAgreementsOfNetwork[] = R"sql(
SELECT name, start_date, end_date, predecessor
  FROM known_agreements
 WHERE network = ?
 ORDER BY name)sql";

constexpr char kAdoptionOfSeat[] = R"sql(
SELECT name, stage, decision_date, announcement_date, extract_date
  FROM known_adoptions
 WHERE seat = ? AND agreement = ?)sql";

constexpr char kSignaturesOfAdoption[] = R"sql(
SELECT signature_date
  FROM known_signatures
 WHERE adoption = ?
 ORDER BY name)sql";

constexpr char kCursor[] = R"sql(
SELECT epoch, sequence
  FROM feed_cursors
 WHERE producer = ?)sql";

constexpr char kUpsertAgreement[] = R"sql(
INSERT INTO known_agreements (name, network, start_date, end_date, predecessor)
VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE
   SET network = excluded.network, start_date = excluded.start_date, end_date = excluded.end_date,
       predecessor = excluded.predecessor)sql";

constexpr char kUpsertAdoption[] = R"sql(
INSERT INTO known_adoptions (name, agreement, seat, stage, decision_date, announcement_date, extract_date)
VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE
   SET agreement = excluded.agreement, seat = excluded.seat, stage = excluded.stage,
       decision_date = excluded.decision_date, announcement_date = excluded.announcement_date,
       extract_date = excluded.extract_date)sql";

constexpr char kUpsertSignature[] = R"sql(
INSERT INTO known_signatures (name, adoption, signature_date)
VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE
   SET adoption = excluded.adoption, signature_date = excluded.signature_date)sql";

constexpr char kDeleteSignature[] = R"sql(
DELETE FROM known_signatures
 WHERE name = ?)sql";

constexpr char kDeleteAdoption[] = R"sql(
DELETE FROM known_adoptions
 WHERE name = ?)sql";

constexpr char kDeleteAgreement[] = R"sql(
DELETE FROM known_agreements
 WHERE name = ?)sql";

// The rows' message columns, parsed.
template <typename M>
absl::StatusOr<std::vector<M>> Messages(Rows rows) {
  std::vector<M> messages;
  while (rows.Next()) {
    const absl::string_view bytes = rows.Bytes(0);
    if (!messages.emplace_back().ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      return Refuse(common::v1::STORE_CORRUPT);
    }
  }
  RETURN_IF_ERROR(rows.status());
  return messages;
}

// Dates of projections were written by DateToText: what does not parse is absent.
google::type::Date DateOfText(absl::string_view text) { return DateFromText(text).value_or(google::type::Date()); }

absl::StatusOr<std::vector<google::type::Date>> SignatureDates(ReadTx& tx, absl::string_view adoption) {
  std::vector<google::type::Date> dates;
  Rows rows = tx.Query(kSignaturesOfAdoption, adoption);
  while (rows.Next()) dates.push_back(DateOfText(rows.Text(0)));
  RETURN_IF_ERROR(rows.status());
  return dates;
}

absl::StatusOr<std::optional<AdoptionFacts>> AdoptionOf(ReadTx& tx, absl::string_view seat,
                                                        absl::string_view agreement) {
  Rows rows = tx.Query(kAdoptionOfSeat, seat, agreement);
  if (!rows.Next()) {
    RETURN_IF_ERROR(rows.status());
    return std::nullopt;
  }
  AdoptionFacts facts;
  facts.adoption = std::string(rows.Text(0));
  facts.stage = AdoptionStageFromName(std::string(rows.Text(1))).value_or(AdoptionStage::kUnderWay);
  facts.decision_date = DateOfText(rows.Text(2));
  const std::optional<absl::CivilDay> announced = FullDay(DateOfText(rows.Text(3)));
  if (announced) facts.final_date = DateOf(FirstDayFinal(*announced));
  facts.extract_date = DateOfText(rows.Text(4));
  ASSIGN_OR_RETURN(facts.signature_dates, SignatureDates(tx, facts.adoption));
  return facts;
}

}  // namespace

std::vector<absl::string_view> FactStatements() {
  return {kOrganizationsWithCode, kParentNetwork,
          kSeatsOfNetwork,        kBodiesOfSeat,
          kPostsOfSeat,           kAppointmentsOfPost,
          kPostsHeldByPerson,     kOwnersOfSeat,
          kDeleteSeatParties,     kHasSeatIn,
          kAgreementsOfNetwork,   kAdoptionOfSeat,
          kSignaturesOfAdoption,  kCursor,
          kDeleteSignature,       kDeleteAdoption,
          kDeleteAgreement};
}

absl::StatusOr<std::vector<v1::Organization>> OrganizationsWithCode(ReadTx& tx, const v1::Organization& organization) {
  return Messages<v1::Organization>(tx.Query(kOrganizationsWithCode, v1::Organization::Kind_Name(organization.kind()),
                                             organization.code(), organization.name()));
}

absl::StatusOr<std::vector<std::string>> AncestorsOf(ReadTx& tx, const std::string& network) {
  std::vector<std::string> ancestors;
  std::string current = network;
  while (true) {
    Rows rows = tx.Query(kParentNetwork, current);
    if (!rows.Next() || rows.IsNull(0)) {
      RETURN_IF_ERROR(rows.status());
      return ancestors;
    }
    current = std::string(rows.Text(0));
    ancestors.push_back(current);
  }
}

absl::StatusOr<std::vector<v1::Seat>> SeatsOf(ReadTx& tx, absl::string_view network) {
  return Messages<v1::Seat>(tx.Query(kSeatsOfNetwork, network));
}

absl::StatusOr<std::vector<v1::ResponsibleBody>> BodiesOf(ReadTx& tx, absl::string_view seat) {
  return Messages<v1::ResponsibleBody>(tx.Query(kBodiesOfSeat, seat));
}

absl::StatusOr<std::vector<v1::Post>> PostsOf(ReadTx& tx, absl::string_view seat) {
  return Messages<v1::Post>(tx.Query(kPostsOfSeat, seat));
}

absl::StatusOr<std::vector<v1::Appointment>> AppointmentsOf(ReadTx& tx, absl::string_view post) {
  return Messages<v1::Appointment>(tx.Query(kAppointmentsOfPost, post));
}

absl::StatusOr<std::vector<HeldPost>> PostsHeldBy(ReadTx& tx, absl::string_view person, absl::string_view seat) {
  std::vector<HeldPost> held;
  Rows rows = tx.Query(kPostsHeldByPerson, person, seat);
  while (rows.Next()) {
    HeldPost& row = held.emplace_back();
    if (!row.post.ParseFromString(std::string(rows.Bytes(0))) ||
        !row.appointment.ParseFromString(std::string(rows.Bytes(1)))) {
      return Refuse(common::v1::STORE_CORRUPT);
    }
  }
  RETURN_IF_ERROR(rows.status());
  return held;
}

absl::StatusOr<std::vector<std::string>> OwnersOfSeat(ReadTx& tx, absl::string_view seat) {
  std::vector<std::string> owners;
  Rows rows = tx.Query(kOwnersOfSeat, seat);
  while (rows.Next()) owners.emplace_back(rows.Text(0));
  RETURN_IF_ERROR(rows.status());
  return owners;
}

absl::Status WriteSeatParties(WriteTx& tx, const v1::Seat& seat) {
  RETURN_IF_ERROR(tx.Execute(kDeleteSeatParties, seat.name()));
  for (const v1::Party& party : seat.parties()) {
    RETURN_IF_ERROR(tx.Execute(kInsertSeatParty, seat.name(), party.organization()));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> HasSeatIn(ReadTx& tx, absl::string_view organization, absl::string_view network) {
  Rows rows = tx.Query(kHasSeatIn, organization, network);
  const bool found = rows.Next();
  RETURN_IF_ERROR(rows.status());
  return found;
}

absl::StatusOr<std::vector<TermFacts>> TermsOf(ReadTx& tx, absl::string_view network, absl::string_view seat) {
  std::vector<TermFacts> terms;
  std::vector<std::pair<std::string, std::string>> followers;  // predecessor, agreement
  Rows rows = tx.Query(kAgreementsOfNetwork, network);
  while (rows.Next()) {
    TermFacts& term = terms.emplace_back();
    term.agreement = std::string(rows.Text(0));
    term.start = DateOfText(rows.Text(1));
    term.end = DateOfText(rows.Text(2));
    if (!rows.Text(3).empty()) followers.emplace_back(rows.Text(3), term.agreement);
  }
  RETURN_IF_ERROR(rows.status());
  for (TermFacts& term : terms) {
    for (const auto& [predecessor, agreement] : followers) {
      if (predecessor == term.agreement) term.successor = agreement;
    }
    ASSIGN_OR_RETURN(term.adoption, AdoptionOf(tx, seat, term.agreement));
  }
  return terms;
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

absl::Status WriteKnownAgreement(WriteTx& tx, const KnownAgreement& agreement) {
  return tx.Execute(kUpsertAgreement, agreement.name, agreement.network, agreement.start_date, agreement.end_date,
                    agreement.predecessor);
}

absl::Status WriteKnownAdoption(WriteTx& tx, const KnownAdoption& adoption) {
  return tx.Execute(kUpsertAdoption, adoption.name, adoption.agreement, adoption.seat, adoption.stage,
                    adoption.decision_date, adoption.announcement_date, adoption.extract_date);
}

absl::Status WriteKnownSignature(WriteTx& tx, absl::string_view name, absl::string_view adoption,
                                 absl::string_view signature_date) {
  return tx.Execute(kUpsertSignature, name, adoption, signature_date);
}

absl::Status ForgetKnown(WriteTx& tx, absl::string_view name) {
  RETURN_IF_ERROR(tx.Execute(kDeleteSignature, name));
  RETURN_IF_ERROR(tx.Execute(kDeleteAdoption, name));
  return tx.Execute(kDeleteAgreement, name);
}

absl::Status ForgetAgreements(WriteTx& tx) {
  RETURN_IF_ERROR(tx.Execute("DELETE FROM known_signatures"));
  RETURN_IF_ERROR(tx.Execute("DELETE FROM known_adoptions"));
  return tx.Execute("DELETE FROM known_agreements");
}

}  // namespace partnerskap::membership
