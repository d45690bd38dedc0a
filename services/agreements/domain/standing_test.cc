#include "services/agreements/domain/standing.h"

#include <algorithm>

#include "services/agreements/domain/testing.h"

namespace partnerskap::agreements {
namespace {

using Standing = v1::AdoptionStanding;

v1::Agreement Period() {
  return Parse<v1::Agreement>(R"pb(
    name: 'networks/p/agreements/2012-2015'
    start_date { year: 2012 month: 1 day: 1 }
    end_date { year: 2015 month: 12 day: 31 }
  )pb");
}

v1::Adoption Announced() {
  return Parse<v1::Adoption>(R"pb(
    name: 'a'
    seat: 's'
    state: ANNOUNCED
    outcome: ADOPTED
    circulation_date { year: 2012 month: 10 day: 1 }
    preparation_date { year: 2012 month: 10 day: 15 }
    decision_date { year: 2012 month: 11 day: 20 }
    adjustment_date { year: 2012 month: 11 day: 30 }
    announcement_date { year: 2012 month: 12 day: 1 }
    extract_date { year: 2012 month: 12 day: 5 }
  )pb");
}

std::vector<v1::Signature> BothSigned(const std::string& first, const std::string& second) {
  std::vector<v1::Signature> signatures(2);
  signatures[0].set_slot(1);
  *signatures[0].mutable_sign_date() = D(first);
  signatures[1].set_slot(2);
  *signatures[1].mutable_sign_date() = D(second);
  return signatures;
}

Standing On(const v1::Adoption& adoption, const std::string& day, const std::vector<v1::Signature>& signatures = {},
            const std::vector<v1::Clause>& clauses = {}) {
  return StandingOfAdoption(adoption, Period(), signatures, clauses, Day(day));
}

bool Has(const Standing& standing, Standing::Mark mark) {
  return std::find(standing.marks().begin(), standing.marks().end(), mark) != standing.marks().end();
}

TEST(StateOnADay, IsTheLastStepThatHadCome) {
  const v1::Adoption adoption = Announced();
  using A = v1::Adoption;
  EXPECT_EQ(StateOn(adoption, Day("2012-09-30")), A::STATE_UNSPECIFIED);
  EXPECT_EQ(StateOn(adoption, Day("2012-10-01")), A::CIRCULATED);
  EXPECT_EQ(StateOn(adoption, Day("2012-11-19")), A::PREPARED);
  EXPECT_EQ(StateOn(adoption, Day("2012-11-20")), A::DECIDED);
  EXPECT_EQ(StateOn(adoption, Day("2012-11-30")), A::ADJUSTED);
  EXPECT_EQ(StateOn(adoption, Day("2012-12-01")), A::ANNOUNCED);
  EXPECT_EQ(StateOn(adoption, Day("2030-01-01")), A::ANNOUNCED);
}

TEST(StateOnADay, WithoutDatesIsTheStoredOne) {
  EXPECT_EQ(StateOn(Parse<v1::Adoption>("state: ANNOUNCED"), Day("2012-01-01")), v1::Adoption::ANNOUNCED);
}

TEST(StateOnADay, IsNotGuessedBetweenVagueDates) {
  const auto adoption = Parse<v1::Adoption>(
      "state: ANNOUNCED decision_date { year: 2012 month: 1 day: 25 } announcement_date { year: 2012 month: 2 }");
  EXPECT_EQ(StateOn(adoption, Day("2012-02-10")), v1::Adoption::DECIDED);
  EXPECT_EQ(StateOn(adoption, Day("2012-02-29")), v1::Adoption::ANNOUNCED);
  EXPECT_EQ(StateOn(adoption, Day("2012-01-24")), v1::Adoption::STATE_UNSPECIFIED);
}

TEST(Clock, ShowsTheDaysOfTheLaw) {
  const Standing standing = On(Announced(), "2012-12-20");
  EXPECT_EQ(DateToText(standing.adjustment_due_date()), "2012-12-04");
  EXPECT_EQ(DateToText(standing.announcement_due_date()), "2012-12-02");
  EXPECT_EQ(DateToText(standing.appeal_end_date()), "2012-12-27");
  EXPECT_EQ(DateToText(standing.final_date()), "2012-12-28");
}

TEST(Clock, DoesNotRunBeforeItsStep) {
  const Standing standing = On(Announced(), "2012-11-29");
  EXPECT_TRUE(standing.has_adjustment_due_date());
  EXPECT_FALSE(standing.has_announcement_due_date());
  EXPECT_FALSE(standing.has_final_date());
  EXPECT_FALSE(On(Announced(), "2012-11-19").has_adjustment_due_date());
}

TEST(Finality, ComesWithTheDayAfterTheLastDayToAppeal) {
  EXPECT_TRUE(Has(On(Announced(), "2012-12-27"), Standing::NOT_FINAL));
  EXPECT_FALSE(Has(On(Announced(), "2012-12-28"), Standing::NOT_FINAL));
  EXPECT_TRUE(Has(On(Announced(), "2012-11-25"), Standing::NOT_FINAL)) << "not announced yet";
}

TEST(Finality, IsUnknownWhereNoSourceTellsTheAnnouncement) {
  auto adoption = Parse<v1::Adoption>(
      "state: DECIDED outcome: ADOPTED imported: true decision_date { year: 2012 month: 1 day: 25 }");
  EXPECT_TRUE(Has(On(adoption, "2013-01-01"), Standing::FINALITY_UNKNOWN));
  EXPECT_FALSE(Has(On(adoption, "2013-01-01"), Standing::NOT_FINAL));
  EXPECT_TRUE(Has(On(adoption, "2013-01-01"), Standing::IMPORTED));
  adoption.set_imported(false);
  EXPECT_FALSE(Has(On(adoption, "2013-01-01"), Standing::FINALITY_UNKNOWN));
  EXPECT_TRUE(Has(On(adoption, "2013-01-01"), Standing::NOT_FINAL));
  EXPECT_FALSE(Has(On(adoption, "2013-01-01"), Standing::IMPORTED));
}

TEST(Bound, FromTheDecisionWhenThePeriodHasBegun) {
  // Uppsala was bound by the agreement of 2012-2015 from 25 January 2012, not from the period's start.
  const auto adoption =
      Parse<v1::Adoption>("state: DECIDED outcome: ADOPTED decision_date { year: 2012 month: 1 day: 25 }");
  EXPECT_FALSE(On(adoption, "2012-01-24").bound());
  EXPECT_TRUE(On(adoption, "2012-01-25").bound());
  EXPECT_EQ(DateToText(On(adoption, "2012-01-25").bound_date()), "2012-01-25");
  EXPECT_TRUE(Has(On(adoption, "2012-01-25"), Standing::DECIDED_LATE));
  EXPECT_TRUE(On(adoption, "2015-12-31").bound());
  EXPECT_FALSE(On(adoption, "2016-01-01").bound());
}

TEST(Bound, FromThePeriodsStartWhenDecidedBefore) {
  const auto adoption =
      Parse<v1::Adoption>("state: DECIDED outcome: ADOPTED decision_date { year: 2011 month: 11 day: 9 }");
  EXPECT_FALSE(On(adoption, "2011-12-31").bound());
  EXPECT_TRUE(On(adoption, "2012-01-01").bound());
  EXPECT_FALSE(Has(On(adoption, "2012-01-01"), Standing::DECIDED_LATE));
}

TEST(Bound, ByNothingThatDoesNotAdoptTheText) {
  for (const char* outcome : {"REJECTED", "ADOPTED_CHANGED"}) {
    const auto adoption = Parse<v1::Adoption>(
        std::string("state: DECIDED decision_date { year: 2012 month: 1 day: 25 } outcome: ") + outcome);
    EXPECT_FALSE(On(adoption, "2013-01-01").bound()) << outcome;
    EXPECT_EQ(Has(On(adoption, "2013-01-01"), Standing::TEXT_DIFFERS),
              adoption.outcome() == v1::Adoption::ADOPTED_CHANGED);
  }
}

TEST(Bound, NotWithoutTheDayOfTheDecision) {
  const auto adoption = Parse<v1::Adoption>("state: DECIDED outcome: ADOPTED imported: true");
  EXPECT_FALSE(On(adoption, "2013-01-01").bound());
  EXPECT_FALSE(On(adoption, "2013-01-01").has_bound_date());
  EXPECT_EQ(On(adoption, "2013-01-01").reason_en(), "Adopted, but no source tells the day of the decision.");
}

TEST(Bound, NotAfterAJudgment) {
  v1::Adoption adoption = Announced();
  adoption.set_state(v1::Adoption::ANNULLED);
  *adoption.mutable_annulment_date() = D("2013-05-02");
  EXPECT_TRUE(On(adoption, "2013-05-01", BothSigned("2012-12-03", "2012-12-04")).active());
  const Standing standing = On(adoption, "2013-05-02", BothSigned("2012-12-03", "2012-12-04"));
  EXPECT_FALSE(standing.bound());
  EXPECT_FALSE(standing.active());
  EXPECT_EQ(standing.state(), v1::Adoption::ANNULLED);
  EXPECT_TRUE(standing.marks().empty());
}

TEST(Active, WithBothSignatures) {
  const auto signatures = BothSigned("2012-12-03", "2012-12-10");
  EXPECT_FALSE(On(Announced(), "2012-12-09", signatures).active());
  EXPECT_TRUE(Has(On(Announced(), "2012-12-09", signatures), Standing::UNSIGNED));
  const Standing standing = On(Announced(), "2012-12-10", signatures);
  EXPECT_TRUE(standing.active());
  EXPECT_EQ(DateToText(standing.active_date()), "2012-12-10");
  EXPECT_FALSE(Has(standing, Standing::UNSIGNED));
  EXPECT_FALSE(On(Announced(), "2016-01-01", signatures).active());
}

TEST(Active, NeedsEachSlot) {
  std::vector<v1::Signature> signatures = BothSigned("2012-12-03", "2012-12-10");
  signatures[1].set_slot(1);
  EXPECT_FALSE(On(Announced(), "2013-01-01", signatures).active());
}

TEST(Marks, SignedWhileItMayBeAnnulled) {
  const auto signatures = BothSigned("2012-12-03", "2012-12-10");
  EXPECT_FALSE(Has(On(Announced(), "2012-12-02", signatures), Standing::MAY_BE_ANNULLED));
  EXPECT_TRUE(Has(On(Announced(), "2012-12-03", signatures), Standing::MAY_BE_ANNULLED));
  EXPECT_FALSE(Has(On(Announced(), "2012-12-28", signatures), Standing::MAY_BE_ANNULLED));
}

TEST(Marks, ExtractIsMissingUntilItComesIn) {
  EXPECT_TRUE(Has(On(Announced(), "2012-12-04"), Standing::EXTRACT_MISSING));
  EXPECT_FALSE(Has(On(Announced(), "2012-12-05"), Standing::EXTRACT_MISSING));
}

TEST(Marks, LateAdjustment) {
  v1::Adoption adoption = Announced();
  *adoption.mutable_adjustment_date() = D("2012-12-04");
  *adoption.mutable_announcement_date() = D("2012-12-06");
  EXPECT_FALSE(Has(On(adoption, "2013-01-01"), Standing::ADJUSTED_LATE));
  *adoption.mutable_adjustment_date() = D("2012-12-05");
  EXPECT_TRUE(Has(On(adoption, "2013-01-01"), Standing::ADJUSTED_LATE));
}

TEST(Marks, AdjustmentThatIsOverdue) {
  auto adoption = Parse<v1::Adoption>("state: DECIDED outcome: ADOPTED decision_date { year: 2012 month: 11 day: 20 }");
  EXPECT_FALSE(Has(On(adoption, "2012-12-04"), Standing::ADJUSTED_LATE));
  EXPECT_TRUE(Has(On(adoption, "2012-12-05"), Standing::ADJUSTED_LATE));
  adoption.set_imported(true);
  EXPECT_FALSE(Has(On(adoption, "2012-12-05"), Standing::ADJUSTED_LATE)) << "no source says when";
}

TEST(Marks, LateAnnouncement) {
  v1::Adoption adoption = Announced();
  *adoption.mutable_announcement_date() = D("2012-12-02");
  EXPECT_FALSE(Has(On(adoption, "2013-01-01"), Standing::ANNOUNCED_LATE));
  *adoption.mutable_announcement_date() = D("2012-12-03");
  EXPECT_TRUE(Has(On(adoption, "2013-01-01"), Standing::ANNOUNCED_LATE));
}

bool FeeDiffers(const std::string& rule, const std::string& origin, int64_t fee) {
  v1::Adoption adoption = Announced();
  adoption.mutable_fee()->set_units(fee);
  const auto clause =
      Parse<v1::Clause>("kind: FEE origin: " + origin + " fee { kind: " + rule + " amount { units: 20000 } }");
  return Has(On(adoption, "2013-01-01", {}, {clause}), Standing::FEE_DIFFERS);
}

TEST(Marks, FeeThatIsNotTheAgreements) {
  EXPECT_FALSE(FeeDiffers("CAP", "AGREEMENT_TEXT", 20000));
  EXPECT_FALSE(FeeDiffers("CAP", "AGREEMENT_TEXT", 15000));
  EXPECT_TRUE(FeeDiffers("CAP", "AGREEMENT_TEXT", 20001));
  EXPECT_FALSE(FeeDiffers("FIXED", "AGREEMENT_TEXT", 20000));
  EXPECT_TRUE(FeeDiffers("FIXED", "AGREEMENT_TEXT", 15000));
  EXPECT_FALSE(FeeDiffers("FIXED", "MEMO", 15000));
}

TEST(None, IsSaidToBeUnknown) {
  const Standing standing = StandingOfNone("networks/p/seats/s", Day("2013-01-01"));
  EXPECT_EQ(standing.seat(), "networks/p/seats/s");
  EXPECT_EQ(standing.state(), v1::Adoption::STATE_UNSPECIFIED);
  EXPECT_FALSE(standing.reason_sv().empty());
}

TEST(TakingPartOnADay, IsBetweenJoiningAndLeaving) {
  const SeatFacts seat{"s", true, D("2005"), D("2019-12-31"), {}};
  EXPECT_FALSE(TakesPartOn(seat, Day("2004-12-31")));
  EXPECT_TRUE(TakesPartOn(seat, Day("2005-01-01")));
  EXPECT_TRUE(TakesPartOn(seat, Day("2019-12-31")));
  EXPECT_FALSE(TakesPartOn(seat, Day("2020-01-01")));
  EXPECT_TRUE(TakesPartOn(SeatFacts{}, Day("2020-01-01")));
}

}  // namespace
}  // namespace partnerskap::agreements
