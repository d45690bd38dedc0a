#include "services/agreements/store/facts.h"

#include <gtest/gtest.h>

#include "common/testing/query_plan.h"
#include "common/testing/service_fixture.h"
#include "services/agreements/service.h"
#include "services/agreements/store/projections.h"
#include "services/agreements/store/tables.h"

namespace partnerskap::agreements {
namespace {

class FactsTest : public ServiceFixture {
 protected:
  FactsTest() : ServiceFixture(Definition()) {}
};

TEST_F(FactsTest, EveryStatementSearchesByItsIndexAndSortsNothing) {
  auto statements = FactStatements();
  for (const auto& statement : ProjectionStatements()) statements.push_back(statement);
  for (const auto& [sql, index] : statements) {
    const absl::StatusOr<QueryPlan> plan = PlanOf(database(), sql);
    ASSERT_TRUE(plan.ok()) << sql << plan.status();
    EXPECT_THAT(*plan, UsesIndex(std::string(index))) << sql;
    EXPECT_FALSE(plan->sorts) << sql << plan->text;
  }
}

TEST_F(FactsTest, ColumnsAreThoseOfTheMessages) {
  for (const ResourceTableBase* table : Tables()) {
    const absl::Status status = database().Read([&](ReadTx& tx) { return table->CheckColumns(tx); });
    EXPECT_TRUE(status.ok()) << table->table() << ": " << status;
  }
}

TEST_F(FactsTest, ATextThatIsNotThereIsDamage) {
  const auto text = database().Read([&](ReadTx& tx) { return TextOf(tx, "networks/p/agreements/a/versions/1"); });
  EXPECT_EQ(text.status().code(), absl::StatusCode::kDataLoss) << text.status();
}

}  // namespace
}  // namespace partnerskap::agreements
