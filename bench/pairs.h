// What a run concludes from its rounds: each ratio is taken within one round, and the median of all rounds' is judged.
#ifndef PARTNERSKAP_BENCH_PAIRS_H_
#define PARTNERSKAP_BENCH_PAIRS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace partnerskap::bench {

// Fewer say nothing: the spread of such ratios on one machine is 10 to 20 %.
inline constexpr size_t kMinPairs = 5;

struct Spread {
  double median = 0, min = 0, max = 0;
  size_t count = 0;
};
// Of an even number the median is the mean of the two in the middle.
Spread SpreadOf(std::vector<double> values);

// above[i] / below[i] of the rounds that have both, and a `below` over zero.
std::vector<double> Ratios(const std::vector<std::optional<double>>& above,
                           const std::vector<std::optional<double>>& below);

enum class Verdict { kMet, kMissed, kInconclusive };

struct Limit {
  bool at_most = true;  // else at least
  double value = 0;
};
// Never kMet with fewer than `needed` values.
Verdict Judge(const Spread& spread, const Limit& limit, size_t needed = kMinPairs);

// `met by 12 %`, `missed by 30 %`, `inconclusive: 3 of 5 pairs`.
std::string Words(const Spread& spread, const Limit& limit, size_t needed = kMinPairs);

}  // namespace partnerskap::bench

#endif  // PARTNERSKAP_BENCH_PAIRS_H_
