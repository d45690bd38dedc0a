// The start of this service's tests: two networks, their seats and signing posts, as the feed of *membership* has told
// them.
#ifndef PARTNERSKAP_SERVICES_AGREEMENTS_HANDLERS_AGREEMENTS_FIXTURE_H_
#define PARTNERSKAP_SERVICES_AGREEMENTS_HANDLERS_AGREEMENTS_FIXTURE_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/service_fixture.h"
#include "common/time/partial_date.h"
#include "partnerskap/agreements/v1/adoption_messages.pb.h"
#include "partnerskap/agreements/v1/agreement_messages.pb.h"
#include "partnerskap/agreements/v1/decision_messages.pb.h"
#include "partnerskap/agreements/v1/standing_messages.pb.h"
#include "partnerskap/membership/v1/posts.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "services/agreements/service.h"

namespace partnerskap::agreements {

class AgreementsFixture : public ServiceFixture {
 protected:
  static constexpr char kNetwork[] = "networks/partnerskapet";
  static constexpr char kHaninge[] = "organizations/kommun-0136";
  static constexpr char kUppsala[] = "organizations/kommun-0380";
  static constexpr char kKarlskoga[] = "organizations/kommun-1883";
  static constexpr char kDegerfors[] = "organizations/kommun-1862";
  static constexpr char kHaningeSeat[] = "networks/partnerskapet/seats/haninge";
  static constexpr char kUppsalaSeat[] = "networks/partnerskapet/seats/uppsala";
  static constexpr char kJointSeat[] = "networks/partnerskapet/seats/karlskoga-degerfors";
  static constexpr char kAgreement[] = "networks/partnerskapet/agreements/2016-2019";
  static constexpr char kVersion[] = "networks/partnerskapet/agreements/2016-2019/versions/1";
  static constexpr char kHaningeAdoption[] = "networks/partnerskapet/agreements/2016-2019/adoptions/haninge";
  static constexpr char kDecision[] = "organizations/kommun-0136/decisions/ks-2015-59";

  AgreementsFixture() : ServiceFixture(Definition()) {
    SetToday(2015, 9, 1);
    LearnNetwork(kNetwork);
    for (const char* organization : {kHaninge, kUppsala, kKarlskoga, kDegerfors}) LearnOrganization(organization);
    LearnSeat(kHaningeSeat, {kHaninge}, 2004);
    LearnSeat(kUppsalaSeat, {kUppsala}, 2005);
    LearnSeat(kJointSeat, {kKarlskoga, kDegerfors}, 2004);
  }

  static google::type::Date Date(absl::string_view text) { return DateFromText(text).value(); }
  static std::string Person(int i) { return absl::StrCat("persons/00000000-0000-4000-8000-00000000000", i); }

  void LearnNetwork(const std::string& name) {
    membership::v1::Network network;
    network.set_name(name);
    ASSERT_TRUE(Learn("membership", network).ok());
  }
  void LearnOrganization(const std::string& name) {
    membership::v1::Organization organization;
    organization.set_name(name);
    ASSERT_TRUE(Learn("membership", organization).ok());
  }
  void LearnSeat(const std::string& name, const std::vector<std::string>& organizations, int join_year,
                 const std::string& exit = "") {
    membership::v1::Seat seat;
    seat.set_name(name);
    seat.set_display_name(name);
    seat.set_kind(membership::v1::Seat::MEMBER);
    for (const std::string& organization : organizations) seat.add_parties()->set_organization(organization);
    seat.mutable_join_date()->set_year(join_year);
    if (!exit.empty()) *seat.mutable_exit()->mutable_exit_date() = Date(exit);
    ASSERT_TRUE(Learn("membership", seat).ok());
  }
  // A post of that office, held by the person from the start of 2015.
  void LearnSignatory(const std::string& seat, const std::string& id, const std::string& capacity,
                      const std::string& person) {
    membership::v1::Post post;
    post.set_name(absl::StrCat(seat, "/posts/", id));
    post.set_kind(membership::v1::Post::SIGNATORY);
    post.set_capacity(capacity);
    ASSERT_TRUE(Learn("membership", post).ok());
    membership::v1::Appointment appointment;
    appointment.set_name(absl::StrCat(post.name(), "/appointments/2015"));
    appointment.set_person(person);
    *appointment.mutable_start_date() = Date("2015-01-01");
    ASSERT_TRUE(Learn("membership", appointment).ok());
  }
  void LearnSignatories() {
    LearnSignatory(kHaningeSeat, "chair", "KOMMUNSTYRELSENS_ORDFORANDE", Person(1));
    LearnSignatory(kHaningeSeat, "director", "KOMMUNDIREKTOR", Person(2));
  }

