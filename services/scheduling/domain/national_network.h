// For tests: the national partnership as its sources show it, before anybody has confirmed anything. Ten seats, the
// nine joint meetings from November 2015 to November 2019, the eight officers' meetings, and the agreement 2016-2019.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_NATIONAL_NETWORK_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_NATIONAL_NETWORK_H_

#include <string>

#include "absl/strings/string_view.h"
#include "google/type/date.pb.h"
#include "partnerskap/scheduling/v1/resources.pb.h"
#include "services/scheduling/domain/network_facts.h"

namespace partnerskap::scheduling {

inline constexpr char kNational[] = "networks/partnerskapet";
inline constexpr char kNationalAgreement[] = "networks/partnerskapet/agreements/2016-2019";
inline constexpr char kNationalCadence[] = "networks/partnerskapet/agreements/2016-2019/clauses/5";

// `uppsala` -> `networks/partnerskapet/seats/uppsala`; "" -> "".
std::string NationalSeat(absl::string_view id);
// `2016-04` -> `networks/partnerskapet/meetings/2016-04`; "" -> "".
std::string NationalMeeting(absl::string_view id);
// A date from `YYYY[-MM[-DD]]`; absent for "".
google::type::Date DateIn(absl::string_view text);

// A planned meeting. `dates` is `2016-04-21/2016-04-22`, or one date.
v1::Meeting MeetingOn(absl::string_view id, v1::Meeting::Kind kind, absl::string_view dates,
                      absl::string_view host = "");

// Joint meetings are called by their month (`2016-04`), officers' meetings `tjp-2016-02`.
NetworkFacts NationalNetwork();

v1::Meeting& MeetingIn(NetworkFacts& facts, absl::string_view id);
SeatFacts& SeatIn(NetworkFacts& facts, absl::string_view id);

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_NATIONAL_NETWORK_H_
