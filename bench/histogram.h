// Latencies of many calls in little memory: buckets of 1.6 % width, from a microsecond to minutes.
#ifndef PARTNERSKAP_BENCH_HISTOGRAM_H_
#define PARTNERSKAP_BENCH_HISTOGRAM_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace partnerskap::bench {

class Histogram {
 public:
  void Record(int64_t nanoseconds);
  uint64_t count() const { return count_; }
  // The upper end of the bucket that holds the share `part` (0.99) of all values, in microseconds; 0 of none.
  double Percentile(double part) const;

 private:
  // Values below 2^kLinearBits nanoseconds have buckets of one nanosecond; each power of two above has as many again.
  static constexpr int kLinearBits = 6;
  static constexpr int kPowers = 40;
  static size_t BucketOf(uint64_t value);
  static double UpperEnd(size_t bucket);

  std::array<uint64_t, (kPowers + 1) << kLinearBits> buckets_{};
  uint64_t count_ = 0;
};

}  // namespace partnerskap::bench

#endif  // PARTNERSKAP_BENCH_HISTOGRAM_H_
