#include "services/scheduling/domain/proposal_words.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/time/partial_date.h"

namespace partnerskap::scheduling {
namespace {

std::string LastHosted(const ProposalGround& ground) {
  return DateToText(ground.row->hostings().rbegin()->first_date());
}

bool SettledByName(const ProposalGround& ground) {
  return ground.code == ProposalCode::kNeverHosted && ground.waited_as_long > 1;
}

std::string GroundInSwedish(const ProposalGround& ground) {
  if (ground.code == ProposalCode::kNobody) {
    return "Ingen plats kan föreslås: ingen är med i nätverket den dagen, eller alla är vilande.";
  }
  const std::string& seat = ground.seat->display_name;
  const int meetings = ground.row->meeting_count(), idle = ground.row->idle_meeting_count();
  switch (ground.code) {
    case ProposalCode::kLongestAgo:
      return absl::StrCat(seat, " var senast värd ", LastHosted(ground), ", för ", idle,
                          " gemensamma möten sedan: ingen har väntat längre.");
    case ProposalCode::kFewestSinceJoining:
      return absl::StrCat(seat,
                          " har väntat lika länge som någon annan, men har varit värd färre gånger i förhållande till "
                          "mötena sedan platsen gick med.");
    case ProposalCode::kRotationOrder:
      return absl::StrCat(seat, " kommer först i värdordningen av de ", ground.waited_as_long,
                          " platser som har väntat lika länge.");
    default:
      if (meetings == 0)
        return absl::StrCat(seat, " står på tur: liggaren har inget gemensamt möte sedan platsen gick med.");
      return absl::StrCat(seat, " har inte varit värd för något av liggarens ", meetings,
                          " gemensamma möten sedan platsen gick med: ingen har väntat längre.");
  }
}

std::string GroundInEnglish(const ProposalGround& ground) {
  if (ground.code == ProposalCode::kNobody) {
    return "No seat can be proposed: none takes part in the network on that day, or all are on hold.";
  }
  const std::string& seat = ground.seat->display_name;
  const int meetings = ground.row->meeting_count(), idle = ground.row->idle_meeting_count();
  switch (ground.code) {
    case ProposalCode::kLongestAgo:
      return absl::StrCat(seat, " last hosted ", LastHosted(ground), ", ", idle,
                          " joint meetings ago: nobody has waited longer.");
    case ProposalCode::kFewestSinceJoining:
      return absl::StrCat(
          seat, " has waited as long as another, but has hosted less often for the meetings since it joined.");
    case ProposalCode::kRotationOrder:
      return absl::StrCat(seat, " comes first in the order of hosts among the ", ground.waited_as_long,
                          " seats that have waited as long.");
    default:
      if (meetings == 0) return absl::StrCat(seat, " is next: the ledger has no joint meeting since it joined.");
      return absl::StrCat(seat, " has hosted none of the ledger's ", meetings,
                          " joint meetings since it joined: nobody has waited longer.");
  }
}

}  // namespace

std::string CodeName(ProposalCode code) {
  switch (code) {
    case ProposalCode::kNeverHosted:
      return "NEVER_HOSTED";
    case ProposalCode::kLongestAgo:
      return "LONGEST_AGO";
    case ProposalCode::kFewestSinceJoining:
      return "FEWEST_SINCE_JOINING";
    case ProposalCode::kRotationOrder:
      return "ROTATION_ORDER";
    case ProposalCode::kNobody:
      break;
  }
  return "NOBODY";
}

std::string ReasonInSwedish(const ProposalGround& ground) {
  std::string text = GroundInSwedish(ground);
  if (SettledByName(ground)) {
    absl::StrAppend(&text, " Av de ", ground.waited_as_long,
                    " som har väntat lika länge kommer den först i bokstavsordning.");
  }
  if (ground.unconfirmed_meetings > 0) {
    absl::StrAppend(&text, " ", ground.unconfirmed_meetings,
                    " av mötena är bara planerade i källorna, inte bekräftade.");
  }
  return text;
}

std::string ReasonInEnglish(const ProposalGround& ground) {
  std::string text = GroundInEnglish(ground);
  if (SettledByName(ground)) {
    absl::StrAppend(&text, " Of the ", ground.waited_as_long,
                    " that have waited as long it comes first in the alphabet.");
  }
  if (ground.unconfirmed_meetings > 0) {
    absl::StrAppend(&text, " ", ground.unconfirmed_meetings,
                    " of the meetings are only planned in the sources, not confirmed.");
  }
  return text;
}

}  // namespace partnerskap::scheduling
