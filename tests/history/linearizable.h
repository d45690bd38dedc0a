// Two judges of the same question, written from different ideas so that a mistake in one is seen by the other: is there
// an order of the operations in which each takes effect at one instant between its call and its answer?
//
// By search (Wing and Gong 1993, Lowe 2017): tries orders, and remembers which sets of operations have led to which
// revision. Exact. Linear as long as few operations are under way at once; exponential at worst, hence the budget.
//
// By revision: every applied write names the revision that it made, so the order of writes is known and only has to be
// compared with time. n log n. Unknown outcomes that were not settled from the log are taken kindly.
#ifndef PARTNERSKAP_TESTS_HISTORY_LINEARIZABLE_H_
#define PARTNERSKAP_TESTS_HISTORY_LINEARIZABLE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "tests/history/operation.h"

namespace partnerskap {

// Steps of the search per operation; honest histories take two or three.
inline constexpr uint64_t kSearchStepsPerOperation = 1'000;

// OK, FAILED_PRECONDITION with the operation that fits nowhere, or RESOURCE_EXHAUSTED: given up.
absl::Status CheckBySearch(const KeyHistory& history);

// OK, or FAILED_PRECONDITION with what is wrong. Each revision up to the last must be claimed, once.
absl::Status CheckByRevision(const KeyHistory& history);

}  // namespace partnerskap

#endif  // PARTNERSKAP_TESTS_HISTORY_LINEARIZABLE_H_
