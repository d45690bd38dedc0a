#include "common/rpc/filter.h"

#include "common/status/refusal.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr absl::string_view kFields[] = {"kind", "county_code"};

TEST(Filter, EmptyFilterTakesAll) { EXPECT_THAT(*ParseFilter("", kFields), IsEmpty()); }

TEST(Filter, ReadsWordsAndQuotedStrings) {
  EXPECT_THAT(*ParseFilter("kind = MUNICIPALITY AND county_code=\"03\"", kFields),
              ElementsAre(Pair("kind", "MUNICIPALITY"), Pair("county_code", "03")));
}

TEST(Filter, RefusesWhatItCannotRead) {
  for (absl::string_view filter : {"kind", "kind =", "kind = A OR kind = B", "name = x", "kind = \"a",
                                   "kind = A kind = B", "kind = A AND ", "kind = 'a'; DROP TABLE organizations"}) {
    const absl::Status status = ParseFilter(filter, kFields).status();
    EXPECT_EQ(ReasonOf(status), "FIELD_VIOLATIONS") << filter;
    ASSERT_EQ(ViolationsOf(status).size(), 1) << filter;
    EXPECT_EQ(ViolationsOf(status)[0].field, "filter");
    EXPECT_THAT(ViolationsOf(status)[0].description, HasSubstr("kind, county_code"));
  }
}

}  // namespace
}  // namespace partnerskap
