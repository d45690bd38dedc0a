#include "services/scheduling/domain/joint_meetings.h"

#include <algorithm>
#include <optional>

#include "common/time/partial_date.h"

namespace partnerskap::scheduling {

std::vector<const v1::Meeting*> JointMeetings(const std::vector<v1::Meeting>& meetings) {
  std::vector<const v1::Meeting*> joint;
  for (const v1::Meeting& meeting : meetings) {
    if (meeting.kind() == v1::Meeting::JOINT && meeting.state() != v1::Meeting::CANCELLED) joint.push_back(&meeting);
  }
  std::sort(joint.begin(), joint.end(), [](const v1::Meeting* a, const v1::Meeting* b) {
    const auto order = ListOrder(a->first_date(), b->first_date());
    return order != 0 ? order < 0 : a->name() < b->name();
  });
  return joint;
}

v1::Confirmation ConfirmationOf(const v1::Meeting& meeting, absl::CivilDay day) {
  const bool held = meeting.state() == v1::Meeting::HELD;
  const std::optional<absl::CivilDay> come = held ? EarliestDay(meeting.first_date()) : LatestDay(meeting.first_date());
  if (!come || day < *come) return v1::AHEAD;
  return held ? v1::CONFIRMED : v1::PLANNED_IN_SOURCE;
}

bool IsOver(const v1::Meeting& meeting, absl::CivilDay day) {
  const google::type::Date& end = meeting.has_last_date() ? meeting.last_date() : meeting.first_date();
  if (meeting.state() == v1::Meeting::HELD) {
    const std::optional<absl::CivilDay> held = EarliestDay(end);
    return held && *held <= day;
  }
  const std::optional<absl::CivilDay> last = LatestDay(end);
  return last && *last < day;
}

}  // namespace partnerskap::scheduling
