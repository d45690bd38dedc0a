// Rules of agreements, their wordings and clauses. Pure: facts in, a refusal or OK out.
#ifndef PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_TEXTS_H_
#define PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_TEXTS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "partnerskap/agreements/v1/clauses.pb.h"
#include "partnerskap/agreements/v1/resources.pb.h"

namespace partnerskap::agreements {

// Errors: PERIOD_REVERSED.
absl::Status CheckPeriod(const v1::Agreement& agreement);
// None at all (the text names nobody), or 1 and 2, each once. Errors: SIGNER_SLOTS_WRONG.
absl::Status CheckSignerSlots(const v1::Agreement& agreement);
// The predecessor is of the same network and does not begin on the same day or later. Errors: PREDECESSOR_WRONG.
absl::Status MaySucceed(const v1::Agreement& agreement, const v1::Agreement& predecessor);

// SHA-256 of `bytes`, 64 lower-case hexadecimal digits.
std::string Sha256Hex(absl::string_view bytes);
// HELD has a text; DIGEST_ONLY a digest and no text; NOT_HELD neither. Errors: CUSTODY_CONTRADICTED.
absl::Status CheckCustody(const v1::AgreementVersion& version);
// A digest that comes with a text is that of the text. Errors: DIGEST_MISMATCH.
absl::Status CheckDigest(const v1::AgreementVersion& version);
// Errors: TEXT_NOT_HELD.
absl::Status MustBeHeld(const v1::AgreementVersion& version);
// The wording stands under the agreement. Errors: VERSION_OF_OTHER_AGREEMENT.
absl::Status VersionMustBeOf(absl::string_view agreement, absl::string_view version);

// The detail is of the type that the kind names; CAP and FIXED have an amount, NONE has none.
// Errors: CLAUSE_DETAIL_MISMATCH.
absl::Status CheckDetail(const v1::Clause& clause);

}  // namespace partnerskap::agreements

#endif  // PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_TEXTS_H_
