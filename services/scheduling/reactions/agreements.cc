#include "services/scheduling/reactions/agreements.h"

#include <string>

#include "common/ids/ids.h"
#include "partnerskap/agreements/v1/clauses.pb.h"
#include "partnerskap/agreements/v1/resources.pb.h"
#include "services/scheduling/domain/network_facts.h"
#include "services/scheduling/store/known.h"

namespace partnerskap::scheduling {
namespace {

using agreements::v1::Agreement;
using agreements::v1::CadenceRule;
using agreements::v1::Clause;

absl::Status Keep(const Agreement& agreement, WriteTx& tx) {
  // A supplement changes another agreement in its period; it is no period of its own.
  if (agreement.kind() != Agreement::PERIOD_AGREEMENT) return absl::OkStatus();
  return WriteKnownAgreement(tx, {agreement.name(), {agreement.start_date(), agreement.end_date()}, {}});
}

absl::Status Keep(const Clause& clause, WriteTx& tx) {
  // What may be, or is owed by nobody, is nothing to measure a timetable by.
  if (clause.kind() != Clause::CADENCE || clause.force() != Clause::MUST) return ForgetClause(tx, clause.name());
  const CadenceRule& cadence = clause.cadence();
  return WriteKnownClause(tx, ParentName(clause.name()),
                          {clause.name(), clause.origin(), cadence.meetings_per_year(), cadence.days_per_meeting(),
                           cadence.officers_meetings_per_meeting()});
}

template <typename M>
absl::Status ParseAndKeep(const common::v1::Change& change, WriteTx& tx) {
  // Agreements and clauses are never erased: an empty message is none.
  M message;
  if (change.message().empty() || !message.ParseFromString(change.message())) {
    return absl::InvalidArgumentError("a change of the feed of agreements is not of the type that it names");
  }
  return Keep(message, tx);
}

}  // namespace

absl::Status ReactToAgreements(const common::v1::Change& change, WriteTx& tx) {
  const std::string& type = change.message_type();
  if (type == Agreement::descriptor()->full_name()) return ParseAndKeep<Agreement>(change, tx);
  if (type == Clause::descriptor()->full_name()) return ParseAndKeep<Clause>(change, tx);
  return absl::OkStatus();
}

absl::Status ResetAgreements(WriteTx& tx) { return ForgetAgreements(tx); }

}  // namespace partnerskap::scheduling
