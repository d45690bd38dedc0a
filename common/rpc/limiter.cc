#include "common/rpc/limiter.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

// The part of all places that only reserved calls may take: one in ten.
constexpr size_t kReservedPart = 10;
// A call under way ends within milliseconds, as a rule.
constexpr absl::Duration kRetryWhenFull = absl::Milliseconds(100);

absl::Status TooMany(size_t limit) {
  return WithRetry(Refuse(common::v1::TOO_MANY_CALLS, {{"limit", absl::StrCat(limit)}}), kRetryWhenFull);
}

absl::Status TooFast(double rate, const TokenBucket& bucket) {
  return WithRetry(Refuse(common::v1::RATE_EXCEEDED, {{"limit", absl::StrCat(rate)}}), bucket.Wait(rate));
}

}  // namespace

void TokenBucket::Fill(absl::Duration now, double rate, double burst) {
  tokens_ = begun_ ? std::min(burst, tokens_ + absl::ToDoubleSeconds(now - filled_) * rate) : burst;
  begun_ = true;
  filled_ = now;
}

bool TokenBucket::Take(absl::Duration now, double rate, double burst) {
  // A burst below one call would let nothing pass, ever.
  Fill(now, rate, std::max(burst, 1.0));
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

absl::Duration TokenBucket::Wait(double rate) const { return absl::Seconds((1 - tokens_) / rate); }

bool TokenBucket::IsFull(absl::Duration now, double rate, double burst) {
  Fill(now, rate, std::max(burst, 1.0));
  return tokens_ >= std::max(burst, 1.0);
}

Limiter::Place& Limiter::Place::operator=(Place&& other) noexcept {
  if (this == &other) return *this;
  if (limiter_ != nullptr) limiter_->Leave(principal_, stream_);
  limiter_ = std::exchange(other.limiter_, nullptr);
  principal_ = std::move(other.principal_);
  stream_ = other.stream_;
  return *this;
}

Limiter::Place::~Place() {
  if (limiter_ != nullptr) limiter_->Leave(principal_, stream_);
}

Limiter::Usage& Limiter::UsageOf(const Caller& caller, absl::Duration now) {
  std::unique_ptr<Usage>& usage = usages_[caller.principal.uri];
  if (usage == nullptr) {
    usage = std::make_unique<Usage>();
    Usage& made = *usage;
    made.limits = caller.limits;
    if (usages_.size() >= sweep_at_) {
      absl::erase_if(usages_, [&](auto& entry) {
        Usage& u = *entry.second;
        return &u != &made && u.calls == 0 && u.streams == 0 &&
               u.rate.IsFull(now, u.limits.calls_per_second, u.limits.burst) &&
               u.mutation_rate.IsFull(now, u.limits.mutations_per_second, u.limits.mutation_burst);
      });
      // What is left is in use; to look again at each new principal would cost more than it frees.
      sweep_at_ = std::max(kFirstSweep, 2 * usages_.size());
    }
    return made;
  }
  // The role file may have changed.
  usage->limits = caller.limits;
  return *usage;
}

absl::StatusOr<Limiter::Place> Limiter::Enter(const Caller& caller, Kind kind) {
  const Limits& limits = caller.limits;
  const absl::Duration now = clock_.Steady();
  std::lock_guard<std::mutex> lock(mutex_);
  Usage& usage = UsageOf(caller, now);
  size_t& all = kind.stream ? streams_ : calls_;
  size_t& own = kind.stream ? usage.streams : usage.calls;
  const size_t most_own = kind.stream ? limits.streams : limits.concurrent_calls;
  const size_t most = kind.stream ? max_streams_ : max_calls_;
  const size_t most_of_all = kind.reserved ? most : most - most / kReservedPart;
  if (own >= most_own) return TooMany(most_own);
  if (all >= most_of_all) return TooMany(most_of_all);
  if (!usage.rate.Take(now, limits.calls_per_second, limits.burst)) return TooFast(limits.calls_per_second, usage.rate);
  if (kind.mutating && !usage.mutation_rate.Take(now, limits.mutations_per_second, limits.mutation_burst)) {
    return TooFast(limits.mutations_per_second, usage.mutation_rate);
  }
  ++all;
  ++own;
  Place place;
  place.limiter_ = this;
  place.principal_ = caller.principal.uri;
  place.stream_ = kind.stream;
  return place;
}

bool Limiter::Spend(const Caller& caller) {
  const absl::Duration now = clock_.Steady();
  std::lock_guard<std::mutex> lock(mutex_);
  return UsageOf(caller, now).rate.Take(now, caller.limits.calls_per_second, caller.limits.burst);
}

void Limiter::Leave(const std::string& principal, bool stream) {
  std::lock_guard<std::mutex> lock(mutex_);
  Usage& usage = *usages_.at(principal);
  --(stream ? usage.streams : usage.calls);
  --(stream ? streams_ : calls_);
}

size_t Limiter::principals() {
  std::lock_guard<std::mutex> lock(mutex_);
  return usages_.size();
}

}  // namespace partnerskap
