#include "services/scheduling/reactions/agreements.h"

#include <string>
#include <vector>

#include "common/status/macros.h"
#include "common/time/partial_date.h"
#include "partnerskap/agreements/v1/clauses.pb.h"
#include "partnerskap/agreements/v1/resources.pb.h"
#include "services/scheduling/handlers/national_fixture.h"
#include "services/scheduling/store/facts.h"

namespace partnerskap::scheduling {
namespace {

using agreements::v1::Agreement;
using agreements::v1::Clause;

class AgreementReactionTest : public NationalTest {
 protected:
  std::vector<AgreementFacts> Known() {
    auto known = database().Read([](ReadTx& tx) { return AgreementsOf(tx, kNational); });
    EXPECT_TRUE(known.ok()) << known.status();
    return known.ok() ? *known : std::vector<AgreementFacts>();
  }
  static Clause Cadence(absl::string_view id, Clause::Force force, Clause::Origin origin, int meetings) {
    Clause clause;
    clause.set_name(std::string(kNationalAgreement) + "/clauses/" + std::string(id));
    clause.set_kind(Clause::CADENCE);
    clause.set_force(force);
    clause.set_origin(origin);
    clause.mutable_cadence()->set_meetings_per_year(meetings);
    return clause;
  }
};

TEST_F(AgreementReactionTest, PeriodAndBindingClauseAreKept) {
  const std::vector<AgreementFacts> known = Known();
  ASSERT_EQ(known.size(), 1u);
  EXPECT_EQ(DateToText(known[0].period.start), "2016-01-01");
  ASSERT_EQ(known[0].cadences.size(), 1u);
  EXPECT_EQ(known[0].cadences[0].clause, kNationalCadence);
  EXPECT_EQ(known[0].cadences[0].rank, Clause::AGREEMENT_TEXT);
  EXPECT_EQ(known[0].cadences[0].officers_meetings_per_meeting, 1);
}

TEST_F(AgreementReactionTest, MemoDoesNotOutrankTheText) {
  ASSERT_TRUE(Learn("agreements", Cadence("1-memo", Clause::MUST, Clause::MEMO, 4)).ok());
  EXPECT_EQ(Known()[0].cadences.size(), 2u);
  EXPECT_EQ(CadenceOf(Known()[0]).meetings_per_year.number, 2);
}

TEST_F(AgreementReactionTest, WhatMayBeDemandsNothing) {
  ASSERT_TRUE(Learn("agreements", Cadence("more", Clause::MAY, Clause::AGREEMENT_TEXT, 4)).ok());
  EXPECT_EQ(Known()[0].cadences.size(), 1u);
  // A clause that binds no more is forgotten.
  ASSERT_TRUE(Learn("agreements", Cadence("5", Clause::NONE, Clause::AGREEMENT_TEXT, 2)).ok());
  EXPECT_TRUE(Known()[0].cadences.empty());
}

TEST_F(AgreementReactionTest, OtherClausesAreOfNoInterest) {
  Clause fee = Cadence("fee", Clause::MUST, Clause::AGREEMENT_TEXT, 0);
  fee.set_kind(Clause::FEE);
  fee.mutable_fee()->set_kind(agreements::v1::FeeRule::CAP);
  ASSERT_TRUE(Learn("agreements", fee).ok());
  EXPECT_EQ(Known()[0].cadences.size(), 1u);
}

TEST_F(AgreementReactionTest, SupplementIsNoPeriodOfItsOwn) {
  Agreement agreement;
  agreement.set_name("networks/partnerskapet/agreements/2018-tillagg");
  agreement.set_kind(Agreement::SUPPLEMENT);
  ASSERT_TRUE(Learn("agreements", agreement).ok());
  EXPECT_EQ(Known().size(), 1u);
  agreement.set_kind(Agreement::PERIOD_AGREEMENT);
  ASSERT_TRUE(Learn("agreements", agreement).ok());
  EXPECT_EQ(Known().size(), 2u);
}

TEST_F(AgreementReactionTest, BytesOfAnotherTypeAreRefused) {
  common::v1::Change change;
  change.set_name(kNationalAgreement);
  change.set_message_type("partnerskap.agreements.v1.Agreement");
  EXPECT_FALSE(Learn("agreements", change).ok());
  change.set_message("\xff");
  EXPECT_FALSE(Learn("agreements", change).ok());
}

TEST_F(AgreementReactionTest, ResetForgetsAll) {
  WriteRequest write;
  write.audited = false;
  write.context.time = loop().clock().Now();
  write.body = [](WriteTx& tx) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(ResetAgreements(tx));
    return std::string();
  };
  bool done = false;
  write.done = [&done](WriteResult result) { done = result.answer.ok(); };
  database().writer().Submit(std::move(write));
  ASSERT_TRUE(loop().RunUntil([&done] { return done; }));
  EXPECT_TRUE(Known().empty());
}

}  // namespace
}  // namespace partnerskap::scheduling
