// The rules of *scheduling*: services/scheduling/README.md and the comments of partnerskap/scheduling/v1.
#include <algorithm>
#include <set>

#include "partnerskap/agreements/v1/clauses.pb.h"
#include "partnerskap/agreements/v1/resources.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "partnerskap/scheduling/v1/service.pb.h"
#include "tests/simulator/model/dates.h"
#include "tests/simulator/model/facts.h"
#include "tests/simulator/model/field_rules.h"
#include "tests/simulator/model/network_members.h"

namespace partnerskap::simulator::model {
namespace {

using namespace scheduling::v1;  // NOLINT(google-build-using-namespace): this file speaks of nothing else
using agreements::v1::Agreement;
using agreements::v1::Clause;
using membership::v1::Network;
using membership::v1::Seat;

// Longer than any meeting; what is too far apart is said of days that are checked, at most 31.
constexpr int kMostDays = 31;

bool IsOfMonth(const HostRotation& rotation, int month) {
  const auto& months = rotation.excluded_months();
  return std::find(months.begin(), months.end(), month) != months.end();
}

HostRotation RotationOf(const Facts& facts, const std::string& network) {
  const std::string name = network + "/hostRotation";
  if (const auto* rotation = facts.Own<HostRotation>(name)) return *rotation;
  HostRotation unset;
  unset.set_name(name);
  unset.add_excluded_months(6);
  unset.add_excluded_months(7);
  return unset;
}

void CheckDays(Case& judged, const Date& first, const Date& last) {
  if (!IsDay(first) || !IsDay(last)) return;
  if (DayOf(last) < DayOf(first)) judged.Refuse("PERIOD_REVERSED");
  judged.UnclearIf(DayOf(last) - DayOf(first) >= kMostDays);
}

// The host must be a seat of the network that takes part on the meeting's day.
void CheckHost(Case& judged, const std::string& host, const std::string& network, const Date& first) {
  if (NetworkOf(host) != network) return judged.RefuseOneOf({"HOST_NOT_TAKING_PART", "REFERENCE_UNKNOWN"});
  const auto* seat = judged.facts.Known<Seat>(host);
  if (seat == nullptr) return judged.RefuseOneOf({"REFERENCE_UNKNOWN", "HOST_NOT_TAKING_PART"});
  if (CertainlyBefore(first, seat->join_date())) return judged.Refuse("HOST_NOT_TAKING_PART");
  if (seat->has_exit() && CertainlyBefore(seat->exit().exit_date(), first)) {
    return judged.Refuse("HOST_NOT_TAKING_PART");
  }
  // Those that rest, and actors that take part by their own rules, may host or not.
  judged.UnclearIf(seat->kind() != Seat::MEMBER || seat->holds_size() > 0);
}

void CheckPrepared(Case& judged, const Meeting& meeting, const std::string& network) {
  const std::string& name = meeting.prepared_meeting();
  if (name.empty()) return;
  if (meeting.kind() != Meeting::OFFICERS) return judged.Refuse("PREPARED_MEETING_MISPLACED");
  const auto* prepared = judged.facts.Own<Meeting>(name);
  if (NetworkOf(name) != network || prepared == nullptr) {
    return judged.RefuseOneOf({"PREPARED_MEETING_WRONG", "REFERENCE_UNKNOWN"});
  }
  if (prepared->kind() != Meeting::JOINT || CertainlyBefore(prepared->first_date(), meeting.first_date())) {
    return judged.Refuse("PREPARED_MEETING_WRONG");
  }
  // On the same day it is not after it, and not certainly before; a meeting that is over needs no preparing.
  judged.UnclearIf(IsDay(meeting.first_date()) && IsDay(prepared->first_date()) &&
                   DayOf(meeting.first_date()) == DayOf(prepared->first_date()));
  judged.UnclearIf(prepared->state() == Meeting::CANCELLED || prepared->state() == Meeting::HELD);
}

void CreateMeetingRule(Case& judged, const CreateMeetingRequest& request) {
  auto meeting = std::make_unique<Meeting>(request.meeting());
  meeting->set_name(absl::StrCat(request.parent(), "/meetings/", request.meeting_id()));
  NeedSeatInNetwork(judged, request.parent());
  judged.NeedParent(judged.facts.Known<Network>(request.parent()) != nullptr, true);
  judged.MustBeNew(meeting->name());
  if (meeting->has_last_date() && (!IsDay(meeting->first_date()) || !IsDay(meeting->last_date()))) {
    judged.Refuse("LAST_DATE_WITHOUT_DAY");
  }
  CheckDays(judged, meeting->first_date(), meeting->last_date());
  CheckPrepared(judged, *meeting, request.parent());
  if (!meeting->host().empty()) CheckHost(judged, meeting->host(), request.parent(), meeting->first_date());
  if (!meeting->agreement().empty()) {
    if (NetworkOf(meeting->agreement()) != request.parent()) {
      judged.Refuse("REFERENCE_UNKNOWN");
      judged.Unclear();
    } else {
      const auto* agreement = judged.facts.Known<Agreement>(meeting->agreement());
      judged.NeedReference(agreement != nullptr);
      // A meeting under a supplement: nobody says that there is none.
      judged.UnclearIf(agreement != nullptr && agreement->kind() != Agreement::PERIOD_AGREEMENT);
    }
  }
  meeting->set_state(Meeting::PLANNED);
  judged.Write(std::move(meeting));
}

template <typename Request>
std::unique_ptr<Meeting> MeetingIn(Case& judged, const Request& request, const std::vector<Meeting::State>& from) {
  NeedSeatInNetwork(judged, NetworkOf(request.name()));
  const auto* present = judged.Object<Meeting>(request.name());
  if (present == nullptr) return nullptr;
  judged.CheckEtag(request.etag(), present->etag());
  if (std::find(from.begin(), from.end(), present->state()) == from.end()) {
    judged.Refuse("MEETING_STATE");
    return nullptr;
  }
  return std::make_unique<Meeting>(*present);
}

// Days that the agreement says a joint meeting takes; 0 where nothing does. Only where one clause alone speaks of it:
// which of several governs is another question.
int AgreedDays(Case& judged, const Meeting& meeting) {
  int days = 0, clauses = 0;
  for (const Clause* clause : judged.facts.KnownUnder<Clause>(NetworkOf(meeting.name()) + "/agreements/")) {
    if (!clause->has_cadence() || clause->cadence().days_per_meeting() == 0) continue;
    ++clauses;
    days = clause->cadence().days_per_meeting();
    const auto* agreement = judged.facts.Known<Agreement>(ParentOf(clause->name()));
    const bool governs = clause->origin() == Clause::AGREEMENT_TEXT && clause->force() == Clause::MUST &&
                         agreement != nullptr && IsDay(agreement->start_date()) && IsDay(agreement->end_date()) &&
                         (meeting.agreement().empty() || meeting.agreement() == agreement->name()) &&
                         DayOf(agreement->start_date()) <= DayOf(meeting.first_date()) &&
                         DayOf(meeting.last_date()) <= DayOf(agreement->end_date());
    judged.UnclearIf(!governs);
  }
  judged.UnclearIf(clauses > 1);
  return days;
}

void HardenRule(Case& judged, const HardenMeetingRequest& request) {
  auto meeting = MeetingIn(judged, request, {Meeting::PLANNED});
  if (meeting == nullptr) return CheckDays(judged, request.first_date(), request.last_date());
  CheckDays(judged, request.first_date(), request.last_date());
  if (IsDay(meeting->first_date())) return judged.Refuse("MEETING_HAS_DAYS");
  const Span known = SpanOf(meeting->first_date());
  const absl::CivilDay first = DayOf(request.first_date()), last = DayOf(request.last_date());
  if (first < known.first || first > known.last) judged.Refuse("DAYS_OUTSIDE_KNOWN_TIME");
  judged.UnclearIf(last > known.last);
  *meeting->mutable_first_date() = request.first_date();
  *meeting->mutable_last_date() = request.last_date();
  if (!request.calendar_overridden()) {
    const HostRotation rotation = RotationOf(judged.facts, NetworkOf(request.name()));
    if (IsOfMonth(rotation, first.month())) {
      judged.Refuse("MONTH_EXCLUDED");
    } else {
      judged.UnclearIf(IsOfMonth(rotation, last.month()));
    }
    const int agreed = meeting->kind() == Meeting::JOINT && last >= first ? AgreedDays(judged, *meeting) : 0;
    if (agreed != 0 && last - first + 1 != agreed) judged.Refuse("MEETING_LENGTH_DIFFERS");
  }
  if (!meeting->host().empty()) {
    const auto* host = judged.facts.Known<Seat>(meeting->host());
    judged.UnclearIf(host == nullptr || host->has_exit() || CertainlyBefore(request.first_date(), host->join_date()));
  }
  for (const Meeting* other : judged.facts.OwnUnder<Meeting>(NetworkOf(request.name()) + "/meetings/")) {
    // Whether days may pass those of a meeting that they are to prepare is said of CreateMeeting alone.
    const bool prepares = other->prepared_meeting() == meeting->name();
    const bool prepared = meeting->prepared_meeting() == other->name();
    judged.UnclearIf(prepares && !CertainlyBefore(other->first_date(), request.first_date()));
    judged.UnclearIf(prepared && !CertainlyBefore(request.first_date(), other->first_date()));
  }
  meeting->set_calendar_sequence(meeting->calendar_sequence() + 1);
  judged.Write(std::move(meeting));
}

void AssignHostRule(Case& judged, const AssignMeetingHostRequest& request) {
  auto meeting = MeetingIn(judged, request, {Meeting::PLANNED});
  if (meeting == nullptr) return;
  // Who hosts other meetings than joint ones, the sources do not say.
  judged.UnclearIf(meeting->kind() != Meeting::JOINT);
  if (!meeting->host().empty()) judged.Refuse("MEETING_HAS_HOST");
  CheckHost(judged, request.host(), NetworkOf(request.name()), meeting->first_date());
  meeting->set_host(request.host());
  meeting->set_calendar_sequence(meeting->calendar_sequence() + 1);
  judged.Write(std::move(meeting));
}

void ConveneRule(Case& judged, const ConveneMeetingRequest& request) {
  auto meeting = MeetingIn(judged, request, {Meeting::PLANNED});
  if (meeting == nullptr) return;
  if (!IsDay(meeting->first_date())) judged.Refuse("DAYS_UNKNOWN");
  if (meeting->kind() == Meeting::JOINT && meeting->host().empty()) judged.Refuse("HOST_UNKNOWN");
  for (const Meeting* other : judged.facts.OwnUnder<Meeting>(NetworkOf(request.name()) + "/meetings/")) {
    if (other->prepared_meeting() != meeting->name()) continue;
    if (other->state() == Meeting::PLANNED || other->state() == Meeting::CONVENED) {
      judged.Refuse("PREPARATION_NOT_HELD");
    }
    judged.UnclearIf(other->state() == Meeting::CANCELLED);
  }
  meeting->set_state(Meeting::CONVENED);
  judged.Write(std::move(meeting));
}

void HoldRule(Case& judged, const HoldMeetingRequest& request) {
  auto meeting = MeetingIn(judged, request, {Meeting::PLANNED, Meeting::CONVENED});
  if (meeting == nullptr) return;
  const Span first = SpanOf(meeting->first_date());
  if (judged.today < first.first) {
    judged.Refuse("MEETING_AHEAD");
  } else {
    judged.UnclearIf(judged.today < first.last);
  }
  meeting->set_state(Meeting::HELD);
  judged.Write(std::move(meeting));
}

void CancelRule(Case& judged, const CancelMeetingRequest& request) {
  auto meeting = MeetingIn(judged, request, {Meeting::PLANNED, Meeting::CONVENED});
  if (meeting == nullptr) return;
  meeting->set_state(Meeting::CANCELLED);
  meeting->set_cancel_reason(request.reason());
  meeting->set_calendar_sequence(meeting->calendar_sequence() + 1);
  judged.Write(std::move(meeting));
}

// ---- order of hosts

void CheckRotation(Case& judged, const HostRotation& rotation, const std::string& network) {
  std::set<std::string> seats;
  std::set<int> months;
  for (const std::string& seat : rotation.seats()) {
    if (!seats.insert(seat).second || NetworkOf(seat) != network) judged.Refuse("ROTATION_REPEATS");
    if (judged.facts.Known<Seat>(seat) == nullptr) judged.Refuse("REFERENCE_UNKNOWN");
  }
  for (const int month : rotation.excluded_months()) {
    if (!months.insert(month).second) judged.Refuse("ROTATION_REPEATS");
  }
}

void UpdateRotationRule(Case& judged, const UpdateHostRotationRequest& request) {
  const HostRotation& given = request.host_rotation();
  const std::string network = NetworkOf(given.name());
  if (judged.facts.Known<Network>(network) == nullptr) {
    judged.RefuseOneOf({"RESOURCE_NOT_FOUND", "PARENT_NOT_FOUND", "REFERENCE_UNKNOWN"});
  }
  const auto* present = judged.facts.Own<HostRotation>(given.name());
  if (present != nullptr) judged.CheckEtag(given.etag(), present->etag());
  judged.UnclearIf(present == nullptr && given.etag() != "*");
  auto rotation = std::make_unique<HostRotation>(RotationOf(judged.facts, network));
  for (const std::string& path : MaskOf(request, {"seats", "excluded_months", "sources"})) {
    if (path == "seats") *rotation->mutable_seats() = given.seats();
    if (path == "excluded_months") *rotation->mutable_excluded_months() = given.excluded_months();
    if (path == "sources") *rotation->mutable_sources() = given.sources();
  }
  CheckRotation(judged, *rotation, network);
  judged.Write(std::move(rotation));
}

void GetRotationRule(Case& judged, const GetHostRotationRequest& request) {
  if (request.has_read_time()) return judged.Unclear();
  if (judged.facts.Known<Network>(NetworkOf(request.name())) == nullptr) {
    return judged.RefuseOneOf({"RESOURCE_NOT_FOUND", "REFERENCE_UNKNOWN"});
  }
  judged.Answer(std::make_unique<HostRotation>(RotationOf(judged.facts, NetworkOf(request.name()))));
}

// ---- reads

void ListMeetingsRule(Case& judged, const ListMeetingsRequest& request) {
  if (request.has_read_time()) return judged.Unclear();
  if (!judged.Lists(judged.facts.Known<Network>(request.parent()) != nullptr)) return;
  std::vector<const Meeting*> meetings = judged.facts.OwnUnder<Meeting>(request.parent() + "/meetings/");
  SortByFirstDay(judged, meetings);
  AnswerList<ListMeetingsResponse>(judged, meetings, "meetings");
}

void BatchGetRule(Case& judged, const BatchGetMeetingsRequest& request) {
  if (request.has_read_time()) return judged.Unclear();
  auto answer = std::make_unique<BatchGetMeetingsResponse>();
  for (const std::string& name : request.names()) {
    if (ParentOf(name) != request.parent()) return judged.RefuseOneOf({"FIELD_VIOLATIONS", "RESOURCE_NOT_FOUND"});
    const auto* meeting = judged.Object<Meeting>(name);
    if (meeting != nullptr) *answer->add_meetings() = *meeting;
  }
  judged.Answer(std::move(answer));
}

}  // namespace

Rules SchedulingRules() {
  Rules rules;
  rules["CreateMeeting"] = On(&CreateMeetingRule);
  rules["HardenMeeting"] = On(&HardenRule);
  rules["AssignMeetingHost"] = On(&AssignHostRule);
  rules["ConveneMeeting"] = On(&ConveneRule);
  rules["HoldMeeting"] = On(&HoldRule);
  rules["CancelMeeting"] = On(&CancelRule);
  rules["UpdateHostRotation"] = On(&UpdateRotationRule);
  rules["GetHostRotation"] = On(&GetRotationRule);
  rules["GetMeeting"] = On(&JudgeGet<GetMeetingRequest, Meeting>);
  rules["ListMeetings"] = On(&ListMeetingsRule);
  rules["BatchGetMeetings"] = On(&BatchGetRule);
  AddSchedulingStandings(rules);
  return rules;
}

}  // namespace partnerskap::simulator::model
