// How SQLite would run a statement: for the tests that each statement uses the index it is meant to.
//
//   EXPECT_THAT(*PlanOf(*database, "SELECT name FROM seats WHERE parent = ?"), UsesIndex("seats_by_parent"));
//
// or, without the matcher: plan->full_scan is false and plan->indexes contains the name.
#ifndef PARTNERSKAP_COMMON_TESTING_QUERY_PLAN_H_
#define PARTNERSKAP_COMMON_TESTING_QUERY_PLAN_H_

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "common/sql/database.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"

namespace partnerskap {

struct QueryPlan {
  bool full_scan = false;            // reads all of some table or of some index
  bool sorts = false;                // builds a temporary B-tree for ORDER BY, GROUP BY or DISTINCT
  std::vector<std::string> indexes;  // that it searches: `seats_by_parent`, `sqlite_autoindex_seats_1`, `PRIMARY KEY`
  std::string text;                  // SQLite's own words, a line each
};

inline std::ostream& operator<<(std::ostream& out, const QueryPlan& plan) { return out << plan.text; }

// The plan of `sql`; its parameters stay unbound. With a connection of its own kind: the store's reader.
inline absl::StatusOr<QueryPlan> PlanOf(Database& database, absl::string_view sql) {
  return database.Read([&](ReadTx& tx) -> absl::StatusOr<QueryPlan> {
    QueryPlan plan;
    std::string explain = absl::StrCat("EXPLAIN QUERY PLAN ", sql);
    // As many NULLs as there are parameters; the plan does not depend on values.
    std::vector<SqlValue> values(static_cast<size_t>(std::count(sql.begin(), sql.end(), '?')), nullptr);
    Rows rows = tx.QueryWith(explain, values);
    while (rows.Next()) {
      absl::string_view line = rows.Text(3);
      absl::StrAppend(&plan.text, line, "\n");
      if (absl::StartsWith(line, "SCAN ") && !absl::StrContains(line, "CONSTANT ROW")) plan.full_scan = true;
      if (absl::StrContains(line, "TEMP B-TREE")) plan.sorts = true;
      if (!absl::StartsWith(line, "SEARCH ")) continue;
      std::vector<std::string> words = absl::StrSplit(line, ' ');
      for (size_t i = 0; i + 1 < words.size(); ++i) {
        if (words[i] == "INDEX") plan.indexes.push_back(words[i + 1]);
        if (words[i] == "PRIMARY") plan.indexes.push_back("PRIMARY KEY");
      }
    }
    RETURN_IF_ERROR(rows.status());
    return plan;
  });
}

// Searches by this index and scans nothing.
MATCHER_P(UsesIndex, index, absl::StrCat(negation ? "does not search by " : "searches by ", index)) {
  *result_listener << arg.text;
  return !arg.full_scan && std::find(arg.indexes.begin(), arg.indexes.end(), index) != arg.indexes.end();
}

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_TESTING_QUERY_PLAN_H_
