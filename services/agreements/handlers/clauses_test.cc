#include "services/agreements/handlers/agreements_fixture.h"

namespace partnerskap::agreements {
namespace {

class ClauseTest : public AgreementsFixture {
 protected:
  ClauseTest() { CreateAgreement(); }

  static v1::CreateClauseRequest Fee(const std::string& id, const std::string& origin, const std::string& rule) {
    auto request = Request<v1::CreateClauseRequest>(
        "clause { number: '6' kind: FEE force: MUST debtor: EACH_SEAT text: 'Årlig kostnad' origin: " + origin +
        " fee { " + rule + " } }");
    request.set_parent(kAgreement);
    request.set_clause_id(id);
    return request;
  }
  static constexpr char kFixed[] = "kind: FIXED amount { currency_code: 'SEK' units: 20000 }";
  static constexpr char kCap[] = "kind: CAP amount { currency_code: 'SEK' units: 20000 }";
};

TEST_F(ClauseTest, IsCreatedReadAndListed) {
  auto request = Fee("fee", "AGREEMENT_TEXT", kFixed);
  request.mutable_clause()->set_version(kVersion);
  const auto clause = Ok<v1::Clause>(admin(), "CreateClause", request);
  EXPECT_EQ(clause.name(), "networks/partnerskapet/agreements/2016-2019/clauses/fee");
  const auto get = Request<v1::GetClauseRequest>("name: '" + clause.name() + "'");
  EXPECT_EQ(Ok<v1::Clause>(Reader(), "GetClause", get).fee().amount().units(), 20000);
  const auto list = Request<v1::ListClausesRequest>("parent: 'networks/partnerskapet/agreements/2016-2019'");
  EXPECT_EQ(Ok<v1::ListClausesResponse>(Reader(), "ListClauses", list).clauses_size(), 1);
  ExpectRefused(Member(kHaninge), "CreateClause", Fee("other", "MEMO", kCap), "PERMISSION_MISSING");
}

TEST_F(ClauseTest, DetailFitsTheKind) {
  ExpectRefused(admin(), "CreateClause", Fee("fee", "MEMO", "kind: FIXED"), "CLAUSE_DETAIL_MISMATCH");
  ExpectRefused(admin(), "CreateClause", Fee("fee", "MEMO", "kind: FIXED amount { currency_code: 'EUR' units: 1 }"),
                "FIELD_VIOLATIONS");
}

TEST_F(ClauseTest, StandsInAWordingOfItsAgreement) {
  auto request = Fee("fee", "AGREEMENT_TEXT", kFixed);
  request.mutable_clause()->set_version("networks/partnerskapet/agreements/2020-2021/versions/1");
  ExpectRefused(admin(), "CreateClause", request, "VERSION_OF_OTHER_AGREEMENT");
  request.mutable_clause()->set_version("networks/partnerskapet/agreements/2016-2019/versions/2");
  ExpectRefused(admin(), "CreateClause", request, "REFERENCE_UNKNOWN");
  request.set_parent("networks/partnerskapet/agreements/okand");
  ExpectRefused(admin(), "CreateClause", request, "PARENT_NOT_FOUND");
}

TEST_F(ClauseTest, MemoAndAgreementThatDifferAreBothShown) {
  Ok<v1::Clause>(admin(), "CreateClause", Fee("fee", "AGREEMENT_TEXT", kFixed));
  Ok<v1::Clause>(admin(), "CreateClause", Fee("fee-memo", "MEMO", kCap));
  const auto request = Request<v1::ListDutiesRequest>("parent: 'networks/partnerskapet/agreements/2016-2019'");
  const auto duties = Ok<v1::ListDutiesResponse>(Reader(), "ListDuties", request);
  ASSERT_EQ(duties.duties_size(), 2);
  ASSERT_EQ(duties.duties(0).conflicting_clauses_size(), 1);
  EXPECT_EQ(duties.duties(0).conflicting_clauses(0), "networks/partnerskapet/agreements/2016-2019/clauses/fee-memo");
  EXPECT_EQ(duties.silences_size(), v1::Clause::Kind_descriptor()->value_count() - 2);
  ExpectRefused(Reader(), "ListDuties",
                Request<v1::ListDutiesRequest>("parent: 'networks/partnerskapet/agreements/okand'"),
                "RESOURCE_NOT_FOUND");
}

TEST_F(ClauseTest, DutiesComeInPages) {
  for (const char* id : {"a", "b", "c"}) Ok<v1::Clause>(admin(), "CreateClause", Fee(id, "AGREEMENT_TEXT", kFixed));
  auto request = Request<v1::ListDutiesRequest>("parent: 'networks/partnerskapet/agreements/2016-2019' page_size: 2");
  const auto first = Ok<v1::ListDutiesResponse>(Reader(), "ListDuties", request);
  EXPECT_EQ(first.duties_size(), 2);
  ASSERT_NE(first.next_page_token(), "");
  request.set_page_token(first.next_page_token());
  const auto second = Ok<v1::ListDutiesResponse>(Reader(), "ListDuties", request);
  ASSERT_EQ(second.duties_size(), 1);
  EXPECT_EQ(second.duties(0).clause(), "networks/partnerskapet/agreements/2016-2019/clauses/c");
  EXPECT_EQ(second.next_page_token(), "");
  request.set_page_token("nonsense");
  ExpectRefused(Reader(), "ListDuties", request, "PAGE_TOKEN_INVALID");
}

}  // namespace
}  // namespace partnerskap::agreements
