// The goals of a run as one picture.
#ifndef PARTNERSKAP_BENCH_PICTURE_H_
#define PARTNERSKAP_BENCH_PICTURE_H_

#include <string>
#include <vector>

#include "bench/goals.h"

namespace partnerskap::bench {

// SVG: for each goal what was measured as a share of it, on a logarithmic axis; left of the line at 1 it is met.
std::string GoalsPicture(const std::vector<GoalRow>& goals, const std::string& machine);

}  // namespace partnerskap::bench

#endif  // PARTNERSKAP_BENCH_PICTURE_H_
