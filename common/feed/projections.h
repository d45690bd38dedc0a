// How far this service has followed each other one, and who waits for more: read-your-writes over services.
#ifndef PARTNERSKAP_COMMON_FEED_PROJECTIONS_H_
#define PARTNERSKAP_COMMON_FEED_PROJECTIONS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/env/env.h"

namespace partnerskap {

// Where a caller has been: `membership/1f2e3d4c5b6a7988/42`.
struct Position {
  std::string service;
  std::string epoch;
  int64_t sequence = 0;
};
std::string FormatPosition(const Position& position);
// Errors: INVALID_ARGUMENT without a reason; a caller that sends garbage has no position.
absl::StatusOr<Position> ParsePosition(absl::string_view text);

// One producer, as health and metrics show it.
struct ProjectionState {
  std::string producer;
  std::string epoch;
  int64_t sequence = 0;           // applied
  int64_t producer_sequence = 0;  // the producer's newest, as last heard
  absl::Time heard;               // when the producer last spoke
  absl::Status status;            // why this edge stands still, or OK
  absl::Time commit_time;  // when `sequence` was committed there, if this process has seen it; else the Unix epoch
};

// The answer that a position was not reached leaves so long before the caller's deadline, and another hundredth of what
// was left, so that it arrives in time: twice the 20 ms that each hop takes off a deadline, and what gRPC rounds up
// when it writes a timeout.
inline constexpr absl::Duration kBehindMargin = absl::Milliseconds(40);

class Projections {
 public:
  static std::unique_ptr<Projections> Create(const Env& env, std::vector<std::string> producers);
  virtual ~Projections() = default;
  // Called by the subscriber, after the commit.
  virtual void Advance(const ProjectionState& state) = 0;
  virtual std::vector<ProjectionState> All() const = 0;
  // Calls `done` when `position` has been applied here, at once if it has, is this service's own, or is of a service
  // that is not followed; with PROJECTION_BEHIND shortly before the deadline by SteadyTime (kBehindMargin). A position
  // of an epoch that has ended since is taken as applied: what it spoke of is gone, and no waiting brings it back.
  virtual void WaitFor(const Position& position, absl::Time deadline, absl::AnyInvocable<void(absl::Status)> done) = 0;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_FEED_PROJECTIONS_H_
