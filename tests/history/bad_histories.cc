#include "tests/history/bad_histories.h"

#include <algorithm>
#include <random>
#include <vector>

namespace partnerskap {
namespace {

using Kind = Operation::Kind;
using Outcome = Operation::Outcome;

// Longest time between two operations' effects, and between effect and call or answer.
constexpr int64_t kLongest = 8;

class Maker {
 public:
  Maker(uint64_t seed, const HistoryShape& shape, Bug bug)
      : engine_(seed), shape_(shape), bug_(bug), free_(static_cast<size_t>(shape.clients), 0) {}

  KeyHistory Run() {
    Do(Kind::kCreate);
    for (int i = 1; i < shape_.operations; ++i) {
      // As late as it takes: not every kind of operation can carry every bug.
      bug_is_due_ = bug_ != Bug::kNone && i >= shape_.operations * 3 / 4;
      Do(static_cast<Kind>(Below(4)));
    }
    bug_is_due_ = false;
    for (int64_t& when : free_) when = now_ = std::max(now_, when) + 1;
    Do(Kind::kRead);
    return std::move(history_);
  }

 private:
  uint64_t Below(uint64_t below) { return engine_() % below; }
  int64_t Pause() { return static_cast<int64_t>(Below(kLongest)) + 1; }
  bool Take(Bug bug, bool fits = true) {
    if (!bug_is_due_ || bug_ != bug || !fits) return false;
    bug_ = Bug::kNone;
    return true;
  }
  uint64_t ValueOf(int64_t revision) const { return revision == 0 ? 0 : values_[static_cast<size_t>(revision) - 1]; }
  int64_t revision() const { return static_cast<int64_t>(values_.size()); }

  // One operation, whose effect comes after those of all before it.
  void Do(Kind kind) {
    int64_t& free = free_[Below(free_.size())];
    Operation operation;
    operation.kind = kind;
    operation.call = std::max(free, now_ - Pause());
    now_ = std::max(operation.call, now_) + 1;
    operation.returned = now_ + Pause();
    if (kind == Kind::kRead) {
      Read(operation);
    } else {
      Write(operation);
    }
    free = operation.returned + 1;
    history_.push_back(operation);
  }

  void Read(Operation& operation) {
    operation.revision = revision();
    // The write of the revision after it was answered before this was called.
    if (Take(Bug::kStaleRead, NewestThatIsStale(operation.call) > 0))
      operation.revision = NewestThatIsStale(operation.call);
    operation.value = ValueOf(operation.revision);
    if (Take(Bug::kDirtyRead)) operation.value = ++last_value_;
  }

  // The newest revision that nobody may see who calls now. Only asked for when a bug is due: it looks at everything.
  int64_t NewestThatIsStale(int64_t call) const {
    int64_t seen = 0;
    if (!bug_is_due_) return 0;
    for (const Operation& before : history_) {
      if (before.outcome == Outcome::kDone && before.returned < call) seen = std::max(seen, before.revision);
    }
    return seen - 1;
  }

  void Write(Operation& operation) {
    operation.value = ++last_value_;
    operation.expected = Below(2) == 0 ? revision() : revision() - 1;
    bool granted = operation.kind == Kind::kWrite ? revision() > 0 : operation.expected == revision();
    if (operation.kind == Kind::kCreate) granted = revision() == 0;
    const bool conditional = operation.kind == Kind::kWriteIf;
    // Nobody else may be able to be the ground for it.
    if (Take(Bug::kLostUpdate, conditional && !granted && NewestThatIsStale(operation.call) + 1 > operation.expected)) {
      granted = true;
    }
    if (Take(Bug::kRefusedWrongly, conditional && granted && NewestThatIsStale(operation.call) + 1 == revision())) {
      operation.outcome = Outcome::kRefused;
      // Nothing else may be under way that could be put before it.
      for (int64_t& when : free_) when = std::max(when, operation.returned + 1);
      now_ = operation.returned;
      return;
    }
    if (!granted) {
      operation.outcome = Outcome::kRefused;
      return;
    }
    Grant(operation);
  }

  void Grant(Operation& operation) {
    operation.revision = revision() + 1;
    const bool unknown = std::uniform_real_distribution<>()(engine_) < shape_.unknown;
    const bool applied = !unknown || Below(2) == 0;
    if (unknown) {
      operation.outcome = Outcome::kUnknown;
      operation.returned = kNeverReturned;
      operation.revision = 0;
    }
    if (unknown && applied) values_.push_back(operation.value);
    if (unknown) {
      // The client goes on with something else.
      operation.returned = now_ + Pause();
    }
    if (unknown || Take(Bug::kLostWrite)) return;
    if (Take(Bug::kRevisionReused, operation.kind == Kind::kWrite)) --operation.revision;
    if (Take(Bug::kEarlyAnswer)) {
      // Others, called after the answer, still see what was before.
      for (int64_t& when : free_) when = std::max(when, operation.returned + 1);
      now_ = operation.returned + 1;
      Do(Kind::kRead);
      operation.revision = revision() + 1;
    }
    values_.push_back(operation.value);
    if (Take(Bug::kAppliedTwice)) values_.push_back(operation.value);
  }

  std::mt19937_64 engine_;
  const HistoryShape shape_;
  Bug bug_;
  bool bug_is_due_ = false;
  std::vector<int64_t> free_;  // when each client has its answer
  int64_t now_ = 0;
  uint64_t last_value_ = 0;
  std::vector<uint64_t> values_;  // of each revision
  KeyHistory history_;
};

}  // namespace

KeyHistory MakeHistory(uint64_t seed, const HistoryShape& shape, Bug bug) {
  KeyHistory history = Maker(seed, shape, bug).Run();
  for (Operation& operation : history) {
    if (operation.outcome == Outcome::kUnknown) operation.returned = kNeverReturned;
  }
  return history;
}

}  // namespace partnerskap
