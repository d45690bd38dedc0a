#include "services/membership/store/facts.h"

#include <sqlite3.h>

#include "common/testing/query_plan.h"
#include "common/testing/service_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/membership/service.h"
#include "services/membership/store/tables.h"

namespace partnerskap::membership {
namespace {

class FactsTest : public ServiceFixture {
 protected:
  FactsTest() : ServiceFixture(Definition()) {}
};

TEST_F(FactsTest, EveryStatementSearchesByAnIndex) {
  for (absl::string_view sql : FactStatements()) {
    const auto plan = PlanOf(database(), sql);
    ASSERT_TRUE(plan.ok()) << plan.status() << sql;
    EXPECT_FALSE(plan->full_scan) << sql << *plan;
    EXPECT_FALSE(plan->indexes.empty()) << sql << *plan;
    EXPECT_FALSE(plan->sorts) << sql << *plan;
  }
}

// Statements of the tables' lists are made where they run, so they are looked at there.
TEST_F(FactsTest, NoListSortsOrReadsAllOfItsTable) {
  for (const ResourceTableBase* table :
       {static_cast<const ResourceTableBase*>(&Organizations()), static_cast<const ResourceTableBase*>(&Networks()),
        static_cast<const ResourceTableBase*>(&Seats())}) {
    const auto page = database().Read([&](ReadTx& tx) -> absl::StatusOr<ResourceTableBase::Page> {
      const bool top_level = table != &Seats();
      auto listed = table->List(tx, {.parent = top_level ? "" : "networks/partnerskapet"});
      sqlite3* db = tx.connection().handle();
      for (auto* each = sqlite3_next_stmt(db, nullptr); each != nullptr; each = sqlite3_next_stmt(db, each)) {
        EXPECT_EQ(sqlite3_stmt_status(each, SQLITE_STMTSTATUS_SORT, 0), 0) << sqlite3_sql(each);
        EXPECT_EQ(sqlite3_stmt_status(each, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0), 0) << sqlite3_sql(each);
      }
      return listed;
    });
    EXPECT_TRUE(page.ok()) << page.status();
  }
}

TEST_F(FactsTest, TablesHaveTheColumnsThatTheirMessagesDerive) {
  for (const ResourceTableBase* table : Tables()) {
    const absl::Status status = database().Read([&](ReadTx& tx) { return table->CheckColumns(tx); });
    EXPECT_TRUE(status.ok()) << table->table() << ": " << status;
  }
}

}  // namespace
}  // namespace partnerskap::membership
