// The rules of *membership*: services/membership/README.md and the comments of partnerskap/membership/v1.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "partnerskap/membership/v1/service.pb.h"
#include "re2/re2.h"
#include "tests/simulator/model/dates.h"
#include "tests/simulator/model/facts.h"
#include "tests/simulator/model/field_rules.h"
#include "tests/simulator/model/membership_model.h"

namespace partnerskap::simulator::model {
namespace {

using namespace membership::v1;  // NOLINT(google-build-using-namespace): this file speaks of nothing else

template <typename M>
void CheckAliases(Case& judged, const M& resource) {
  for (const Alias& alias : resource.aliases()) judged.CheckPeriod(alias.start_date(), alias.end_date());
}

// What looks like a personal identity number for certain: with its century, or with a month in it.
bool HoldsIdentityNumber(const std::string& text) {
  return RE2::PartialMatch(text, R"((^|\D)(19|20)?\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])[-+]?\d{4}(\D|$))");
}

void CheckNoIdentityNumber(Case& judged, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    if (HoldsIdentityNumber(text)) judged.Refuse("PERSONAL_IDENTITY_NUMBER");
    // Digits alone may be many things.
    judged.UnclearIf(RE2::PartialMatch(text, R"(\d{6}[-+ ]?\d{4})") && !HoldsIdentityNumber(text));
  }
}

// ---- organizations, networks, partners

void CheckOrganizationId(Case& judged, const Organization& organization, const std::string& id) {
  const bool municipality = organization.kind() == Organization::MUNICIPALITY;
  if (!municipality && organization.kind() != Organization::REGION) {
    judged.UnclearIf(!organization.code().empty() || absl::StartsWith(id, "kommun-") ||
                     absl::StartsWith(id, "region-"));
    return;
  }
  if (organization.code().empty()) {
    // The id of one that has no code cannot be right either.
    return judged.RefuseOneOf({"ORGANIZATION_ID_MISMATCH", "ORGANIZATION_CODE_MISSING"});
  }
  judged.UnclearIf(organization.code().size() != (municipality ? 4U : 2U));
  if (id != absl::StrCat(municipality ? "kommun-" : "region-", organization.code())) {
    judged.Refuse("ORGANIZATION_ID_MISMATCH");
  }
}

void CreateOrganizationRule(Case& judged, const CreateOrganizationRequest& request) {
  auto organization = std::make_unique<Organization>(request.organization());
  organization->set_name("organizations/" + request.organization_id());
  judged.MustBeNew(organization->name());
  CheckOrganizationId(judged, *organization, request.organization_id());
  const bool district = organization->kind() == Organization::DISTRICT;
  const std::string& parent = organization->parent_organization();
  if (district == parent.empty()) judged.Refuse("DISTRICT_PARENT_MISPLACED");
  if (district && !parent.empty()) {
    const auto* municipality = judged.facts.Own<Organization>(parent);
    if (municipality == nullptr) {
      judged.RefuseOneOf({"REFERENCE_UNKNOWN", "DISTRICT_PARENT_MISPLACED"});
    } else if (municipality->kind() != Organization::MUNICIPALITY) {
      judged.Refuse("DISTRICT_PARENT_MISPLACED");
    }
  }
  judged.CheckPeriod(organization->start_date(), organization->end_date());
  CheckAliases(judged, *organization);
  judged.Write(std::move(organization));
}

void CreateNetworkRule(Case& judged, const CreateNetworkRequest& request) {
  auto network = std::make_unique<Network>(request.network());
  network->set_name("networks/" + request.network_id());
  judged.MustBeNew(network->name());
  const std::string& parent = network->parent_network();
  if (parent == network->name()) {
    judged.RefuseOneOf({"PARENT_NETWORK_CIRCULAR", "REFERENCE_UNKNOWN"});
  } else if (!parent.empty()) {
    judged.NeedReference(judged.facts.Own<Network>(parent) != nullptr);
  }
  CheckAliases(judged, *network);
  judged.Write(std::move(network));
}

void CreatePartnerRule(Case& judged, const CreatePartnerRequest& request) {
  auto partner = std::make_unique<Partner>(request.partner());
  partner->set_name(absl::StrCat(request.parent(), "/partners/", request.partner_id()));
  judged.NeedParent(judged.facts.Own<Network>(request.parent()) != nullptr);
  judged.MustBeNew(partner->name());
  if (!partner->organization().empty()) {
    judged.NeedReference(judged.facts.Own<Organization>(partner->organization()) != nullptr);
  }
  judged.CheckPeriod(partner->start_date(), partner->end_date());
  CheckAliases(judged, *partner);
  judged.Write(std::move(partner));
}

// ---- seats

enum class Same { kNo, kYes, kPerhaps };

Same SameParty(const Party& a, const Party& b) {
  if (a.organization() != b.organization()) return Same::kNo;
  if (a.part() == b.part()) return Same::kYes;
  // The whole beside a part of it: one party or two is not said.
  if (a.part().empty() || b.part().empty()) return Same::kPerhaps;
  return absl::AsciiStrToLower(a.part()) == absl::AsciiStrToLower(b.part()) ? Same::kPerhaps : Same::kNo;
}

void CheckPartiesFree(Case& judged, const Seat& seat, const Seat& other) {
  // Whoever has left gives the place free; on which day an exit that lies ahead does is not said.
  const bool left = other.has_exit();
  const bool over = left && SpanOf(other.exit().exit_date()).last < judged.today;
  if (over) return;
  for (const Party& party : seat.parties()) {
    for (const Party& taken : other.parties()) {
      const Same same = SameParty(party, taken);
      if (same == Same::kNo) continue;
      judged.UnclearIf(left || same == Same::kPerhaps);
      if (!left && same == Same::kYes) judged.Refuse("SEAT_PARTY_TAKEN");
    }
  }
}

void CreateSeatRule(Case& judged, const CreateSeatRequest& request) {
  auto seat = std::make_unique<Seat>(request.seat());
  seat->set_name(absl::StrCat(request.parent(), "/seats/", request.seat_id()));
  judged.NeedParent(judged.facts.Own<Network>(request.parent()) != nullptr);
  judged.MustBeNew(seat->name());
  for (int i = 0; i < seat->parties_size(); ++i) {
    judged.NeedReference(judged.facts.Own<Organization>(seat->parties(i).organization()) != nullptr);
    for (int j = 0; j < i; ++j) {
      const Same same = SameParty(seat->parties(i), seat->parties(j));
      if (same == Same::kYes) judged.Refuse("SEAT_PARTY_REPEATED");
      judged.UnclearIf(same == Same::kPerhaps);
    }
  }
  for (const Seat* other : judged.facts.OwnUnder<Seat>(request.parent() + "/seats/")) {
    CheckPartiesFree(judged, *seat, *other);
  }
  CheckAliases(judged, *seat);
  judged.Write(std::move(seat));
}

// An exit or a hold on one time line with the joining.
void CheckTimeLine(Case& judged, const Seat& seat) {
  const Date& joined = seat.join_date();
  if (seat.has_exit() && CertainlyBefore(seat.exit().exit_date(), joined)) judged.Refuse("SEAT_DATE_IMPOSSIBLE");
  for (int i = 0; i < seat.holds_size(); ++i) {
    const SeatHold& hold = seat.holds(i);
    if (CertainlyBefore(hold.start_date(), joined)) judged.Refuse("SEAT_DATE_IMPOSSIBLE");
    if (hold.has_end_date() && CertainlyBefore(hold.end_date(), hold.start_date())) {
      judged.Refuse("SEAT_DATE_IMPOSSIBLE");
    }
    if (i == 0) continue;
    const Date& ended = seat.holds(i - 1).end_date();
    if (CertainlyBefore(hold.start_date(), ended)) judged.Refuse("SEAT_DATE_IMPOSSIBLE");
    // Begun on the last day of the one before: over it, or not.
    judged.UnclearIf(!CertainlyBefore(ended, hold.start_date()) && !CertainlyBefore(hold.start_date(), ended));
  }
}

void UpdateSeatRule(Case& judged, const UpdateSeatRequest& request) {
  const std::string& name = request.seat().name();
  const Seat* present = SeatWithRight(judged, name);
  if (judged.Object<Seat>(name) == nullptr) return;
  judged.CheckEtag(request.seat().etag(), present->etag());
  auto seat = std::make_unique<Seat>(*present);
  const Seat& given = request.seat();
  for (const std::string& path : MaskOf(request, {"display_name", "join_date", "aliases", "sources"})) {
    if (path == "display_name") seat->set_display_name(given.display_name());
    if (path == "aliases") *seat->mutable_aliases() = given.aliases();
    if (path == "sources") *seat->mutable_sources() = given.sources();
    if (path != "join_date") continue;
    given.has_join_date() ? (void)(*seat->mutable_join_date() = given.join_date()) : seat->clear_join_date();
    CheckTimeLine(judged, *seat);
  }
  CheckAliases(judged, *seat);
  judged.Write(std::move(seat));
}

bool OnHold(const Seat& seat) { return seat.holds_size() > 0 && !seat.holds(seat.holds_size() - 1).has_end_date(); }

template <typename Request>
std::unique_ptr<Seat> SeatToChange(Case& judged, const Request& request) {
  const Seat* present = SeatWithRight(judged, request.name());
  if (judged.Object<Seat>(request.name()) == nullptr) return nullptr;
  judged.CheckEtag(request.etag(), present->etag());
  if (present->has_exit()) judged.Refuse("SEAT_LEFT");
  return std::make_unique<Seat>(*present);
}

void LeaveSeatRule(Case& judged, const LeaveSeatRequest& request) {
  auto seat = SeatToChange(judged, request);
  if (seat == nullptr || seat->has_exit()) return;
  if (OnHold(*seat)) *seat->mutable_holds(seat->holds_size() - 1)->mutable_end_date() = request.exit_date();
  *seat->mutable_exit()->mutable_exit_date() = request.exit_date();
  seat->mutable_exit()->set_reason(request.reason());
  if (request.has_decision()) *seat->mutable_exit()->mutable_decision() = request.decision();
  // An exit before a hold that has ended is on no time line either, but nobody says so.
  for (const SeatHold& hold : seat->holds()) judged.UnclearIf(CertainlyBefore(request.exit_date(), hold.end_date()));
  CheckTimeLine(judged, *seat);
  judged.Write(std::move(seat));
}

void HoldSeatRule(Case& judged, const HoldSeatRequest& request) {
  auto seat = SeatToChange(judged, request);
  if (seat == nullptr || seat->has_exit()) return;
  if (OnHold(*seat)) return judged.Refuse("SEAT_ON_HOLD");
  SeatHold& hold = *seat->add_holds();
  *hold.mutable_start_date() = request.start_date();
  hold.set_reason(request.reason());
  if (request.has_decision()) *hold.mutable_decision() = request.decision();
  CheckTimeLine(judged, *seat);
  judged.Write(std::move(seat));
}

void ResumeSeatRule(Case& judged, const ResumeSeatRequest& request) {
  auto seat = SeatToChange(judged, request);
  if (seat == nullptr || seat->has_exit()) return;
  if (!OnHold(*seat)) return judged.Refuse("SEAT_NOT_ON_HOLD");
  *seat->mutable_holds(seat->holds_size() - 1)->mutable_end_date() = request.end_date();
  CheckTimeLine(judged, *seat);
  judged.Write(std::move(seat));
}

// ---- responsible bodies

void CreateResponsibleBodyRule(Case& judged, const CreateResponsibleBodyRequest& request) {
  auto body = std::make_unique<ResponsibleBody>(request.responsible_body());
  body->set_name(absl::StrCat(request.parent(), "/responsibleBodies/", request.responsible_body_id()));
  const Seat* seat = SeatWithRight(judged, request.parent());
  judged.NeedParent(seat != nullptr);
  judged.MustBeNew(body->name());
  judged.UnclearIf(seat != nullptr && seat->has_exit());
  judged.CheckPeriod(body->start_date(), body->end_date());
  CheckAliases(judged, *body);
  for (const auto* other : judged.facts.OwnUnder<ResponsibleBody>(request.parent() + "/responsibleBodies/")) {
    judged.UnclearIf((IsEmpty(body->start_date()) && body->has_end_date()) ||
                     (IsEmpty(other->start_date()) && other->has_end_date()));
    if (CertainlyOverlap(body->start_date(), body->end_date(), other->start_date(), other->end_date())) {
      judged.Refuse("RESPONSIBLE_BODY_OVERLAPS");
    } else if (!CertainlyBefore(body->end_date(), other->start_date()) &&
               !CertainlyBefore(other->end_date(), body->start_date())) {
      // An absent end means that it lasts, or that no source says.
      judged.UnclearIf(!body->has_end_date() || !other->has_end_date());
    }
  }
  judged.Write(std::move(body));
}

void EndResponsibleBodyRule(Case& judged, const EndResponsibleBodyRequest& request) {
  SeatWithRight(judged, request.name());
  const auto* present = judged.Object<ResponsibleBody>(request.name());
  if (present == nullptr) return;
  judged.CheckEtag(request.etag(), present->etag());
  auto body = std::make_unique<ResponsibleBody>(*present);
  if (body->has_end_date()) {
    // Ended, and before it began: either is true.
    if (CertainlyBefore(request.end_date(), body->start_date())) {
      return judged.RefuseOneOf({"RESPONSIBLE_BODY_ENDED", "PERIOD_REVERSED"});
    }
    return judged.Refuse("RESPONSIBLE_BODY_ENDED");
  }
  *body->mutable_end_date() = request.end_date();
  judged.CheckPeriod(body->start_date(), body->end_date());
  judged.Write(std::move(body));
}

// ---- persons

void CheckPersonTexts(Case& judged, const Person& person) {
  std::vector<std::string> texts = {person.display_name(), person.party()};
  CheckNoIdentityNumber(judged, texts);
  for (const auto& source : person.sources()) {
    judged.UnclearIf(HoldsIdentityNumber(absl::StrCat(source.document(), " ", source.locator(), " ", source.note())));
  }
}

void CreatePersonRule(Case& judged, const CreatePersonRequest& request) {
  auto person = std::make_unique<Person>(request.person());
  const std::string& id = request.person_id();
  CheckPersonTexts(judged, *person);
  person->clear_name();
  if (!id.empty()) {
    if (!RE2::FullMatch(id, "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
      judged.Refuse("PERSON_ID_NOT_UUID");
    } else {
      judged.UnclearIf(!RE2::FullMatch(id, ".{14}4.{4}[89ab].*"));
    }
    person->set_name("persons/" + id);
    judged.MustBeNew(person->name());
  }
  judged.Write(std::move(person));
}

void UpdatePersonContactRule(Case& judged, const UpdatePersonContactRequest& request) {
  const PersonContact& given = request.person_contact();
  const std::string person = given.name().substr(0, given.name().rfind('/'));
  if (judged.facts.Own<Person>(person) == nullptr) {
    return judged.RefuseOneOf({"RESOURCE_NOT_FOUND", "PARENT_NOT_FOUND", "REFERENCE_UNKNOWN"});
  }
  const auto* present = judged.facts.Own<PersonContact>(given.name());
  if (present != nullptr) judged.CheckEtag(given.etag(), present->etag());
  judged.UnclearIf(present == nullptr && given.etag() != "*");
  auto contact = std::make_unique<PersonContact>(present == nullptr ? PersonContact() : *present);
  contact->set_name(given.name());
  for (const std::string& path : MaskOf(request, {"email", "phone", "postal_address"})) {
    if (path == "email") contact->set_email(given.email());
    if (path == "phone") contact->set_phone(given.phone());
    if (path == "postal_address") contact->set_postal_address(given.postal_address());
  }
  // A telephone number may look like one of these numbers.
  CheckNoIdentityNumber(judged, {contact->email(), contact->postal_address()});
  judged.UnclearIf(RE2::PartialMatch(contact->phone(), R"(\d{6}[-+ ]?\d{4})"));
  judged.Write(std::move(contact));
}

}  // namespace

std::vector<std::string> OrganizationsOf(const Seat& seat) {
  std::vector<std::string> organizations;
  for (const Party& party : seat.parties()) organizations.push_back(party.organization());
  return organizations;
}

const Seat* SeatWithRight(Case& judged, const std::string& name) {
  const size_t seats = name.find("/seats/");
  const size_t end = name.find('/', seats + 7);
  const auto* seat = judged.facts.Own<Seat>(name.substr(0, end));
  if (seat == nullptr) {
    judged.NeedOrganization(nullptr);
    return nullptr;
  }
  const std::vector<std::string> organizations = OrganizationsOf(*seat);
  judged.NeedOrganization(&organizations);
  return seat;
}

Rules MembershipRules() {
  Rules rules;
  AddMembershipReads(rules);
  rules["CreateOrganization"] = On(&CreateOrganizationRule);
  rules["CreateNetwork"] = On(&CreateNetworkRule);
  rules["CreatePartner"] = On(&CreatePartnerRule);
  rules["CreateSeat"] = On(&CreateSeatRule);
  rules["UpdateSeat"] = On(&UpdateSeatRule);
  rules["LeaveSeat"] = On(&LeaveSeatRule);
  rules["HoldSeat"] = On(&HoldSeatRule);
  rules["ResumeSeat"] = On(&ResumeSeatRule);
  rules["CreateResponsibleBody"] = On(&CreateResponsibleBodyRule);
  rules["EndResponsibleBody"] = On(&EndResponsibleBodyRule);
  rules["CreatePerson"] = On(&CreatePersonRule);
  rules["UpdatePersonContact"] = On(&UpdatePersonContactRule);
  AddMembershipPosts(rules);
  AddMembershipStandings(rules);
  return rules;
}

}  // namespace partnerskap::simulator::model
