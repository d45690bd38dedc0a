// Whose object it is, asked inside the transaction.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_HANDLERS_ACCESS_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_HANDLERS_ACCESS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/permit.h"
#include "common/rpc/call.h"
#include "common/sql/transaction.h"

namespace partnerskap::scheduling {

// For meetings and the order of hosts: the organizations that hold a seat in the network today.
// Errors: OBJECT_NOT_YOURS.
absl::StatusOr<Permit> AuthorizeNetwork(ReadTx& tx, const Call& call, absl::string_view network,
                                        absl::string_view name);

// Feed: a member system follows the networks in which its organization holds a seat. Errors: OBJECT_NOT_YOURS.
absl::Status MayFollow(const Call& call, absl::string_view network, ReadTx& tx);

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_HANDLERS_ACCESS_H_
