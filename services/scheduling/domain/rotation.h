// The order of hosts and the planning calendar. Pure.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_ROTATION_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_ROTATION_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "partnerskap/scheduling/v1/resources.pb.h"

namespace partnerskap::scheduling {

// `networks/partnerskapet/hostRotation`.
std::string RotationName(absl::string_view network);

// What holds until somebody sets another: no order, and neither June nor July, which the sources' timetable has no
// columns for (Verksamhetsplan 2016-2019, tidplan).
v1::HostRotation DefaultRotation(absl::string_view network);

// Each seat once and of this network, each month once. Errors: ROTATION_REPEATS.
absl::Status CheckRotation(const v1::HostRotation& rotation);

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_ROTATION_H_
