#include "services/membership/service.h"

#include "common/feed/producer.h"
#include "common/rpc/service.h"
#include "services/membership/handlers/access.h"
#include "services/membership/handlers/handlers.h"
#include "services/membership/reactions/agreements.h"
#include "services/membership/store/tables.h"

namespace partnerskap::membership {
namespace {

// "PsMb" in the header of the store file.
constexpr uint32_t kApplicationId = 0x50734D62;
constexpr int kDefaultPort = 7401;

void RegisterMethods(Methods& methods) {
  ServiceMethods service(methods, "partnerskap.membership.v1.MembershipService");
  service.Read("GetOrganization", &GetOrganization);
  service.Read("ListOrganizations", &ListOrganizations);
  service.Read("BatchGetOrganizations", &BatchGetOrganizations);
  service.Write("CreateOrganization", &CreateOrganization);
  service.Read("GetNetwork", &GetNetwork);
  service.Read("ListNetworks", &ListNetworks);
  service.Write("CreateNetwork", &CreateNetwork);
  service.Read("GetPartner", &GetPartner);
  service.Read("ListPartners", &ListPartners);
  service.Write("CreatePartner", &CreatePartner);
  service.Read("GetSeat", &GetSeat);
  service.Read("ListSeats", &ListSeats);
  service.Read("BatchGetSeats", &BatchGetSeats);
  service.Write("CreateSeat", &CreateSeat);
  service.Write("UpdateSeat", &UpdateSeat);
  service.Write("LeaveSeat", &LeaveSeat);
  service.Write("HoldSeat", &HoldSeat);
  service.Write("ResumeSeat", &ResumeSeat);
  service.Read("GetResponsibleBody", &GetResponsibleBody);
  service.Read("ListResponsibleBodies", &ListResponsibleBodies);
  service.Write("CreateResponsibleBody", &CreateResponsibleBody);
  service.Write("EndResponsibleBody", &EndResponsibleBody);
  service.Read("GetPost", &GetPost);
  service.Read("ListPosts", &ListPosts);
  service.Write("CreatePost", &CreatePost);
  service.Read("GetAppointment", &GetAppointment);
  service.Read("ListAppointments", &ListAppointments);
  service.Write("CreateAppointment", &CreateAppointment);
  service.Write("EndAppointment", &EndAppointment);
  service.Read("GetPerson", &GetPerson);
  service.Read("ListPersons", &ListPersons);
  service.Write("CreatePerson", &CreatePerson);
  service.Read("GetPersonContact", &GetPersonContact);
  service.Write("UpdatePersonContact", &UpdatePersonContact);
  service.Read("ComputeSeatStanding", &ComputeSeatStanding);
  service.Read("ListSeatStandings", &ListSeatStandings);
  service.Read("ComputePostStanding", &ComputePostStanding);
  service.Read("ListPostStandings", &ListPostStandings);
  RegisterFeed(methods, "partnerskap.membership.v1.MembershipFeedService",
               "partnerskap.membership.v1.MembershipAuditService",
               {.hidden_types = {v1::PersonContact::descriptor()->full_name()}, .may_follow = &MayFollow});
}

}  // namespace

ServiceDefinition Definition() {
  return {.name = "membership",
          .package = "partnerskap.membership.v1",
          .application_id = kApplicationId,
          .default_port = kDefaultPort,
          .migrations = Migrations(),
          .tables = Tables(),
          .register_methods = &RegisterMethods,
          .subscriptions = {{.producer = "agreements",
                             .feed_service = "partnerskap.agreements.v1.AgreementsFeedService",
                             .react = &ReactToAgreements,
                             .reset = &ResetAgreements}}};
}

}  // namespace partnerskap::membership
