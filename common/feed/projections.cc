#include "common/feed/projections.h"

#include <algorithm>
#include <list>
#include <map>
#include <mutex>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/env/steady_time.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

// Ended epochs that are remembered per producer: restores are rare, and positions live as long as a person's visit.
constexpr size_t kPastEpochs = 8;

class ProjectionsImpl final : public Projections {
 public:
  ProjectionsImpl(const Env& env, std::vector<std::string> producers) : env_(env) {
    for (std::string& producer : producers) {
      auto& edge = edges_[producer];
      edge.state.producer = std::move(producer);
    }
  }

  void Advance(const ProjectionState& state) override {
    std::list<std::shared_ptr<Waiter>> reached;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      Edge& edge = edges_[state.producer];
      if (!edge.state.epoch.empty() && edge.state.epoch != state.epoch) {
        edge.past_epochs.push_back(edge.state.epoch);
        if (edge.past_epochs.size() > kPastEpochs) edge.past_epochs.erase(edge.past_epochs.begin());
      }
      edge.state = state;
      for (auto waiter = waiters_.begin(); waiter != waiters_.end();) {
        if (Reached((*waiter)->position)) {
          reached.push_back(std::move(*waiter));
          waiter = waiters_.erase(waiter);
        } else {
          ++waiter;
        }
      }
    }
    // Outside the lock: `done` runs a handler, which may ask how far we are.
    for (const auto& waiter : reached) waiter->done(absl::OkStatus());
  }

  std::vector<ProjectionState> All() const override {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<ProjectionState> all;
    for (const auto& [producer, edge] : edges_) all.push_back(edge.state);
    return all;
  }

  void WaitFor(const Position& position, absl::Time deadline, absl::AnyInvocable<void(absl::Status)> done) override {
    auto waiter = std::make_shared<Waiter>();
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (!Reached(position)) {
        waiter->position = position;
        waiter->done = std::move(done);
        waiters_.push_back(waiter);
        if (deadline != absl::InfiniteFuture()) {
          const absl::Duration left = deadline - SteadyTime(*env_.clock);
          waiter->timer = env_.executor->After(std::max(left - left / 100 - kBehindMargin, absl::ZeroDuration()),
                                               [this, weak = std::weak_ptr<Waiter>(waiter)] { Expire(weak.lock()); });
        }
        return;
      }
    }
    done(absl::OkStatus());
  }

 private:
  struct Waiter {
    Position position;
    absl::AnyInvocable<void(absl::Status)> done;
    std::unique_ptr<Timer> timer;
  };
  struct Edge {
    ProjectionState state;
    std::vector<std::string> past_epochs;
  };

  // With mutex_ held.
  bool Reached(const Position& position) const {
    const auto found = edges_.find(position.service);
    if (found == edges_.end()) return true;
    const Edge& edge = found->second;
    if (edge.state.epoch == position.epoch) return edge.state.sequence >= position.sequence;
    return std::find(edge.past_epochs.begin(), edge.past_epochs.end(), position.epoch) != edge.past_epochs.end();
  }

  void Expire(const std::shared_ptr<Waiter>& waiter) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      const auto found = std::find(waiters_.begin(), waiters_.end(), waiter);
      if (waiter == nullptr || found == waiters_.end()) return;
      waiters_.erase(found);
    }
    waiter->done(Refuse(common::v1::PROJECTION_BEHIND, {{"service", waiter->position.service}}));
  }

  const Env& env_;
  mutable std::mutex mutex_;
  std::map<std::string, Edge> edges_;
  std::list<std::shared_ptr<Waiter>> waiters_;
};

}  // namespace

std::string FormatPosition(const Position& position) {
  return absl::StrCat(position.service, "/", position.epoch, "/", position.sequence);
}

absl::StatusOr<Position> ParsePosition(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  Position position;
  if (parts.size() != 3 || parts[0].empty() || parts[1].empty() || !absl::SimpleAtoi(parts[2], &position.sequence) ||
      position.sequence < 0 || parts[2] != absl::StrCat(position.sequence)) {
    return absl::InvalidArgumentError("not a position: service/epoch/sequence");
  }
  position.service = std::string(parts[0]);
  position.epoch = std::string(parts[1]);
  return position;
}

std::unique_ptr<Projections> Projections::Create(const Env& env, std::vector<std::string> producers) {
  return std::make_unique<ProjectionsImpl>(env, std::move(producers));
}

}  // namespace partnerskap
