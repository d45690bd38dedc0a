#include "services/agreements/handlers/agreements_fixture.h"

namespace partnerskap::agreements {
namespace {

class SignatureTest : public AgreementsFixture {
 protected:
  SignatureTest() {
    LearnSignatories();
    Decide();
  }
  void Adjust() { Do("AdjustAdoption", Adjusting()); }
  v1::Signature Sign(int slot, const std::string& date = "2015-09-15") {
    return Ok<v1::Signature>(Member(kHaninge), "CreateSignature", SignatureRequest(slot, date));
  }
  void RefuseSigning(const v1::CreateSignatureRequest& request, const char* reason) {
    ExpectRefused(Member(kHaninge), "CreateSignature", request, reason);
  }
};

TEST_F(SignatureTest, FillsTheTwoSlots) {
  Adjust();
  EXPECT_EQ(Sign(1).name(), std::string(kHaningeAdoption) + "/signatures/1");
  EXPECT_EQ(Sign(2).place(), "Haninge");
  auto list = v1::ListSignaturesRequest();
  list.set_parent(kHaningeAdoption);
  EXPECT_EQ(Ok<v1::ListSignaturesResponse>(Reader(), "ListSignatures", list).signatures_size(), 2);
  auto get = v1::GetSignatureRequest();
  get.set_name(std::string(kHaningeAdoption) + "/signatures/2");
  EXPECT_EQ(Ok<v1::Signature>(Reader(), "GetSignature", get).capacity(), "KOMMUNDIREKTOR");
  EXPECT_EQ(GetAdoption().state(), v1::Adoption::ADJUSTED);
}

TEST_F(SignatureTest, IsTheSeatsOwn) {
  Adjust();
  ExpectRefused(Member(kUppsala), "CreateSignature", SignatureRequest(1), "OBJECT_NOT_YOURS");
  auto request = SignatureRequest(1);
  request.set_parent("networks/partnerskapet/agreements/2016-2019/adoptions/okand");
  ExpectRefused(Member(kHaninge), "CreateSignature", request, "PARENT_NOT_FOUND");
}

TEST_F(SignatureTest, NobodySignsBeforeAdjustment) {
  RefuseSigning(SignatureRequest(1), "ADOPTION_STATE");
  Adjust();
  RefuseSigning(SignatureRequest(1, "2015-09-10"), "SIGNED_BEFORE_ADJUSTMENT");
  Sign(1, "2015-09-11");
}

TEST_F(SignatureTest, NothingToSignWhereTheTextWasChanged) {
  Ok<v1::AgreementVersion>(admin(), "CreateAgreementVersion", VersionRequest("2"));
  CreateAdoption(kUppsalaSeat);
  auto import = Request<v1::ImportAdoptionRequest>(R"pb(
    parent: 'networks/partnerskapet/agreements/2016-2019'
    adoption_id: 'karlskoga-degerfors'
    adoption_history {
      seat: 'networks/partnerskapet/seats/karlskoga-degerfors'
      version: 'networks/partnerskapet/agreements/2016-2019/versions/1'
      adopted_version: 'networks/partnerskapet/agreements/2016-2019/versions/2'
      attested_state: ADJUSTED
      outcome: ADOPTED_CHANGED
      sources { document: 'Protokoll' }
    }
  )pb");
  const auto adoption = Ok<v1::Adoption>(Member(kKarlskoga), "ImportAdoption", import);
  auto request = SignatureRequest(1);
  request.set_parent(adoption.name());
  ExpectRefused(Member(kKarlskoga), "CreateSignature", request, "NOT_ADOPTED");
}

TEST_F(SignatureTest, ASlotIsSignedOnceByOnePerson) {
  Adjust();
  Sign(1);
  auto request = SignatureRequest(1);
  request.set_signature_id("1b");
  RefuseSigning(request, "SIGNATURE_SLOT_TAKEN");
  LearnSignatory(kHaningeSeat, "director", "KOMMUNDIREKTOR", Person(1));
  request = SignatureRequest(2);
  request.mutable_signature()->set_person(Person(1));
  RefuseSigning(request, "SIGNER_SIGNED_OTHER_SLOT");
}

TEST_F(SignatureTest, SlotIsTheAgreements) {
  auto agreement = AgreementRequest("utan");
  agreement.mutable_agreement()->clear_signer_slots();
  Ok<v1::Agreement>(admin(), "CreateAgreement", agreement);
  Ok<v1::AgreementVersion>(admin(), "CreateAgreementVersion",
                           VersionRequest("1", "networks/partnerskapet/agreements/utan"));
  auto import = Request<v1::ImportAdoptionRequest>(R"pb(
    parent: 'networks/partnerskapet/agreements/utan'
    adoption_id: 'haninge'
    adoption_history {
      seat: 'networks/partnerskapet/seats/haninge'
      version: 'networks/partnerskapet/agreements/utan/versions/1'
      attested_state: ADJUSTED
      outcome: ADOPTED
      sources { document: 'Protokoll' }
    }
  )pb");
  auto request = SignatureRequest(1);
  request.set_parent(Ok<v1::Adoption>(Member(kHaninge), "ImportAdoption", import).name());
  RefuseSigning(request, "SIGNATURE_SLOT_UNKNOWN");
}

TEST_F(SignatureTest, OfficeIsOneOfTheSlots) {
  Adjust();
  LearnSignatory(kHaningeSeat, "councillor", "KOMMUNALRAD", Person(4));
  auto request = SignatureRequest(1);
  request.mutable_signature()->set_post(absl::StrCat(kHaningeSeat, "/posts/councillor"));
  request.mutable_signature()->set_capacity("KOMMUNALRAD");
  request.mutable_signature()->set_person(Person(4));
  RefuseSigning(request, "SIGNER_CAPACITY_WRONG");
  request.mutable_signature()->mutable_equivalence()->set_document("Reglemente för kommunstyrelsen");
  EXPECT_EQ(Ok<v1::Signature>(Member(kHaninge), "CreateSignature", request).capacity(), "KOMMUNALRAD");
}

TEST_F(SignatureTest, SignerHoldsThePostOnTheDay) {
  Adjust();
  auto request = SignatureRequest(1);
  request.mutable_signature()->set_person(Person(9));
  RefuseSigning(request, "SIGNER_WITHOUT_MANDATE");
  request = SignatureRequest(1);
  request.mutable_signature()->set_post(absl::StrCat(kHaningeSeat, "/posts/okand"));
  RefuseSigning(request, "REFERENCE_UNKNOWN");
  LearnSignatory(kUppsalaSeat, "chair", "KOMMUNSTYRELSENS_ORDFORANDE", Person(1));
  request = SignatureRequest(1);
  request.mutable_signature()->set_post(absl::StrCat(kUppsalaSeat, "/posts/chair"));
  RefuseSigning(request, "SIGNER_WITHOUT_MANDATE");
}

TEST_F(SignatureTest, AReleasedHolderDoesNotSign) {
  Adjust();
  membership::v1::Appointment appointment;
  appointment.set_name(absl::StrCat(kHaningeSeat, "/posts/chair/appointments/2015"));
  appointment.set_person(Person(1));
  *appointment.mutable_start_date() = Date("2015-01-01");
  *appointment.mutable_release_date() = Date("2015-09-14");
  ASSERT_TRUE(Learn("membership", appointment).ok());
  RefuseSigning(SignatureRequest(1, "2015-09-15"), "SIGNER_WITHOUT_MANDATE");
  Sign(1, "2015-09-14");
}

TEST_F(SignatureTest, AfterAnAnnulmentTheSlotsAreFree) {
  Adjust();
  Sign(1);
  Do("AnnulAdoption", Annulling());
  RefuseSigning(SignatureRequest(2), "ADOPTION_STATE");
  Do("PrepareAdoption", Preparing("2016-01-20"));
  auto decision = DecisionRequest(Adopting(), "ks-2016-7");
  *decision.mutable_decision()->mutable_decision_date() = Date("2016-02-03");
  Ok<v1::Decision>(Member(kHaninge), "CreateDecision", decision);
  Do("RecordAdoptionOutcome", Deciding("ADOPTED", "organizations/kommun-0136/decisions/ks-2016-7"));
  Do("AdjustAdoption", Adjusting("2016-02-05"));
  auto request = SignatureRequest(1, "2016-02-08");
  ExpectRefused(Member(kHaninge), "CreateSignature", request, "RESOURCE_ALREADY_EXISTS");
  request.set_signature_id("1-2016");
  EXPECT_EQ(Ok<v1::Signature>(Member(kHaninge), "CreateSignature", request).slot(), 1);
}

}  // namespace
}  // namespace partnerskap::agreements
