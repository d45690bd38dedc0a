#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/report.h"
#include "cli/text_file.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/agreements/v1/service.pb.h"
#include "partnerskap/membership/v1/service.pb.h"
#include "partnerskap/peerreview/v1/service.pb.h"
#include "partnerskap/scheduling/v1/service.pb.h"

namespace partnerskap::cli {
namespace {

namespace agr = agreements::v1;
namespace mem = membership::v1;
namespace rev = peerreview::v1;
namespace sch = scheduling::v1;

constexpr char kMembership[] = "partnerskap.membership.v1.MembershipService/";
constexpr char kAgreements[] = "partnerskap.agreements.v1.AgreementsService/";
constexpr char kScheduling[] = "partnerskap.scheduling.v1.SchedulingService/";
constexpr char kPeerReview[] = "partnerskap.peerreview.v1.PeerReviewService/";

// The largest page: the networks of the report have tens of seats.
constexpr int kPageSize = 1000;

// Asks, and remembers the names that people use.
class Asker {
 public:
  explicit Asker(Client& client) : client_(client) {}

  template <typename Response>
  absl::StatusOr<Response> Ask(const char* service, const char* method, const google::protobuf::Message& request) {
    return CallTo<Response>(client_, absl::StrCat(service, method), request);
  }

  absl::StatusOr<std::string> PersonName(const std::string& person) {
    if (person.empty()) return std::string();
    mem::GetPersonRequest request;
    request.set_name(person);
    ASSIGN_OR_RETURN(const auto answer, Ask<mem::Person>(kMembership, "GetPerson", request));
    return answer.display_name();
  }

  absl::StatusOr<std::string> OrganizationName(const std::string& organization) {
    mem::GetOrganizationRequest request;
    request.set_name(organization);
    ASSIGN_OR_RETURN(const auto answer, Ask<mem::Organization>(kMembership, "GetOrganization", request));
    return answer.display_name();
  }

  void Remember(const mem::Seat& seat) { seats_[seat.name()] = seat.display_name(); }
  std::string SeatName(const std::string& seat) const {
    auto found = seats_.find(seat);
    return found == seats_.end() ? seat : found->second;
  }

