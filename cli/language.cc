#include "cli/language.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"

namespace partnerskap::cli {
namespace {

struct Entry {
  const char* value;  // full name of the enum value
  const char* sv;
  const char* en;
};

constexpr Entry kWords[] = {
    {"partnerskap.membership.v1.SeatStanding.UNKNOWN", "okänt", "unknown"},
    {"partnerskap.membership.v1.SeatStanding.INTERESTED", "intresserad", "interested"},
    {"partnerskap.membership.v1.SeatStanding.DECIDING", "beslutar", "deciding"},
    {"partnerskap.membership.v1.SeatStanding.BOUND", "bunden", "bound"},
    {"partnerskap.membership.v1.SeatStanding.ACTIVE", "aktiv", "active"},
    {"partnerskap.membership.v1.SeatStanding.TERM_ENDING", "perioden tar slut", "term ending"},
    {"partnerskap.membership.v1.SeatStanding.RENEWED", "förnyad", "renewed"},
    {"partnerskap.membership.v1.SeatStanding.LEFT", "utträdd", "left"},
    {"partnerskap.membership.v1.SeatStanding.LAPSED", "upphörd", "lapsed"},
    {"partnerskap.agreements.v1.Adoption.CIRCULATED", "utsänd", "circulated"},
    {"partnerskap.agreements.v1.Adoption.PREPARED", "ärende öppnat", "case opened"},
    {"partnerskap.agreements.v1.Adoption.PROPOSED", "föreslagen", "proposed"},
    {"partnerskap.agreements.v1.Adoption.DECIDED", "beslutad", "decided"},
    {"partnerskap.agreements.v1.Adoption.ADJUSTED", "justerad", "adjusted"},
    {"partnerskap.agreements.v1.Adoption.ANNOUNCED", "anslagen", "announced"},
    {"partnerskap.agreements.v1.Adoption.ANNULLED", "upphävd", "annulled"},
    {"partnerskap.agreements.v1.Adoption.ADOPTED", "antagen", "adopted"},
    {"partnerskap.agreements.v1.Adoption.ADOPTED_WITH_RESERVATION", "antagen med reservation",
     "adopted with reservation"},
    {"partnerskap.agreements.v1.Adoption.ADOPTED_CHANGED", "antagen med ändring", "adopted with changes"},
    {"partnerskap.agreements.v1.Adoption.REJECTED", "avslagen", "rejected"},
    {"partnerskap.agreements.v1.Adoption.REFERRED_BACK", "återremitterad", "referred back"},
    {"partnerskap.agreements.v1.Adoption.TABLED", "bordlagd", "tabled"},
    {"partnerskap.agreements.v1.Stance.TOOK_PART", "deltog", "took part"},
    {"partnerskap.agreements.v1.Stance.DOES_NOT_TAKE_PART", "deltar inte i beslutet",
     "does not take part in the decision"},
    {"partnerskap.agreements.v1.Stance.RESERVATION", "reservation", "reservation"},
    {"partnerskap.agreements.v1.Stance.DISQUALIFIED", "jäv", "disqualified"},
    {"partnerskap.agreements.v1.Clause.MUST", "ska", "must"},
    {"partnerskap.agreements.v1.Clause.MAY", "får", "may"},
    {"partnerskap.agreements.v1.Clause.NONE", "inget krav", "nothing owed"},
    {"partnerskap.agreements.v1.FeeRule.CAP", "högst", "at most"},
    {"partnerskap.agreements.v1.FeeRule.FIXED", "avgift", "fixed fee"},
    {"partnerskap.agreements.v1.FeeRule.NONE", "ingen avgift", "no fee"},
    {"partnerskap.scheduling.v1.Meeting.JOINT", "partnerskapsmöte", "joint meeting"},
    {"partnerskap.scheduling.v1.Meeting.OFFICERS", "möte tjp", "officers' meeting"},
    {"partnerskap.scheduling.v1.Meeting.OTHER", "annat möte", "other meeting"},
    {"partnerskap.scheduling.v1.CONFIRMED", "genomfört", "held"},
    {"partnerskap.scheduling.v1.PLANNED_IN_SOURCE", "planerat i källan, inte bekräftat",
     "planned in the source, not confirmed"},
    {"partnerskap.scheduling.v1.AHEAD", "kommande", "ahead"},
    {"partnerskap.membership.v1.SeatStanding.UNSIGNED", "ej undertecknad", "unsigned"},
    {"partnerskap.membership.v1.SeatStanding.EXTRACT_MISSING", "protokollsutdrag saknas", "extract missing"},
    {"partnerskap.membership.v1.SeatStanding.NOT_FINAL", "laga kraft okänd eller ej vunnen",
     "not final or not known to be"},
    {"partnerskap.membership.v1.SeatStanding.ON_HOLD", "vilande", "on hold"},
    {"partnerskap.membership.v1.SeatStanding.CARRY_OVER", "uppdrag förlängt tills vidare", "post carried over"},
    {"partnerskap.agreements.v1.AdoptionStanding.UNSIGNED", "ej undertecknad", "unsigned"},
    {"partnerskap.agreements.v1.AdoptionStanding.EXTRACT_MISSING", "protokollsutdrag saknas", "extract missing"},
    {"partnerskap.agreements.v1.AdoptionStanding.NOT_FINAL", "ej laga kraft", "not final"},
    {"partnerskap.agreements.v1.AdoptionStanding.FINALITY_UNKNOWN", "laga kraft okänd", "finality unknown"},
    {"partnerskap.agreements.v1.AdoptionStanding.MAY_BE_ANNULLED", "kan upphävas", "may be annulled"},
    {"partnerskap.agreements.v1.AdoptionStanding.TEXT_DIFFERS", "annan lydelse", "other wording"},
    {"partnerskap.agreements.v1.AdoptionStanding.ADJUSTED_LATE", "sent justerad", "adjusted late"},
    {"partnerskap.agreements.v1.AdoptionStanding.ANNOUNCED_LATE", "sent anslagen", "announced late"},
    {"partnerskap.agreements.v1.AdoptionStanding.DECIDED_LATE", "beslutad efter periodens början",
     "decided after the period began"},
    {"partnerskap.agreements.v1.AdoptionStanding.FEE_DIFFERS", "avgiften skiljer sig", "fee differs"},
    {"partnerskap.agreements.v1.AdoptionStanding.IMPORTED", "införd i efterhand", "entered as history"},
};

}  // namespace

std::string WordFor(Language language, const google::protobuf::EnumValueDescriptor& value) {
  // A value's full name stands beside its enum, not in it: partnerskap.membership.v1.SeatStanding.BOUND.
  for (const Entry& entry : kWords) {
    if (value.full_name() == entry.value) return In(language, entry.sv, entry.en);
  }
  return absl::StrReplaceAll(absl::AsciiStrToLower(value.name()), {{"_", " "}});
}

}  // namespace partnerskap::cli
