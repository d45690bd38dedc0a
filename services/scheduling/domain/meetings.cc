#include "services/scheduling/domain/meetings.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/ids/ids.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "partnerskap/scheduling/v1/reasons.pb.h"
#include "services/scheduling/domain/meeting_states.h"

namespace partnerskap::scheduling {
namespace {

using google::type::Date;

struct Span {
  std::string start, end;
  int64_t distance;  // from start to end, in days or years
};

absl::Status CheckSpan(absl::string_view field, const Span& span, int64_t longest) {
  if (0 <= span.distance && span.distance <= longest) return absl::OkStatus();
  return Refuse(v1::PERIOD_REVERSED, {{"field", std::string(field)}, {"start", span.start}, {"end", span.end}});
}

absl::Status WrongState(const v1::Meeting& meeting, absl::string_view method) {
  return Refuse(v1::MEETING_STATE, {{"meeting", meeting.name()},
                                    {"state", v1::Meeting::State_Name(meeting.state())},
                                    {"method", std::string(method)}});
}

// The last day, as far as known: of a meeting known to the month, the month.
const Date& EndOf(const v1::Meeting& meeting) {
  return meeting.has_last_date() ? meeting.last_date() : meeting.first_date();
}

bool LiesWithin(const Days& days, const Date& known) {
  const std::optional<absl::CivilDay> first = EarliestDay(known), last = LatestDay(known);
  return first && *first <= *FullDay(days.first) && *FullDay(days.last) <= *last;
}

// The first month that the days touch and the calendar leaves out; 0 if there is none.
int32_t ExcludedMonth(const Days& days, const v1::HostRotation& rotation) {
  const auto& excluded = rotation.excluded_months();
  for (absl::CivilMonth month(*FullDay(days.first)); month <= absl::CivilMonth(*FullDay(days.last)); ++month) {
    if (std::find(excluded.begin(), excluded.end(), month.month()) != excluded.end()) return month.month();
  }
  return 0;
}

}  // namespace

absl::Status CheckDays(absl::string_view field, const Date& first, const Date& last) {
  const std::optional<absl::CivilDay> from = FullDay(first), to = FullDay(last);
  const int64_t distance = from && to ? *to - *from : -1;
  return CheckSpan(field, {DateToText(first), DateToText(last), distance}, kMaxMeetingSpanDays);
}

absl::Status CheckYears(absl::string_view field, int32_t first, int32_t last) {
  return CheckSpan(field, {absl::StrCat(first), absl::StrCat(last), int64_t{last} - first}, kMaxTimetableSpanYears);
}

absl::Status CheckMeeting(const v1::Meeting& meeting) {
  const bool days_known = FullDay(meeting.first_date()) && FullDay(meeting.last_date());
  if (days_known) RETURN_IF_ERROR(CheckDays("meeting.last_date", meeting.first_date(), meeting.last_date()));
  if (meeting.has_last_date() && !days_known) return Refuse(v1::LAST_DATE_WITHOUT_DAY);
  if (!meeting.prepared_meeting().empty() && meeting.kind() != v1::Meeting::OFFICERS) {
    return Refuse(v1::PREPARED_MEETING_MISPLACED, {{"kind", v1::Meeting::Kind_Name(meeting.kind())}});
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Meeting::State> StateAfter(const v1::Meeting& meeting, absl::string_view action) {
  const std::optional<v1::Meeting::State> next = Next(kMeetingTransitions, meeting.state(), action);
  if (!next) return WrongState(meeting, action);
  return *next;
}

absl::Status MustCount(const v1::Meeting& meeting) {
  if (meeting.state() == v1::Meeting::CANCELLED) return WrongState(meeting, "computeTroika");
  if (meeting.kind() != v1::Meeting::JOINT) return Refuse(v1::MEETING_NOT_JOINT, {{"meeting", meeting.name()}});
  return absl::OkStatus();
}

absl::Status MayHost(const SeatFacts& seat, const v1::Meeting& meeting) {
  if (ParentName(seat.name) != ParentName(meeting.name()) || !TakesPart(seat, meeting.first_date())) {
    return Refuse(v1::HOST_NOT_TAKING_PART, {{"host", seat.name}});
  }
  return absl::OkStatus();
}

absl::Status MayPrepare(const v1::Meeting& officers, const v1::Meeting& joint) {
  const DateOrder order = Compare(EndOf(officers), joint.first_date());
  if (joint.kind() != v1::Meeting::JOINT || ParentName(joint.name()) != ParentName(officers.name()) ||
      order == DateOrder::kAfter || order == DateOrder::kSame) {
    return Refuse(v1::PREPARED_MEETING_WRONG, {{"meeting", joint.name()}});
  }
  return absl::OkStatus();
}

absl::Status MayHarden(const v1::Meeting& meeting, const Days& days, const HardenFacts& facts) {
  const Date& known = meeting.first_date();
  if (FullDay(known)) {
    return Refuse(v1::MEETING_HAS_DAYS, {{"meeting", meeting.name()}, {"first_date", DateToText(known)}});
  }
  if (!LiesWithin(days, known)) {
    return Refuse(v1::DAYS_OUTSIDE_KNOWN_TIME, {{"meeting", meeting.name()}, {"known", DateToText(known)}});
  }
  if (facts.calendar_overridden) return absl::OkStatus();
  if (const int32_t month = ExcludedMonth(days, *facts.rotation); month != 0) {
    return Refuse(v1::MONTH_EXCLUDED, {{"month", absl::StrCat(month)}});
  }
  const int32_t length = LengthOf(days);
  if (meeting.kind() == v1::Meeting::JOINT && facts.agreed_days > 0 && length != facts.agreed_days) {
    return Refuse(v1::MEETING_LENGTH_DIFFERS,
                  {{"days", absl::StrCat(length)}, {"agreed", absl::StrCat(facts.agreed_days)}});
  }
  return absl::OkStatus();
}

absl::Status MayGetHost(const v1::Meeting& meeting) {
  if (meeting.host().empty()) return absl::OkStatus();
  return Refuse(v1::MEETING_HAS_HOST, {{"meeting", meeting.name()}, {"host", meeting.host()}});
}

absl::Status MayConvene(const v1::Meeting& meeting, const std::vector<v1::Meeting>& preparations) {
  if (!FullDay(meeting.first_date())) return Refuse(v1::DAYS_UNKNOWN, {{"meeting", meeting.name()}});
  if (meeting.kind() == v1::Meeting::JOINT && meeting.host().empty()) {
    return Refuse(v1::HOST_UNKNOWN, {{"meeting", meeting.name()}});
  }
  for (const v1::Meeting& preparation : preparations) {
    if (preparation.state() == v1::Meeting::HELD || preparation.state() == v1::Meeting::CANCELLED) continue;
    return Refuse(v1::PREPARATION_NOT_HELD, {{"meeting", meeting.name()}, {"preparation", preparation.name()}});
  }
  return absl::OkStatus();
}

absl::Status MayBeHeld(const v1::Meeting& meeting, absl::CivilDay today) {
  const std::optional<absl::CivilDay> first = EarliestDay(meeting.first_date());
  if (!first || *first <= today) return absl::OkStatus();
  return Refuse(v1::MEETING_AHEAD, {{"meeting", meeting.name()}, {"first_date", DateToText(meeting.first_date())}});
}

int32_t LengthOf(const Days& days) {
  const absl::StatusOr<int32_t> distance = DaysBetween(days.first, days.last);
  return distance.ok() ? *distance + 1 : 0;
}

void RaiseCalendarSequence(v1::Meeting& meeting) { meeting.set_calendar_sequence(meeting.calendar_sequence() + 1); }

}  // namespace partnerskap::scheduling
