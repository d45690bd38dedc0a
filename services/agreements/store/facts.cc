#include "services/agreements/store/facts.h"

#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap::agreements {
namespace {

constexpr char kClausesOfAgreement[] = R"sql(
SELECT message
  FROM clauses
 WHERE parent = ?
 ORDER BY name)sql";

constexpr char kAdoptionsOfAgreement[] = R"sql(
SELECT message
  FROM adoptions
 WHERE parent = ?
 ORDER BY name)sql";

constexpr char kAdoptionsOfSeat[] = R"sql(
SELECT message
  FROM adoptions
 WHERE seat = ?
 ORDER BY name)sql";

constexpr char kAdoptionsByDecision[] = R"sql(
SELECT message
  FROM adoptions
 WHERE decision = ?
 ORDER BY name)sql";

constexpr char kSignaturesOfAdoption[] = R"sql(
SELECT message
  FROM signatures
 WHERE parent = ?
 ORDER BY name)sql";

constexpr char kTextOfVersion[] = R"sql(
SELECT text
  FROM agreement_texts
 WHERE version = ?)sql";

constexpr char kInsertText[] = R"sql(
INSERT INTO agreement_texts (version, text)
VALUES (?, ?))sql";

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

}  // namespace

std::vector<std::pair<absl::string_view, absl::string_view>> FactStatements() {
  return {{kClausesOfAgreement, "clauses_by_parent"},      {kAdoptionsOfAgreement, "adoptions_by_parent"},
          {kAdoptionsOfSeat, "adoptions_by_seat"},         {kAdoptionsByDecision, "adoptions_by_decision"},
          {kSignaturesOfAdoption, "signatures_by_parent"}, {kTextOfVersion, "sqlite_autoindex_agreement_texts_1"}};
}

absl::StatusOr<std::vector<v1::Clause>> ClausesOf(ReadTx& tx, absl::string_view agreement) {
  return Messages<v1::Clause>(tx.Query(kClausesOfAgreement, agreement));
}

absl::StatusOr<std::vector<v1::Adoption>> AdoptionsOf(ReadTx& tx, absl::string_view agreement) {
  return Messages<v1::Adoption>(tx.Query(kAdoptionsOfAgreement, agreement));
}

absl::StatusOr<std::vector<v1::Adoption>> AdoptionsOfSeat(ReadTx& tx, absl::string_view seat) {
  return Messages<v1::Adoption>(tx.Query(kAdoptionsOfSeat, seat));
}

absl::StatusOr<std::vector<v1::Adoption>> AdoptionsByDecision(ReadTx& tx, absl::string_view decision) {
  return Messages<v1::Adoption>(tx.Query(kAdoptionsByDecision, decision));
}

absl::StatusOr<std::vector<v1::Signature>> SignaturesOf(ReadTx& tx, absl::string_view adoption) {
  return Messages<v1::Signature>(tx.Query(kSignaturesOfAdoption, adoption));
}

absl::StatusOr<std::string> TextOf(ReadTx& tx, absl::string_view version) {
  Rows rows = tx.Query(kTextOfVersion, version);
  if (rows.Next()) return std::string(rows.Bytes(0));
  RETURN_IF_ERROR(rows.status());
  return Refuse(common::v1::STORE_CORRUPT);
}

absl::Status WriteText(WriteTx& tx, const Permit&, absl::string_view version, absl::string_view text) {
  return tx.Execute(kInsertText, version, Blob{text});
}

}  // namespace partnerskap::agreements
