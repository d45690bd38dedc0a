// Periods with inclusive, partly known ends. Pure.
#ifndef PARTNERSKAP_SERVICES_MEMBERSHIP_DOMAIN_PERIODS_H_
#define PARTNERSKAP_SERVICES_MEMBERSHIP_DOMAIN_PERIODS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "google/type/date.pb.h"

namespace partnerskap::membership {

// First and last day, inclusive; absent: open or unknown.
struct Period {
  google::type::Date start, end;
};

// Whether `day` is after the whole of `date` (true only if certain; absent dates answer false).
bool IsAfter(absl::CivilDay day, const google::type::Date& date);
// Whether `day` is before the whole of `date`.
bool IsBefore(absl::CivilDay day, const google::type::Date& date);
// `day` is not certainly outside.
bool MayHold(const Period& period, absl::CivilDay day);
// The two certainly share a day. Periods known too vaguely do not: what no source says is not held against anybody.
bool CertainlyOverlap(const Period& a, const Period& b);

// Errors: PERIOD_REVERSED with the field's name, where the end is certainly before the start.
absl::Status CheckPeriod(const Period& period, absl::string_view field);

}  // namespace partnerskap::membership

#endif  // PARTNERSKAP_SERVICES_MEMBERSHIP_DOMAIN_PERIODS_H_
