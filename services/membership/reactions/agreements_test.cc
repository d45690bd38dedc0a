#include "services/membership/reactions/agreements.h"

#include "common/time/partial_date.h"
#include "gtest/gtest.h"
#include "partnerskap/agreements/v1/adoptions.pb.h"
#include "partnerskap/agreements/v1/clauses.pb.h"
#include "partnerskap/agreements/v1/resources.pb.h"
#include "services/membership/handlers/fixture.h"
#include "services/membership/store/facts.h"

namespace partnerskap::membership {
namespace {

class ReactionsTest : public MembershipTest {
 protected:
  std::vector<TermFacts> Terms() {
    return *database().Read([](ReadTx& tx) { return TermsOf(tx, kNetwork, kSeat); });
  }
};

constexpr char kAgreement[] =
    "name: 'networks/n/agreements/a' kind: PERIOD_AGREEMENT start_date { year: 2016 month: 1 day: 1 } end_date { year: "
    "2019 month: 12 day: 31 }";

TEST_F(ReactionsTest, AgreementAdoptionAndSignaturesBecomeTermFacts) {
  ASSERT_TRUE(Learn("agreements", Request<agreements::v1::Agreement>(kAgreement)).ok());
  ASSERT_TRUE(
      Learn("agreements",
            Request<agreements::v1::Adoption>(
                "name: 'networks/n/agreements/a/adoptions/uppsala' seat: 'networks/n/seats/uppsala' state: ANNOUNCED "
                "outcome: ADOPTED_WITH_RESERVATION "
                "decision_date { year: 2016 month: 3 day: 1 } announcement_date { year: 2016 month: 3 day: 10 }"))
          .ok());
  ASSERT_TRUE(Learn("agreements",
                    Request<agreements::v1::Signature>("name: 'networks/n/agreements/a/adoptions/uppsala/signatures/1' "
                                                       "slot: 1 sign_date { year: 2016 month: 4 day: 1 }"))
                  .ok());
  const auto terms = Terms();
  ASSERT_EQ(terms.size(), 1);
  ASSERT_TRUE(terms[0].adoption.has_value());
  EXPECT_EQ(terms[0].adoption->stage, AdoptionStage::kAdopted);
  EXPECT_EQ(DateToText(terms[0].adoption->final_date), "2016-04-01");
  EXPECT_EQ(terms[0].adoption->signature_dates.size(), 1);
}

TEST_F(ReactionsTest, OutcomesThatDoNotAdoptDoNotBind) {
  ASSERT_TRUE(Learn("agreements", Request<agreements::v1::Agreement>(kAgreement)).ok());
  const auto stage = [&](const std::string& fields) {
    EXPECT_TRUE(
        Learn("agreements",
              Request<agreements::v1::Adoption>(absl::StrCat(
                  "name: 'networks/n/agreements/a/adoptions/uppsala' seat: 'networks/n/seats/uppsala' ", fields)))
            .ok());
    return Terms()[0].adoption->stage;
  };
  EXPECT_EQ(stage("state: PROPOSED"), AdoptionStage::kUnderWay);
  EXPECT_EQ(stage("state: DECIDED outcome: REJECTED"), AdoptionStage::kNotAdopted);
  EXPECT_EQ(stage("state: DECIDED outcome: ADOPTED_CHANGED"), AdoptionStage::kNotAdopted);
  EXPECT_EQ(stage("state: ANNULLED outcome: ADOPTED"), AdoptionStage::kAnnulled);
}

TEST_F(ReactionsTest, SupplementsAndOtherResourcesAreOfNoInterest) {
  ASSERT_TRUE(
      Learn("agreements", Request<agreements::v1::Agreement>("name: 'networks/n/agreements/s' kind: SUPPLEMENT")).ok());
  ASSERT_TRUE(Learn("agreements", Request<agreements::v1::Clause>("name: 'networks/n/agreements/a/clauses/c'")).ok());
  EXPECT_TRUE(Terms().empty());
}

TEST_F(ReactionsTest, WhatIsErasedThereIsForgottenHere) {
  ASSERT_TRUE(Learn("agreements", Request<agreements::v1::Agreement>(kAgreement)).ok());
  ASSERT_EQ(Terms().size(), 1);
  common::v1::Change change;
  change.set_name("networks/n/agreements/a");
  change.set_message_type("partnerskap.agreements.v1.Agreement");
  ASSERT_TRUE(Learn("agreements", change).ok());
  EXPECT_TRUE(Terms().empty());
}

TEST_F(ReactionsTest, AChangeThatIsNotWhatItSaysStopsTheEdge) {
  common::v1::Change change;
  change.set_name("networks/n/agreements/a");
  change.set_message_type("partnerskap.agreements.v1.Agreement");
  change.set_message("\xff\xff\xff");
  EXPECT_FALSE(Learn("agreements", change).ok());
  EXPECT_TRUE(Terms().empty());
}

}  // namespace
}  // namespace partnerskap::membership
