// What *membership* answers to reads: stored facts, page by page.
#include <algorithm>
#include <utility>

#include "common/text/collation.h"
#include "partnerskap/membership/v1/service.pb.h"
#include "re2/re2.h"
#include "tests/simulator/model/dates.h"
#include "tests/simulator/model/facts.h"
#include "tests/simulator/model/membership_model.h"

namespace partnerskap::simulator::model {
namespace {

using namespace membership::v1;  // NOLINT(google-build-using-namespace): this file speaks of nothing else

bool SeesProtected(const Caller& caller) {
  return caller.admin || !caller.organization.empty() || !caller.service.empty();
}

const std::vector<std::string>& UnmaskedFields() {
  static const auto& fields = *new std::vector<std::string>{"name", "protected_identity", "etag"};
  return fields;
}

void GetPersonRule(Case& judged, const GetPersonRequest& request) {
  const auto* person = judged.facts.Own<Person>(request.name());
  JudgeGet<GetPersonRequest, Person>(judged, request);
  if (person != nullptr && person->protected_identity() && !SeesProtected(judged.caller)) {
    judged.JudgeOnly(UnmaskedFields());
  }
}

// Lists of what was known then are judged only where they are asked for now.
template <typename Request>
bool AsksForNow(Case& judged, const Request& request) {
  judged.UnclearIf(request.has_read_time());
  return !request.has_read_time();
}

template <typename Request, typename Response, typename M>
Rule ListUnder(const std::string& collection, const std::string& field) {
  return [collection, field](Case& judged, const Message& message) {
    const auto& request = static_cast<const Request&>(message);
    if (!AsksForNow(judged, request)) return;
    if (!judged.Lists(judged.facts.own.count(request.parent()) > 0)) return;
    AnswerList<Response>(judged, judged.facts.OwnUnder<M>(absl::StrCat(request.parent(), "/", collection, "/")), field);
  };
}

void ListSeatsRule(Case& judged, const ListSeatsRequest& request) {
  if (!AsksForNow(judged, request)) return;
  if (!judged.Lists(judged.facts.own.count(request.parent()) > 0)) return;
  std::vector<const Seat*> seats;
  for (const Seat* seat : judged.facts.OwnUnder<Seat>(request.parent() + "/seats/")) {
    if (request.has_effective_date()) {
      const Date& day = request.effective_date();
      judged.UnclearIf(!IsEmpty(seat->join_date()) && !IsDay(seat->join_date()));
      judged.UnclearIf(seat->has_exit() && !IsDay(seat->exit().exit_date()));
      if (CertainlyBefore(day, seat->join_date())) continue;
      if (seat->has_exit() && CertainlyBefore(seat->exit().exit_date(), day)) continue;
    }
    seats.push_back(seat);
  }
  // A page of those of a day may be shorter than was asked.
  judged.UnclearIf(request.has_effective_date() && (request.page_size() != 0 || !request.page_token().empty()));
  SortByDisplayName(seats);
  AnswerList<ListSeatsResponse>(judged, seats, "seats");
}

void BatchGetSeatsRule(Case& judged, const BatchGetSeatsRequest& request) {
  if (!AsksForNow(judged, request)) return;
  auto answer = std::make_unique<BatchGetSeatsResponse>();
  for (const std::string& name : request.names()) {
    if (ParentOf(name) != request.parent()) return judged.RefuseOneOf({"FIELD_VIOLATIONS", "RESOURCE_NOT_FOUND"});
    const Seat* seat = judged.facts.Own<Seat>(name);
    if (seat == nullptr) {
      judged.Refuse("RESOURCE_NOT_FOUND");
    } else {
      *answer->add_seats() = *seat;
    }
  }
  judged.Answer(std::move(answer));
}

void BatchGetOrganizationsRule(Case& judged, const BatchGetOrganizationsRequest& request) {
  if (!AsksForNow(judged, request)) return;
  auto answer = std::make_unique<BatchGetOrganizationsResponse>();
  for (const std::string& name : request.names()) {
    const auto* organization = judged.Object<Organization>(name);
    if (organization != nullptr) *answer->add_organizations() = *organization;
  }
  judged.Answer(std::move(answer));
}

void ListOrganizationsRule(Case& judged, const ListOrganizationsRequest& request) {
  if (!AsksForNow(judged, request)) return;
  std::string kind, code, county;
  const std::string& filter = request.filter();
  if (!filter.empty() && !RE2::FullMatch(filter, R"(kind = ([A-Z]+))", &kind) &&
      !RE2::FullMatch(filter, R"lit(county_code = "(\d+)")lit", &county) &&
      !RE2::FullMatch(filter, R"lit(code = "(\d+)")lit", &code)) {
    return judged.Unclear();
  }
  Organization::Kind asked = Organization::KIND_UNSPECIFIED;
  if (!kind.empty() && !Organization::Kind_Parse(kind, &asked)) return judged.Unclear();
  std::vector<const Organization*> found;
  for (const auto* each : judged.facts.OwnUnder<Organization>("organizations/")) {
    const bool fits = (kind.empty() || each->kind() == asked) && (code.empty() || each->code() == code) &&
                      (county.empty() || each->county_code() == county);
    if (fits) found.push_back(each);
  }
  SortByDisplayName(found);
  AnswerList<ListOrganizationsResponse>(judged, found, "organizations");
}

void ListNetworksRule(Case& judged, const ListNetworksRequest& request) {
  if (!AsksForNow(judged, request)) return;
  std::vector<const Network*> networks = judged.facts.OwnUnder<Network>("networks/");
  SortByDisplayName(networks);
  AnswerList<ListNetworksResponse>(judged, networks, "networks");
}

void ListPersonsRule(Case& judged, const ListPersonsRequest& request) {
  if (!AsksForNow(judged, request)) return;
  const std::vector<const Person*> persons = judged.facts.OwnUnder<Person>("persons/");
  if (!SeesProtected(judged.caller)) judged.JudgeOnly(UnmaskedFields());
  AnswerList<ListPersonsResponse>(judged, persons, "persons");
}

}  // namespace

void AddMembershipReads(Rules& rules) {
  rules["GetOrganization"] = On(&JudgeGet<GetOrganizationRequest, Organization>);
  rules["GetNetwork"] = On(&JudgeGet<GetNetworkRequest, Network>);
  rules["GetPartner"] = On(&JudgeGet<GetPartnerRequest, Partner>);
  rules["GetSeat"] = On(&JudgeGet<GetSeatRequest, Seat>);
  rules["GetResponsibleBody"] = On(&JudgeGet<GetResponsibleBodyRequest, ResponsibleBody>);
  rules["GetPost"] = On(&JudgeGet<GetPostRequest, Post>);
  rules["GetAppointment"] = On(&JudgeGet<GetAppointmentRequest, Appointment>);
  rules["GetPerson"] = On(&GetPersonRule);
  rules["ListOrganizations"] = On(&ListOrganizationsRule);
  rules["ListNetworks"] = On(&ListNetworksRule);
  rules["ListSeats"] = On(&ListSeatsRule);
  rules["ListPersons"] = On(&ListPersonsRule);
  rules["BatchGetSeats"] = On(&BatchGetSeatsRule);
  rules["BatchGetOrganizations"] = On(&BatchGetOrganizationsRule);
  rules["ListPartners"] = ListUnder<ListPartnersRequest, ListPartnersResponse, Partner>("partners", "partners");
  rules["ListPosts"] = ListUnder<ListPostsRequest, ListPostsResponse, Post>("posts", "posts");
}

}  // namespace partnerskap::simulator::model