  static v1::CreateAgreementRequest AgreementRequest(const std::string& id = "2016-2019",
                                                     const std::string& start = "2016-01-01",
                                                     const std::string& end = "2019-12-31") {
    auto request = Request<v1::CreateAgreementRequest>(R"pb(
      parent: 'networks/partnerskapet'
      agreement {
        display_name: 'Överenskommelse 2016-2019'
        kind: PERIOD_AGREEMENT
        signer_slots { slot: 1 capacities: 'KOMMUNSTYRELSENS_ORDFORANDE' equivalent_allowed: true }
        signer_slots { slot: 2 capacities: 'KOMMUNDIREKTOR' capacities: 'KOMMUNCHEF' equivalent_allowed: true }
      }
    )pb");
    request.set_agreement_id(id);
    *request.mutable_agreement()->mutable_start_date() = Date(start);
    *request.mutable_agreement()->mutable_end_date() = Date(end);
    return request;
  }
  static v1::CreateAgreementVersionRequest VersionRequest(const std::string& id = "1",
                                                          const std::string& agreement = kAgreement) {
    auto request =
        Request<v1::CreateAgreementVersionRequest>("agreement_version { display_name: 'Förslag' custody: NOT_HELD }");
    request.set_parent(agreement);
    request.set_agreement_version_id(id);
    return request;
  }
  // The agreement of 2016-2019 with one wording.
  void CreateAgreement() {
    Ok<v1::Agreement>(admin(), "CreateAgreement", AgreementRequest());
    Ok<v1::AgreementVersion>(admin(), "CreateAgreementVersion", VersionRequest());
  }

  // A § of Haninge's executive board on 9 September 2015.
  static v1::CreateDecisionRequest DecisionRequest(const std::string& items, const std::string& id = "ks-2015-59") {
    auto request = Request<v1::CreateDecisionRequest>(
        "decision { display_name: 'Partnerskap' body: 'Kommunstyrelsen' paragraph: '59' diary_number: 'KS 2015/131' " +
        items + " }");
    request.set_parent(kHaninge);
    request.set_decision_id(id);
    *request.mutable_decision()->mutable_decision_date() = Date("2015-09-09");
    return request;
  }
  static std::string Adopting(const std::string& version = kVersion) {
    return absl::StrCat("items { number: 1 kind: ADOPTS text: 'Deltar' version: '", version, "' }");
  }
  v1::Decision CreateDecision(const std::string& items) {
    return Ok<v1::Decision>(Member(kHaninge), "CreateDecision", DecisionRequest(items));
  }

  static v1::CreateAdoptionRequest AdoptionRequest(const std::string& seat = kHaningeSeat) {
    v1::CreateAdoptionRequest request;
    request.set_parent(kAgreement);
    request.set_adoption_id(seat.substr(seat.rfind('/') + 1));
    request.mutable_adoption()->set_seat(seat);
    request.mutable_adoption()->set_version(kVersion);
    *request.mutable_adoption()->mutable_circulation_date() = Date("2015-08-19");
    return request;
  }
  v1::Adoption CreateAdoption(const std::string& seat = kHaningeSeat) {
    return Ok<v1::Adoption>(admin(), "CreateAdoption", AdoptionRequest(seat));
  }
  v1::Adoption GetAdoption(const std::string& name = kHaningeAdoption) {
    v1::GetAdoptionRequest request;
    request.set_name(name);
    return Ok<v1::Adoption>(Reader(), "GetAdoption", request);
  }

