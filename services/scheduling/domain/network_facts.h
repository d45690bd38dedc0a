// What *scheduling* knows of one network: its own meetings and order of hosts, and what the feeds of *membership* and
// *agreements* say. Everything that is derived is a pure function of these facts and a day.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_NETWORK_FACTS_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_NETWORK_FACTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "google/type/date.pb.h"
#include "partnerskap/scheduling/v1/resources.pb.h"

namespace partnerskap::scheduling {

// First and last day, inclusive; absent: open or unknown.
struct Period {
  google::type::Date start, end;
};

// A seat, as *membership* says.
struct SeatFacts {
  std::string name;          // `networks/partnerskapet/seats/uppsala`
  std::string display_name;  // `Uppsala`
  // A participating actor (medverkande aktör) rather than a member. The duty to host is the members'; an actor takes a
  // turn only where the order of hosts names it.
  bool actor = false;
  google::type::Date join_date;            // absent: unknown
  google::type::Date exit_date;            // last day as a member, inclusive; absent: it has not left
  std::vector<Period> holds;               // times on hold (vilande); an absent end lasts
  std::vector<std::string> organizations;  // whose seat it is
};

// A clause on meetings (mötesfrekvens), as *agreements* says; 0 where the text gives no number.
struct CadenceFacts {
  std::string clause;  // resource name
  int32_t rank = 0;    // number of Clause.Origin: the agreement's own text (1) goes before memo, decision and work plan
  int32_t meetings_per_year = 0;
  int32_t days_per_meeting = 0;
  int32_t officers_meetings_per_meeting = 0;
};

// An agreement for a period, with what its clauses demand.
struct AgreementFacts {
  std::string name;
  Period period;
  std::vector<CadenceFacts> cadences;
};

struct NetworkFacts {
  std::string network;
  std::vector<v1::Meeting> meetings;  // in any order
  std::vector<SeatFacts> seats;
  std::vector<AgreementFacts> agreements;
  v1::HostRotation rotation;  // the default one where none is set
};

// Neither certainly before the seat joined nor certainly after it left; `date` may be vague. Absent dates hold nothing
// against anybody.
bool TakesPart(const SeatFacts& seat, const google::type::Date& date);
bool IsOnHold(const SeatFacts& seat, absl::CivilDay day);
// Null if there is none.
const SeatFacts* FindSeat(const NetworkFacts& facts, absl::string_view name);

// One number that an agreement demands, and the clause that demands it. `number` 0: nothing is demanded.
struct Demand {
  int32_t number = 0;
  std::string clause;
};
// The three numbers of the clauses together, each from the clause of the best rank that gives it.
struct Cadence {
  Demand meetings_per_year, days_per_meeting, officers_meetings_per_meeting;
};
Cadence CadenceOf(const AgreementFacts& agreement);

// The agreement of a meeting: the one that its source says, else the one in whose period its first day certainly lies.
// Null if neither is known here.
const AgreementFacts* AgreementOf(const NetworkFacts& facts, const v1::Meeting& meeting);
// The agreement that certainly holds all of the calendar year; null if none does, for a part of a year demands no whole
// number of meetings.
const AgreementFacts* AgreementOfYear(const NetworkFacts& facts, int32_t year);

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_NETWORK_FACTS_H_
