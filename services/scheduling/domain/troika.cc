#include "services/scheduling/domain/troika.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "partnerskap/scheduling/v1/reasons.pb.h"
#include "services/scheduling/domain/joint_meetings.h"
#include "services/scheduling/domain/ledger.h"

namespace partnerskap::scheduling {
namespace {

using Joint = std::vector<const v1::Meeting*>;

// Whether the meeting is known not to belong to the lead's agreement: its source or its day says so.
bool BelongsElsewhere(const NetworkFacts& facts, const v1::Meeting& meeting, const v1::Meeting& lead) {
  const AgreementFacts* ours = AgreementOf(facts, lead);
  const std::string agreement = ours != nullptr ? ours->name : lead.agreement();
  if (agreement.empty()) return false;
  const AgreementFacts* theirs = AgreementOf(facts, meeting);
  if (theirs != nullptr) return theirs->name != agreement;
  if (!meeting.agreement().empty()) return meeting.agreement() != agreement;
  return ours != nullptr && (Compare(meeting.first_date(), ours->period.start) == DateOrder::kBefore ||
                             Compare(meeting.first_date(), ours->period.end) == DateOrder::kAfter);
}

// The member at `index` of `joint`; all of it unknown where there is no such meeting.
v1::TroikaMember MemberAt(const NetworkFacts& facts, const Joint& joint, size_t index, const v1::Meeting* lead,
                          absl::CivilDay day) {
  v1::TroikaMember member;
  if (index >= joint.size()) return member;
  const v1::Meeting& meeting = *joint[index];
  member.set_seat(meeting.host());
  member.set_meeting(meeting.name());
  *member.mutable_first_date() = meeting.first_date();
  member.set_confirmation(ConfirmationOf(meeting, day));
  member.set_other_agreement(lead != nullptr && BelongsElsewhere(facts, meeting, *lead));
  return member;
}

// `lead` is an index of `joint`, or its size where no meeting leads.
v1::Troika TroikaAt(const NetworkFacts& facts, const Joint& joint, size_t lead, absl::CivilDay day) {
  v1::Troika troika;
  troika.set_network(facts.network);
  const v1::Meeting* leading = lead < joint.size() ? joint[lead] : nullptr;
  const v1::TroikaMember unknown;
  *troika.mutable_outgoing() = lead == 0 ? unknown : MemberAt(facts, joint, lead - 1, leading, day);
  *troika.mutable_lead() = MemberAt(facts, joint, lead, leading, day);
  *troika.mutable_incoming() = MemberAt(facts, joint, lead + 1, leading, day);
  const bool next_is_open = lead + 1 >= joint.size() || !IsOver(*joint[lead + 1], day);
  if (troika.incoming().seat().empty() && next_is_open) {
    troika.set_proposed_incoming_seat(ProposeHost(facts, day).seat());
  }
  return troika;
}

}  // namespace

absl::Status CheckTroikaRequest(const v1::ComputeTroikaRequest& request) {
  if (request.meeting().empty() || !request.has_effective_date()) return absl::OkStatus();
  return Refuse(v1::TROIKA_ASKED_TWICE);
}

v1::Troika TroikaOfMeeting(const NetworkFacts& facts, absl::string_view meeting, absl::CivilDay day) {
  const Joint joint = JointMeetings(facts.meetings);
  const auto lead =
      std::find_if(joint.begin(), joint.end(), [meeting](const v1::Meeting* m) { return m->name() == meeting; });
  return TroikaAt(facts, joint, static_cast<size_t>(lead - joint.begin()), day);
}

v1::Troika TroikaOnDay(const NetworkFacts& facts, absl::CivilDay day) {
  const Joint joint = JointMeetings(facts.meetings);
  const auto lead = std::find_if(joint.begin(), joint.end(), [day](const v1::Meeting* m) { return !IsOver(*m, day); });
  v1::Troika troika = TroikaAt(facts, joint, static_cast<size_t>(lead - joint.begin()), day);
  *troika.mutable_effective_date() = DateOf(day);
  return troika;
}

}  // namespace partnerskap::scheduling