 private:
  Client& client_;
  std::map<std::string, std::string> seats_;
};

absl::StatusOr<v1::BoundDay> AskBoundDay(Asker& asker, const std::string& network, const google::type::Date& date,
                                         v1::SeatsSection& section) {
  mem::ListSeatStandingsRequest request;
  request.set_parent(network);
  request.set_page_size(kPageSize);
  *request.mutable_effective_date() = date;
  ASSIGN_OR_RETURN(const auto answer,
                   asker.Ask<mem::ListSeatStandingsResponse>(kMembership, "ListSeatStandings", request));
  v1::BoundDay day;
  *day.mutable_effective_date() = date;
  day.set_bound_seat_count(answer.bound_seat_count());
  section.set_seat_count(answer.seat_count());
  section.set_municipality_count(answer.municipality_count());
  for (const mem::SeatStanding& standing : answer.seat_standings()) {
    v1::BoundLine& line = *day.add_lines();
    line.set_seat(standing.seat());
    line.set_display_name(asker.SeatName(standing.seat()));
    line.set_state(mem::SeatStanding::State_Name(standing.state()));
    for (int mark : standing.marks())
      line.add_marks(mem::SeatStanding::Mark_Name(static_cast<mem::SeatStanding::Mark>(mark)));
    if (standing.has_bound_date()) *line.mutable_bound_date() = standing.bound_date();
    line.set_reason_sv(standing.reason_sv());
    line.set_reason_en(standing.reason_en());
  }
  return day;
}

absl::StatusOr<v1::SeatsSection> AskSeats(Asker& asker, const v1::ReportQuestions& questions) {
  v1::SeatsSection section;
  section.set_network(questions.network());
  mem::GetNetworkRequest network;
  network.set_name(questions.network());
  ASSIGN_OR_RETURN(const auto found, asker.Ask<mem::Network>(kMembership, "GetNetwork", network));
  section.set_display_name(found.display_name());
  mem::ListSeatsRequest request;
  request.set_parent(questions.network());
  request.set_page_size(kPageSize);
  ASSIGN_OR_RETURN(const auto seats, asker.Ask<mem::ListSeatsResponse>(kMembership, "ListSeats", request));
  for (const mem::Seat& seat : seats.seats()) {
    asker.Remember(seat);
    v1::SeatLine& line = *section.add_seats();
    line.set_seat(seat.name());
    line.set_display_name(seat.display_name());
    for (const mem::Party& party : seat.parties()) {
      ASSIGN_OR_RETURN(const std::string name, asker.OrganizationName(party.organization()));
      line.add_parties(party.part().empty() ? name : absl::StrCat(name, " (", party.part(), ")"));
    }
    for (const mem::Alias& alias : seat.aliases()) line.add_source_names(alias.text());
  }
  for (const google::type::Date& date : questions.bound_dates()) {
    ASSIGN_OR_RETURN(*section.add_days(), AskBoundDay(asker, questions.network(), date, section));
  }
  return section;
}

void FillFromAdoption(const agr::Adoption& adoption, v1::AdoptionLine& line) {
  line.set_body(adoption.body());
  line.set_diary_number(adoption.diary_number());
  line.set_paragraph(adoption.decision_reference().paragraph());
  if (adoption.has_decision_date()) *line.mutable_decision_date() = adoption.decision_date();
  if (adoption.has_proposal_date()) *line.mutable_proposal_date() = adoption.proposal_date();
  if (adoption.has_fee()) *line.mutable_fee() = adoption.fee();
}

absl::Status FillFromDecision(Asker& asker, const std::string& decision, v1::AdoptionLine& line) {
  if (decision.empty()) return absl::OkStatus();
  agr::GetDecisionRequest request;
  request.set_name(decision);
  ASSIGN_OR_RETURN(const auto answer, asker.Ask<agr::Decision>(kAgreements, "GetDecision", request));
  if (line.paragraph().empty()) line.set_paragraph(answer.paragraph());
  if (line.body().empty()) line.set_body(answer.body());
  if (line.diary_number().empty()) line.set_diary_number(answer.diary_number());
  return absl::OkStatus();
}

absl::StatusOr<v1::AdoptionLedger> AskLedger(Asker& asker, const std::string& agreement) {
  v1::AdoptionLedger ledger;
  agr::GetAgreementRequest get;
  get.set_name(agreement);
  ASSIGN_OR_RETURN(const auto found, asker.Ask<agr::Agreement>(kAgreements, "GetAgreement", get));
  ledger.set_agreement(agreement);
  ledger.set_display_name(found.display_name());
  *ledger.mutable_start_date() = found.start_date();
  *ledger.mutable_end_date() = found.end_date();
  agr::ListAdoptionStandingsRequest request;
  request.set_parent(agreement);
  request.set_page_size(kPageSize);
  // The last day of the period: everything that the sources know of it has happened.
  *request.mutable_effective_date() = found.end_date();
  ASSIGN_OR_RETURN(const auto answer,
                   asker.Ask<agr::ListAdoptionStandingsResponse>(kAgreements, "ListAdoptionStandings", request));
  ledger.set_unknown_seat_count(answer.unknown_seat_count());
  for (const agr::AdoptionStanding& standing : answer.adoption_standings()) {
    v1::AdoptionLine& line = *ledger.add_lines();
    line.set_seat(standing.seat());
    line.set_display_name(asker.SeatName(standing.seat()));
    if (standing.adoption().empty()) continue;
    line.set_state(agr::Adoption::State_Name(standing.state()));
    if (standing.outcome() != 0) line.set_outcome(agr::Adoption::Outcome_Name(standing.outcome()));
    for (int mark : standing.marks()) {
      line.add_marks(agr::AdoptionStanding::Mark_Name(static_cast<agr::AdoptionStanding::Mark>(mark)));
    }
    agr::GetAdoptionRequest adoption;
    adoption.set_name(standing.adoption());
    ASSIGN_OR_RETURN(const auto stored, asker.Ask<agr::Adoption>(kAgreements, "GetAdoption", adoption));
    FillFromAdoption(stored, line);
    RETURN_IF_ERROR(FillFromDecision(asker, stored.decision(), line));
  }
  return ledger;
}

// Tries a reservation without changing anything: the answer is the suite's own, with its reason.
v1::ReservationTry TryReservation(Asker& asker, const agr::Decision& decision, const agr::Stance& stance) {
  agr::RecordReservationRequest request;
  request.set_name(decision.name());
  request.set_etag("*");
  request.set_person(stance.person());
  request.set_validate_only(true);
  const absl::Status status = asker.Ask<agr::Decision>(kAgreements, "RecordReservation", request).status();
  v1::ReservationTry tried;
  tried.set_person(stance.person());
  tried.set_reason(ReasonOf(status));
  tried.set_message_sv(LocalizedMessageOf(status));
  tried.set_message_en(std::string(status.message()));
  return tried;
}

absl::StatusOr<v1::DecisionDetail> AskDecision(Asker& asker, const std::string& name) {
  agr::GetDecisionRequest request;
  request.set_name(name);
  ASSIGN_OR_RETURN(const auto decision, asker.Ask<agr::Decision>(kAgreements, "GetDecision", request));
  v1::DecisionDetail detail;
  detail.set_decision(name);
  detail.set_display_name(decision.display_name());
  detail.set_body(decision.body());
  detail.set_paragraph(decision.paragraph());
  detail.set_diary_number(decision.diary_number());
  if (decision.has_decision_date()) *detail.mutable_decision_date() = decision.decision_date();
  detail.set_method(agr::Decision::Method_Name(decision.method()));
  for (const agr::DecisionItem& item : decision.items()) {
    v1::ItemLine& line = *detail.add_items();
    line.set_number(item.number());
    line.set_kind(agr::DecisionItem::Kind_Name(item.kind()));
    line.set_text(item.text());
  }
  for (const agr::Stance& stance : decision.stances()) {
    ASSIGN_OR_RETURN(const std::string person, asker.PersonName(stance.person()));
    v1::StanceLine& line = *detail.add_stances();
    line.set_person(stance.person());
    line.set_display_name(person);
    line.set_party(stance.party());
    line.set_kind(agr::Stance::Kind_Name(stance.kind()));
    if (stance.person().empty()) continue;
    v1::ReservationTry tried = TryReservation(asker, decision, stance);
    tried.set_display_name(person);
    *detail.add_reservations() = std::move(tried);
  }
  for (const agr::SeparateStatement& statement : decision.separate_statements()) {
    ASSIGN_OR_RETURN(const std::string person, asker.PersonName(statement.person()));
    detail.add_separate_statements(
        absl::StrCat(statement.party().empty() ? person : statement.party(), ": ", statement.permitting_item()));
  }
  return detail;
}

absl::StatusOr<v1::TimetableSection> AskTimetable(Asker& asker, const v1::ReportQuestions& questions) {
  sch::ComputeTimetableRequest request;
  request.set_network(questions.network());
  request.set_first_year(questions.first_year());
  request.set_last_year(questions.last_year());
  ASSIGN_OR_RETURN(const auto answer,
                   asker.Ask<sch::ComputeTimetableResponse>(kScheduling, "ComputeTimetable", request));
  v1::TimetableSection section;
  section.set_joint_meeting_count(answer.joint_meeting_count());
  section.set_officers_meeting_count(answer.officers_meeting_count());
  for (const sch::TimetableRow& row : answer.rows()) {
    v1::MeetingLine& line = *section.add_lines();
    line.set_meeting(row.meeting());
    line.set_kind(sch::Meeting::Kind_Name(row.kind()));
    if (row.has_first_date()) *line.mutable_first_date() = row.first_date();
    if (row.has_last_date()) *line.mutable_last_date() = row.last_date();
    line.set_host(asker.SeatName(row.host()));
    line.set_confirmation(sch::Confirmation_Name(row.confirmation()));
    if (row.kind() != sch::Meeting::JOINT) continue;
    if (row.first_date().day() != 0) section.set_exact_meeting_count(section.exact_meeting_count() + 1);
    line.set_outgoing(asker.SeatName(row.troika().outgoing().seat()));
    line.set_lead(asker.SeatName(row.troika().lead().seat()));
    line.set_incoming(asker.SeatName(row.troika().incoming().seat()));
    line.set_proposed_incoming(asker.SeatName(row.troika().proposed_incoming_seat()));
  }
  return section;
}

absl::StatusOr<v1::LedgerSection> AskHostLedger(Asker& asker, const v1::ReportQuestions& questions) {
  v1::LedgerSection section;
  *section.mutable_effective_date() = questions.ledger_date();
  sch::ComputeHostLedgerRequest ledger;
  ledger.set_network(questions.network());
  *ledger.mutable_effective_date() = questions.ledger_date();
  ASSIGN_OR_RETURN(const auto answer,
                   asker.Ask<sch::ComputeHostLedgerResponse>(kScheduling, "ComputeHostLedger", ledger));
  for (const sch::LedgerRow& row : answer.rows()) {
    v1::LedgerLine& line = *section.add_lines();
    line.set_rank(row.rank());
    line.set_seat(row.seat());
    line.set_display_name(asker.SeatName(row.seat()));
    line.set_hosting_count(row.hosting_count());
    line.set_meeting_count(row.meeting_count());
    line.set_idle_meeting_count(row.idle_meeting_count());
    for (const sch::Hosting& hosting : row.hostings()) line.add_hosted(hosting.meeting());
  }
  sch::ProposeNextHostRequest propose;
  propose.set_network(questions.network());
  *propose.mutable_effective_date() = questions.ledger_date();
  ASSIGN_OR_RETURN(const auto proposal, asker.Ask<sch::HostProposal>(kScheduling, "ProposeNextHost", propose));
  section.set_next_host(proposal.seat());
  section.set_next_host_name(asker.SeatName(proposal.seat()));
  section.set_code(proposal.code());
  section.set_reason_sv(proposal.reason_sv());
  section.set_reason_en(proposal.reason_en());
  return section;
}

// Counts for itself what a plan must keep, so that the report does not repeat the planner's word.
v1::PlanChecks CheckPlan(const rev::PlanReviewsResponse& plan, const std::vector<std::string>& ring, int k) {
  std::map<std::string, int> reviews, reviewed_by;
  std::set<std::pair<std::string, std::string>> pairs;
  for (const rev::ReviewPair& pair : plan.pairs()) {
    ++reviews[pair.reviewer()];
    ++reviewed_by[pair.reviewed()];
    pairs.emplace(pair.reviewer(), pair.reviewed());
  }
  v1::PlanChecks checks;
  const auto all_k = [&](std::map<std::string, int>& counts) {
    return std::all_of(ring.begin(), ring.end(), [&](const std::string& seat) { return counts[seat] == k; });
  };
  checks.set_each_reviews_k(all_k(reviews));
  checks.set_each_reviewed_by_k(all_k(reviewed_by));
  for (const auto& [reviewer, reviewed] : pairs) {
    if (reviewer == reviewed) checks.set_self_reviews(checks.self_reviews() + 1);
    if (reviewer < reviewed && pairs.contains({reviewed, reviewer})) checks.set_mutual_pairs(checks.mutual_pairs() + 1);
  }
  for (size_t i = 0; i < ring.size(); ++i) {
    const std::string& next = ring[(i + 1) % ring.size()];
    if (pairs.contains({ring[i], next}) || pairs.contains({next, ring[i]})) {
      checks.set_neighbour_pairs(checks.neighbour_pairs() + 1);
    }
  }
  return checks;
}

absl::StatusOr<v1::PlanLine> AskPlan(Asker& asker, const std::string& network, const std::vector<std::string>& ring,
                                     int k) {
  rev::PlanReviewsRequest request;
  request.set_network(network);
  request.mutable_rules()->set_reviews_per_seat(k);
  for (const std::string& seat : ring) request.mutable_rules()->add_seats(seat);
  ASSIGN_OR_RETURN(const auto answer, asker.Ask<rev::PlanReviewsResponse>(kPeerReview, "PlanReviews", request));
  v1::PlanLine line;
  line.set_seat_count(static_cast<int>(ring.size()));
  line.set_reviews_per_seat(k);
  line.set_exists(!answer.pairs().empty());
  line.set_undecided(answer.undecided());
  line.set_tight(answer.tight());
  line.set_available_pairs(answer.available_pairs());
  line.set_needed_pairs(answer.needed_pairs());
  line.set_reason_sv(answer.obstacle().reason_sv());
  line.set_reason_en(answer.obstacle().reason_en());
  for (const rev::ReviewPair& pair : answer.pairs()) {
    v1::ReviewLine& review = *line.add_reviews();
    review.set_reviewer(asker.SeatName(pair.reviewer()));
    review.set_reviewed(asker.SeatName(pair.reviewed()));
  }
  if (line.exists()) *line.mutable_checks() = CheckPlan(answer, ring, k);
  return line;
}

absl::StatusOr<v1::PlansSection> AskPlans(Asker& asker, const v1::ReportQuestions& questions) {
  sch::GetHostRotationRequest request;
  request.set_name(absl::StrCat(questions.network(), "/hostRotation"));
  ASSIGN_OR_RETURN(const auto rotation, asker.Ask<sch::HostRotation>(kScheduling, "GetHostRotation", request));
  v1::PlansSection section;
  for (int count : questions.plan_seats()) {
    const int size = std::min(count, rotation.seats_size());
    const std::vector<std::string> ring(rotation.seats().begin(), rotation.seats().begin() + size);
    ASSIGN_OR_RETURN(*section.add_plans(), AskPlan(asker, questions.network(), ring, questions.reviews_per_seat()));
  }
  return section;
}

absl::StatusOr<v1::PromisesSection> AskPromises(Asker& asker, const v1::ReportQuestions& questions) {
  v1::PromisesSection section;
  section.set_organization(questions.organization());
  ASSIGN_OR_RETURN(*section.mutable_display_name(), asker.OrganizationName(questions.organization()));
  *section.mutable_effective_date() = questions.promise_date();
  agr::ListPromisesRequest request;
  request.set_parent(questions.organization());
  request.set_page_size(kPageSize);
  *request.mutable_effective_date() = questions.promise_date();
  ASSIGN_OR_RETURN(const auto answer, asker.Ask<agr::ListPromisesResponse>(kAgreements, "ListPromises", request));
  for (const agr::Promise& promise : answer.promises()) {
    const agr::Duty& duty = promise.duty();
    v1::PromiseLine& line = *section.add_lines();
    line.set_network(promise.network());
    line.set_agreement(promise.agreement());
    line.set_clause(duty.clause());
    line.set_force(agr::Clause::Force_Name(duty.force()));
    line.set_text(duty.text());
    line.set_text_en(duty.text_en());
    if (duty.has_amount()) *line.mutable_amount() = duty.amount();
    if (duty.amount_kind() != 0) line.set_amount_kind(agr::FeeRule::Kind_Name(duty.amount_kind()));
    if (duty.has_due_date()) *line.mutable_due_date() = duty.due_date();
    line.set_bound(promise.bound());
    for (const common::v1::Source& source : duty.sources()) {
      line.add_sources(source.locator().empty() ? source.document()
                                                : absl::StrCat(source.document(), ", ", source.locator()));
    }
  }
  return section;
}

}  // namespace

absl::StatusOr<v1::ReportQuestions> ReadQuestions(const std::string& path) {
  v1::ReportQuestions questions;
  RETURN_IF_ERROR(ReadTextFile(path, questions));
  return questions;
}

absl::StatusOr<v1::Report> BuildReport(Client& client, const v1::ReportQuestions& questions) {
  Asker asker(client);
  v1::Report report;
  ASSIGN_OR_RETURN(*report.mutable_seats(), AskSeats(asker, questions));
  for (const std::string& agreement : questions.agreements()) {
    ASSIGN_OR_RETURN(*report.mutable_adoptions()->add_ledgers(), AskLedger(asker, agreement));
  }
  for (const std::string& decision : questions.decisions()) {
    ASSIGN_OR_RETURN(*report.mutable_adoptions()->add_decisions(), AskDecision(asker, decision));
  }
  ASSIGN_OR_RETURN(*report.mutable_timetable(), AskTimetable(asker, questions));
  ASSIGN_OR_RETURN(*report.mutable_ledger(), AskHostLedger(asker, questions));
  ASSIGN_OR_RETURN(*report.mutable_plans(), AskPlans(asker, questions));
  ASSIGN_OR_RETURN(*report.mutable_promises(), AskPromises(asker, questions));
  return report;
}

}  // namespace partnerskap::cli
