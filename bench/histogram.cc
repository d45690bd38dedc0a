#include "bench/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace partnerskap::bench {

size_t Histogram::BucketOf(uint64_t value) {
  constexpr uint64_t kLinear = uint64_t{1} << kLinearBits;
  if (value < kLinear) return value;
  // The leading bit gives the power, the kLinearBits after it the place within.
  const int power = std::bit_width(value) - 1 - kLinearBits;
  const size_t bucket = (static_cast<size_t>(power + 1) << kLinearBits) + ((value >> power) - kLinear);
  return std::min(bucket, (static_cast<size_t>(kPowers + 1) << kLinearBits) - 1);
}

double Histogram::UpperEnd(size_t bucket) {
  constexpr size_t kLinear = size_t{1} << kLinearBits;
  if (bucket < kLinear) return static_cast<double>(bucket + 1);
  const size_t power = (bucket >> kLinearBits) - 1;
  const size_t within = bucket & (kLinear - 1);
  return std::ldexp(static_cast<double>(kLinear + within + 1), static_cast<int>(power));
}

void Histogram::Record(int64_t nanoseconds) {
  ++buckets_[BucketOf(static_cast<uint64_t>(std::max<int64_t>(nanoseconds, 0)))];
  ++count_;
}

double Histogram::Percentile(double part) const {
  if (count_ == 0) return 0;
  const auto wanted = std::max<uint64_t>(1, static_cast<uint64_t>(std::ceil(part * static_cast<double>(count_))));
  uint64_t seen = 0;
  for (size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= wanted) return UpperEnd(bucket) / 1e3;
  }
  return UpperEnd(buckets_.size() - 1) / 1e3;
}

}  // namespace partnerskap::bench
