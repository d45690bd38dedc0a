// What a run prints and leaves behind.
#ifndef PARTNERSKAP_BENCH_REPORT_H_
#define PARTNERSKAP_BENCH_REPORT_H_

#include <string>
#include <vector>

#include "bench/goals.h"
#include "bench/run.h"

namespace partnerskap::bench {

// Tables in Markdown, so that they can be read here and kept on a page.
std::string ReportText(const Results& results, const std::vector<GoalRow>& goals);
// Every window of every round, for whoever compares runs.
std::string ReportJson(const Results& results, const std::vector<GoalRow>& goals);

}  // namespace partnerskap::bench

#endif  // PARTNERSKAP_BENCH_REPORT_H_
