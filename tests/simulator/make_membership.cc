#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "partnerskap/membership/v1/organization_messages.pb.h"
#include "partnerskap/membership/v1/post_messages.pb.h"
#include "partnerskap/membership/v1/seat_messages.pb.h"
#include "tests/simulator/maker.h"

namespace partnerskap::simulator {
namespace {

namespace v1 = membership::v1;
using google::protobuf::Message;

// Few enough that names meet.
constexpr int kMunicipalities = 16;
constexpr int kNetworks = 3;
constexpr int kSeats = 14;

bool Is(const v1::Seat& seat) { return !seat.has_exit(); }

std::unique_ptr<Message> CreateOrganization(Maker& make) {
  auto request = std::make_unique<v1::CreateOrganizationRequest>();
  v1::Organization& organization = *request->mutable_organization();
  organization.set_display_name(make.Word());
  const int kind = make.Below(10);
  if (kind < 6) {
    organization.set_kind(v1::Organization::MUNICIPALITY);
    organization.set_code(absl::StrFormat("%04d", 100 + make.Below(kMunicipalities)));
    request->set_organization_id(absl::StrCat("kommun-", organization.code()));
  } else if (kind < 7) {
    organization.set_kind(v1::Organization::REGION);
    organization.set_code(absl::StrFormat("%02d", make.Below(25)));
    request->set_organization_id(absl::StrCat("region-", organization.code()));
  } else {
    organization.set_kind(static_cast<v1::Organization::Kind>(make.EnumValue(*v1::Organization::Kind_descriptor())));
    request->set_organization_id(make.Id("o", 40));
    if (make.Chance(0.3)) organization.set_code(absl::StrFormat("%04d", 100 + make.Below(kMunicipalities)));
    if (organization.kind() == v1::Organization::DISTRICT || make.Chance(0.1)) {
      organization.set_parent_organization(make.PickName<v1::Organization>(
          "organizations/kommun-9999", [](const auto& o) { return o.kind() == v1::Organization::MUNICIPALITY; }));
    }
  }
  if (make.Chance(0.05)) organization.clear_code();
  if (make.Chance(0.2)) organization.set_full_name(make.Word());
  if (make.Chance(0.01)) organization.set_full_name("19640823-3234");
  if (make.Chance(0.3)) *organization.mutable_start_date() = make.Vague(-9000, -3000);
  if (make.Chance(0.1)) *organization.mutable_end_date() = make.Vague(-5000, 0);
  if (make.Chance(0.3)) *organization.add_sources() = make.Source();
  return request;
}

std::unique_ptr<Message> CreateNetwork(Maker& make) {
  auto request = std::make_unique<v1::CreateNetworkRequest>();
  request->set_network_id(make.Id("n", kNetworks));
  v1::Network& network = *request->mutable_network();
  network.set_kind(make.Chance(0.7) ? v1::Network::PARTNERSHIP : v1::Network::NETWORK);
  network.set_display_name(make.Word());
  *network.mutable_founding_date() = make.Vague(-8000, -3000);
  if (make.Chance(0.2)) network.set_parent_network(make.PickName<v1::Network>("networks/n0"));
  if (make.Chance(0.05)) network.set_parent_network(absl::StrCat("networks/", request->network_id()));
  return request;
}

std::unique_ptr<Message> CreatePartner(Maker& make) {
  auto request = std::make_unique<v1::CreatePartnerRequest>();
  request->set_parent(make.PickName<v1::Network>("networks/okant"));
  request->set_partner_id(make.Id("p", 20));
  v1::Partner& partner = *request->mutable_partner();
  partner.set_display_name(make.Word());
  partner.add_roles(static_cast<v1::Partner::Role>(make.EnumValue(*v1::Partner::Role_descriptor())));
  if (make.Chance(0.4)) partner.set_organization(make.PickName<v1::Organization>("organizations/okand"));
  if (make.Chance(0.4)) *partner.mutable_start_date() = make.Vague(-900, 0);
  if (make.Chance(0.4)) *partner.mutable_end_date() = make.Vague(-900, 0);
  return request;
}

std::unique_ptr<Message> CreateSeat(Maker& make) {
  auto request = std::make_unique<v1::CreateSeatRequest>();
  request->set_parent(make.PickName<v1::Network>("networks/okant"));
  request->set_seat_id(make.Id("s", kSeats));
  v1::Seat& seat = *request->mutable_seat();
  seat.set_display_name(make.Word());
  seat.set_kind(make.Chance(0.85) ? v1::Seat::MEMBER : v1::Seat::PARTICIPATING_ACTOR);
  for (int left = make.Chance(0.2) ? 2 : 1; left > 0; --left) {
    v1::Party& party = *seat.add_parties();
    party.set_organization(make.PickName<v1::Organization>("organizations/okand"));
    if (make.Chance(0.1)) party.set_part(make.Id("del ", 3));
  }
  if (make.Chance(0.9)) *seat.mutable_join_date() = make.Vague(-6000, -1500);
  if (make.Chance(0.2)) *seat.add_sources() = make.Source();
  return request;
}

std::unique_ptr<Message> UpdateSeat(Maker& make) {
  const auto* seen = make.Pick<v1::Seat>();
  auto request = std::make_unique<v1::UpdateSeatRequest>();
  v1::Seat& seat = *request->mutable_seat();
  if (seen != nullptr) seat = *seen;
  seat.set_etag(make.Etag(seen));
  if (make.Chance(0.7)) {
    seat.set_display_name(make.Word());
    request->mutable_update_mask()->add_paths("display_name");
  }
  if (make.Chance(0.3)) {
    seat.add_aliases()->set_text(make.Word());
    request->mutable_update_mask()->add_paths("aliases");
  }
  if (make.Chance(0.05)) {
    seat.set_kind(v1::Seat::PARTICIPATING_ACTOR);
    request->clear_update_mask();
  }
  return request;
}

std::unique_ptr<Message> LeaveSeat(Maker& make) {
  const auto* seen = make.Pick<v1::Seat>(&Is);
  auto request = std::make_unique<v1::LeaveSeatRequest>();
  request->set_name(seen == nullptr ? "networks/n0/seats/okand" : seen->name());
  request->set_etag(make.Etag(seen));
  *request->mutable_exit_date() = make.Date(-2000, 300);
  if (make.Chance(0.1)) request->mutable_exit_date()->set_day(0);
  request->set_reason(make.Word());
  if (make.Chance(0.3)) *request->mutable_decision() = make.Reference();
  return request;
}

std::unique_ptr<Message> HoldSeat(Maker& make) {
  const auto* seen = make.Pick<v1::Seat>(&Is);
  auto request = std::make_unique<v1::HoldSeatRequest>();
  request->set_name(seen == nullptr ? "networks/n0/seats/okand" : seen->name());
  request->set_etag(make.Etag(seen));
  *request->mutable_start_date() = seen != nullptr && seen->holds_size() > 0
                                       ? make.After(seen->holds(seen->holds_size() - 1).end_date(), 100)
                                       : make.Date(-1400, 100);
  request->set_reason(make.Word());
  return request;
}

std::unique_ptr<Message> ResumeSeat(Maker& make) {
  const auto* seen = make.Pick<v1::Seat>(
      [](const v1::Seat& seat) { return seat.holds_size() > 0 && !seat.holds(seat.holds_size() - 1).has_end_date(); });
  auto request = std::make_unique<v1::ResumeSeatRequest>();
  request->set_name(seen == nullptr ? "networks/n0/seats/okand" : seen->name());
  request->set_etag(make.Etag(seen));
  *request->mutable_end_date() = seen != nullptr && seen->holds_size() > 0
                                     ? make.After(seen->holds(seen->holds_size() - 1).start_date(), 100)
                                     : make.Date(-900, 100);
  return request;
}

std::unique_ptr<Message> CreateResponsibleBody(Maker& make) {
  auto request = std::make_unique<v1::CreateResponsibleBodyRequest>();
  request->set_parent(make.PickName<v1::Seat>("networks/n0/seats/okand", &Is));
  request->set_responsible_body_id(make.Id("b", 6));
  v1::ResponsibleBody& body = *request->mutable_responsible_body();
  body.set_display_name(make.Word());
  if (make.Chance(0.9)) *body.mutable_start_date() = make.Vague(-4000, 0);
  if (make.Chance(0.7)) *body.mutable_end_date() = make.After(body.start_date(), 700);
  return request;
}

std::unique_ptr<Message> EndResponsibleBody(Maker& make) {
  const auto* seen = make.Pick<v1::ResponsibleBody>([](const auto& body) { return !body.has_end_date(); });
  auto request = std::make_unique<v1::EndResponsibleBodyRequest>();
  request->set_name(seen == nullptr ? "networks/n0/seats/s0/responsibleBodies/okand" : seen->name());
  request->set_etag(make.Etag(seen));
  *request->mutable_end_date() = seen == nullptr ? make.Date(-100, 0) : make.After(seen->start_date(), 900);
  return request;
}

std::unique_ptr<Message> CreatePost(Maker& make) {
  auto request = std::make_unique<v1::CreatePostRequest>();
  const auto* seat = make.Pick<v1::Seat>(&Is);
  request->set_parent(seat == nullptr || make.Chance(0.01) ? "networks/n0/seats/okand" : seat->name());
  request->set_post_id(make.Id("u", 7));
  v1::Post& post = *request->mutable_post();
  post.set_display_name(make.Word());
  post.set_kind(make.Chance(0.4) ? v1::Post::SIGNATORY
                                 : static_cast<v1::Post::Kind>(make.EnumValue(*v1::Post::Kind_descriptor())));
  static const auto& offices =
      *new std::vector<std::string>({"KS_ORDFORANDE", "KOMMUNDIREKTOR", "KOMMUNALRAD", "NAMNDORDFORANDE"});
  if (make.Chance(post.kind() == v1::Post::SIGNATORY ? 0.97 : 0.05)) post.set_capacity(make.OneOf(offices));
  if (make.Chance(post.kind() == v1::Post::CONTACT_PERSON ? 0.95 : 0.05)) post.set_mandate(make.Word());
  if (make.Chance(post.kind() == v1::Post::DEPUTY ? 0.97 : 0.03)) {
    post.set_substituted_post(make.PickName<v1::Post>(
        "networks/n0/seats/s0/posts/okand", [&](const auto& p) { return ParentOf(p.name()) == request->parent(); }));
  }
  return request;
}

std::unique_ptr<Message> CreateAppointment(Maker& make) {
  auto request = std::make_unique<v1::CreateAppointmentRequest>();
  request->set_parent(make.PickName<v1::Post>("networks/n0/seats/s0/posts/okand"));
  if (make.Chance(0.9)) request->set_appointment_id(make.Id("t", 6));
  v1::Appointment& appointment = *request->mutable_appointment();
  if (make.Chance(0.93)) {
    appointment.set_person(make.PickName<v1::Person>("persons/00000000-0000-4000-8000-000000000000"));
  }
  if (make.Chance(appointment.person().empty() ? 0.9 : 0.02)) appointment.set_vacant(true);
  if (make.Chance(0.95)) *appointment.mutable_start_date() = make.Vague(-3500, -100);
  if (make.Chance(0.5)) *appointment.mutable_end_date() = make.After(appointment.start_date(), 1500);
  appointment.set_basis(static_cast<v1::Appointment::Basis>(make.EnumValue(*v1::Appointment::Basis_descriptor())));
  if (make.Chance(0.8)) appointment.set_delegation(make.Word());
  if (make.Chance(0.3)) *appointment.mutable_decision() = make.Reference();
  return request;
}

std::unique_ptr<Message> EndAppointment(Maker& make) {
  const auto* seen = make.Pick<v1::Appointment>([](const auto& a) { return !a.has_release_date(); });
  auto request = std::make_unique<v1::EndAppointmentRequest>();
  request->set_name(seen == nullptr ? "networks/n0/seats/s0/posts/u0/appointments/okand" : seen->name());
  request->set_etag(make.Etag(seen));
  *request->mutable_release_date() = seen == nullptr ? make.Date(-100, 0) : make.After(seen->start_date(), 900);
  request->set_reason(make.Word());
  return request;
}

std::unique_ptr<Message> CreatePerson(Maker& make) {
  auto request = std::make_unique<v1::CreatePersonRequest>();
  if (make.Chance(0.9)) request->set_person_id(make.Uuid());
  if (make.Chance(0.03)) request->set_person_id("kim");
  v1::Person& person = *request->mutable_person();
  person.set_display_name(make.Word());
  if (make.Chance(0.5)) person.set_party(make.Word());
  return request;
}

std::unique_ptr<Message> UpdatePersonContact(Maker& make) {
  const auto* person = make.Pick<v1::Person>();
  auto request = std::make_unique<v1::UpdatePersonContactRequest>();
  v1::PersonContact& contact = *request->mutable_person_contact();
  contact.set_name(
      absl::StrCat(person == nullptr ? "persons/00000000-0000-4000-8000-000000000000" : person->name(), "/contact"));
  contact.set_etag(make.Chance(0.7) ? "*" : absl::StrCat(make.Below(3)));
  contact.set_email(absl::StrCat(make.Id("a", 90), "@example.se"));
  if (make.Chance(0.5)) contact.set_phone("+46 70 000 00 00");
  return request;
}

}  // namespace

std::vector<Generator> MembershipGenerators() {
  return {{"CreateOrganization", 4, CreateOrganization},
          {"CreateNetwork", 1, CreateNetwork},
          {"CreatePartner", 2, CreatePartner},
          {"CreateSeat", 8, CreateSeat},
          {"UpdateSeat", 6, UpdateSeat},
          {"LeaveSeat", 1, LeaveSeat},
          {"HoldSeat", 2, HoldSeat},
          {"ResumeSeat", 2, ResumeSeat},
          {"CreateResponsibleBody", 4, CreateResponsibleBody},
          {"EndResponsibleBody", 2, EndResponsibleBody},
          {"CreatePost", 9, CreatePost},
          {"CreateAppointment", 10, CreateAppointment},
          {"EndAppointment", 2, EndAppointment},
          {"CreatePerson", 4, CreatePerson},
          {"UpdatePersonContact", 3, UpdatePersonContact}};
}

}  // namespace partnerskap::simulator
