#include "services/agreements/domain/adoptions.h"
#include "services/agreements/domain/testing.h"

namespace partnerskap::agreements {
namespace {

std::string Check(const std::string& text, const v1::Decision* decision = nullptr) {
  const absl::Status status = CheckHistory(Parse<v1::AdoptionHistory>(text), decision);
  return status.ok() ? "OK" : ReasonMetadataOf(status, "field");
}

TEST(History, HoldsWhatItsStateAllows) {
  EXPECT_EQ(Check("attested_state: CIRCULATED circulation_date { year: 2015 }"), "OK");
  EXPECT_EQ(Check("attested_state: CIRCULATED diary_number: 'KSN-2015-1584'"), "adoption_history.diary_number");
  EXPECT_EQ(
      Check("attested_state: PROPOSED proposal_date { year: 2015 month: 8 day: 19 } diary_number: 'KSN-2015-1584'"),
      "OK");
  EXPECT_EQ(Check("attested_state: PROPOSED decision_date { year: 2015 }"), "adoption_history.decision_date");
  EXPECT_EQ(Check("attested_state: DECIDED outcome: ADOPTED adjustment_date { year: 2015 }"),
            "adoption_history.adjustment_date");
  EXPECT_EQ(Check("attested_state: ADJUSTED outcome: ADOPTED announcement_date { year: 2015 }"),
            "adoption_history.announcement_date");
}

TEST(History, EachFactIsRefusedBeforeItsStateAndTakenFromItOn) {
  for (const AdoptionFact& fact : kAdoptionFacts) {
    v1::AdoptionHistory history;
    const auto& field = *v1::AdoptionHistory::descriptor()->FindFieldByName(fact.field);
    if (field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING) {
      history.GetReflection()->SetString(&history, &field, "x");
    } else if (field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
      history.GetReflection()->MutableMessage(&history, &field);
    }
    if (fact.from >= v1::Adoption::DECIDED) history.set_outcome(v1::Adoption::ADOPTED);
    history.set_attested_state(fact.from);
    EXPECT_TRUE(CheckHistory(history, nullptr).ok()) << fact.field;
    history.set_attested_state(static_cast<v1::Adoption::State>(fact.from - 1));
    EXPECT_EQ(ReasonIn(CheckHistory(history, nullptr)), "HISTORY_CONTRADICTED") << fact.field;
  }
}

TEST(History, ADecisionHasAnOutcomeThatDecides) {
  EXPECT_EQ(Check("attested_state: DECIDED outcome: REJECTED"), "OK");
  EXPECT_EQ(Check("attested_state: ANNULLED outcome: ADOPTED"), "OK");
  EXPECT_EQ(Check("attested_state: DECIDED"), "adoption_history.outcome");
  EXPECT_EQ(Check("attested_state: DECIDED outcome: TABLED"), "adoption_history.outcome");
  EXPECT_EQ(Check("attested_state: PREPARED outcome: ADOPTED"), "adoption_history.outcome");
}

TEST(History, AgreesWithTheRegisteredDecision) {
  const auto decision =
      Parse<v1::Decision>("name: 'organizations/o/decisions/d' decision_date { year: 2012 month: 1 day: 25 }");
  EXPECT_EQ(Check("attested_state: DECIDED outcome: ADOPTED", &decision), "OK");
  EXPECT_EQ(Check("attested_state: DECIDED outcome: ADOPTED decision_date { year: 2012 month: 1 }", &decision), "OK");
  EXPECT_EQ(Check("attested_state: DECIDED outcome: ADOPTED decision_date { year: 2012 month: 2 }", &decision),
            "adoption_history.decision_date");
  EXPECT_EQ(
      Check("attested_state: DECIDED outcome: ADOPTED decision_reference { decision: 'organizations/o/decisions/e' }",
            &decision),
      "adoption_history.decision_reference");
}

TEST(History, BecomesAnAdoptionWithUnknownDatesEmpty) {
  // Uppsala, 000: the board for children approved the agreement of 2012-2015 on 25 January 2012, § 18.
  const auto history = Parse<v1::AdoptionHistory>(R"pb(
    seat: 'networks/partnerskapet/seats/uppsala'
    version: 'v'
    attested_state: DECIDED
    outcome: ADOPTED
    decision_reference {
      paragraph: '18'
      decision_date { year: 2012 month: 1 day: 25 }
    }
    sources { document: 'Uppsala KSN-2015-1584' }
  )pb");
  const v1::Adoption adoption = AdoptionOf(history, nullptr);
  EXPECT_TRUE(adoption.imported());
  EXPECT_EQ(adoption.state(), v1::Adoption::DECIDED);
  EXPECT_EQ(adoption.decision_reference().paragraph(), "18");
  EXPECT_EQ(DateToText(adoption.decision_date()), "2012-01-25");
  EXPECT_FALSE(adoption.has_adjustment_date());
  EXPECT_FALSE(adoption.has_preparation_date());
  EXPECT_EQ(adoption.sources(0).document(), "Uppsala KSN-2015-1584");
}

TEST(History, TakesOverTheRegisteredDecision) {
  const auto decision = Parse<v1::Decision>(R"pb(
    name: 'organizations/o/decisions/d'
    body: 'Kommunstyrelsen'
    paragraph: '59'
    diary_number: 'KS 2020/131'
    decision_date { year: 2020 month: 3 }
  )pb");
  const auto history = Parse<v1::AdoptionHistory>(
      "attested_state: DECIDED outcome: ADOPTED decision: 'organizations/o/decisions/d' decision_date { year: 2020 }");
  const v1::Adoption adoption = AdoptionOf(history, &decision);
  EXPECT_EQ(DateToText(adoption.decision_date()), "2020-03");
  EXPECT_EQ(adoption.decision(), "organizations/o/decisions/d");
  EXPECT_EQ(adoption.decision_reference().diary_number(), "KS 2020/131");
  EXPECT_EQ(adoption.diary_number(), "KS 2020/131");
  EXPECT_EQ(adoption.body(), "Kommunstyrelsen");
}

}  // namespace
}  // namespace partnerskap::agreements
