#include "services/agreements/domain/adoptions.h"

#include <fstream>
#include <sstream>

#include "services/agreements/domain/testing.h"

namespace partnerskap::agreements {
namespace {

constexpr char kAgreement[] = "networks/partnerskapet/agreements/2016-2019";
constexpr char kWording[] = "networks/partnerskapet/agreements/2016-2019/versions/1";
constexpr char kOtherWording[] = "networks/partnerskapet/agreements/2016-2019/versions/2";

TEST(AdoptionStates, TableIsThatOfTheReadme) {
  std::ifstream file(PARTNERSKAP_SOURCE_DIR "/services/agreements/README.md");
  std::stringstream readme;
  readme << file.rdbuf();
  EXPECT_EQ(MatrixIn(readme.str(), "adoption"), Matrix(kAdoptionTransitions));
}

TEST(AdoptionStates, WhatTheTableDoesNotAllowIsRefused) {
  v1::Adoption adoption;
  adoption.set_name("a");
  adoption.set_state(v1::Adoption::DECIDED);
  EXPECT_EQ(NextState(adoption, "adjust", "AdjustAdoption").value(), v1::Adoption::ADJUSTED);
  const absl::Status refusal = NextState(adoption, "announce", "AnnounceAdoption").status();
  EXPECT_EQ(ReasonIn(refusal), "ADOPTION_STATE");
  EXPECT_EQ(ReasonMetadataOf(refusal, "state"), "DECIDED");
  EXPECT_EQ(ReasonMetadataOf(refusal, "method"), "AnnounceAdoption");
}

TEST(AdoptionStates, NobodySignsOrExtractsBeforeAdjustment) {
  v1::Adoption adoption;
  for (int state = v1::Adoption::CIRCULATED; state <= v1::Adoption::ANNULLED; ++state) {
    adoption.set_state(static_cast<v1::Adoption::State>(state));
    const bool adjusted = state == v1::Adoption::ADJUSTED || state == v1::Adoption::ANNOUNCED;
    EXPECT_EQ(NextState(adoption, "sign", "CreateSignature").ok(), adjusted) << state;
    EXPECT_EQ(NextState(adoption, "recordExtract", "RecordAdoptionExtract").ok(), adjusted) << state;
  }
}

TEST(AdoptionFacts, AreForgottenWhereTheStateDoesNotHoldThem) {
  auto adoption = Parse<v1::Adoption>(R"pb(
    state: PREPARED
    outcome: ADOPTED
    decision: 'd'
    adopted_version: 'v'
    funding: 'f'
    diary_number: 'KS 1'
    decision_reference { paragraph: '59' }
    fee { currency_code: 'SEK' units: 1 }
    circulation_date { year: 2015 }
    preparation_date { year: 2015 }
    proposal_date { year: 2015 }
    decision_date { year: 2015 }
    adjustment_date { year: 2015 }
    announcement_date { year: 2015 }
    extract_date { year: 2015 }
    annulment_date { year: 2016 }
  )pb");
  ForgetLaterFacts(adoption);
  EXPECT_EQ(adoption.ShortDebugString(),
            Parse<v1::Adoption>("state: PREPARED diary_number: 'KS 1' circulation_date { year: 2015 } "
                                "preparation_date { year: 2015 } annulment_date { year: 2016 }")
                .ShortDebugString());
}

TEST(AdoptionFacts, StayInAStateThatHoldsThem) {
  auto adoption = Parse<v1::Adoption>("state: ANNULLED outcome: ADOPTED announcement_date { year: 2015 }");
  ForgetLaterFacts(adoption);
  EXPECT_EQ(adoption.outcome(), v1::Adoption::ADOPTED);
  EXPECT_TRUE(adoption.has_announcement_date());
}

TEST(AdoptionIds, AreTheSeats) {
  EXPECT_EQ(ReasonIn(CheckAdoptionId(kAgreement, "haninge", "networks/partnerskapet/seats/haninge")), "OK");
  const absl::Status refusal = CheckAdoptionId(kAgreement, "uppsala", "networks/partnerskapet/seats/haninge");
  EXPECT_EQ(ReasonIn(refusal), "ADOPTION_ID_NOT_SEAT");
  EXPECT_EQ(ReasonMetadataOf(refusal, "expected"), "haninge");
  EXPECT_EQ(ReasonIn(CheckAdoptionId(kAgreement, "haninge", "networks/regionalt/seats/haninge")),
            "ADOPTION_ID_NOT_SEAT");
}

v1::Agreement Period() {
  return Parse<v1::Agreement>(
      "start_date { year: 2016 month: 1 day: 1 } end_date { year: 2019 month: 12 day: 31 } name: '" +
      std::string(kAgreement) + "'");
}

std::string TakesPart(const std::string& join, const std::string& exit, const std::string& date) {
  SeatFacts seat{"networks/partnerskapet/seats/haninge", true, {}, {}, {}};
  if (!join.empty()) seat.join_date = D(join);
  if (!exit.empty()) seat.exit_date = D(exit);
  return ReasonIn(MustTakePart(seat, Period(), date.empty() ? google::type::Date() : D(date)));
}

TEST(TakingPart, NeedsASeatThatIsThere) {
  EXPECT_EQ(TakesPart("", "", ""), "OK");
  EXPECT_EQ(TakesPart("2005", "", "2015-09-01"), "OK");
  EXPECT_EQ(TakesPart("2016-01-01", "", "2015-09-01"), "OK") << "sent out before the seat joined";
  EXPECT_EQ(TakesPart("2020-01-01", "", ""), "SEAT_NOT_TAKING_PART");
  EXPECT_EQ(TakesPart("2019", "", ""), "OK");
  EXPECT_EQ(TakesPart("2005", "2015-12-31", ""), "SEAT_NOT_TAKING_PART");
  EXPECT_EQ(TakesPart("2005", "2016", ""), "OK");
  EXPECT_EQ(TakesPart("2005", "2017-06-30", "2017-06-30"), "OK");
  EXPECT_EQ(TakesPart("2005", "2017-06-30", "2017-07-01"), "SEAT_NOT_TAKING_PART");
}

TEST(Order, EachStepComesAfterThoseBefore) {
  auto adoption = Parse<v1::Adoption>(R"pb(
    state: ANNOUNCED
    circulation_date { year: 2015 month: 8 }
    preparation_date { year: 2015 month: 8 day: 19 }
    proposal_date { year: 2015 month: 8 day: 19 }
    decision_date { year: 2015 month: 9 day: 9 }
    adjustment_date { year: 2015 month: 9 day: 9 }
    announcement_date { year: 2015 month: 9 day: 10 }
    extract_date { year: 2015 month: 9 day: 9 }
  )pb");
  EXPECT_EQ(ReasonIn(CheckOrder(adoption)), "OK");
  *adoption.mutable_adjustment_date() = D("2015-09-08");
  const absl::Status refusal = CheckOrder(adoption);
  EXPECT_EQ(ReasonIn(refusal), "DATES_OUT_OF_ORDER");
  EXPECT_EQ(ReasonMetadataOf(refusal, "field"), "adjustment_date");
  EXPECT_EQ(ReasonMetadataOf(refusal, "earlier"), "decision_date 2015-09-09");
}

TEST(Order, LooksPastStepsThatNoSourceDates) {
  auto adoption = Parse<v1::Adoption>(
      "state: ANNOUNCED decision_date { year: 2012 month: 1 day: 25 } "
      "announcement_date { year: 2011 }");
  EXPECT_EQ(ReasonIn(CheckOrder(adoption)), "DATES_OUT_OF_ORDER");
  *adoption.mutable_announcement_date() = D("2012");
  EXPECT_EQ(ReasonIn(CheckOrder(adoption)), "OK");
}

TEST(Order, ExtractIsOfAdjustedMinutes) {
  auto adoption = Parse<v1::Adoption>(
      "state: ADJUSTED adjustment_date { year: 2015 month: 9 day: 9 } "
      "extract_date { year: 2015 month: 9 day: 8 }");
  EXPECT_EQ(ReasonIn(CheckOrder(adoption)), "DATES_OUT_OF_ORDER");
}

TEST(Order, JudgmentIsAfterItsDecisionAndBeforeTheNextPreparation) {
  auto adoption = Parse<v1::Adoption>(
      "state: ANNULLED decision_date { year: 2015 month: 9 day: 9 } "
      "annulment_date { year: 2015 month: 12 day: 1 }");
  EXPECT_EQ(ReasonIn(CheckOrder(adoption)), "OK");
  *adoption.mutable_annulment_date() = D("2015-09-08");
  EXPECT_EQ(ReasonIn(CheckOrder(adoption)), "DATES_OUT_OF_ORDER");
  adoption = Parse<v1::Adoption>("state: PREPARED preparation_date { year: 2016 } annulment_date { year: 2015 }");
  EXPECT_EQ(ReasonIn(CheckOrder(adoption)), "OK");
  *adoption.mutable_preparation_date() = D("2014");
  EXPECT_EQ(ReasonIn(CheckOrder(adoption)), "DATES_OUT_OF_ORDER");
}

TEST(Order, DecisionIsAfterTheMatterCameBack) {
  auto adoption = Parse<v1::Adoption>(
      "state: PREPARED returns { outcome: TABLED return_date { year: 2015 month: 9 } } "
      "decision_date { year: 2015 month: 8 }");
  EXPECT_EQ(ReasonIn(CheckOrder(adoption)), "DATES_OUT_OF_ORDER");
  *adoption.mutable_decision_date() = D("2015-10");
  EXPECT_EQ(ReasonIn(CheckOrder(adoption)), "OK");
}

TEST(Order, WhatCameBackBeforeAJudgmentIsOver) {
  auto adoption = Parse<v1::Adoption>(
      "state: PREPARED returns { outcome: TABLED return_date { year: 2015 month: 8 } } "
      "annulment_date { year: 2016 month: 1 } preparation_date { year: 2016 month: 2 }");
  EXPECT_EQ(ReasonIn(CheckOrder(adoption)), "OK");
  adoption.clear_annulment_date();
  EXPECT_EQ(ReasonIn(CheckOrder(adoption)), "DATES_OUT_OF_ORDER");
}

TEST(Outcomes, AChangedTextNamesItsWording) {
  using A = v1::Adoption;
  EXPECT_TRUE(CheckAdoptedVersion(A::ADOPTED, kWording, "").ok());
  EXPECT_TRUE(CheckAdoptedVersion(A::ADOPTED_CHANGED, kWording, kOtherWording).ok());
  EXPECT_EQ(ReasonIn(CheckAdoptedVersion(A::ADOPTED, kWording, kOtherWording)), "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonIn(CheckAdoptedVersion(A::ADOPTED_CHANGED, kWording, "")), "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonIn(CheckAdoptedVersion(A::ADOPTED_CHANGED, kWording, kWording)), "FIELD_VIOLATIONS");
}

v1::Decision DecisionWith(const std::string& item) {
  auto decision = Parse<v1::Decision>("name: 'organizations/kommun-0136/decisions/ks-2020-59'");
  *decision.add_items() = Parse<v1::DecisionItem>(item);
  return decision;
}

TEST(Outcomes, RestOnADecisionOfAHolderOfTheSeat) {
  const SeatFacts joint{"s", true, {}, {}, {"organizations/kommun-0136", "organizations/kommun-1883"}};
  const SeatFacts other{"s", true, {}, {}, {"organizations/kommun-0380"}};
  EXPECT_EQ(ReasonIn(MustBeOfSeat(DecisionWith(""), joint)), "OK");
  EXPECT_EQ(ReasonIn(MustBeOfSeat(DecisionWith(""), other)), "DECISION_OF_OTHER_ORGANIZATION");
}

TEST(Outcomes, RestOnAnItemThatSaysSo) {
  using A = v1::Adoption;
  const auto says = [](const std::string& item, A::Outcome outcome) {
    const std::string adopted = outcome == A::ADOPTED_CHANGED ? kOtherWording : "";
    return ReasonIn(MustSaySo(DecisionWith(item), outcome, kWording, adopted));
  };
  const std::string wording = " version: '" + std::string(kWording) + "'";
  const std::string other = " version: '" + std::string(kOtherWording) + "'";
  EXPECT_EQ(says("kind: ADOPTS" + wording, A::ADOPTED), "OK");
  EXPECT_EQ(says("kind: ADOPTS" + wording, A::ADOPTED_WITH_RESERVATION), "OK");
  EXPECT_EQ(says("kind: ADOPTS" + other, A::ADOPTED), "DECISION_DOES_NOT_SAY_SO");
  EXPECT_EQ(says("kind: ADOPTS" + other, A::ADOPTED_CHANGED), "OK");
  EXPECT_EQ(says("kind: ADOPTS" + wording, A::ADOPTED_CHANGED), "DECISION_DOES_NOT_SAY_SO");
  EXPECT_EQ(says("kind: REJECTS" + wording, A::REJECTED), "OK");
  EXPECT_EQ(says("kind: ADOPTS" + wording, A::REJECTED), "DECISION_DOES_NOT_SAY_SO");
  EXPECT_EQ(says("kind: TABLES", A::TABLED), "OK");
  EXPECT_EQ(says("kind: REFERS_BACK", A::TABLED), "DECISION_DOES_NOT_SAY_SO");
  EXPECT_EQ(says("kind: REFERS_BACK", A::REFERRED_BACK), "OK");
  EXPECT_EQ(says("kind: OTHER", A::REFERRED_BACK), "DECISION_DOES_NOT_SAY_SO");
}

TEST(Outcomes, AgreeWithTheDecisionOnReservations) {
  using A = v1::Adoption;
  v1::Decision without = DecisionWith("kind: OTHER"), with = without;
  with.add_stances()->set_kind(v1::Stance::RESERVATION);
  without.add_stances()->set_kind(v1::Stance::DOES_NOT_TAKE_PART);
  EXPECT_EQ(ReasonIn(MustAgreeOnReservation(without, A::ADOPTED)), "OK");
  EXPECT_EQ(ReasonIn(MustAgreeOnReservation(with, A::ADOPTED_WITH_RESERVATION)), "OK");
  EXPECT_EQ(ReasonIn(MustAgreeOnReservation(with, A::ADOPTED)), "RESERVATION_MISSING");
  EXPECT_EQ(ReasonIn(MustAgreeOnReservation(without, A::ADOPTED_WITH_RESERVATION)), "RESERVATION_MISSING");
  EXPECT_EQ(ReasonIn(MustAgreeOnReservation(with, A::REJECTED)), "OK");
}

TEST(Extracts, AreRecordedOnce) {
  v1::Adoption adoption;
  EXPECT_EQ(ReasonIn(MayRecordExtract(adoption)), "OK");
  *adoption.mutable_extract_date() = D("2015-10-01");
  EXPECT_EQ(ReasonIn(MayRecordExtract(adoption)), "EXTRACT_RECORDED");
}

}  // namespace
}  // namespace partnerskap::agreements
