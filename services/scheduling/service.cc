#include "services/scheduling/service.h"

#include "common/feed/producer.h"
#include "common/rpc/service.h"
#include "services/scheduling/handlers/access.h"
#include "services/scheduling/handlers/handlers.h"
#include "services/scheduling/reactions/agreements.h"
#include "services/scheduling/reactions/membership.h"
#include "services/scheduling/store/tables.h"

namespace partnerskap::scheduling {
namespace {

// "PsSc" in the header of the store file.
constexpr uint32_t kApplicationId = 0x50735363;
constexpr int kDefaultPort = 7403;

void RegisterMethods(Methods& methods) {
  ServiceMethods service(methods, "partnerskap.scheduling.v1.SchedulingService");
  service.Read("GetMeeting", &GetMeeting);
  service.Read("ListMeetings", &ListMeetings);
  service.Read("BatchGetMeetings", &BatchGetMeetings);
  service.Write("CreateMeeting", &CreateMeeting);
  service.Write("HardenMeeting", &HardenMeeting);
  service.Write("AssignMeetingHost", &AssignMeetingHost);
  service.Write("ConveneMeeting", &ConveneMeeting);
  service.Write("HoldMeeting", &HoldMeeting);
  service.Write("CancelMeeting", &CancelMeeting);
  service.Read("GetHostRotation", &GetHostRotation);
  service.Write("UpdateHostRotation", &UpdateHostRotation);
  service.Read("ComputeTroika", &ComputeTroika);
  service.Read("ComputeTimetable", &ComputeTimetable);
  service.Read("ComputeHostLedger", &ComputeHostLedger);
  service.Read("ProposeNextHost", &ProposeNextHost);
  service.Read("CheckMeetingDates", &CheckMeetingDates);
  RegisterFeed(methods, "partnerskap.scheduling.v1.SchedulingFeedService",
               "partnerskap.scheduling.v1.SchedulingAuditService", {.hidden_types = {}, .may_follow = &MayFollow});
}

}  // namespace

ServiceDefinition Definition() {
  return {.name = "scheduling",
          .package = "partnerskap.scheduling.v1",
          .application_id = kApplicationId,
          .default_port = kDefaultPort,
          .migrations = Migrations(),
          .tables = Tables(),
          .register_methods = &RegisterMethods,
          .subscriptions = {{.producer = "membership",
                             .feed_service = "partnerskap.membership.v1.MembershipFeedService",
                             .react = &ReactToMembership,
                             .reset = &ResetMembership},
                            {.producer = "agreements",
                             .feed_service = "partnerskap.agreements.v1.AgreementsFeedService",
                             .react = &ReactToAgreements,
                             .reset = &ResetAgreements}}};
}

}  // namespace partnerskap::scheduling
