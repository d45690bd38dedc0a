// The three hosts that coordinate (trepartssystem, EU-modell), derived and never edited. Pure.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_TROIKA_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_TROIKA_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "partnerskap/scheduling/v1/standing.pb.h"
#include "partnerskap/scheduling/v1/standing_messages.pb.h"
#include "services/scheduling/domain/network_facts.h"

namespace partnerskap::scheduling {

// By meeting or by day, not both. Errors: TROIKA_ASKED_TWICE.
absl::Status CheckTroikaRequest(const v1::ComputeTroikaRequest& request);

// The troika that the joint meeting makes: it leads, the joint meetings around it come before and after, whatever
// agreement they belong to. `day` says how sure each is, and who can be proposed where the next host is unknown.
v1::Troika TroikaOfMeeting(const NetworkFacts& facts, absl::string_view meeting, absl::CivilDay day);

// The troika on a day: the first joint meeting that is not over leads. When none is known to come, the last one is
// outgoing, and lead and incoming are unknown, which is a value.
v1::Troika TroikaOnDay(const NetworkFacts& facts, absl::CivilDay day);

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_TROIKA_H_
