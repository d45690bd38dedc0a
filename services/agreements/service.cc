#include "services/agreements/service.h"

#include "common/feed/producer.h"
#include "common/rpc/service.h"
#include "services/agreements/handlers/access.h"
#include "services/agreements/handlers/handlers.h"
#include "services/agreements/reactions/membership.h"
#include "services/agreements/store/tables.h"

namespace partnerskap::agreements {
namespace {

// "PsAg" in the header of the store file.
constexpr uint32_t kApplicationId = 0x50734167;
constexpr int kDefaultPort = 7402;

void RegisterMethods(Methods& methods) {
  ServiceMethods service(methods, "partnerskap.agreements.v1.AgreementsService");
  service.Read("GetAgreement", &GetAgreement);
  service.Read("ListAgreements", &ListAgreements);
  service.Write("CreateAgreement", &CreateAgreement);
  service.Read("GetAgreementVersion", &GetAgreementVersion);
  service.Read("ListAgreementVersions", &ListAgreementVersions);
  service.Write("CreateAgreementVersion", &CreateAgreementVersion);
  service.Read("DownloadAgreementText", &DownloadAgreementText);
  service.Read("GetClause", &GetClause);
  service.Read("ListClauses", &ListClauses);
  service.Write("CreateClause", &CreateClause);
  service.Read("GetDecision", &GetDecision);
  service.Read("ListDecisions", &ListDecisions);
  service.Write("CreateDecision", &CreateDecision);
  service.Write("RecordReservation", &RecordReservation);
  service.Write("RecordSeparateStatement", &RecordSeparateStatement);
  service.Read("GetAdoption", &GetAdoption);
  service.Read("ListAdoptions", &ListAdoptions);
  service.Write("CreateAdoption", &CreateAdoption);
  service.Write("PrepareAdoption", &PrepareAdoption);
  service.Write("ProposeAdoption", &ProposeAdoption);
  service.Write("RecordAdoptionOutcome", &RecordAdoptionOutcome);
  service.Write("AdjustAdoption", &AdjustAdoption);
  service.Write("AnnounceAdoption", &AnnounceAdoption);
  service.Write("AnnulAdoption", &AnnulAdoption);
  service.Write("RecordAdoptionExtract", &RecordAdoptionExtract);
  service.Write("ImportAdoption", &ImportAdoption);
  service.Read("GetSignature", &GetSignature);
  service.Read("ListSignatures", &ListSignatures);
  service.Write("CreateSignature", &CreateSignature);
  service.Read("ComputeAdoptionStanding", &ComputeAdoptionStanding);
  service.Read("ListAdoptionStandings", &ListAdoptionStandings);
  service.Read("ListDuties", &ListDuties);
  service.Read("ListPromises", &ListPromises);
  RegisterFeed(methods, "partnerskap.agreements.v1.AgreementsFeedService",
               "partnerskap.agreements.v1.AgreementsAuditService", {.hidden_types = {}, .may_follow = &MayFollow});
}

}  // namespace

ServiceDefinition Definition() {
  return {.name = "agreements",
          .package = "partnerskap.agreements.v1",
          .application_id = kApplicationId,
          .default_port = kDefaultPort,
          .migrations = Migrations(),
          .tables = Tables(),
          .register_methods = &RegisterMethods,
          .subscriptions = {{.producer = "membership",
                             .feed_service = "partnerskap.membership.v1.MembershipFeedService",
                             .react = &ReactToMembership,
                             .reset = &ResetMembership}}};
}

}  // namespace partnerskap::agreements
