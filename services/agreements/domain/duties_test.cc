#include "services/agreements/domain/standing.h"
#include "services/agreements/domain/testing.h"

namespace partnerskap::agreements {
namespace {

v1::Agreement Period() {
  return Parse<v1::Agreement>(R"pb(
    name: 'networks/p/agreements/2016-2019'
    start_date { year: 2016 month: 1 day: 1 }
    end_date { year: 2019 month: 12 day: 31 }
    sunset_review_date { year: 2019 month: 6 }
  )pb");
}

v1::Clause Clause(const std::string& name, const std::string& text) {
  auto clause = Parse<v1::Clause>("force: MUST debtor: EACH_SEAT origin: AGREEMENT_TEXT " + text);
  clause.set_name(name);
  return clause;
}

// The fee of 000: the memo says "högst", the agreement does not.
v1::Clause FeeOfText() {
  return Clause("fee", "kind: FEE fee { kind: FIXED amount { currency_code: 'SEK' units: 20000 } }");
}
v1::Clause FeeOfMemo() {
  v1::Clause clause = Clause("fee-memo", "kind: FEE fee { kind: CAP amount { currency_code: 'SEK' units: 20000 } }");
  clause.set_origin(v1::Clause::MEMO);
  return clause;
}

std::string DueDate(const v1::Agreement& agreement, const std::string& clause) {
  return DateToText(DutiesOf(agreement, {Clause("c", clause)})[0].due_date());
}

TEST(Duties, AreDueFromThePeriodsStart) {
  EXPECT_EQ(DueDate(Period(), "kind: PLAN_REVISION due { month_offset: 24 }"), "2018-01-01");
  EXPECT_EQ(DueDate(Period(), "kind: FINAL_REPORT due { }"), "2019-12-31");
  EXPECT_EQ(DueDate(Period(), "kind: FINAL_REPORT"), "");
  EXPECT_EQ(DueDate(Period(), "kind: CADENCE cadence { meetings_per_year: 2 }"), "");
  EXPECT_EQ(DueDate(Period(), "kind: SUNSET_REVIEW"), "2019-06");
}

TEST(Duties, AreDueAsExactlyAsThePeriodIsKnown) {
  v1::Agreement agreement = Period();
  *agreement.mutable_start_date() = D("2016-08-31");
  EXPECT_EQ(DueDate(agreement, "kind: REVIEW due { month_offset: 6 }"), "2017-02-28");
  *agreement.mutable_start_date() = D("2016-08");
  EXPECT_EQ(DueDate(agreement, "kind: REVIEW due { month_offset: 6 }"), "2017-02");
  *agreement.mutable_start_date() = D("2016");
  EXPECT_EQ(DueDate(agreement, "kind: REVIEW due { month_offset: 24 }"), "2018");
  EXPECT_EQ(DueDate(agreement, "kind: REVIEW due { month_offset: 6 }"), "");
}

TEST(Duties, ComeByDueDateThenClause) {
  const auto duties =
      DutiesOf(Period(), {Clause("z", "kind: PLAN"), Clause("b", "kind: FINAL_REPORT due { }"),
                          Clause("a", "kind: TERM"), Clause("c", "kind: PLAN_REVISION due { month_offset: 24 }")});
  ASSERT_EQ(duties.size(), 4u);
  EXPECT_EQ(duties[0].clause(), "c");
  EXPECT_EQ(duties[1].clause(), "b");
  EXPECT_EQ(duties[2].clause(), "a");
  EXPECT_EQ(duties[3].clause(), "z");
}

TEST(Duties, ShowWhereDocumentsDiffer) {
  const auto duties = DutiesOf(Period(), {FeeOfText(), FeeOfMemo()});
  ASSERT_EQ(duties[0].conflicting_clauses_size(), 1);
  EXPECT_EQ(duties[0].conflicting_clauses(0), "fee-memo");
  EXPECT_EQ(duties[1].conflicting_clauses(0), "fee");
  EXPECT_EQ(duties[0].amount().units(), 20000);
  EXPECT_EQ(duties[0].amount_kind(), v1::FeeRule::FIXED);
}

TEST(Duties, DoNotDifferWhereDocumentsAgree) {
  v1::Clause same = FeeOfText();
  same.set_name("fee-decision");
  same.set_origin(v1::Clause::DECISION);
  same.mutable_fee()->add_purposes("samordning");
  EXPECT_EQ(DutiesOf(Period(), {FeeOfText(), same})[0].conflicting_clauses_size(), 0);
  same.set_force(v1::Clause::MAY);
  EXPECT_EQ(DutiesOf(Period(), {FeeOfText(), same})[0].conflicting_clauses_size(), 1);
}

TEST(Duties, OfRepresentationSpeakOfEachPost) {
  v1::Clause official = Clause("official", "kind: REPRESENTATION representation { post_kind: 'OFFICIAL' }");
  official.set_origin(v1::Clause::MEMO);
  const v1::Clause elected =
      Clause("elected", "kind: REPRESENTATION representation { post_kind: 'ELECTED' level: 'kommunstyrelse' }");
  EXPECT_EQ(DutiesOf(Period(), {elected, official})[0].conflicting_clauses_size(), 0);
  official.mutable_representation()->set_post_kind("ELECTED");
  EXPECT_EQ(DutiesOf(Period(), {elected, official})[0].conflicting_clauses_size(), 1);
}

TEST(Silences, AreTheKindsOfWhichNoClauseSpeaks) {
  const auto silences = SilencesOf({FeeOfText()});
  EXPECT_EQ(silences.size(), static_cast<size_t>(v1::Clause::Kind_descriptor()->value_count() - 2));
  EXPECT_EQ(silences.front(), v1::Clause::TERM);
  EXPECT_EQ(silences.back(), v1::Clause::EXIT);
}

v1::Adoption Adopted() {
  return Parse<v1::Adoption>(
      "name: 'a' seat: 's' state: DECIDED outcome: ADOPTED decision_date { year: 2015 month: 9 day: 9 }");
}

std::vector<std::string> PromisedClauses(const v1::Adoption& adoption, const std::vector<v1::Clause>& clauses,
                                         const std::string& day) {
  std::vector<std::string> names;
  for (const v1::Promise& promise : PromisesOf(adoption, Period(), clauses, Day(day)))
    names.push_back(promise.duty().clause());
  return names;
}

TEST(Promises, AreWhatTheAgreementsOwnTextAsks) {
  EXPECT_EQ(PromisedClauses(Adopted(), {FeeOfText(), FeeOfMemo()}, "2017-01-01"), std::vector<std::string>{"fee"});
  EXPECT_EQ(PromisedClauses(Adopted(), {FeeOfMemo()}, "2017-01-01"), std::vector<std::string>{"fee-memo"});
}

TEST(Promises, AreWhatTheBoardDecidedWhereTheTextIsNotKnown) {
  // Haninge KS 2020/131 § 59: the memo says "högst", the decision does not.
  v1::Clause decided = FeeOfText();
  decided.set_name("fee-decision");
  decided.set_origin(v1::Clause::DECISION);
  EXPECT_EQ(PromisedClauses(Adopted(), {decided, FeeOfMemo()}, "2017-01-01"), std::vector<std::string>{"fee-decision"});
}

TEST(Promises, WithoutADecisionDateAreShownInThePeriod) {
  v1::Adoption adoption = Adopted();
  adoption.clear_decision_date();
  EXPECT_TRUE(PromisedClauses(adoption, {FeeOfText()}, "2015-12-31").empty());
  const auto promises = PromisesOf(adoption, Period(), {FeeOfText()}, Day("2016-01-01"));
  ASSERT_EQ(promises.size(), 1u);
  EXPECT_FALSE(promises[0].bound());
}

TEST(Promises, AreWhatIsOwed) {
  v1::Clause may = Clause("may", "kind: JOINT_ACTIVITY");
  may.set_force(v1::Clause::MAY);
  EXPECT_TRUE(PromisedClauses(Adopted(), {may}, "2017-01-01").empty());
}

TEST(Promises, StandFromTheDecisionToThePeriodsEnd) {
  EXPECT_TRUE(PromisedClauses(Adopted(), {FeeOfText()}, "2015-09-08").empty());
  const auto before = PromisesOf(Adopted(), Period(), {FeeOfText()}, Day("2015-09-09"));
  ASSERT_EQ(before.size(), 1u);
  EXPECT_FALSE(before[0].bound());
  const auto bound = PromisesOf(Adopted(), Period(), {FeeOfText()}, Day("2016-01-01"));
  ASSERT_EQ(bound.size(), 1u);
  EXPECT_TRUE(bound[0].bound());
  EXPECT_EQ(bound[0].network(), "networks/p");
  EXPECT_EQ(bound[0].agreement(), "networks/p/agreements/2016-2019");
  EXPECT_EQ(bound[0].adoption(), "a");
  EXPECT_TRUE(PromisedClauses(Adopted(), {FeeOfText()}, "2020-01-01").empty());
}

TEST(Promises, AreNotMadeByRejecting) {
  v1::Adoption adoption = Adopted();
  adoption.set_outcome(v1::Adoption::REJECTED);
  EXPECT_TRUE(PromisedClauses(adoption, {FeeOfText()}, "2017-01-01").empty());
}

}  // namespace
}  // namespace partnerskap::agreements
