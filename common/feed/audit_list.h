// ListAuditEntries: pages of the audit chain.
#ifndef PARTNERSKAP_COMMON_FEED_AUDIT_LIST_H_
#define PARTNERSKAP_COMMON_FEED_AUDIT_LIST_H_

#include "absl/status/statusor.h"
#include "common/env/env.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "common/sql/transaction.h"
#include "partnerskap/common/v1/audit.pb.h"

namespace partnerskap {

// `filter` takes principal, method, object, request_id and reason. A filtered page ends after a bounded number of rows,
// perhaps empty and with a token.
// Errors: FIELD_VIOLATIONS, PAGE_TOKEN_INVALID.
absl::StatusOr<Answer<common::v1::ListAuditEntriesResponse>> ListAuditEntries(
    const Env& env, const Call& call, const common::v1::ListAuditEntriesRequest& request, ReadTx& tx);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_FEED_AUDIT_LIST_H_
