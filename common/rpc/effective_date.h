// The day that a computed standing speaks of.
#ifndef PARTNERSKAP_COMMON_RPC_EFFECTIVE_DATE_H_
#define PARTNERSKAP_COMMON_RPC_EFFECTIVE_DATE_H_

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/rpc/call.h"
#include "google/type/date.pb.h"

namespace partnerskap {

// `effective_date`, which the gate has found to be a full day if it is set; absent: today in Sweden by the call's time.
// Errors: INTERNAL where the machine has no time zones.
absl::StatusOr<absl::CivilDay> EffectiveDay(const Call& call, const google::type::Date& effective_date);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_EFFECTIVE_DATE_H_
