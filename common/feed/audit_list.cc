#include "common/feed/audit_list.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/rpc/filter.h"
#include "common/seal/sealer.h"
#include "common/sql/audit_log.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

using common::v1::ListAuditEntriesRequest;
using common::v1::ListAuditEntriesResponse;

// As every list (contract: 0 = 50, above 1,000 lowered to it); a row is below 1 KiB, so that a page stays below 1 MiB.
constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 1'000;
// Rows that a filtered page looks at before it ends, perhaps empty, with a token: a few milliseconds.
constexpr int kMaxRows = 10'000;

constexpr std::array<absl::string_view, 5> kColumns = {"principal", "method", "object", "request_id", "reason"};

absl::string_view Column(const common::v1::AuditEntry& entry, absl::string_view column) {
  if (column == "principal") return entry.principal();
  if (column == "method") return entry.method();
  if (column == "object") return entry.object();
  if (column == "request_id") return entry.request_id();
  return entry.reason();
}

}  // namespace

absl::StatusOr<Answer<ListAuditEntriesResponse>> ListAuditEntries(const Env& env, const Call& call,
                                                                  const ListAuditEntriesRequest& request, ReadTx& tx) {
  ASSIGN_OR_RETURN(const auto terms, ParseFilter(request.filter(), kColumns));
  const std::string purpose = absl::StrCat("list\n", call.method, "\n", request.filter());
  int64_t after = 0;
  if (!request.page_token().empty()) {
    const absl::StatusOr<std::string> opened = env.sealer->Open(purpose, request.page_token());
    if (!opened.ok() || !absl::SimpleAtoi(*opened, &after)) return Refuse(common::v1::PAGE_TOKEN_INVALID);
  }
  const int page_size = request.page_size() == 0 ? kDefaultPageSize : std::min(request.page_size(), kMaxPageSize);
  static const std::string* const kSql = new std::string(
      absl::StrCat("SELECT ", kAuditColumns, "\n  FROM audit\n WHERE sequence > ?\n ORDER BY sequence"));
  ListAuditEntriesResponse response;
  Rows rows = tx.Query(*kSql, after);
  for (int looked_at = 0; rows.Next(); ++looked_at) {
    if (response.audit_entries_size() == page_size || looked_at == kMaxRows) {
      response.set_next_page_token(env.sealer->Seal(purpose, absl::StrCat(after)));
      return response;
    }
    common::v1::AuditEntry entry = AuditEntryOf(rows);
    after = entry.sequence();
    const bool passes = std::all_of(terms.begin(), terms.end(),
                                    [&entry](const auto& term) { return Column(entry, term.first) == term.second; });
    if (passes) *response.add_audit_entries() = std::move(entry);
  }
  RETURN_IF_ERROR(rows.status());
  return response;
}

}  // namespace partnerskap
