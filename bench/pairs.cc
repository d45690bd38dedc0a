#include "bench/pairs.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace partnerskap::bench {

Spread SpreadOf(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  const double median = values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return {median, values.front(), values.back(), values.size()};
}

std::vector<double> Ratios(const std::vector<std::optional<double>>& above,
                           const std::vector<std::optional<double>>& below) {
  std::vector<double> ratios;
  for (size_t i = 0; i < std::min(above.size(), below.size()); ++i) {
    if (above[i].has_value() && below[i].has_value() && *below[i] > 0) ratios.push_back(*above[i] / *below[i]);
  }
  return ratios;
}

Verdict Judge(const Spread& spread, const Limit& limit, size_t needed) {
  if (spread.count < needed) return Verdict::kInconclusive;
  const bool met = limit.at_most ? spread.median <= limit.value : spread.median >= limit.value;
  return met ? Verdict::kMet : Verdict::kMissed;
}

std::string Words(const Spread& spread, const Limit& limit, size_t needed) {
  const Verdict verdict = Judge(spread, limit, needed);
  if (verdict == Verdict::kInconclusive) return absl::StrCat("inconclusive: ", spread.count, " of ", needed, " pairs");
  const double percent = std::abs(spread.median / limit.value - 1) * 100;
  return absl::StrFormat("%s by %.0f %%", verdict == Verdict::kMet ? "met" : "missed", percent);
}

}  // namespace partnerskap::bench
