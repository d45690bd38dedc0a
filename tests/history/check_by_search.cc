#include <algorithm>
#include <optional>
#include <random>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "tests/history/linearizable.h"

namespace partnerskap {
namespace {

using Kind = Operation::Kind;
using Outcome = Operation::Outcome;

struct Register {
  int64_t revision = 0;
  uint64_t value = 0;
};

// The register after the operation, or nothing if it cannot have been answered so in this state.
std::optional<Register> Apply(const Register& before, const Operation& operation) {
  const bool done = operation.outcome == Outcome::kDone;
  if (operation.kind == Kind::kRead) {
    const bool same =
        operation.revision == before.revision && (before.revision == 0 || operation.value == before.value);
    return same || !done ? std::optional(before) : std::nullopt;
  }
  bool granted = before.revision > 0;
  if (operation.kind == Kind::kCreate) granted = before.revision == 0;
  if (operation.kind == Kind::kWriteIf) granted = granted && operation.expected == before.revision;
  if (operation.outcome == Outcome::kRefused) return granted ? std::nullopt : std::optional(before);
  if (!granted) return done ? std::nullopt : std::optional(before);
  const Register after{before.revision + 1, operation.value};
  if (done && operation.revision != after.revision) return std::nullopt;
  return after;
}

// Calls and answers in order of time, as a list from which an operation is taken out when it has got its place.
class Events {
 public:
  explicit Events(const KeyHistory& history) {
    std::vector<Event> events;
    for (size_t i = 0; i < history.size(); ++i) {
      events.push_back({history[i].call, false, i});
      events.push_back({history[i].returned, true, i});
    }
    // At one instant calls come first: operations that touch overlap.
    std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
      return std::tie(a.time, a.is_answer, a.operation) < std::tie(b.time, b.is_answer, b.operation);
    });
    const size_t end = events.size() + 1;
    nodes_.resize(end + 1);
    call_.resize(history.size());
    answer_.resize(history.size());
    for (size_t i = 0; i <= end; ++i) {
      nodes_[i].next = i + 1;
      nodes_[i].previous = i - 1;
    }
    for (size_t i = 0; i < events.size(); ++i) {
      nodes_[i + 1].operation = events[i].operation;
      nodes_[i + 1].is_answer = events[i].is_answer;
      (events[i].is_answer ? answer_ : call_)[events[i].operation] = i + 1;
    }
  }

  size_t first() const { return nodes_[0].next; }
  size_t next(size_t node) const { return nodes_[node].next; }
  bool is_end(size_t node) const { return node + 1 == nodes_.size(); }
  bool is_answer(size_t node) const { return nodes_[node].is_answer; }
  size_t operation(size_t node) const { return nodes_[node].operation; }
  size_t call_of(size_t operation) const { return call_[operation]; }

  void TakeOut(size_t operation) {
    for (const size_t node : {call_[operation], answer_[operation]}) {
      nodes_[nodes_[node].previous].next = nodes_[node].next;
      nodes_[nodes_[node].next].previous = nodes_[node].previous;
    }
  }
  // In the reverse order of TakeOut.
  void PutBack(size_t operation) {
    for (const size_t node : {answer_[operation], call_[operation]}) {
      nodes_[nodes_[node].previous].next = node;
      nodes_[nodes_[node].next].previous = node;
    }
  }

 private:
  struct Event {
    int64_t time;
    bool is_answer;
    size_t operation;
  };
  struct Node {
    size_t next = 0, previous = 0, operation = 0;
    bool is_answer = false;
  };
  std::vector<Node> nodes_;
  std::vector<size_t> call_, answer_;
};

class Search {
 public:
  explicit Search(const KeyHistory& history) : history_(history), events_(history) {
    // A set of operations is known by the sum of its members' random numbers: 128 bits, so that two sets never meet.
    std::mt19937_64 engine(history.size());
    for (size_t i = 0; i < history.size(); ++i) marks_.push_back({engine(), engine()});
    for (const Operation& operation : history) to_place_ += operation.outcome != Outcome::kUnknown;
  }

  absl::Status Run() {
    const uint64_t budget = kSearchStepsPerOperation * (history_.size() + 1);
    size_t node = events_.first();
    for (uint64_t steps = 0; to_place_ > 0; ++steps) {
      if (steps > budget) return absl::ResourceExhaustedError("too many operations at once to find an order");
      if (!events_.is_end(node) && !events_.is_answer(node)) {
        node = Place(events_.operation(node)) ? events_.first() : events_.next(node);
        continue;
      }
      // An answer stands before everything that is left: what it answers must have come earlier.
      if (!events_.is_end(node)) Blame(events_.operation(node));
      if (placed_.empty()) return absl::FailedPreconditionError(absl::StrCat("fits nowhere: ", Describe(*blamed_)));
      node = events_.next(Unplace());
    }
    return absl::OkStatus();
  }

 private:
  struct Mark {
    uint64_t low = 0, high = 0;
    bool operator==(const Mark& other) const { return low == other.low && high == other.high; }
  };
  struct Reached {
    Mark set;
    int64_t revision;
    uint64_t value;
    bool operator==(const Reached& other) const {
      return set == other.set && revision == other.revision && value == other.value;
    }
    template <typename H>
    friend H AbslHashValue(H hash, const Reached& reached) {
      return H::combine(std::move(hash), reached.set.low, reached.revision, reached.value);
    }
  };
  struct Step {
    size_t operation;
    Register before;
  };

  void Toggle(size_t operation) {
    set_.low ^= marks_[operation].low;
    set_.high ^= marks_[operation].high;
  }

  bool Place(size_t operation) {
    const std::optional<Register> after = Apply(state_, history_[operation]);
    if (!after) return false;
    Toggle(operation);
    if (!reached_.insert({set_, after->revision, after->value}).second) {
      Toggle(operation);
      return false;
    }
    placed_.push_back({operation, state_});
    state_ = *after;
    to_place_ -= history_[operation].outcome != Outcome::kUnknown;
    events_.TakeOut(operation);
    return true;
  }

  // Takes the last one back, and returns where its call stands.
  size_t Unplace() {
    const Step last = placed_.back();
    placed_.pop_back();
    events_.PutBack(last.operation);
    Toggle(last.operation);
    to_place_ += history_[last.operation].outcome != Outcome::kUnknown;
    state_ = last.before;
    return events_.call_of(last.operation);
  }

  // The one in whose way most others had found their place says most about what is wrong.
  void Blame(size_t operation) {
    if (blamed_ != nullptr && placed_.size() < blamed_after_) return;
    blamed_ = &history_[operation];
    blamed_after_ = placed_.size();
  }

  const KeyHistory& history_;
  Events events_;
  std::vector<Mark> marks_;
  absl::flat_hash_set<Reached> reached_;
  std::vector<Step> placed_;
  Register state_;
  Mark set_;
  size_t to_place_ = 0;
  const Operation* blamed_ = nullptr;
  size_t blamed_after_ = 0;
};

}  // namespace

absl::Status CheckBySearch(const KeyHistory& history) { return Search(history).Run(); }

}  // namespace partnerskap
