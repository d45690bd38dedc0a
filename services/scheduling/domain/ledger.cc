#include "services/scheduling/domain/ledger.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "common/text/collation.h"
#include "common/time/partial_date.h"
#include "services/scheduling/domain/joint_meetings.h"
#include "services/scheduling/domain/proposal_words.h"

namespace partnerskap::scheduling {
namespace {

// A row and what orders it.
struct Line {
  v1::LedgerRow row;
  const SeatFacts* seat = nullptr;
  int place = 0;         // in the ring, from the seat after the last host; the ring's size outside it
  std::string name_key;  // Swedish order
};

int RingIndex(const v1::HostRotation& rotation, const std::string& seat) {
  const auto& ring = rotation.seats();
  return static_cast<int>(std::find(ring.begin(), ring.end(), seat) - ring.begin());
}

// Index of the seat whose turn begins the ring: the one after the last host that stands in it.
int RingStart(const v1::HostRotation& rotation, const std::vector<const v1::Meeting*>& joint) {
  for (size_t i = joint.size(); i-- > 0;) {
    const int last = RingIndex(rotation, joint[i]->host());
    if (last < rotation.seats_size()) return (last + 1) % rotation.seats_size();
  }
  return 0;
}

int PlaceOf(const v1::HostRotation& rotation, int start, const std::string& seat) {
  const int size = rotation.seats_size(), index = RingIndex(rotation, seat);
  return index == size ? size : (index - start + size) % size;
}

void Count(const std::vector<const v1::Meeting*>& joint, absl::CivilDay day, v1::LedgerRow& row) {
  for (const v1::Meeting* meeting : joint) {
    if (Compare(meeting->first_date(), row.join_date()) == DateOrder::kBefore) continue;
    row.set_meeting_count(row.meeting_count() + 1);
    row.set_idle_meeting_count(row.idle_meeting_count() + 1);
    if (meeting->host() != row.seat()) continue;
    row.set_idle_meeting_count(0);
    row.set_hosting_count(row.hosting_count() + 1);
    v1::Hosting& hosting = *row.add_hostings();
    hosting.set_meeting(meeting->name());
    *hosting.mutable_first_date() = meeting->first_date();
    hosting.set_confirmation(ConfirmationOf(*meeting, day));
  }
}

// Hostings for each meeting, compared without a division: below 0 where `a` has hosted less.
int64_t CompareShares(const v1::LedgerRow& a, const v1::LedgerRow& b) {
  return int64_t{a.hosting_count()} * std::max(1, b.meeting_count()) -
         int64_t{b.hosting_count()} * std::max(1, a.meeting_count());
}

bool ComesBefore(const Line& a, const Line& b) {
  if (a.row.on_hold() != b.row.on_hold()) return b.row.on_hold();
  if (a.row.idle_meeting_count() != b.row.idle_meeting_count()) {
    return a.row.idle_meeting_count() > b.row.idle_meeting_count();
  }
  if (const int64_t shares = CompareShares(a.row, b.row); shares != 0) return shares < 0;
  return std::tie(a.place, a.name_key, a.row.seat()) < std::tie(b.place, b.name_key, b.row.seat());
}

std::vector<Line> LinesOn(const NetworkFacts& facts, absl::CivilDay day) {
  const std::vector<const v1::Meeting*> joint = JointMeetings(facts.meetings);
  const int start = RingStart(facts.rotation, joint), outside = facts.rotation.seats_size();
  std::vector<Line> lines;
  for (const SeatFacts& seat : facts.seats) {
    const int place = PlaceOf(facts.rotation, start, seat.name);
    if (!TakesPart(seat, DateOf(day)) || (seat.actor && place == outside)) continue;
    Line& line = lines.emplace_back();
    line.seat = &seat;
    line.place = place;
    line.name_key = SwedishSortKey(seat.display_name);
    line.row.set_seat(seat.name);
    if (seat.join_date.year() != 0) *line.row.mutable_join_date() = seat.join_date;
    line.row.set_on_hold(IsOnHold(seat, day));
    Count(joint, day, line.row);
  }
  std::sort(lines.begin(), lines.end(), &ComesBefore);
  for (size_t i = 0; i < lines.size(); ++i) lines[i].row.set_rank(static_cast<int>(i) + 1);
  return lines;
}

// Which key put the first line before those that have waited as long.
ProposalGround GroundOf(const std::vector<Line>& lines) {
  const Line& first = lines.front();
  ProposalGround ground;
  ground.seat = first.seat;
  ground.row = &first.row;
  bool ring = false, shares = false;
  for (const Line& line : lines) {
    if (line.row.on_hold() || line.row.idle_meeting_count() != first.row.idle_meeting_count()) continue;
    ++ground.waited_as_long;
    shares = shares || CompareShares(first.row, line.row) < 0;
    ring = ring || (CompareShares(first.row, line.row) == 0 && first.place != line.place);
  }
  if (ring) {
    ground.code = ProposalCode::kRotationOrder;
  } else if (shares) {
    ground.code = ProposalCode::kFewestSinceJoining;
  } else {
    ground.code = first.row.hosting_count() == 0 ? ProposalCode::kNeverHosted : ProposalCode::kLongestAgo;
  }
  return ground;
}

// The joint meeting before the one that lacks a host, or the last one.
std::string PreviousMeeting(const NetworkFacts& facts, absl::CivilDay day) {
  std::string previous;
  for (const v1::Meeting* meeting : JointMeetings(facts.meetings)) {
    if (meeting->host().empty() && !IsOver(*meeting, day)) return previous;
    previous = meeting->name();
  }
  return previous;
}

}  // namespace

std::vector<v1::LedgerRow> LedgerOn(const NetworkFacts& facts, absl::CivilDay day) {
  std::vector<v1::LedgerRow> rows;
  for (Line& line : LinesOn(facts, day)) rows.push_back(std::move(line.row));
  return rows;
}

v1::HostProposal ProposeHost(const NetworkFacts& facts, absl::CivilDay day) {
  const std::vector<Line> lines = LinesOn(facts, day);
  ProposalGround ground;
  if (!lines.empty() && !lines.front().row.on_hold()) ground = GroundOf(lines);
  for (const v1::Meeting* meeting : JointMeetings(facts.meetings)) {
    if (ConfirmationOf(*meeting, day) == v1::PLANNED_IN_SOURCE) ++ground.unconfirmed_meetings;
  }
  v1::HostProposal proposal;
  if (ground.seat != nullptr) proposal.set_seat(ground.seat->name);
  proposal.set_previous_meeting(PreviousMeeting(facts, day));
  proposal.set_code(CodeName(ground.code));
  proposal.set_reason_sv(ReasonInSwedish(ground));
  proposal.set_reason_en(ReasonInEnglish(ground));
  for (const Line& line : lines) *proposal.add_candidates() = line.row;
  return proposal;
}

}  // namespace partnerskap::scheduling
