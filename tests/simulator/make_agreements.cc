#include "absl/strings/str_cat.h"
#include "partnerskap/agreements/v1/adoption_messages.pb.h"
#include "partnerskap/agreements/v1/agreement_messages.pb.h"
#include "partnerskap/agreements/v1/decision_messages.pb.h"
#include "partnerskap/membership/v1/posts.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "tests/simulator/maker.h"

namespace partnerskap::simulator {
namespace {

namespace v1 = agreements::v1;
using google::protobuf::Message;
using membership::v1::Appointment;
using membership::v1::Network;
using membership::v1::Organization;
using membership::v1::Person;
using membership::v1::Post;
using membership::v1::Seat;

constexpr char kNoAgreement[] = "networks/n0/agreements/okand";
constexpr char kNoAdoption[] = "networks/n0/agreements/a0/adoptions/okand";
constexpr char kNoPerson[] = "persons/00000000-0000-4000-8000-000000000000";

std::string Party(Maker& make) {
  static const auto& parties = *new std::vector<std::string>({"M", "S", "C", "V", "MP"});
  return make.OneOf(parties);
}

std::string LastSegment(const std::string& name) { return name.substr(name.rfind('/') + 1); }

std::unique_ptr<Message> CreateAgreement(Maker& make) {
  auto request = std::make_unique<v1::CreateAgreementRequest>();
  request->set_parent(make.PickName<Network>("networks/okant"));
  request->set_agreement_id(make.Id("a", 4));
  v1::Agreement& agreement = *request->mutable_agreement();
  agreement.set_display_name(make.Word());
  agreement.set_kind(make.Chance(0.9) ? v1::Agreement::PERIOD_AGREEMENT : v1::Agreement::SUPPLEMENT);
  *agreement.mutable_start_date() = make.Date(-1800, 200);
  *agreement.mutable_end_date() = make.After(agreement.start_date(), 1600);
  if (make.Chance(0.2)) {
    agreement.set_predecessor(make.PickName<v1::Agreement>(
        kNoAgreement, [&](const auto& other) { return ParentOf(other.name()) == request->parent(); }));
  }
  if (make.Chance(0.95)) {
    for (int slot : {1, make.Chance(0.97) ? 2 : 1}) {
      v1::SignerSlot& signer = *agreement.add_signer_slots();
      signer.set_slot(slot);
      signer.add_capacities(slot == 1 ? "KS_ORDFORANDE" : "KOMMUNDIREKTOR");
      signer.set_equivalent_allowed(make.Chance(0.5));
    }
  }
  return request;
}

std::unique_ptr<Message> CreateAgreementVersion(Maker& make) {
  auto request = std::make_unique<v1::CreateAgreementVersionRequest>();
  request->set_parent(make.PickName<v1::Agreement>(kNoAgreement));
  request->set_agreement_version_id(make.Id("v", 3));
  v1::AgreementVersion& version = *request->mutable_agreement_version();
  version.set_display_name(make.Word());
  version.set_custody(
      static_cast<v1::AgreementVersion::Custody>(make.EnumValue(*v1::AgreementVersion::Custody_descriptor())));
  if (make.Chance(version.custody() == v1::AgreementVersion::HELD ? 0.95 : 0.05)) {
    version.set_text(make.Word());
    version.set_media_type("text/plain");
  }
  if (make.Chance(version.custody() == v1::AgreementVersion::DIGEST_ONLY ? 0.95 : 0.05)) {
    version.set_sha256(std::string(64, 'a'));
  }
  return request;
}

std::unique_ptr<Message> CreateClause(Maker& make) {
  auto request = std::make_unique<v1::CreateClauseRequest>();
  request->set_parent(make.PickName<v1::Agreement>(kNoAgreement));
  request->set_clause_id(make.Id("p", 12));
  v1::Clause& clause = *request->mutable_clause();
  clause.set_kind(static_cast<v1::Clause::Kind>(make.EnumValue(*v1::Clause::Kind_descriptor())));
  clause.set_force(static_cast<v1::Clause::Force>(make.EnumValue(*v1::Clause::Force_descriptor())));
  clause.set_debtor(static_cast<v1::Clause::Debtor>(make.EnumValue(*v1::Clause::Debtor_descriptor())));
  clause.set_origin(static_cast<v1::Clause::Origin>(make.EnumValue(*v1::Clause::Origin_descriptor())));
  clause.set_text(make.Word());
  const auto kind = make.Chance(0.05) ? v1::Clause::EXIT : clause.kind();
  if (kind == v1::Clause::FEE) {
    clause.mutable_fee()->set_kind(v1::FeeRule::CAP);
    clause.mutable_fee()->mutable_amount()->set_currency_code("SEK");
    clause.mutable_fee()->mutable_amount()->set_units(make.Below(30'000));
  } else if (kind == v1::Clause::CADENCE) {
    clause.mutable_cadence()->set_meetings_per_year(make.Between(1, 3));
    clause.mutable_cadence()->set_days_per_meeting(make.Chance(0.6) ? 2 : make.Between(1, 3));
    clause.mutable_cadence()->set_officers_meetings_per_meeting(make.Below(2));
  } else if (kind == v1::Clause::REPRESENTATION) {
    clause.mutable_representation()->set_post_kind("ELECTED");
  } else if (kind == v1::Clause::OWN_COSTS) {
    clause.mutable_cost()->set_payer(v1::CostRule::EACH_SEAT);
  } else if (kind == v1::Clause::EXIT) {
    clause.mutable_exit()->set_notice_months(make.Below(13));
  } else if (make.Chance(0.5)) {
    clause.mutable_due()->set_month_offset(make.Below(48));
  }
  return request;
}

void AddStance(Maker& make, v1::Decision& decision) {
  v1::Stance& stance = *decision.add_stances();
  stance.set_kind(static_cast<v1::Stance::Kind>(make.EnumValue(*v1::Stance::Kind_descriptor())));
  if (make.Chance(0.6)) stance.set_person(make.PickName<Person>(kNoPerson));
  if (make.Chance(stance.person().empty() ? 0.95 : 0.3)) stance.set_party(Party(make));
  if (make.Chance(stance.kind() == v1::Stance::DISQUALIFIED ? 0.9 : 0.03)) {
    stance.set_ground(v1::Stance::REPRESENTATIVE);
  }
}

std::unique_ptr<Message> CreateDecision(Maker& make) {
  auto request = std::make_unique<v1::CreateDecisionRequest>();
  const auto* adoption = make.Pick<v1::Adoption>([](const auto& a) { return a.state() <= v1::Adoption::PROPOSED; });
  const auto* seat = adoption == nullptr ? make.Pick<Seat>() : make.known().Find<Seat>(adoption->seat());
  request->set_parent(seat == nullptr || make.Chance(0.05) ? make.PickName<Organization>("organizations/okand")
                                                           : seat->parties(0).organization());
  request->set_decision_id(make.Id("ks-", 40));
  v1::Decision& decision = *request->mutable_decision();
  decision.set_display_name(make.Word());
  decision.set_body("Kommunstyrelsen");
  if (make.Chance(0.95)) {
    *decision.mutable_decision_date() =
        adoption == nullptr ? make.Date(-500, 0) : make.After(adoption->preparation_date(), 120);
  }
  decision.set_paragraph(absl::StrCat(make.Between(1, 150)));
  const int items = make.Between(1, 3);
  for (int i = 1; i <= items; ++i) {
    v1::DecisionItem& item = *decision.add_items();
    item.set_number(make.Chance(0.98) ? i : i + 1);
    item.set_kind(i == 1 && make.Chance(0.8)
                      ? v1::DecisionItem::ADOPTS
                      : static_cast<v1::DecisionItem::Kind>(make.EnumValue(*v1::DecisionItem::Kind_descriptor())));
    item.set_text(make.Word());
    if (item.kind() == v1::DecisionItem::PERMITS_STATEMENT) {
      item.set_party(Party(make));
    } else if (item.kind() == v1::DecisionItem::APPOINTS) {
      item.set_post(make.PickName<Post>("networks/n0/seats/s0/posts/okand"));
    } else if (item.kind() != v1::DecisionItem::OTHER) {
      item.set_version(adoption == nullptr ? make.PickName<v1::AgreementVersion>("networks/n0/agreements/a0/versions/x")
                                           : adoption->version());
    }
    if (make.Chance(0.02)) item.clear_version();
  }
  if (make.Chance(0.3)) AddStance(make, decision);
  if (make.Chance(0.1)) AddStance(make, decision);
  decision.set_method(make.Chance(0.8) ? v1::Decision::ACCLAMATION : v1::Decision::VOTE);
  if (make.Chance(decision.method() == v1::Decision::VOTE ? 0.8 : 0.03)) decision.mutable_votes()->set_yes_votes(9);
  return request;
}

std::unique_ptr<Message> RecordReservation(Maker& make) {
  const auto* seen = make.Pick<v1::Decision>();
  auto request = std::make_unique<v1::RecordReservationRequest>();
  request->set_name(seen == nullptr ? "organizations/kommun-0100/decisions/okand" : seen->name());
  request->set_etag(make.Etag(seen));
  if (make.Chance(0.6)) request->set_person(make.PickName<Person>(kNoPerson));
  if (make.Chance(0.5)) request->set_party(Party(make));
  if (seen != nullptr && seen->stances_size() > 0 && make.Chance(0.4)) request->set_person(seen->stances(0).person());
  return request;
}

std::unique_ptr<Message> RecordSeparateStatement(Maker& make) {
  const auto* seen = make.Pick<v1::Decision>([](const auto& decision) {
    for (const auto& item : decision.items()) {
      if (item.kind() == v1::DecisionItem::PERMITS_STATEMENT) return true;
    }
    return false;
  });
  auto request = std::make_unique<v1::RecordSeparateStatementRequest>();
  request->set_name(seen == nullptr ? "organizations/kommun-0100/decisions/okand" : seen->name());
  request->set_etag(make.Etag(seen));
  request->set_party(Party(make));
  if (seen != nullptr && make.Chance(0.7)) {
    for (const auto& item : seen->items()) {
      if (!item.party().empty()) request->set_party(item.party());
    }
  }
  return request;
}

std::unique_ptr<Message> CreateAdoption(Maker& make) {
  auto request = std::make_unique<v1::CreateAdoptionRequest>();
  const auto* version = make.Pick<v1::AgreementVersion>();
  request->set_parent(version == nullptr ? kNoAgreement : ParentOf(version->name()));
  v1::Adoption& adoption = *request->mutable_adoption();
  adoption.set_version(version == nullptr ? absl::StrCat(kNoAgreement, "/versions/v0") : version->name());
  if (make.Chance(0.02)) adoption.set_version(make.PickName<v1::AgreementVersion>(adoption.version()));
  const std::string network = ParentOf(request->parent());
  adoption.set_seat(make.PickName<Seat>("networks/n0/seats/okand",
                                        [&](const auto& s) { return ParentOf(s.name()) == network && !s.has_exit(); }));
  request->set_adoption_id(make.Chance(0.98) ? LastSegment(adoption.seat()) : make.Id("s", 9));
  if (make.Chance(0.7)) *adoption.mutable_circulation_date() = make.Date(-800, -400);
  return request;
}

// The name and etag of an adoption in this state.
template <typename Request>
const v1::Adoption* Address(Maker& make, Request& request, std::initializer_list<v1::Adoption::State> states) {
  const std::vector<v1::Adoption::State> those(states);
  const auto* seen = make.Pick<v1::Adoption>([&](const v1::Adoption& adoption) {
    return std::find(those.begin(), those.end(), adoption.state()) != those.end();
  });
  request.set_name(seen == nullptr ? kNoAdoption : seen->name());
  request.set_etag(make.Etag(seen));
  return seen;
}

std::unique_ptr<Message> PrepareAdoption(Maker& make) {
  auto request = std::make_unique<v1::PrepareAdoptionRequest>();
  const auto* seen = Address(make, *request, {v1::Adoption::CIRCULATED, v1::Adoption::ANNULLED});
  *request->mutable_preparation_date() =
      make.After(seen == nullptr ? google::type::Date() : seen->circulation_date(), 90);
  request->set_diary_number(absl::StrCat("KS ", make.Below(400)));
  return request;
}

std::unique_ptr<Message> ProposeAdoption(Maker& make) {
  auto request = std::make_unique<v1::ProposeAdoptionRequest>();
  const auto* seen = Address(make, *request, {v1::Adoption::PREPARED});
  *request->mutable_proposal_date() = make.After(seen == nullptr ? google::type::Date() : seen->preparation_date(), 30);
  return request;
}

std::unique_ptr<Message> RecordAdoptionOutcome(Maker& make) {
  auto request = std::make_unique<v1::RecordAdoptionOutcomeRequest>();
  const auto* seen = Address(make, *request, {v1::Adoption::PREPARED, v1::Adoption::PROPOSED});
  request->set_outcome(make.Chance(0.7)
                           ? v1::Adoption::ADOPTED
                           : static_cast<v1::Adoption::Outcome>(make.EnumValue(*v1::Adoption::Outcome_descriptor())));
  request->set_decision(make.PickName<v1::Decision>("organizations/kommun-0100/decisions/okand", [&](const auto& d) {
    const Seat* seat = seen == nullptr ? nullptr : make.known().Find<Seat>(seen->seat());
    return seat != nullptr && ParentOf(d.name()) == seat->parties(0).organization() &&
           d.items(0).version() == seen->version() &&
           (d.items(0).kind() == v1::DecisionItem::ADOPTS) == (request->outcome() <= v1::Adoption::ADOPTED_CHANGED);
  }));
  if (make.Chance(request->outcome() == v1::Adoption::ADOPTED_CHANGED ? 0.95 : 0.03)) {
    request->set_adopted_version(make.PickName<v1::AgreementVersion>("networks/n0/agreements/a0/versions/x"));
  }
  if (make.Chance(0.2)) request->set_funding(make.Word());
  return request;
}

std::unique_ptr<Message> AdjustAdoption(Maker& make) {
  auto request = std::make_unique<v1::AdjustAdoptionRequest>();
  const auto* seen = Address(make, *request, {v1::Adoption::DECIDED});
  *request->mutable_adjustment_date() = make.After(seen == nullptr ? google::type::Date() : seen->decision_date(), 14);
  return request;
}

std::unique_ptr<Message> AnnounceAdoption(Maker& make) {
  auto request = std::make_unique<v1::AnnounceAdoptionRequest>();
  const auto* seen = Address(make, *request, {v1::Adoption::ADJUSTED});
  *request->mutable_announcement_date() =
      make.After(seen == nullptr ? google::type::Date() : seen->adjustment_date(), 2);
  return request;
}

std::unique_ptr<Message> AnnulAdoption(Maker& make) {
  auto request = std::make_unique<v1::AnnulAdoptionRequest>();
  const auto* seen = Address(make, *request, {v1::Adoption::DECIDED, v1::Adoption::ADJUSTED, v1::Adoption::ANNOUNCED});
  *request->mutable_annulment_date() = make.After(seen == nullptr ? google::type::Date() : seen->decision_date(), 200);
  *request->mutable_source() = make.Source();
  return request;
}

std::unique_ptr<Message> RecordAdoptionExtract(Maker& make) {
  auto request = std::make_unique<v1::RecordAdoptionExtractRequest>();
  const auto* seen = Address(make, *request, {v1::Adoption::ADJUSTED, v1::Adoption::ANNOUNCED});
  *request->mutable_extract_date() = make.After(seen == nullptr ? google::type::Date() : seen->adjustment_date(), 60);
  return request;
}

std::unique_ptr<Message> ImportAdoption(Maker& make) {
  auto request = std::make_unique<v1::ImportAdoptionRequest>();
  const auto* version = make.Pick<v1::AgreementVersion>();
  request->set_parent(version == nullptr ? kNoAgreement : ParentOf(version->name()));
  v1::AdoptionHistory& history = *request->mutable_adoption_history();
  history.set_version(version == nullptr ? absl::StrCat(kNoAgreement, "/versions/v0") : version->name());
  const std::string network = ParentOf(request->parent());
  history.set_seat(
      make.PickName<Seat>("networks/n0/seats/okand", [&](const auto& s) { return ParentOf(s.name()) == network; }));
  request->set_adoption_id(make.Chance(0.98) ? LastSegment(history.seat()) : make.Id("s", 9));
  history.set_attested_state(static_cast<v1::Adoption::State>(make.EnumValue(*v1::Adoption::State_descriptor())));
  if (make.Chance(history.attested_state() >= v1::Adoption::DECIDED ? 0.97 : 0.03)) {
    history.set_outcome(make.Chance(0.8) ? v1::Adoption::ADOPTED : v1::Adoption::REJECTED);
  }
  if (history.attested_state() >= v1::Adoption::DECIDED && make.Chance(0.7)) {
    *history.mutable_decision_date() = make.Vague(-900, -100);
    if (make.Chance(0.5)) *history.mutable_adjustment_date() = make.After(history.decision_date(), 20);
  }
  *history.add_sources() = make.Source();
  return request;
}

std::unique_ptr<Message> CreateSignature(Maker& make) {
  auto request = std::make_unique<v1::CreateSignatureRequest>();
  const auto* adoption = make.Pick<v1::Adoption>([](const auto& a) {
    return (a.state() == v1::Adoption::ADJUSTED || a.state() == v1::Adoption::ANNOUNCED) &&
           a.outcome() <= v1::Adoption::ADOPTED_WITH_RESERVATION;
  });
  request->set_parent(adoption == nullptr ? kNoAdoption : adoption->name());
  v1::Signature& signature = *request->mutable_signature();
  signature.set_slot(make.Between(1, 2));
  request->set_signature_id(make.Chance(0.9) ? absl::StrCat(signature.slot()) : make.Id("u", 4));
  const auto* post = make.Pick<Post>([&](const Post& p) {
    return adoption != nullptr && ParentOf(p.name()) == adoption->seat() &&
           p.capacity() == (signature.slot() == 1 ? "KS_ORDFORANDE" : "KOMMUNDIREKTOR");
  });
  signature.set_post(post == nullptr ? "networks/n0/seats/s0/posts/okand" : post->name());
  signature.set_capacity(post == nullptr || post->capacity().empty() ? "KS_ORDFORANDE" : post->capacity());
  const auto* held = make.Pick<Appointment>(
      [&](const Appointment& a) { return ParentOf(a.name()) == signature.post() && !a.person().empty(); });
  signature.set_person(held == nullptr || held->person().empty() ? make.PickName<Person>(kNoPerson) : held->person());
  *signature.mutable_sign_date() =
      make.After(adoption == nullptr ? google::type::Date() : adoption->adjustment_date(), 200);
  signature.set_form(make.Chance(0.6) ? v1::Signature::PAPER : v1::Signature::ELECTRONIC);
  if (make.Chance(0.1)) *signature.mutable_equivalence() = make.Source();
  return request;
}

}  // namespace

std::vector<Generator> AgreementsGenerators() {
  return {{"CreateAgreement", 2, CreateAgreement},     {"CreateAgreementVersion", 3, CreateAgreementVersion},
          {"CreateClause", 4, CreateClause},           {"CreateDecision", 9, CreateDecision},
          {"RecordReservation", 3, RecordReservation}, {"RecordSeparateStatement", 3, RecordSeparateStatement},
          {"CreateAdoption", 8, CreateAdoption},       {"PrepareAdoption", 7, PrepareAdoption},
          {"ProposeAdoption", 4, ProposeAdoption},     {"RecordAdoptionOutcome", 8, RecordAdoptionOutcome},
          {"AdjustAdoption", 5, AdjustAdoption},       {"AnnounceAdoption", 3, AnnounceAdoption},
          {"AnnulAdoption", 1, AnnulAdoption},         {"RecordAdoptionExtract", 3, RecordAdoptionExtract},
          {"ImportAdoption", 3, ImportAdoption},       {"CreateSignature", 8, CreateSignature}};
}

}  // namespace partnerskap::simulator
