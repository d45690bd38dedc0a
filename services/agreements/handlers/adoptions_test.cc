#include "services/agreements/handlers/agreements_fixture.h"

namespace partnerskap::agreements {
namespace {

class AdoptionTest : public AgreementsFixture {};

TEST_F(AdoptionTest, GoesThroughTheBoard) {
  CreateAgreement();
  EXPECT_EQ(CreateAdoption().state(), v1::Adoption::CIRCULATED);
  CreateDecision(Adopting());
  EXPECT_EQ(Do("PrepareAdoption", Preparing()).diary_number(), "KS 2015/131");
  EXPECT_EQ(Do("ProposeAdoption", Proposing()).state(), v1::Adoption::PROPOSED);
  auto deciding = Deciding();
  deciding.set_funding("ryms inom ordinarie budget");
  *deciding.mutable_fee() = Request<google::type::Money>("currency_code: 'SEK' units: 20000");
  const v1::Adoption decided = Do("RecordAdoptionOutcome", deciding);
  EXPECT_EQ(decided.state(), v1::Adoption::DECIDED);
  EXPECT_EQ(decided.outcome(), v1::Adoption::ADOPTED);
  EXPECT_EQ(decided.decision(), kDecision);
  EXPECT_EQ(decided.decision_reference().paragraph(), "59");
  EXPECT_EQ(DateToText(decided.decision_date()), "2015-09-09");
  EXPECT_EQ(decided.fee().units(), 20000);
  EXPECT_EQ(Do("AdjustAdoption", Adjusting()).state(), v1::Adoption::ADJUSTED);
  EXPECT_EQ(Do("AnnounceAdoption", Announcing()).state(), v1::Adoption::ANNOUNCED);
  const v1::Adoption done = Do("RecordAdoptionExtract", Extracting());
  EXPECT_EQ(done.state(), v1::Adoption::ANNOUNCED);
  EXPECT_EQ(DateToText(done.extract_date()), "2015-09-20");
  EXPECT_EQ(GetAdoption().SerializeAsString(), done.SerializeAsString());
  const auto list = Request<v1::ListAdoptionsRequest>("parent: 'networks/partnerskapet/agreements/2016-2019'");
  EXPECT_EQ(Ok<v1::ListAdoptionsResponse>(Reader(), "ListAdoptions", list).adoptions_size(), 1);
}

TEST_F(AdoptionTest, IsSentOutByTheCoordinator) {
  CreateAgreement();
  ExpectRefused(Member(kHaninge), "CreateAdoption", AdoptionRequest(), "PERMISSION_MISSING");
  auto request = AdoptionRequest();
  request.set_adoption_id("uppsala");
  ExpectRefused(admin(), "CreateAdoption", request, "ADOPTION_ID_NOT_SEAT");
  ExpectRefused(admin(), "CreateAdoption", AdoptionRequest("networks/partnerskapet/seats/okand"), "REFERENCE_UNKNOWN");
  request = AdoptionRequest();
  request.mutable_adoption()->set_version("networks/partnerskapet/agreements/2020-2021/versions/1");
  ExpectRefused(admin(), "CreateAdoption", request, "VERSION_OF_OTHER_AGREEMENT");
  request.mutable_adoption()->set_version("networks/partnerskapet/agreements/2016-2019/versions/9");
  ExpectRefused(admin(), "CreateAdoption", request, "REFERENCE_UNKNOWN");
  request.set_parent("networks/partnerskapet/agreements/okand");
  ExpectRefused(admin(), "CreateAdoption", request, "PARENT_NOT_FOUND");
  LearnSeat(kUppsalaSeat, {kUppsala}, 2005, "2015-06-30");
  ExpectRefused(admin(), "CreateAdoption", AdoptionRequest(kUppsalaSeat), "SEAT_NOT_TAKING_PART");
}

TEST_F(AdoptionTest, StateIsTheServers) {
  CreateAgreement();
  auto request = AdoptionRequest();
  request.mutable_adoption()->set_state(v1::Adoption::ANNOUNCED);
  request.mutable_adoption()->set_outcome(v1::Adoption::ADOPTED);
  const auto adoption = Ok<v1::Adoption>(admin(), "CreateAdoption", request);
  EXPECT_EQ(adoption.state(), v1::Adoption::CIRCULATED);
  EXPECT_EQ(adoption.outcome(), v1::Adoption::OUTCOME_UNSPECIFIED);
}

TEST_F(AdoptionTest, EachStepIsTheSeatsOwn) {
  Decide();
  ExpectRefused(Member(kUppsala), "AdjustAdoption", Adjusting(), "OBJECT_NOT_YOURS");
  ExpectRefused(Reader(), "AdjustAdoption", Adjusting(), "PERMISSION_MISSING");
  Ok<v1::Adoption>(admin(), "AdjustAdoption", Adjusting());
}

TEST_F(AdoptionTest, AJointSeatIsBothHolders) {
  CreateAgreement();
  CreateAdoption(kJointSeat);
  auto request = Preparing();
  request.set_name("networks/partnerskapet/agreements/2016-2019/adoptions/karlskoga-degerfors");
  ExpectRefused(Member(kHaninge), "PrepareAdoption", request, "OBJECT_NOT_YOURS");
  Ok<v1::Adoption>(Member(kDegerfors), "PrepareAdoption", request);
}

TEST_F(AdoptionTest, StepsComeInTheirOrder) {
  CreateAgreement();
  CreateAdoption();
  CreateDecision(Adopting());
  for (const auto& [method, request] : std::vector<std::pair<std::string, std::shared_ptr<google::protobuf::Message>>>{
           {"ProposeAdoption", std::make_shared<v1::ProposeAdoptionRequest>(Proposing())},
           {"RecordAdoptionOutcome", std::make_shared<v1::RecordAdoptionOutcomeRequest>(Deciding())},
           {"AdjustAdoption", std::make_shared<v1::AdjustAdoptionRequest>(Adjusting())},
           {"AnnounceAdoption", std::make_shared<v1::AnnounceAdoptionRequest>(Announcing())},
           {"AnnulAdoption", std::make_shared<v1::AnnulAdoptionRequest>(Annulling())},
           {"RecordAdoptionExtract", std::make_shared<v1::RecordAdoptionExtractRequest>(Extracting())}}) {
    ExpectRefused(Member(kHaninge), method, *request, "ADOPTION_STATE");
  }
  Do("PrepareAdoption", Preparing());
  ExpectRefused(Member(kHaninge), "PrepareAdoption", Preparing(), "ADOPTION_STATE");
}

TEST_F(AdoptionTest, DatesComeInTheirOrder) {
  CreateAgreement();
  CreateAdoption();
  CreateDecision(Adopting());
  ExpectRefused(Member(kHaninge), "PrepareAdoption", Preparing("2015-08-18"), "DATES_OUT_OF_ORDER");
  Do("PrepareAdoption", Preparing());
  ExpectRefused(Member(kHaninge), "ProposeAdoption", Proposing("2015-08-19"), "DATES_OUT_OF_ORDER");
  Do("ProposeAdoption", Proposing("2015-09-10"));
  ExpectRefused(Member(kHaninge), "RecordAdoptionOutcome", Deciding(), "DATES_OUT_OF_ORDER");
}

TEST_F(AdoptionTest, DatesAfterTheDecisionComeInTheirOrder) {
  Decide();
  ExpectRefused(Member(kHaninge), "AdjustAdoption", Adjusting("2015-09-08"), "DATES_OUT_OF_ORDER");
  Do("AdjustAdoption", Adjusting("2015-12-24"));  // late is a mark, not a refusal
  ExpectRefused(Member(kHaninge), "AnnounceAdoption", Announcing("2015-12-23"), "DATES_OUT_OF_ORDER");
  ExpectRefused(Member(kHaninge), "RecordAdoptionExtract", Extracting("2015-12-23"), "DATES_OUT_OF_ORDER");
  ExpectRefused(Member(kHaninge), "AnnulAdoption", Annulling("2015-12-23"), "DATES_OUT_OF_ORDER");
}

class OutcomeTest : public AgreementsFixture {
 protected:
  OutcomeTest() {
    CreateAgreement();
    Ok<v1::AgreementVersion>(admin(), "CreateAgreementVersion", VersionRequest("2"));
    CreateAdoption();
    Do("PrepareAdoption", Preparing());
  }
  static constexpr char kOther[] = "networks/partnerskapet/agreements/2016-2019/versions/2";
};

TEST_F(OutcomeTest, RestsOnADecisionOfTheSeatsOwnBoard) {
  ExpectRefused(Member(kHaninge), "RecordAdoptionOutcome", Deciding(), "REFERENCE_UNKNOWN");
  auto request = DecisionRequest(Adopting());
  request.set_parent(kUppsala);
  Ok<v1::Decision>(Member(kUppsala), "CreateDecision", request);
  ExpectRefused(Member(kHaninge), "RecordAdoptionOutcome",
                Deciding("ADOPTED", "organizations/kommun-0380/decisions/ks-2015-59"),
                "DECISION_OF_OTHER_ORGANIZATION");
}

TEST_F(OutcomeTest, IsWhatTheDecisionSays) {
  CreateDecision(Adopting(kOther));
  ExpectRefused(Member(kHaninge), "RecordAdoptionOutcome", Deciding(), "DECISION_DOES_NOT_SAY_SO");
  ExpectRefused(Member(kHaninge), "RecordAdoptionOutcome", Deciding("REJECTED"), "DECISION_DOES_NOT_SAY_SO");
  ExpectRefused(Member(kHaninge), "RecordAdoptionOutcome", Deciding("ADOPTED_CHANGED"), "FIELD_VIOLATIONS");
  auto changed = Deciding("ADOPTED_CHANGED");
  changed.set_adopted_version("networks/partnerskapet/agreements/2020-2021/versions/1");
  ExpectRefused(Member(kHaninge), "RecordAdoptionOutcome", changed, "VERSION_OF_OTHER_AGREEMENT");
  changed.set_adopted_version(kOther);
  const v1::Adoption adoption = Do("RecordAdoptionOutcome", changed);
  EXPECT_EQ(adoption.outcome(), v1::Adoption::ADOPTED_CHANGED);
  EXPECT_EQ(adoption.adopted_version(), kOther);
  EXPECT_EQ(adoption.version(), kVersion);
}

TEST_F(OutcomeTest, NamesKronor) {
  CreateDecision(Adopting());
  auto request = Deciding();
  *request.mutable_fee() = Request<google::type::Money>("currency_code: 'EUR' units: 20000");
  ExpectRefused(Member(kHaninge), "RecordAdoptionOutcome", request, "FIELD_VIOLATIONS");
}

TEST_F(OutcomeTest, AgreesWithTheReservations) {
  CreateDecision(Adopting() + " stances { party: 'Moderaterna' kind: RESERVATION }");
  ExpectRefused(Member(kHaninge), "RecordAdoptionOutcome", Deciding(), "RESERVATION_MISSING");
  EXPECT_EQ(Do("RecordAdoptionOutcome", Deciding("ADOPTED_WITH_RESERVATION")).outcome(),
            v1::Adoption::ADOPTED_WITH_RESERVATION);
}

TEST_F(OutcomeTest, OfASeatThatHasLeftIsRefused) {
  CreateDecision(Adopting());
  LearnSeat(kHaningeSeat, {kHaninge}, 2004, "2015-09-08");
  ExpectRefused(Member(kHaninge), "RecordAdoptionOutcome", Deciding(), "SEAT_NOT_TAKING_PART");
}

TEST_F(OutcomeTest, SentBackLeadsToPreparedAndIsKept) {
  Do("ProposeAdoption", Proposing());
  CreateDecision("items { number: 1 kind: REFERS_BACK text: 'Återremiss' }");
  const v1::Adoption back = Do("RecordAdoptionOutcome", Deciding("REFERRED_BACK"));
  EXPECT_EQ(back.state(), v1::Adoption::PREPARED);
  EXPECT_EQ(back.outcome(), v1::Adoption::OUTCOME_UNSPECIFIED);
  EXPECT_FALSE(back.has_decision_date());
  EXPECT_FALSE(back.has_proposal_date());
  ASSERT_EQ(back.returns_size(), 1);
  EXPECT_EQ(back.returns(0).outcome(), v1::Adoption::REFERRED_BACK);
  EXPECT_EQ(DateToText(back.returns(0).return_date()), "2015-09-09");
  EXPECT_EQ(back.returns(0).decision(), kDecision);
  ExpectRefused(Member(kHaninge), "ProposeAdoption", Proposing("2015-09-08"), "DATES_OUT_OF_ORDER");
  Do("ProposeAdoption", Proposing("2015-09-20"));
}

TEST_F(OutcomeTest, ARefusalClosesOneLine) {
  CreateAdoption(kUppsalaSeat);
  CreateDecision("items { number: 1 kind: REJECTS text: 'Avslår' version: '" + std::string(kVersion) + "' }");
  EXPECT_EQ(Do("RecordAdoptionOutcome", Deciding("REJECTED")).outcome(), v1::Adoption::REJECTED);
  EXPECT_EQ(GetAdoption("networks/partnerskapet/agreements/2016-2019/adoptions/uppsala").state(),
            v1::Adoption::CIRCULATED);
}

TEST_F(OutcomeTest, OneParagraphMayAdoptTwoAgreements) {
  Ok<v1::Agreement>(admin(), "CreateAgreement", AgreementRequest("tillagg"));
  Ok<v1::AgreementVersion>(admin(), "CreateAgreementVersion",
                           VersionRequest("1", "networks/partnerskapet/agreements/tillagg"));
  auto second = AdoptionRequest();
  second.set_parent("networks/partnerskapet/agreements/tillagg");
  second.mutable_adoption()->set_version("networks/partnerskapet/agreements/tillagg/versions/1");
  const auto other = Ok<v1::Adoption>(admin(), "CreateAdoption", second);
  CreateDecision(Adopting() + " items { number: 2 kind: ADOPTS text: 'Deltar' version: '" +
                 second.adoption().version() + "' }");
  Do("RecordAdoptionOutcome", Deciding());
  auto preparing = Preparing();
  preparing.set_name(other.name());
  Do("PrepareAdoption", preparing);
  auto deciding = Deciding();
  deciding.set_name(other.name());
  EXPECT_EQ(Do("RecordAdoptionOutcome", deciding).decision(), GetAdoption().decision());
}

class AnnulmentTest : public AgreementsFixture {};

TEST_F(AnnulmentTest, OpensTheLineAgain) {
  Decide();
  Do("AdjustAdoption", Adjusting());
  Do("AnnounceAdoption", Announcing());
  const v1::Adoption annulled = Do("AnnulAdoption", Annulling());
  EXPECT_EQ(annulled.state(), v1::Adoption::ANNULLED);
  EXPECT_EQ(annulled.outcome(), v1::Adoption::ADOPTED);
  EXPECT_EQ(annulled.sources(0).document(), "Förvaltningsrätten");
  ExpectRefused(Member(kHaninge), "PrepareAdoption", Preparing("2016-01-14"), "DATES_OUT_OF_ORDER");
  const v1::Adoption open = Do("PrepareAdoption", Preparing("2016-02-01"));
  EXPECT_EQ(open.state(), v1::Adoption::PREPARED);
  EXPECT_EQ(open.outcome(), v1::Adoption::OUTCOME_UNSPECIFIED);
  EXPECT_EQ(open.decision(), "");
  EXPECT_FALSE(open.has_decision_date());
  EXPECT_FALSE(open.has_announcement_date());
  EXPECT_EQ(DateToText(open.annulment_date()), "2016-01-15");
}

TEST_F(AnnulmentTest, NeedsTheJudgment) {
  Decide();
  auto request = Annulling();
  request.clear_source();
  ExpectRefused(Member(kHaninge), "AnnulAdoption", request, "FIELD_VIOLATIONS");
}

TEST_F(AdoptionTest, ExtractComesInOnce) {
  Decide();
  Do("AdjustAdoption", Adjusting());
  Do("RecordAdoptionExtract", Extracting());
  ExpectRefused(Member(kHaninge), "RecordAdoptionExtract", Extracting("2015-09-21"), "EXTRACT_RECORDED");
}

TEST_F(AdoptionTest, AStaleEtagIsRefused) {
  CreateAgreement();
  const v1::Adoption first = CreateAdoption();
  Do("PrepareAdoption", Preparing());
  auto request = Proposing();
  request.set_etag(first.etag());
  ExpectRefused(Member(kHaninge), "ProposeAdoption", request, "ETAG_STALE");
  request.set_etag(GetAdoption().etag());
  Do("ProposeAdoption", request);
}

TEST_F(AdoptionTest, ValidateOnlyChangesNothing) {
  Decide();
  auto request = Adjusting();
  request.set_validate_only(true);
  EXPECT_EQ(Do("AdjustAdoption", request).state(), v1::Adoption::ADJUSTED);
  EXPECT_EQ(GetAdoption().state(), v1::Adoption::DECIDED);
}

TEST_F(AdoptionTest, WhatWasKnownCanBeRead) {
  CreateAgreement();
  CreateAdoption();
  auto request =
      Request<v1::GetAdoptionRequest>("name: 'networks/partnerskapet/agreements/2016-2019/adoptions/haninge'");
  request.mutable_read_time()->set_seconds(absl::ToUnixSeconds(loop().clock().Now()) + 1);
  SetToday(2015, 9, 2);
  Do("PrepareAdoption", Preparing());
  EXPECT_EQ(Ok<v1::Adoption>(Reader(), "GetAdoption", request).state(), v1::Adoption::CIRCULATED);
}

class ImportTest : public AgreementsFixture {
 protected:
  ImportTest() { CreateAgreement(); }
  static v1::ImportAdoptionRequest Importing(const std::string& history, const std::string& seat = kUppsalaSeat) {
    auto request = Request<v1::ImportAdoptionRequest>(
        "adoption_history { sources { document: 'Uppsala KSN-2015-1584' } " + history + " }");
    request.set_parent(kAgreement);
    request.set_adoption_id(seat.substr(seat.rfind('/') + 1));
    request.mutable_adoption_history()->set_seat(seat);
    request.mutable_adoption_history()->set_version(kVersion);
    return request;
  }
};

TEST_F(ImportTest, EntersTheStateThatASourceAttests) {
  const auto adoption = Ok<v1::Adoption>(
      Member(kUppsala), "ImportAdoption",
      Importing(
          "attested_state: PROPOSED diary_number: 'KSN-2015-1584' proposal_date { year: 2015 month: 8 day: 19 }"));
  EXPECT_EQ(adoption.state(), v1::Adoption::PROPOSED);
  EXPECT_TRUE(adoption.imported());
  EXPECT_FALSE(adoption.has_preparation_date());
  ExpectRefused(Member(kUppsala), "ImportAdoption", Importing("attested_state: PROPOSED"), "RESOURCE_ALREADY_EXISTS");
}

TEST_F(ImportTest, GoesOnAsAnyOther) {
  Ok<v1::Adoption>(Member(kUppsala), "ImportAdoption", Importing("attested_state: DECIDED outcome: ADOPTED"));
  auto request = Adjusting();
  request.set_name("networks/partnerskapet/agreements/2016-2019/adoptions/uppsala");
  EXPECT_EQ(Ok<v1::Adoption>(Member(kUppsala), "AdjustAdoption", request).state(), v1::Adoption::ADJUSTED);
}

TEST_F(ImportTest, IsHeldToTheTableOfFacts) {
  ExpectRefused(Member(kUppsala), "ImportAdoption", Importing("attested_state: DECIDED"), "HISTORY_CONTRADICTED");
  ExpectRefused(Member(kUppsala), "ImportAdoption", Importing("attested_state: PREPARED outcome: ADOPTED"),
                "HISTORY_CONTRADICTED");
  ExpectRefused(Member(kUppsala), "ImportAdoption",
                Importing("attested_state: ADJUSTED outcome: ADOPTED decision_date { year: 2015 month: 9 } "
                          "adjustment_date { year: 2015 month: 8 }"),
                "DATES_OUT_OF_ORDER");
  ExpectRefused(Member(kUppsala), "ImportAdoption",
                Importing("attested_state: DECIDED outcome: ADOPTED fee { currency_code: 'EUR' units: 1 }"),
                "FIELD_VIOLATIONS");
}

TEST_F(ImportTest, NeedsASource) {
  auto request = Importing("attested_state: CIRCULATED");
  request.mutable_adoption_history()->clear_sources();
  ExpectRefused(Member(kUppsala), "ImportAdoption", request, "FIELD_VIOLATIONS");
}

TEST_F(ImportTest, IsTheSeatsOwn) {
  ExpectRefused(Member(kHaninge), "ImportAdoption", Importing("attested_state: CIRCULATED"), "OBJECT_NOT_YOURS");
  auto request = Importing("attested_state: CIRCULATED");
  request.set_adoption_id("haninge");
  ExpectRefused(Member(kUppsala), "ImportAdoption", request, "ADOPTION_ID_NOT_SEAT");
}

TEST_F(ImportTest, RestsOnTheRegisteredDecision) {
  CreateDecision(Adopting());
  const std::string decided = "attested_state: DECIDED decision: '" + std::string(kDecision) + "' outcome: ";
  ExpectRefused(Member(kHaninge), "ImportAdoption", Importing(decided + "REJECTED", kHaningeSeat),
                "DECISION_DOES_NOT_SAY_SO");
  ExpectRefused(Member(kHaninge), "ImportAdoption", Importing(decided + "ADOPTED_WITH_RESERVATION", kHaningeSeat),
                "RESERVATION_MISSING");
  ExpectRefused(Member(kUppsala), "ImportAdoption", Importing(decided + "ADOPTED"), "DECISION_OF_OTHER_ORGANIZATION");
  const auto adoption =
      Ok<v1::Adoption>(Member(kHaninge), "ImportAdoption", Importing(decided + "ADOPTED", kHaningeSeat));
  EXPECT_EQ(DateToText(adoption.decision_date()), "2015-09-09");
  EXPECT_EQ(adoption.body(), "Kommunstyrelsen");
}

}  // namespace
}  // namespace partnerskap::agreements
