#include "services/scheduling/store/known.h"

#include <cstdint>
#include <string>

#include "common/ids/ids.h"
#include "common/status/macros.h"
#include "common/time/partial_date.h"

namespace partnerskap::scheduling {
namespace {

constexpr char kInsertNetwork[] = R"sql(
INSERT OR IGNORE INTO known_networks (name)
VALUES (?))sql";

constexpr char kUpsertSeat[] = R"sql(
INSERT INTO known_seats (name, network, display_name, actor, join_date, exit_date)
VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE
   SET network = excluded.network, display_name = excluded.display_name, actor = excluded.actor,
       join_date = excluded.join_date, exit_date = excluded.exit_date)sql";

constexpr char kDeleteParties[] = R"sql(
DELETE FROM known_seat_parties
 WHERE seat = ?)sql";

constexpr char kInsertParty[] = R"sql(
INSERT OR IGNORE INTO known_seat_parties (seat, organization)
VALUES (?, ?))sql";

constexpr char kDeleteHolds[] = R"sql(
DELETE FROM known_seat_holds
 WHERE seat = ?)sql";

constexpr char kInsertHold[] = R"sql(
INSERT INTO known_seat_holds (seat, number, start_date, end_date)
VALUES (?, ?, ?, ?))sql";

constexpr char kUpsertAgreement[] = R"sql(
INSERT INTO known_agreements (name, network, start_date, end_date)
VALUES (?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE
   SET network = excluded.network, start_date = excluded.start_date, end_date = excluded.end_date)sql";

constexpr char kUpsertClause[] = R"sql(
INSERT INTO known_clauses (name, agreement, rank, meetings_per_year, days_per_meeting, officers_meetings_per_meeting)
VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE
   SET agreement = excluded.agreement, rank = excluded.rank, meetings_per_year = excluded.meetings_per_year,
       days_per_meeting = excluded.days_per_meeting,
       officers_meetings_per_meeting = excluded.officers_meetings_per_meeting)sql";

constexpr char kDeleteClause[] = R"sql(
DELETE FROM known_clauses
 WHERE name = ?)sql";

}  // namespace

std::vector<absl::string_view> KnownStatements() { return {kDeleteParties, kDeleteHolds, kDeleteClause}; }

absl::Status WriteKnownNetwork(WriteTx& tx, absl::string_view network) { return tx.Execute(kInsertNetwork, network); }

absl::Status WriteKnownSeat(WriteTx& tx, const SeatFacts& seat) {
  RETURN_IF_ERROR(tx.Execute(kUpsertSeat, seat.name, ParentName(seat.name), seat.display_name, int64_t{seat.actor},
                             DateToText(seat.join_date), DateToText(seat.exit_date)));
  RETURN_IF_ERROR(tx.Execute(kDeleteParties, seat.name));
  for (const std::string& organization : seat.organizations) {
    RETURN_IF_ERROR(tx.Execute(kInsertParty, seat.name, organization));
  }
  RETURN_IF_ERROR(tx.Execute(kDeleteHolds, seat.name));
  for (size_t i = 0; i < seat.holds.size(); ++i) {
    RETURN_IF_ERROR(
        tx.Execute(kInsertHold, seat.name, i, DateToText(seat.holds[i].start), DateToText(seat.holds[i].end)));
  }
  return absl::OkStatus();
}

absl::Status WriteKnownAgreement(WriteTx& tx, const AgreementFacts& agreement) {
  return tx.Execute(kUpsertAgreement, agreement.name, ParentName(agreement.name), DateToText(agreement.period.start),
                    DateToText(agreement.period.end));
}

absl::Status WriteKnownClause(WriteTx& tx, absl::string_view agreement, const CadenceFacts& clause) {
  return tx.Execute(kUpsertClause, clause.clause, agreement, clause.rank, clause.meetings_per_year,
                    clause.days_per_meeting, clause.officers_meetings_per_meeting);
}

absl::Status ForgetClause(WriteTx& tx, absl::string_view clause) { return tx.Execute(kDeleteClause, clause); }

absl::Status ForgetMembership(WriteTx& tx) {
  RETURN_IF_ERROR(tx.Execute("DELETE FROM known_seat_holds"));
  RETURN_IF_ERROR(tx.Execute("DELETE FROM known_seat_parties"));
  RETURN_IF_ERROR(tx.Execute("DELETE FROM known_seats"));
  return tx.Execute("DELETE FROM known_networks");
}

absl::Status ForgetAgreements(WriteTx& tx) {
  RETURN_IF_ERROR(tx.Execute("DELETE FROM known_clauses"));
  return tx.Execute("DELETE FROM known_agreements");
}

}  // namespace partnerskap::scheduling
