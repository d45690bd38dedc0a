// What *scheduling* derives for a day: troika, ledger, what speaks against some days.
#include <algorithm>
#include <map>
#include <set>

#include "partnerskap/membership/v1/resources.pb.h"
#include "partnerskap/scheduling/v1/service.pb.h"
#include "tests/simulator/model/dates.h"
#include "tests/simulator/model/facts.h"
#include "tests/simulator/model/network_members.h"

namespace partnerskap::simulator::model {
namespace {

using namespace scheduling::v1;  // NOLINT(google-build-using-namespace): this file speaks of nothing else
using membership::v1::Network;
using membership::v1::Seat;

constexpr int kMostYears = 20;
constexpr int kMostDaysChecked = 31;

template <typename Request>
absl::CivilDay DayAsked(const Case& judged, const Request& request) {
  return request.has_effective_date() ? DayOf(request.effective_date()) : judged.today;
}

bool NeedNetwork(Case& judged, const std::string& network) {
  if (judged.facts.Known<Network>(network) != nullptr) return true;
  judged.RefuseOneOf({"RESOURCE_NOT_FOUND", "REFERENCE_UNKNOWN", "PARENT_NOT_FOUND"});
  return false;
}

// Joint meetings that were not cancelled, in order.
std::vector<const Meeting*> JointMeetings(Case& judged, const std::string& network) {
  std::vector<const Meeting*> joint;
  for (const Meeting* meeting : judged.facts.OwnUnder<Meeting>(network + "/meetings/")) {
    if (meeting->kind() == Meeting::JOINT && meeting->state() != Meeting::CANCELLED) joint.push_back(meeting);
  }
  SortByFirstDay(judged, joint);
  return joint;
}

absl::CivilDay LastDayOf(const Meeting& meeting) {
  return meeting.has_last_date() ? DayOf(meeting.last_date()) : SpanOf(meeting.first_date()).last;
}

bool IsOver(const Meeting& meeting, absl::CivilDay day) {
  const absl::CivilDay last = LastDayOf(meeting);
  return day > last || (day == last && meeting.state() == Meeting::HELD);
}

Confirmation ConfirmationOf(Case& judged, const Meeting& meeting, absl::CivilDay day) {
  const Span first = SpanOf(meeting.first_date());
  // "Its time has come" may be its first day, or its last; of what is held on a later day than asked, nothing is said.
  judged.UnclearIf(first.first <= day && day <= LastDayOf(meeting));
  if (meeting.state() == Meeting::HELD) {
    judged.UnclearIf(first.last > day);
    return CONFIRMED;
  }
  return first.first > day ? AHEAD : PLANNED_IN_SOURCE;
}

void Fill(Case& judged, const Meeting* meeting, const Meeting& lead, absl::CivilDay day, TroikaMember& member) {
  if (meeting == nullptr) return;
  member.set_seat(meeting->host());
  member.set_meeting(meeting->name());
  *member.mutable_first_date() = meeting->first_date();
  member.set_confirmation(ConfirmationOf(judged, *meeting, day));
  member.set_other_agreement(meeting->agreement() != lead.agreement());
  // Of one without an agreement the period that its days lie in may tell.
  judged.UnclearIf(meeting->agreement().empty() || lead.agreement().empty());
}

void ComputeTroikaRule(Case& judged, const ComputeTroikaRequest& request) {
  if (!request.meeting().empty() && request.has_effective_date()) judged.Refuse("TROIKA_ASKED_TWICE");
  if (!NeedNetwork(judged, request.network())) return;
  const absl::CivilDay day = DayAsked(judged, request);
  std::vector<const Meeting*> joint = JointMeetings(judged, request.network());
  auto lead = joint.end();
  if (request.meeting().empty()) {
    lead = std::find_if(joint.begin(), joint.end(), [&](const Meeting* each) { return !IsOver(*each, day); });
    // With all of them over there is none that leads, and what stands around it is not said.
    if (lead == joint.end()) return judged.Unclear();
  } else {
    const auto* meeting = judged.facts.Own<Meeting>(request.meeting());
    if (meeting == nullptr || NetworkOf(request.meeting()) != request.network()) {
      return judged.RefuseOneOf({"RESOURCE_NOT_FOUND", "REFERENCE_UNKNOWN", "FIELD_VIOLATIONS"});
    }
    if (meeting->kind() != Meeting::JOINT) judged.Refuse("MEETING_NOT_JOINT");
    if (meeting->state() == Meeting::CANCELLED) judged.Refuse("MEETING_STATE");
    if (judged.refused()) return;
    lead = std::find(joint.begin(), joint.end(), meeting);
  }
  auto troika = std::make_unique<Troika>();
  troika->set_network(request.network());
  if (request.meeting().empty()) *troika->mutable_effective_date() = DateOf(day);
  Fill(judged, lead == joint.begin() ? nullptr : *(lead - 1), **lead, day, *troika->mutable_outgoing());
  Fill(judged, *lead, **lead, day, *troika->mutable_lead());
  Fill(judged, lead + 1 == joint.end() ? nullptr : *(lead + 1), **lead, day, *troika->mutable_incoming());
  std::vector<std::string> fields = {"network", "effective_date", "lead"};
  if (lead != joint.begin()) fields.emplace_back("outgoing");
  if (lead + 1 != joint.end()) fields.emplace_back("incoming");
  judged.JudgeOnly(fields);
  judged.Answer(std::move(troika));
}

void ComputeTimetableRule(Case& judged, const ComputeTimetableRequest& request) {
  if (request.last_year() < request.first_year() || request.last_year() - request.first_year() > kMostYears) {
    judged.Refuse("PERIOD_REVERSED");
  }
  if (!NeedNetwork(judged, request.network()) || judged.refused()) return;
  auto answer = std::make_unique<ComputeTimetableResponse>();
  int joint = 0, officers = 0;
  for (const Meeting* meeting : judged.facts.OwnUnder<Meeting>(request.network() + "/meetings/")) {
    const int year = meeting->first_date().year();
    if (year < request.first_year() || year > request.last_year() || meeting->state() == Meeting::CANCELLED) continue;
    joint += meeting->kind() == Meeting::JOINT ? 1 : 0;
    officers += meeting->kind() == Meeting::OFFICERS ? 1 : 0;
  }
  answer->set_joint_meeting_count(joint);
  answer->set_officers_meeting_count(officers);
  judged.JudgeOnly({"joint_meeting_count", "officers_meeting_count"});
  judged.Answer(std::move(answer));
}

// Judged while every joint meeting is over, every seat a member that joined on a known day or on no known one, and no
// two have waited equally: the rest of the order stands elsewhere.
void ComputeLedgerRule(Case& judged, const ComputeHostLedgerRequest& request) {
  if (!NeedNetwork(judged, request.network())) return;
  const absl::CivilDay day = DayAsked(judged, request);
  const std::vector<const Meeting*> joint = JointMeetings(judged, request.network());
  for (const Meeting* meeting : joint) judged.UnclearIf(LastDayOf(*meeting) >= day);
  if (judged.unclear()) return;
  std::vector<LedgerRow> rows;
  for (const Seat* seat : judged.facts.KnownUnder<Seat>(request.network() + "/seats/")) {
    judged.UnclearIf(seat->kind() != Seat::MEMBER || seat->has_exit() || seat->holds_size() > 0);
    judged.UnclearIf(!IsEmpty(seat->join_date()) && (!IsDay(seat->join_date()) || DayOf(seat->join_date()) > day));
    LedgerRow row;
    row.set_seat(seat->name());
    if (seat->has_join_date()) *row.mutable_join_date() = seat->join_date();
    for (const Meeting* meeting : joint) {
      if (!IsEmpty(seat->join_date())) {
        judged.UnclearIf(!CertainlyBefore(meeting->first_date(), seat->join_date()) &&
                         !CertainlyBefore(seat->join_date(), meeting->first_date()));
        if (CertainlyBefore(meeting->first_date(), seat->join_date())) continue;
      }
      row.set_meeting_count(row.meeting_count() + 1);
      row.set_idle_meeting_count(row.idle_meeting_count() + 1);
      if (meeting->host() != seat->name()) continue;
      row.set_idle_meeting_count(0);
      row.set_hosting_count(row.hosting_count() + 1);
    }
    rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end(),
            [](const LedgerRow& a, const LedgerRow& b) { return a.idle_meeting_count() > b.idle_meeting_count(); });
  auto answer = std::make_unique<ComputeHostLedgerResponse>();
  for (size_t i = 0; i < rows.size(); ++i) {
    judged.UnclearIf(i > 0 && rows[i - 1].idle_meeting_count() == rows[i].idle_meeting_count());
    *answer->add_rows() = rows[i];
  }
  *answer->mutable_effective_date() = DateOf(day);
  for (LedgerRow& row : *answer->mutable_rows()) row.clear_join_date();
  judged.JudgeOnly({"rows.seat", "rows.hosting_count", "rows.meeting_count", "rows.idle_meeting_count"});
  judged.Answer(std::move(answer));
}

void CheckDatesRule(Case& judged, const CheckMeetingDatesRequest& request) {
  const absl::CivilDay first = DayOf(request.first_date()), last = DayOf(request.last_date());
  if (last < first || last - first > kMostDaysChecked) judged.Refuse("PERIOD_REVERSED");
  if (!NeedNetwork(judged, request.network()) || judged.refused()) return;
  // How many notes a day has is not said; that there are none is.
  bool quiet = true;
  const auto* rotation = judged.facts.Own<HostRotation>(request.network() + "/hostRotation");
  for (absl::CivilDay day = first; day <= last; ++day) {
    const absl::CivilDay election = LastElectionDay(day + 7);
    const bool near_election = election - day <= 7 && day - election <= 7;
    const bool left_out = rotation == nullptr
                              ? day.month() == 6 || day.month() == 7
                              : std::find(rotation->excluded_months().begin(), rotation->excluded_months().end(),
                                          day.month()) != rotation->excluded_months().end();
    quiet = quiet && IsBankDay(day) && !near_election && !left_out;
  }
  if (!quiet) return judged.Unclear();
  judged.Answer(std::make_unique<CheckMeetingDatesResponse>());
}

}  // namespace

void NeedSeatInNetwork(Case& judged, const std::string& network) {
  if (judged.caller.admin) return;
  bool holds = false, perhaps = false;
  const Date today = DateOf(judged.today);
  for (const Seat* seat : judged.facts.KnownUnder<Seat>(network + "/seats/")) {
    for (const auto& party : seat->parties()) {
      if (party.organization() != judged.caller.organization) continue;
      const bool outside = CertainlyBefore(today, seat->join_date()) ||
                           (seat->has_exit() && CertainlyBefore(seat->exit().exit_date(), today));
      const bool vague = (seat->has_join_date() && SpanOf(seat->join_date()).last > judged.today) ||
                         (seat->has_exit() && SpanOf(seat->exit().exit_date()).first <= judged.today);
      holds = holds || (!outside && !vague);
      perhaps = perhaps || (!outside && vague);
    }
  }
  if (holds) return;
  if (perhaps) return judged.Unclear();
  judged.RefuseOneOf({"OBJECT_NOT_YOURS", "RESOURCE_NOT_FOUND", "PARENT_NOT_FOUND"});
}

void SortByFirstDay(Case& judged, std::vector<const Meeting*>& meetings) {
  std::sort(meetings.begin(), meetings.end(), [](const Meeting* a, const Meeting* b) {
    return std::pair(SpanOf(a->first_date()).first, a->name()) < std::pair(SpanOf(b->first_date()).first, b->name());
  });
  for (size_t i = 1; i < meetings.size(); ++i) {
    const Date &before = meetings[i - 1]->first_date(), &after = meetings[i]->first_date();
    judged.UnclearIf(IsDay(before) != IsDay(after) && !CertainlyBefore(before, after));
    judged.UnclearIf((before.month() == 0) != (after.month() == 0) && !CertainlyBefore(before, after));
  }
}

void AddSchedulingStandings(Rules& rules) {
  rules["ComputeTroika"] = On(&ComputeTroikaRule);
  rules["ComputeTimetable"] = On(&ComputeTimetableRule);
  rules["ComputeHostLedger"] = On(&ComputeLedgerRule);
  rules["CheckMeetingDates"] = On(&CheckDatesRule);
}

void SchedulingInvariants(const Facts& facts, std::vector<std::string>& broken) {
  for (const Meeting* meeting : facts.OwnUnder<Meeting>("networks/")) {
    if (meeting->has_last_date() && !IsDay(meeting->first_date())) broken.push_back(meeting->name() + " ends on a day");
    if (meeting->state() == Meeting::CONVENED && !IsDay(meeting->first_date())) {
      broken.push_back(meeting->name() + " is called to no day");
    }
    if (meeting->state() == Meeting::CONVENED && meeting->kind() == Meeting::JOINT && meeting->host().empty()) {
      broken.push_back(meeting->name() + " is called to no host");
    }
    if ((meeting->state() == Meeting::CANCELLED) == meeting->cancel_reason().empty()) {
      broken.push_back(meeting->name() + " is cancelled without a reason, or has one without being cancelled");
    }
    if (!meeting->host().empty() && NetworkOf(meeting->host()) != NetworkOf(meeting->name())) {
      broken.push_back(meeting->name() + " has a host of another network");
    }
  }
}

}  // namespace partnerskap::simulator::model
