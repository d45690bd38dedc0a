#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/list.h"
#include "common/sql/references.h"
#include "common/status/macros.h"
#include "services/membership/domain/organizations.h"
#include "services/membership/domain/periods.h"
#include "services/membership/handlers/access.h"
#include "services/membership/handlers/handlers.h"
#include "services/membership/store/facts.h"
#include "services/membership/store/tables.h"

namespace partnerskap::membership {

absl::StatusOr<Answer<v1::Network>> GetNetwork(const Env&, const Call&, const v1::GetNetworkRequest& request,
                                               ReadTx& tx) {
  return GetAnswer(request, Networks(), tx);
}

absl::StatusOr<Answer<v1::ListNetworksResponse>> ListNetworks(const Env& env, const Call& call,
                                                              const v1::ListNetworksRequest& request, ReadTx& tx) {
  return ListAnswer<v1::ListNetworksResponse>(env, call, request, {}, Networks(), tx);
}

absl::StatusOr<v1::Network> CreateNetwork(const Env&, const Call& call, const v1::CreateNetworkRequest& request,
                                          WriteTx& tx) {
  v1::Network network = request.network();
  network.set_name(absl::StrCat("networks/", request.network_id()));
  if (!network.parent_network().empty()) {
    ASSIGN_OR_RETURN(const auto ancestors, AncestorsOf(tx, network.parent_network()));
    RETURN_IF_ERROR(MayHaveParent(network.name(), network.parent_network(), ancestors));
    RETURN_IF_ERROR(MustExist(tx, Networks(), network.parent_network()));
  }
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeShared(call, network.name()));
  return Networks().Create(tx, permit, std::move(network));
}

absl::StatusOr<Answer<v1::Partner>> GetPartner(const Env&, const Call&, const v1::GetPartnerRequest& request,
                                               ReadTx& tx) {
  return GetAnswer(request, Partners(), tx);
}

absl::StatusOr<Answer<v1::ListPartnersResponse>> ListPartners(const Env& env, const Call& call,
                                                              const v1::ListPartnersRequest& request, ReadTx& tx) {
  return ListAnswer<v1::ListPartnersResponse>(env, call, request, {.parent = request.parent()}, Partners(), tx);
}

absl::StatusOr<v1::Partner> CreatePartner(const Env&, const Call& call, const v1::CreatePartnerRequest& request,
                                          WriteTx& tx) {
  v1::Partner partner = request.partner();
  partner.set_name(absl::StrCat(request.parent(), "/partners/", request.partner_id()));
  RETURN_IF_ERROR(ParentMustExist(tx, Networks(), request.parent()));
  if (!partner.organization().empty()) RETURN_IF_ERROR(MustExist(tx, Organizations(), partner.organization()));
  RETURN_IF_ERROR(CheckPeriod({partner.start_date(), partner.end_date()}, "partner.end_date"));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeShared(call, partner.name()));
  return Partners().Create(tx, permit, std::move(partner));
}

}  // namespace partnerskap::membership
