#include "services/agreements/domain/signatures.h"

#include "services/agreements/domain/testing.h"

namespace partnerskap::agreements {
namespace {

// The signature block of the agreement of 2016-2019.
v1::Agreement Block() {
  return Parse<v1::Agreement>(R"pb(
    name: 'networks/partnerskapet/agreements/2016-2019'
    signer_slots { slot: 1 capacities: 'KOMMUNSTYRELSENS_ORDFORANDE' equivalent_allowed: true }
    signer_slots { slot: 2 capacities: 'KOMMUNDIREKTOR' capacities: 'KOMMUNCHEF' equivalent_allowed: false }
  )pb");
}

v1::Adoption Adjusted() {
  return Parse<v1::Adoption>(
      "name: 'a' state: ADJUSTED outcome: ADOPTED decision_date { year: 2015 month: 9 day: 9 } "
      "adjustment_date { year: 2015 month: 9 day: 11 }");
}

v1::Signature Signed(int slot, const std::string& capacity, const std::string& date) {
  v1::Signature signature;
  signature.set_name("s" + std::to_string(slot));
  signature.set_slot(slot);
  signature.set_capacity(capacity);
  signature.set_person("persons/" + std::to_string(slot));
  signature.set_post("posts/" + std::to_string(slot));
  *signature.mutable_sign_date() = D(date);
  return signature;
}

PostFacts PostOf(const v1::Signature& signature) {
  return {signature.post(), signature.capacity(), true, {{signature.person(), D("2015-01-01"), {}, {}}}};
}

std::string Try(const v1::Signature& signature, const std::vector<v1::Signature>& others = {}) {
  return ReasonIn(MaySign(Block(), Adjusted(), others, PostOf(signature), signature));
}

TEST(Signing, ByTheOfficesThatTheAgreementNames) {
  EXPECT_EQ(Try(Signed(1, "KOMMUNSTYRELSENS_ORDFORANDE", "2015-09-11")), "OK");
  EXPECT_EQ(Try(Signed(2, "KOMMUNCHEF", "2015-09-11")), "OK");
  EXPECT_EQ(Try(Signed(2, "KOMMUNSTYRELSENS_ORDFORANDE", "2015-09-11")), "SIGNER_CAPACITY_WRONG");
}

TEST(Signing, NeedsAnAdoption) {
  v1::Adoption adoption = Adjusted();
  EXPECT_EQ(ReasonIn(MustBeAdopted(adoption)), "OK");
  adoption.set_outcome(v1::Adoption::ADOPTED_WITH_RESERVATION);
  EXPECT_EQ(ReasonIn(MustBeAdopted(adoption)), "OK");
  adoption.set_outcome(v1::Adoption::ADOPTED_CHANGED);
  EXPECT_EQ(ReasonIn(MustBeAdopted(adoption)), "NOT_ADOPTED");
  adoption.set_outcome(v1::Adoption::REJECTED);
  EXPECT_EQ(ReasonIn(MustBeAdopted(adoption)), "NOT_ADOPTED");
}

TEST(Signing, IsNotBeforeAdjustment) {
  EXPECT_EQ(Try(Signed(2, "KOMMUNCHEF", "2015-09-10")), "SIGNED_BEFORE_ADJUSTMENT");
  v1::Adoption adoption = Adjusted();
  adoption.clear_adjustment_date();
  EXPECT_EQ(ReasonIn(MustFollowAdjustment(adoption, Signed(2, "KOMMUNCHEF", "2015-09-09"))), "OK");
  EXPECT_EQ(ReasonIn(MustFollowAdjustment(adoption, Signed(2, "KOMMUNCHEF", "2015-09-08"))),
            "SIGNED_BEFORE_ADJUSTMENT");
}

TEST(Signing, NeedsASlot) {
  const v1::Agreement none;
  const v1::Signature signature = Signed(1, "KOMMUNCHEF", "2015-09-11");
  EXPECT_EQ(ReasonIn(SlotMustExist(Block(), signature)), "OK");
  EXPECT_EQ(ReasonIn(SlotMustExist(none, signature)), "SIGNATURE_SLOT_UNKNOWN");
}

TEST(Signing, FillsASlotOnce) {
  const v1::Signature first = Signed(1, "KOMMUNSTYRELSENS_ORDFORANDE", "2015-09-11");
  EXPECT_EQ(Try(Signed(2, "KOMMUNCHEF", "2015-09-12"), {first}), "OK");
  EXPECT_EQ(Try(Signed(1, "KOMMUNSTYRELSENS_ORDFORANDE", "2015-09-12"), {first}), "SIGNATURE_SLOT_TAKEN");
}

TEST(Signing, ByAnEquivalentNeedsASource) {
  v1::Signature signature = Signed(1, "KOMMUNALRAD", "2015-09-11");
  EXPECT_EQ(Try(signature), "SIGNER_CAPACITY_WRONG");
  signature.mutable_equivalence()->set_document("Reglemente för kommunstyrelsen");
  EXPECT_EQ(Try(signature), "OK");
  signature.set_slot(2);
  EXPECT_EQ(Try(signature), "SIGNER_CAPACITY_WRONG") << "the second slot takes no equivalents";
}

TEST(Signing, OfficeIsThePostsOwn) {
  v1::Signature signature = Signed(1, "KOMMUNSTYRELSENS_ORDFORANDE", "2015-09-11");
  PostFacts post = PostOf(signature);
  post.capacity = "KOMMUNCHEF";
  EXPECT_EQ(ReasonIn(MaySign(Block(), Adjusted(), {}, post, signature)), "SIGNER_CAPACITY_WRONG");
  post.capacity = "";
  EXPECT_EQ(ReasonIn(MaySign(Block(), Adjusted(), {}, post, signature)), "SIGNER_CAPACITY_WRONG");
  signature.mutable_equivalence()->set_document("Protokoll 2015-01-14");
  EXPECT_EQ(ReasonIn(MaySign(Block(), Adjusted(), {}, post, signature)), "OK");
  post.capacity = "KOMMUNCHEF";
  EXPECT_EQ(ReasonIn(MaySign(Block(), Adjusted(), {}, post, signature)), "SIGNER_CAPACITY_WRONG");
}

TEST(Signing, ByTheHolderOfThePost) {
  const v1::Signature signature = Signed(2, "KOMMUNCHEF", "2015-09-11");
  PostFacts post = PostOf(signature);
  EXPECT_EQ(ReasonIn(MustHoldPost(signature, post)), "OK");
  post.of_seat = false;
  EXPECT_EQ(ReasonIn(MustHoldPost(signature, post)), "SIGNER_WITHOUT_MANDATE");
  post.of_seat = true;
  post.appointments[0].person = "persons/other";
  EXPECT_EQ(ReasonIn(MustHoldPost(signature, post)), "SIGNER_WITHOUT_MANDATE");
}

TEST(Signing, ByTwoPersons) {
  v1::Signature second = Signed(2, "KOMMUNCHEF", "2015-09-12");
  const v1::Signature first = Signed(1, "KOMMUNSTYRELSENS_ORDFORANDE", "2015-09-11");
  second.set_person(first.person());
  EXPECT_EQ(Try(second, {first}), "SIGNER_SIGNED_OTHER_SLOT");
}

TEST(Holding, BeginsAndEnds) {
  const PostFacts post{"p", "", true, {{"persons/a", D("2015-01-01"), D("2018-12-31"), D("2016-06-30")}}};
  EXPECT_FALSE(Holds(post, "persons/a", D("2014-12-31")));
  EXPECT_TRUE(Holds(post, "persons/a", D("2015-01-01")));
  EXPECT_TRUE(Holds(post, "persons/a", D("2016-06-30")));
  EXPECT_FALSE(Holds(post, "persons/a", D("2016-07-01")));
  EXPECT_FALSE(Holds(post, "persons/b", D("2015-01-01")));
}

TEST(Holding, GoesOnAfterTheTermUntilReplaced) {
  PostFacts post{"p", "", true, {{"persons/a", D("2015-01-01"), D("2018-12-31"), {}}}};
  EXPECT_TRUE(Holds(post, "persons/a", D("2019-02-01")));
  post.appointments.push_back({"persons/b", D("2019-01-15"), {}, {}});
  EXPECT_FALSE(Holds(post, "persons/a", D("2019-02-01")));
  EXPECT_TRUE(Holds(post, "persons/b", D("2019-02-01")));
  EXPECT_TRUE(Holds(post, "persons/a", D("2019-01-14")));
}

TEST(Holding, AVacancyIsNobodys) {
  const PostFacts post{"p", "", true, {{"persons/a", D("2015"), {}, {}}, {"", D("2016-01-01"), {}, {}}}};
  EXPECT_FALSE(Holds(post, "persons/a", D("2016-01-01")));
  EXPECT_TRUE(Holds(post, "persons/a", D("2015-12-31")));
}

TEST(Standing, SignaturesOfAnAnnulledDecisionDoNotCountForTheNext) {
  const std::vector<v1::Signature> signatures = {Signed(1, "X", "2015-09-11"), Signed(2, "X", "2016-03-01")};
  v1::Adoption adoption = Adjusted();
  EXPECT_EQ(StandingSignatures(adoption, signatures).size(), 2u);
  *adoption.mutable_annulment_date() = D("2016-01-15");
  *adoption.mutable_adjustment_date() = D("2016-02-20");
  const auto standing = StandingSignatures(adoption, signatures);
  ASSERT_EQ(standing.size(), 1u);
  EXPECT_EQ(standing[0].slot(), 2);
  // Nor before the minutes of the next one are adjusted.
  adoption.clear_adjustment_date();
  adoption.set_state(v1::Adoption::PREPARED);
  EXPECT_EQ(StandingSignatures(adoption, signatures).size(), 1u);
}

}  // namespace
}  // namespace partnerskap::agreements
