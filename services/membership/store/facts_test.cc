#include "services/membership/store/facts.h"

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

TEST_F(FactsTest, TablesHaveTheColumnsThatTheirMessagesDerive) {
  for (const ResourceTableBase* table : Tables()) {
    const absl::Status status = database().Read([&](ReadTx& tx) { return table->CheckColumns(tx); });
    EXPECT_TRUE(status.ok()) << table->table() << ": " << status;
  }
}

}  // namespace
}  // namespace partnerskap::membership
