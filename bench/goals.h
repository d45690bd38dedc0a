// What the suite's speed is held to, and how a run stands to it.
#ifndef PARTNERSKAP_BENCH_GOALS_H_
#define PARTNERSKAP_BENCH_GOALS_H_

#include <string>
#include <vector>

#include "bench/pairs.h"
#include "bench/run.h"

namespace partnerskap::bench {

struct GoalRow {
  std::string text;  // what is compared with what
  std::string unit;  // empty for a ratio
  Limit limit;
  Spread spread;
  size_t needed = kMinPairs;  // values without which nothing is concluded
};

// Goals whose windows the run took at all, in a fixed order.
std::vector<GoalRow> JudgeGoals(const Results& results);

}  // namespace partnerskap::bench

#endif  // PARTNERSKAP_BENCH_GOALS_H_
