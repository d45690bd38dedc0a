#include "services/peer_review/store/facts.h"

#include <gtest/gtest.h>

#include "common/testing/query_plan.h"
#include "common/testing/service_fixture.h"
#include "services/peer_review/service.h"
#include "services/peer_review/store/tables.h"

namespace partnerskap::peer_review {
namespace {

class FactsTest : public ServiceFixture {
 protected:
  FactsTest() : ServiceFixture(Definition()) {}
};

TEST_F(FactsTest, EveryStatementSearchesByItsIndex) {
  for (const auto& [sql, index] : FactStatements()) {
    const absl::StatusOr<QueryPlan> plan = PlanOf(database(), sql);
    ASSERT_TRUE(plan.ok()) << sql << plan.status();
    EXPECT_THAT(*plan, UsesIndex(std::string(index))) << sql;
  }
}

TEST_F(FactsTest, ColumnsAreThoseOfTheMessages) {
  for (const ResourceTableBase* table : Tables()) {
    const absl::Status status = database().Read([&](ReadTx& tx) { return table->CheckColumns(tx); });
    EXPECT_TRUE(status.ok()) << table->table() << ": " << status;
  }
}

}  // namespace
}  // namespace partnerskap::peer_review
