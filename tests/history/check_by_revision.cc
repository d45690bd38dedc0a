#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "tests/history/linearizable.h"

namespace partnerskap {
namespace {

using Kind = Operation::Kind;
using Outcome = Operation::Outcome;

constexpr int64_t kBeforeAll = std::numeric_limits<int64_t>::min();

absl::Status Wrong(absl::string_view what, const Operation& operation) {
  return absl::FailedPreconditionError(absl::StrCat(what, ": ", Describe(operation)));
}

// Which operation made a revision. Unclaimed ones belong to writes whose outcome nobody learnt.
struct Claim {
  const Operation* write = nullptr;
  int64_t call = kBeforeAll;
  int64_t returned = kNeverReturned;
};

class Judge {
 public:
  explicit Judge(const KeyHistory& history) : history_(history) {}

  absl::Status Run() {
    RETURN_IF_ERROR(CollectClaims());
    RETURN_IF_ERROR(CheckGaps());
    RETURN_IF_ERROR(CheckOrder());
    CollectSeen();
    for (const Operation& operation : history_) RETURN_IF_ERROR(CheckAnswer(operation));
    return absl::OkStatus();
  }

 private:
  absl::Status CollectClaims() {
    int64_t last = 0;
    for (const Operation& operation : history_) {
      if (operation.outcome == Outcome::kDone) last = std::max(last, operation.revision);
    }
    claims_.resize(static_cast<size_t>(last) + 1);
    claims_[0].returned = kBeforeAll;  // absent, before anything was asked
    for (const Operation& operation : history_) {
      if (operation.kind == Kind::kRead || operation.outcome != Outcome::kDone) continue;
      if (operation.revision < 1) return Wrong("a write that made no revision", operation);
      Claim& claim = claims_[static_cast<size_t>(operation.revision)];
      if (claim.write != nullptr) return Wrong("a revision was given twice", operation);
      claim = {&operation, operation.call, operation.returned};
      const bool first = operation.revision == 1;
      if ((operation.kind == Kind::kCreate) != first) return Wrong("the wrong revision for such a write", operation);
      if (operation.kind == Kind::kWriteIf && operation.revision != operation.expected + 1) {
        return Wrong("the condition did not hold", operation);
      }
    }
    return absl::OkStatus();
  }

  // Every revision up to the last is somebody's.
  absl::Status CheckGaps() {
    int64_t unclaimed = 0, unknown = 0;
    for (const Operation& operation : history_) {
      if (operation.outcome != Outcome::kUnknown || operation.kind == Kind::kRead) continue;
      ++unknown;
      earliest_unknown_ = std::min(earliest_unknown_, operation.call);
    }
    for (size_t revision = 1; revision < claims_.size(); ++revision) {
      if (claims_[revision].write != nullptr) continue;
      claims_[revision].call = earliest_unknown_;
      if (++unclaimed > unknown) {
        return absl::FailedPreconditionError(absl::StrCat("revision ", revision, " is of no write that was asked for"));
      }
    }
    return absl::OkStatus();
  }

  // No revision was answered before an earlier one was asked for.
  absl::Status CheckOrder() {
    int64_t latest_call = kBeforeAll;
    for (size_t revision = 1; revision < claims_.size(); ++revision) {
      const Claim& claim = claims_[revision];
      if (claim.returned < latest_call) {
        return Wrong("answered before an earlier revision was asked for", *claim.write);
      }
      latest_call = std::max(latest_call, claim.call);
    }
    return absl::OkStatus();
  }

  // For every instant the newest revision that somebody had been told by then.
  void CollectSeen() {
    for (const Operation& operation : history_) {
      if (operation.outcome == Outcome::kDone) seen_.push_back({operation.returned, operation.revision});
    }
    std::sort(seen_.begin(), seen_.end());
    int64_t newest = 0;
    for (auto& [time, revision] : seen_) revision = newest = std::max(newest, revision);
  }
  int64_t SeenBefore(int64_t call) const {
    const auto after = std::lower_bound(seen_.begin(), seen_.end(), std::make_pair(call, kBeforeAll));
    return after == seen_.begin() ? 0 : std::prev(after)->second;
  }
  // The newest revision that can have been there at `time`.
  int64_t PossibleAt(int64_t time) {
    if (begins_.empty()) {
      // When each revision can begin: not before the ones below it.
      for (const Claim& claim : claims_) {
        begins_.push_back(std::max(claim.call, begins_.empty() ? kBeforeAll : begins_.back()));
      }
    }
    return std::upper_bound(begins_.begin(), begins_.end(), time) - begins_.begin() - 1;
  }

  absl::Status CheckAnswer(const Operation& operation) {
    if (operation.outcome == Outcome::kUnknown) return absl::OkStatus();
    const int64_t oldest = SeenBefore(operation.call), newest = PossibleAt(operation.returned);
    if (operation.outcome == Outcome::kRefused) return CheckRefusal(operation, oldest, newest);
    if (operation.revision < oldest) return Wrong("stale", operation);
    if (operation.kind != Kind::kRead || operation.revision == 0) return absl::OkStatus();
    if (operation.revision > newest) return Wrong("from the future", operation);
    const Operation* write = claims_[static_cast<size_t>(operation.revision)].write;
    if (write != nullptr && write->value != operation.value) return Wrong("another content", operation);
    return absl::OkStatus();
  }

  absl::Status CheckRefusal(const Operation& operation, int64_t oldest, int64_t newest) const {
    // A write that nobody knows of may have been the ground.
    if (operation.kind != Kind::kWrite && earliest_unknown_ <= operation.returned) return absl::OkStatus();
    // Some revision between the two must be a ground for it.
    bool has_ground = true;
    if (operation.kind == Kind::kCreate) has_ground = newest > 0;
    if (operation.kind == Kind::kWrite) has_ground = oldest == 0;
    if (operation.kind == Kind::kWriteIf) has_ground = oldest != operation.expected || newest != operation.expected;
    return has_ground ? absl::OkStatus() : Wrong("refused without a ground", operation);
  }

  const KeyHistory& history_;
  std::vector<Claim> claims_;                      // by revision
  std::vector<int64_t> begins_;                    // by revision
  int64_t earliest_unknown_ = kNeverReturned;      // call of a write
  std::vector<std::pair<int64_t, int64_t>> seen_;  // time, newest revision
};

}  // namespace

absl::Status CheckByRevision(const KeyHistory& history) { return Judge(history).Run(); }

}  // namespace partnerskap
