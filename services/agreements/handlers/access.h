// Whose object it is, asked inside the transaction.
#ifndef PARTNERSKAP_SERVICES_AGREEMENTS_HANDLERS_ACCESS_H_
#define PARTNERSKAP_SERVICES_AGREEMENTS_HANDLERS_ACCESS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/permit.h"
#include "common/rpc/call.h"
#include "common/sql/transaction.h"

namespace partnerskap::agreements {

// For objects that belong to no single organization: the method's permission has decided.
absl::StatusOr<Permit> AuthorizeShared(const Call& call, absl::string_view name);

// For a decision: the organization whose board made it. Errors: OBJECT_NOT_YOURS.
absl::StatusOr<Permit> AuthorizeDecision(const Call& call, absl::string_view decision);

// For an adoption and its signatures: the organizations that hold the seat. Errors: OBJECT_NOT_YOURS.
absl::StatusOr<Permit> AuthorizeSeat(ReadTx& tx, const Call& call, absl::string_view seat, absl::string_view name);

// Feed: a member system follows the networks in which its organization holds a seat. Errors: OBJECT_NOT_YOURS.
absl::Status MayFollow(const Call& call, absl::string_view network, ReadTx& tx);

}  // namespace partnerskap::agreements

#endif  // PARTNERSKAP_SERVICES_AGREEMENTS_HANDLERS_ACCESS_H_
