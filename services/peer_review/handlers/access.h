// Whose object it is, asked inside the transaction.
#ifndef PARTNERSKAP_SERVICES_PEER_REVIEW_HANDLERS_ACCESS_H_
#define PARTNERSKAP_SERVICES_PEER_REVIEW_HANDLERS_ACCESS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/permit.h"
#include "common/rpc/call.h"
#include "common/sql/transaction.h"

namespace partnerskap::peer_review {

// For what one seat decides alone: the organizations that hold the seat. Errors: OBJECT_NOT_YOURS.
absl::StatusOr<Permit> AuthorizeSeat(ReadTx& tx, const Call& call, absl::string_view seat, absl::string_view name);

// For what the network does together: the organizations that hold a seat in it today. Errors: OBJECT_NOT_YOURS.
absl::StatusOr<Permit> AuthorizeNetwork(ReadTx& tx, const Call& call, absl::string_view network,
                                        absl::string_view name);

// Feed: a member system follows the networks in which its organization holds a seat today. Errors: OBJECT_NOT_YOURS.
absl::Status MayFollow(const Call& call, absl::string_view network, ReadTx& tx);

}  // namespace partnerskap::peer_review

#endif  // PARTNERSKAP_SERVICES_PEER_REVIEW_HANDLERS_ACCESS_H_
