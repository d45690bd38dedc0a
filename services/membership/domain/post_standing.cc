#include <algorithm>

#include "common/time/partial_date.h"
#include "common/time/swedish_calendar.h"
#include "services/membership/domain/periods.h"
#include "services/membership/domain/standing.h"

namespace partnerskap::membership {
namespace {

// The appointment that governs the day: the last to begin among those that may have begun. One without a start gives
// way to any that has one.
const v1::Appointment* Governing(const std::vector<v1::Appointment>& appointments, absl::CivilDay day) {
  const v1::Appointment* governing = nullptr;
  for (const v1::Appointment& candidate : appointments) {
    if (IsBefore(day, candidate.start_date())) continue;
    if (governing == nullptr || ListOrder(candidate.start_date(), governing->start_date()) > 0) governing = &candidate;
  }
  return governing;
}

// The last general election on or before the day.
std::optional<absl::CivilDay> LastElection(absl::CivilDay day) {
  for (absl::civil_year_t year = day.year(); year > day.year() - 5; --year) {
    const std::optional<absl::CivilDay> election = ElectionDay(year);
    if (election && *election <= day) return election;
  }
  return std::nullopt;
}

v1::PostStanding::State StateOf(const v1::Appointment& appointment, absl::CivilDay day) {
  if (appointment.vacant()) return v1::PostStanding::VACANT;
  if (IsAfter(day, appointment.release_date())) return v1::PostStanding::VACANT;
  if (IsAfter(day, appointment.end_date())) return v1::PostStanding::CARRY_OVER;
  const std::optional<absl::CivilDay> end = LatestDay(appointment.end_date());
  if (end && *end - day <= kPostEndsSoonDays) return v1::PostStanding::ENDS_SOON;
  return v1::PostStanding::FILLED;
}

}  // namespace

v1::PostStanding StandingOfPost(const v1::Post& post, const std::vector<v1::Appointment>& appointments,
                                absl::CivilDay day) {
  v1::PostStanding standing;
  standing.set_post(post.name());
  *standing.mutable_effective_date() = DateOf(day);
  const v1::Appointment* governing = Governing(appointments, day);
  if (governing == nullptr) {
    standing.set_state(v1::PostStanding::UNKNOWN);
    return standing;
  }
  standing.set_state(StateOf(*governing, day));
  standing.set_appointment(governing->name());
  if (governing->has_end_date()) *standing.mutable_end_date() = governing->end_date();
  if (standing.state() == v1::PostStanding::VACANT) return standing;
  standing.set_person(governing->person());
  const std::optional<absl::CivilDay> election = LastElection(day);
  if (post.kind() == v1::Post::ELECTED && election && IsAfter(*election, governing->start_date())) {
    standing.set_confirmation_due(true);
    *standing.mutable_election_date() = DateOf(*election);
  }
  return standing;
}

}  // namespace partnerskap::membership
