// The questions that handlers ask, as SQL. Each statement stands in facts.cc or projections.cc under a name, and
// facts_test.cc holds its query plan.
#ifndef PARTNERSKAP_SERVICES_AGREEMENTS_STORE_FACTS_H_
#define PARTNERSKAP_SERVICES_AGREEMENTS_STORE_FACTS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/permit.h"
#include "common/sql/transaction.h"
#include "partnerskap/agreements/v1/adoptions.pb.h"
#include "partnerskap/agreements/v1/clauses.pb.h"

namespace partnerskap::agreements {

// Every statement of facts.cc that searches, with the index that it is to use.
std::vector<std::pair<absl::string_view, absl::string_view>> FactStatements();

absl::StatusOr<std::vector<v1::Clause>> ClausesOf(ReadTx& tx, absl::string_view agreement);
absl::StatusOr<std::vector<v1::Adoption>> AdoptionsOf(ReadTx& tx, absl::string_view agreement);
absl::StatusOr<std::vector<v1::Adoption>> AdoptionsOfSeat(ReadTx& tx, absl::string_view seat);
// Adoptions whose outcome rests on the decision.
absl::StatusOr<std::vector<v1::Adoption>> AdoptionsByDecision(ReadTx& tx, absl::string_view decision);
absl::StatusOr<std::vector<v1::Signature>> SignaturesOf(ReadTx& tx, absl::string_view adoption);

// The bytes of a wording that is HELD. Errors: STORE_CORRUPT where they are not there.
absl::StatusOr<std::string> TextOf(ReadTx& tx, absl::string_view version);
absl::Status WriteText(WriteTx& tx, const Permit& permit, absl::string_view version, absl::string_view text);

}  // namespace partnerskap::agreements

#endif  // PARTNERSKAP_SERVICES_AGREEMENTS_STORE_FACTS_H_
