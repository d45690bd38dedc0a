#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/sql/resource_table.h"

namespace partnerskap {
namespace {

using ListQuery = ResourceTableBase::ListQuery;

// Rows of a page when the caller does not say, and at most.
constexpr int32_t kDefaultPageSize = 50;
constexpr int32_t kMaxPageSize = 1'000;
// Bytes of messages after which a page ends: a quarter of the largest message that the door takes.
constexpr size_t kMaxPageBytes = 1 << 20;

int64_t PageSize(int32_t asked) {
  if (asked <= 0) return kDefaultPageSize;
  return std::min(asked, kMaxPageSize);
}

struct BoundSql {
  std::string sql;
  std::vector<SqlValue> values;
};

// Views of `query`, which must outlive the result.
BoundSql SqlOf(const std::string& table, bool sorted, const ListQuery& query, int64_t limit) {
  BoundSql bound;
  std::vector<std::string> conditions;
  if (!query.parent.empty()) {
    conditions.push_back("parent = ?");
    bound.values.emplace_back(absl::string_view(query.parent));
  }
  std::vector<const std::pair<std::string, std::string>*> sorted_equals;
  for (const auto& pair : query.equals) sorted_equals.push_back(&pair);
  std::sort(sorted_equals.begin(), sorted_equals.end(), [](const auto* a, const auto* b) { return *a < *b; });
  for (const auto* pair : sorted_equals) {
    conditions.push_back(absl::StrCat(pair->first, " = ?"));
    bound.values.emplace_back(absl::string_view(pair->second));
  }
  if (!query.after_name.empty()) {
    conditions.push_back(sorted ? "(sort_key, name) > (?, ?)" : "name > ?");
    if (sorted) bound.values.emplace_back(Blob{query.after_key});
    bound.values.emplace_back(absl::string_view(query.after_name));
  }
  bound.sql = absl::StrCat("SELECT name, message", sorted ? ", sort_key" : "", "\n  FROM ", table,
                           conditions.empty() ? "" : "\n WHERE ", absl::StrJoin(conditions, "\n   AND "),
                           sorted ? "\n ORDER BY sort_key, name" : "\n ORDER BY name", "\n LIMIT ?");
  bound.values.emplace_back(limit);
  return bound;
}

}  // namespace

absl::StatusOr<ResourceTableBase::Page> ResourceTableBase::List(ReadTx& tx, const ListQuery& query) const {
  for (const auto& [column, value] : query.equals) {
    if (std::find(columns_.begin(), columns_.end(), column) == columns_.end()) {
      return absl::InternalError(absl::StrCat("table ", spec_.table, " has no column ", column));
    }
  }
  bool sorted = static_cast<bool>(spec_.sort_key);
  int64_t size = PageSize(query.page_size);
  // One more than the page, to know whether another follows.
  BoundSql bound = SqlOf(spec_.table, sorted, query, size + 1);
  Page page;
  size_t bytes = 0;
  Rows rows = tx.QueryWith(bound.sql, bound.values);
  while (rows.Next()) {
    if (static_cast<int64_t>(page.messages.size()) == size || bytes >= kMaxPageBytes) {
      page.more = true;
      break;
    }
    page.last_name = std::string(rows.Text(0));
    page.messages.emplace_back(rows.Bytes(1));
    bytes += page.messages.back().size();
    if (sorted) page.last_key = std::string(rows.Bytes(2));
  }
  RETURN_IF_ERROR(rows.status());
  return page;
}

}  // namespace partnerskap
