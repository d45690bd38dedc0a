#include "services/scheduling/domain/timetable.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/time/partial_date.h"
#include "services/scheduling/domain/calendar.h"
#include "services/scheduling/domain/joint_meetings.h"
#include "services/scheduling/domain/meetings.h"
#include "services/scheduling/domain/troika.h"

namespace partnerskap::scheduling {
namespace {

v1::Note NoteOf(absl::string_view code, const google::type::Date& date, std::string sv, std::string en,
                const std::string& source) {
  v1::Note note;
  note.set_code(std::string(code));
  *note.mutable_note_date() = date;
  note.set_sv(std::move(sv));
  note.set_en(std::move(en));
  note.set_source(source);
  return note;
}

// The joint meeting that an officers' meeting prepares; empty if none is known.
std::string PreparedBy(const std::vector<const v1::Meeting*>& joint, const v1::Meeting& officers) {
  if (!officers.prepared_meeting().empty()) return officers.prepared_meeting();
  for (const v1::Meeting* meeting : joint) {
    if (Compare(officers.first_date(), meeting->first_date()) == DateOrder::kBefore) return meeting->name();
  }
  return "";
}

int32_t PreparationsOf(const NetworkFacts& facts, const v1::Meeting& joint) {
  const std::vector<const v1::Meeting*> all = JointMeetings(facts.meetings);
  int32_t count = 0;
  for (const v1::Meeting& meeting : facts.meetings) {
    if (meeting.kind() != v1::Meeting::OFFICERS || meeting.state() == v1::Meeting::CANCELLED) continue;
    if (PreparedBy(all, meeting) == joint.name()) ++count;
  }
  return count;
}

std::vector<v1::Note> NotesOnCadence(const NetworkFacts& facts, const v1::Meeting& meeting) {
  std::vector<v1::Note> notes;
  const AgreementFacts* agreement = AgreementOf(facts, meeting);
  if (meeting.kind() != v1::Meeting::JOINT || agreement == nullptr) return notes;
  const Cadence cadence = CadenceOf(*agreement);
  const int32_t length = LengthOf({meeting.first_date(), meeting.last_date()}),
                agreed = cadence.days_per_meeting.number;
  if (agreed > 0 && length > 0 && length != agreed) {
    notes.push_back(NoteOf("LENGTH_DIFFERS", meeting.first_date(),
                           absl::StrCat("Mötet är ", length, " dagar; överenskommelsen säger ", agreed, "."),
                           absl::StrCat("The meeting takes ", length, " days; the agreement says ", agreed, "."),
                           cadence.days_per_meeting.clause));
  }
  const int32_t found = PreparationsOf(facts, meeting), wanted = cadence.officers_meetings_per_meeting.number;
  if (found < wanted) {
    notes.push_back(
        NoteOf("NO_PREPARATION", meeting.first_date(),
               absl::StrCat("Mötet förbereds av ", found, " tjänstepersonsmöten; det ska vara ", wanted, "."),
               absl::StrCat(found, " officers' meetings prepare the meeting; there should be ", wanted, "."),
               cadence.officers_meetings_per_meeting.clause));
  }
  return notes;
}

bool BeginsIn(const v1::Meeting& meeting, int32_t first_year, int32_t last_year) {
  return first_year <= meeting.first_date().year() && meeting.first_date().year() <= last_year;
}

v1::TimetableRow RowOf(const NetworkFacts& facts, const v1::Meeting& meeting, absl::CivilDay day) {
  v1::TimetableRow row;
  row.set_meeting(meeting.name());
  row.set_kind(meeting.kind());
  row.set_host(meeting.host());
  *row.mutable_first_date() = meeting.first_date();
  if (meeting.has_last_date()) *row.mutable_last_date() = meeting.last_date();
  row.set_state(meeting.state());
  row.set_prepared_meeting(meeting.prepared_meeting());
  // A cancelled meeting neither took place nor is ahead, and makes no troika.
  if (meeting.state() == v1::Meeting::CANCELLED) return row;
  row.set_confirmation(ConfirmationOf(meeting, day));
  if (meeting.kind() == v1::Meeting::JOINT) *row.mutable_troika() = TroikaOfMeeting(facts, meeting.name(), day);
  return row;
}

std::vector<const v1::Meeting*> MeetingsIn(const NetworkFacts& facts, int32_t first_year, int32_t last_year) {
  std::vector<const v1::Meeting*> meetings;
  for (const v1::Meeting& meeting : facts.meetings) {
    if (BeginsIn(meeting, first_year, last_year)) meetings.push_back(&meeting);
  }
  std::sort(meetings.begin(), meetings.end(), [](const v1::Meeting* a, const v1::Meeting* b) {
    const auto order = ListOrder(a->first_date(), b->first_date());
    return order != 0 ? order < 0 : a->name() < b->name();
  });
  return meetings;
}

void Append(std::vector<v1::Note> notes, v1::ComputeTimetableResponse& response) {
  for (v1::Note& note : notes) *response.add_notes() = std::move(note);
}

}  // namespace

std::vector<v1::Note> NotesOnYear(const NetworkFacts& facts, int32_t year) {
  const AgreementFacts* agreement = AgreementOfYear(facts, year);
  if (agreement == nullptr) return {};
  const Demand demand = CadenceOf(*agreement).meetings_per_year;
  if (demand.number == 0) return {};
  int32_t count = 0;
  for (const v1::Meeting* meeting : JointMeetings(facts.meetings)) count += BeginsIn(*meeting, year, year) ? 1 : 0;
  if (count == demand.number) return {};
  google::type::Date date;
  date.set_year(year);
  return {NoteOf(count < demand.number ? "TOO_FEW_MEETINGS" : "TOO_MANY_MEETINGS", date,
                 absl::StrCat(year, " har ", count, " gemensamma möten; överenskommelsen säger ", demand.number, "."),
                 absl::StrCat(year, " has ", count, " joint meetings; the agreement says ", demand.number, "."),
                 demand.clause)};
}

std::vector<v1::Note> NotesOnMeeting(const NetworkFacts& facts, const v1::Meeting& meeting) {
  if (meeting.state() == v1::Meeting::CANCELLED) return {};
  std::vector<v1::Note> notes = NotesOnCadence(facts, meeting);
  const std::optional<absl::CivilDay> first = FullDay(meeting.first_date());
  std::vector<v1::Note> calendar =
      first ? NotesOnDays(*first, FullDay(meeting.last_date()).value_or(*first), facts.rotation)
            : NotesOnMonth(meeting.first_date(), facts.rotation);
  std::move(calendar.begin(), calendar.end(), std::back_inserter(notes));
  for (v1::Note& note : notes) note.set_meeting(meeting.name());
  return notes;
}

v1::ComputeTimetableResponse TimetableOf(const NetworkFacts& facts, int32_t first_year, int32_t last_year,
                                         absl::CivilDay day) {
  v1::ComputeTimetableResponse response;
  int32_t joint = 0, officers = 0;
  for (const v1::Meeting* meeting : MeetingsIn(facts, first_year, last_year)) {
    *response.add_rows() = RowOf(facts, *meeting, day);
    Append(NotesOnMeeting(facts, *meeting), response);
    if (meeting->state() == v1::Meeting::CANCELLED) continue;
    joint += meeting->kind() == v1::Meeting::JOINT ? 1 : 0;
    officers += meeting->kind() == v1::Meeting::OFFICERS ? 1 : 0;
  }
  for (int32_t year = first_year; year <= last_year; ++year) Append(NotesOnYear(facts, year), response);
  response.set_joint_meeting_count(joint);
  response.set_officers_meeting_count(officers);
  return response;
}

}  // namespace partnerskap::scheduling