  // Requests about Haninge's adoption, whatever its revision.
  template <typename M>
  static M Step(const std::string& text = "") {
    M request = Request<M>(text);
    request.set_name(kHaningeAdoption);
    request.set_etag("*");
    return request;
  }
  static v1::PrepareAdoptionRequest Preparing(const std::string& date = "2015-08-20") {
    auto request = Step<v1::PrepareAdoptionRequest>("diary_number: 'KS 2015/131'");
    *request.mutable_preparation_date() = Date(date);
    return request;
  }
  static v1::ProposeAdoptionRequest Proposing(const std::string& date = "2015-08-25") {
    auto request = Step<v1::ProposeAdoptionRequest>();
    *request.mutable_proposal_date() = Date(date);
    return request;
  }
  static v1::RecordAdoptionOutcomeRequest Deciding(const std::string& outcome = "ADOPTED",
                                                   const std::string& decision = kDecision) {
    auto request = Step<v1::RecordAdoptionOutcomeRequest>("outcome: " + outcome);
    request.set_decision(decision);
    return request;
  }
  static v1::AdjustAdoptionRequest Adjusting(const std::string& date = "2015-09-11") {
    auto request = Step<v1::AdjustAdoptionRequest>();
    *request.mutable_adjustment_date() = Date(date);
    return request;
  }
  static v1::AnnounceAdoptionRequest Announcing(const std::string& date = "2015-09-14") {
    auto request = Step<v1::AnnounceAdoptionRequest>();
    *request.mutable_announcement_date() = Date(date);
    return request;
  }
  static v1::AnnulAdoptionRequest Annulling(const std::string& date = "2016-01-15") {
    auto request = Step<v1::AnnulAdoptionRequest>("source { document: 'Förvaltningsrätten' }");
    *request.mutable_annulment_date() = Date(date);
    return request;
  }
  static v1::RecordAdoptionExtractRequest Extracting(const std::string& date = "2015-09-20") {
    auto request = Step<v1::RecordAdoptionExtractRequest>();
    *request.mutable_extract_date() = Date(date);
    return request;
  }
  v1::Adoption Do(absl::string_view method, const google::protobuf::Message& request) {
    return Ok<v1::Adoption>(Member(kHaninge), method, request);
  }
  // Everything up to the decision, which adopts.
  void Decide() {
    CreateAgreement();
    CreateAdoption();
    CreateDecision(Adopting());
    Do("PrepareAdoption", Preparing());
    Do("RecordAdoptionOutcome", Deciding());
  }

  static v1::CreateSignatureRequest SignatureRequest(int slot, const std::string& date = "2015-09-15") {
    auto request = Request<v1::CreateSignatureRequest>("signature { form: PAPER place: 'Haninge' }");
    request.set_parent(kHaningeAdoption);
    request.set_signature_id(absl::StrCat(slot));
    v1::Signature& signature = *request.mutable_signature();
    signature.set_slot(slot);
    signature.set_capacity(slot == 1 ? "KOMMUNSTYRELSENS_ORDFORANDE" : "KOMMUNDIREKTOR");
    signature.set_post(absl::StrCat(kHaningeSeat, slot == 1 ? "/posts/chair" : "/posts/director"));
    signature.set_person(Person(slot));
    *signature.mutable_sign_date() = Date(date);
    return request;
  }
};

}  // namespace partnerskap::agreements

#endif  // PARTNERSKAP_SERVICES_AGREEMENTS_HANDLERS_AGREEMENTS_FIXTURE_H_
