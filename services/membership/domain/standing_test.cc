#include "services/membership/domain/standing.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/membership/domain/test_messages.h"

namespace partnerskap::membership {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::CivilDay kInPeriod(2012, 6, 1);

// 2012-2015, with a successor 2016-2019.
TermFacts Term(std::optional<AdoptionFacts> adoption) {
  return {"a/2012-2015", Date("2012-01-01"), Date("2015-12-31"), "a/2016-2019", std::move(adoption)};
}
TermFacts Successor(std::optional<AdoptionFacts> adoption) {
  return {"a/2016-2019", Date("2016-01-01"), Date("2019-12-31"), "", std::move(adoption)};
}
AdoptionFacts Adopted(const std::string& decision_date) {
  AdoptionFacts facts;
  facts.adoption = "adoptions/uppsala";
  facts.stage = AdoptionStage::kAdopted;
  facts.decision_date = Date(decision_date);
  return facts;
}

v1::SeatStanding On(absl::CivilDay day, const std::vector<TermFacts>& terms, const std::string& seat = "") {
  return StandingOfSeat(Parse<v1::Seat>(seat), terms, "", false, day);
}

TEST(SeatStanding, UppsalaIsBoundFromTheDayOfItsDecision) {
  const std::vector<TermFacts> terms{Term(Adopted("2012-01-25"))};
  EXPECT_EQ(On(absl::CivilDay(2012, 1, 20), terms).state(), v1::SeatStanding::DECIDING);
  EXPECT_EQ(On(absl::CivilDay(2012, 1, 24), terms).state(), v1::SeatStanding::DECIDING);
  EXPECT_EQ(On(absl::CivilDay(2012, 1, 25), terms).state(), v1::SeatStanding::BOUND);
  const v1::SeatStanding standing = On(absl::CivilDay(2012, 2, 1), terms);
  EXPECT_EQ(standing.state(), v1::SeatStanding::BOUND);
  EXPECT_EQ(DateToText(standing.bound_date()), "2012-01-25");
}

TEST(SeatStanding, WhoDecidesEarlyIsBoundFromThePeriodsStart) {
  const std::vector<TermFacts> terms{Term(Adopted("2011-11-30"))};
  EXPECT_EQ(On(absl::CivilDay(2012, 1, 1), terms).state(), v1::SeatStanding::BOUND);
  EXPECT_EQ(DateToText(On(kInPeriod, terms).bound_date()), "2012-01-01");
  EXPECT_EQ(StandingOfSeat(v1::Seat(), terms, "a/2012-2015", false, absl::CivilDay(2011, 12, 31)).state(),
            v1::SeatStanding::DECIDING);
}

TEST(SeatStanding, WhatNoSourceSaysIsUnknown) {
  EXPECT_EQ(On(kInPeriod, {Term(std::nullopt)}).state(), v1::SeatStanding::UNKNOWN);
  EXPECT_EQ(On(kInPeriod, {}).state(), v1::SeatStanding::UNKNOWN);
  EXPECT_EQ(On(kInPeriod, {Term(Adopted(""))}).state(), v1::SeatStanding::UNKNOWN);
  EXPECT_EQ(On(kInPeriod, {Term(Adopted("2012"))}).state(), v1::SeatStanding::UNKNOWN);
  EXPECT_EQ(On(absl::CivilDay(2013, 1, 1), {Term(Adopted("2012"))}).state(), v1::SeatStanding::BOUND);
}

TEST(SeatStanding, BothSignaturesMakeItActive) {
  AdoptionFacts facts = Adopted("2012-01-25");
  facts.signature_dates = {Date("2012-03-01")};
  EXPECT_EQ(On(kInPeriod, {Term(facts)}).state(), v1::SeatStanding::BOUND);
  facts.signature_dates.push_back(Date("2012-03-02"));
  EXPECT_EQ(On(kInPeriod, {Term(facts)}).state(), v1::SeatStanding::ACTIVE);
  EXPECT_EQ(On(absl::CivilDay(2012, 3, 1), {Term(facts)}).state(), v1::SeatStanding::BOUND);
}

TEST(SeatStanding, SignaturesOfAnAnnulledDecisionDoNotCountForTheNext) {
  AdoptionFacts facts = Adopted("2012-05-02");
  facts.signature_dates = {Date("2012-03-01"), Date("2012-03-02")};
  EXPECT_EQ(On(kInPeriod, {Term(facts)}).state(), v1::SeatStanding::BOUND);
  facts.signature_dates = {Date("2012-05-20"), Date("2012-05-20")};
  EXPECT_EQ(On(kInPeriod, {Term(facts)}).state(), v1::SeatStanding::ACTIVE);
}

TEST(SeatStanding, RefusalClosesOnlyThatLineAndAnnulmentOpensIt) {
  AdoptionFacts facts = Adopted("2012-01-25");
  facts.stage = AdoptionStage::kNotAdopted;
  EXPECT_EQ(On(kInPeriod, {Term(facts)}).state(), v1::SeatStanding::LAPSED);
  facts.stage = AdoptionStage::kAnnulled;
  EXPECT_EQ(On(kInPeriod, {Term(facts)}).state(), v1::SeatStanding::DECIDING);
  facts.stage = AdoptionStage::kUnderWay;
  EXPECT_EQ(On(kInPeriod, {Term(facts)}).state(), v1::SeatStanding::DECIDING);
  EXPECT_EQ(On(absl::CivilDay(2016, 6, 1), {Term(facts)}).state(), v1::SeatStanding::UNKNOWN);
}

TEST(SeatStanding, APeriodEndsRenewedOrLapsed) {
  const TermFacts term = Term(Adopted("2012-01-25"));
  EXPECT_EQ(On(absl::CivilDay(2015, 6, 30), {term}).state(), v1::SeatStanding::BOUND);
  EXPECT_EQ(On(absl::CivilDay(2015, 7, 2), {term}).state(), v1::SeatStanding::TERM_ENDING);
  EXPECT_EQ(On(absl::CivilDay(2015, 12, 31), {term}).state(), v1::SeatStanding::TERM_ENDING);
  const auto asked = [&](const std::vector<TermFacts>& terms, absl::CivilDay day) {
    return StandingOfSeat(v1::Seat(), terms, "a/2012-2015", false, day).state();
  };
  EXPECT_EQ(asked({term}, absl::CivilDay(2016, 1, 1)), v1::SeatStanding::LAPSED);
  EXPECT_EQ(asked({term, Successor(Adopted("2015-10-01"))}, absl::CivilDay(2015, 9, 30)),
            v1::SeatStanding::TERM_ENDING);
  EXPECT_EQ(asked({term, Successor(Adopted("2015-10-01"))}, absl::CivilDay(2015, 10, 1)), v1::SeatStanding::RENEWED);
  EXPECT_EQ(asked({term, Successor(Adopted("2015-10-01"))}, absl::CivilDay(2016, 1, 1)), v1::SeatStanding::RENEWED);
}

TEST(SeatStanding, WhoHasLeftHasLeft) {
  const std::string seat = "exit { exit_date { year: 2012 month: 5 day: 31 } }";
  EXPECT_EQ(On(absl::CivilDay(2012, 5, 31), {Term(Adopted("2012-01-25"))}, seat).state(), v1::SeatStanding::BOUND);
  EXPECT_EQ(On(kInPeriod, {Term(Adopted("2012-01-25"))}, seat).state(), v1::SeatStanding::LEFT);
}

TEST(SeatStanding, MarksStandBesideTheState) {
  AdoptionFacts facts = Adopted("2012-01-25");
  EXPECT_THAT(On(kInPeriod, {Term(facts)}).marks(),
              ElementsAre(v1::SeatStanding::UNSIGNED, v1::SeatStanding::EXTRACT_MISSING, v1::SeatStanding::NOT_FINAL));
  facts.signature_dates = {Date("2012-03-01"), Date("2012-03-01")};
  facts.extract_date = Date("2012-02-10");
  facts.final_date = Date("2012-03-03");
  EXPECT_THAT(On(kInPeriod, {Term(facts)}).marks(), IsEmpty());
  EXPECT_THAT(On(absl::CivilDay(2012, 3, 2), {Term(facts)}).marks(), ElementsAre(v1::SeatStanding::NOT_FINAL));
  EXPECT_THAT(StandingOfSeat(Parse<v1::Seat>("holds { start_date { year: 2012 month: 5 day: 1 } }"), {Term(facts)}, "",
                             true, kInPeriod)
                  .marks(),
              ElementsAre(v1::SeatStanding::ON_HOLD, v1::SeatStanding::CARRY_OVER));
}

TEST(SeatStanding, TheTermIsTheOneAskedForElseTheLastBegun) {
  const std::vector<TermFacts> terms{Term(std::nullopt), Successor(std::nullopt)};
  EXPECT_EQ(ChooseTerm(terms, "", kInPeriod)->agreement, "a/2012-2015");
  EXPECT_EQ(ChooseTerm(terms, "", absl::CivilDay(2016, 1, 1))->agreement, "a/2016-2019");
  EXPECT_EQ(ChooseTerm(terms, "", absl::CivilDay(2025, 1, 1))->agreement, "a/2016-2019");
  EXPECT_EQ(ChooseTerm(terms, "a/2012-2015", absl::CivilDay(2025, 1, 1))->agreement, "a/2012-2015");
  EXPECT_EQ(ChooseTerm(terms, "a/none", kInPeriod), nullptr);
  EXPECT_EQ(ChooseTerm(terms, "", absl::CivilDay(2011, 1, 1)), nullptr);
}

TEST(SeatStanding, StagesHaveNames) {
  for (AdoptionStage stage :
       {AdoptionStage::kUnderWay, AdoptionStage::kAdopted, AdoptionStage::kNotAdopted, AdoptionStage::kAnnulled}) {
    EXPECT_EQ(AdoptionStageFromName(AdoptionStageName(stage)), stage);
  }
  EXPECT_EQ(AdoptionStageFromName("x"), std::nullopt);
}

TEST(SeatStanding, AJointSeatCountsTwoMunicipalitiesAndADistrictItsOwn) {
  EXPECT_EQ(MunicipalityCount({Parse<v1::Organization>("name: 'organizations/kommun-1883' kind: MUNICIPALITY"),
                               Parse<v1::Organization>("name: 'organizations/kommun-1862' kind: MUNICIPALITY")}),
            2);
  EXPECT_EQ(
      MunicipalityCount({Parse<v1::Organization>("kind: DISTRICT parent_organization: 'organizations/kommun-1480'")}),
      1);
  EXPECT_EQ(MunicipalityCount({Parse<v1::Organization>("name: 'organizations/radda-barnen' kind: ASSOCIATION")}), 0);
}

v1::PostStanding Post(const std::vector<std::string>& appointments, absl::CivilDay day,
                      const std::string& kind = "OFFICIAL") {
  std::vector<v1::Appointment> parsed;
  for (const std::string& text : appointments) parsed.push_back(Parse<v1::Appointment>(text));
  return StandingOfPost(Parse<v1::Post>("kind: " + kind), parsed, day);
}

constexpr char kTerm[] =
    "person: 'persons/p' start_date { year: 2015 month: 1 day: 1 } end_date { year: 2018 month: 12 day: 31 }";

TEST(PostStanding, FollowsTheTerm) {
  EXPECT_EQ(Post({}, kInPeriod).state(), v1::PostStanding::UNKNOWN);
  EXPECT_EQ(Post({kTerm}, absl::CivilDay(2014, 12, 31)).state(), v1::PostStanding::UNKNOWN);
  EXPECT_EQ(Post({kTerm}, absl::CivilDay(2015, 1, 1)).state(), v1::PostStanding::FILLED);
  EXPECT_EQ(Post({kTerm}, absl::CivilDay(2018, 10, 1)).state(), v1::PostStanding::FILLED);
  EXPECT_EQ(Post({kTerm}, absl::CivilDay(2018, 10, 2)).state(), v1::PostStanding::ENDS_SOON);
  EXPECT_EQ(Post({kTerm}, absl::CivilDay(2018, 12, 31)).state(), v1::PostStanding::ENDS_SOON);
  EXPECT_EQ(Post({kTerm}, absl::CivilDay(2019, 1, 1)).state(), v1::PostStanding::CARRY_OVER);
  EXPECT_EQ(Post({kTerm}, absl::CivilDay(2019, 1, 1)).person(), "persons/p");
}

TEST(PostStanding, AVacancyIsVisible) {
  EXPECT_EQ(Post({"vacant: true"}, kInPeriod).state(), v1::PostStanding::VACANT);
  EXPECT_EQ(Post({"person: 'persons/p' release_date { year: 2012 month: 5 day: 31 }"}, kInPeriod).state(),
            v1::PostStanding::VACANT);
  EXPECT_EQ(
      Post({"person: 'persons/p' release_date { year: 2012 month: 5 day: 31 }"}, absl::CivilDay(2012, 5, 31)).state(),
      v1::PostStanding::FILLED);
  EXPECT_EQ(Post({"vacant: true"}, kInPeriod).person(), "");
}

TEST(PostStanding, TheLastToBeginGoverns) {
  const char* later = "person: 'persons/q' start_date { year: 2019 month: 3 day: 1 }";
  EXPECT_EQ(Post({kTerm, later}, absl::CivilDay(2019, 2, 28)).state(), v1::PostStanding::CARRY_OVER);
  EXPECT_EQ(Post({later, kTerm}, absl::CivilDay(2019, 3, 1)).person(), "persons/q");
}

TEST(PostStanding, AnElectionAsksEveryElectedPostToConfirm) {
  EXPECT_FALSE(Post({kTerm}, absl::CivilDay(2018, 9, 8), "ELECTED").confirmation_due());
  EXPECT_TRUE(Post({kTerm}, absl::CivilDay(2018, 9, 9), "ELECTED").confirmation_due());
  EXPECT_FALSE(Post({kTerm}, absl::CivilDay(2018, 9, 9), "OFFICIAL").confirmation_due());
  EXPECT_EQ(DateToText(Post({kTerm}, absl::CivilDay(2018, 9, 9), "ELECTED").election_date()), "2018-09-09");
}

}  // namespace
}  // namespace partnerskap::membership
