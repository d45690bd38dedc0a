#include "tests/history/serial_order.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace partnerskap {
namespace {

constexpr int64_t kForever = std::numeric_limits<int64_t>::max();

// Where in the log a call may stand: after `first` and before the entry after `last`.
struct Window {
  int64_t first = 0;
  int64_t last = kForever;
};

class Places {
 public:
  explicit Places(const Log& log) : end_(static_cast<int64_t>(log.size())) {
    for (const LogEntry& entry : log) sequences_[entry.name].push_back(entry.sequence);
  }

  absl::StatusOr<Window> Of(const AnsweredCall& call) const {
    if (call.position > end_) {
      return absl::FailedPreconditionError(absl::StrCat("an acknowledged write at ", call.position, " is lost"));
    }
    Window window;
    if (call.position > 0) window = {call.position, call.position};
    for (const Seen& seen : call.seen) {
      ASSIGN_OR_RETURN(const Window one, Of(seen));
      window.first = std::max(window.first, one.first);
      window.last = std::min(window.last, one.last);
      if (window.first > window.last) {
        return absl::FailedPreconditionError(
            absl::StrCat("a state that never was: with revision ", seen.revision, " of ", seen.name));
      }
    }
    return window;
  }

 private:
  absl::StatusOr<Window> Of(const Seen& seen) const {
    const auto found = sequences_.find(seen.name);
    const size_t known = found == sequences_.end() ? 0 : found->second.size();
    if (seen.revision < 0 || static_cast<size_t>(seen.revision) > known) {
      return absl::FailedPreconditionError(
          absl::StrCat("revision ", seen.revision, " of ", seen.name, " was shown and is not in the log"));
    }
    const auto revision = static_cast<size_t>(seen.revision);
    Window window;
    if (revision > 0) window.first = found->second[revision - 1];
    if (revision < known) window.last = found->second[revision] - 1;
    return window;
  }

  const int64_t end_;
  absl::flat_hash_map<std::string, std::vector<int64_t>> sequences_;  // of each name, by revision
};

}  // namespace

absl::Status CheckLog(const Log& log) {
  absl::flat_hash_map<std::string, int64_t> newest;
  int64_t sequence = 0, transaction = 0;
  for (const LogEntry& entry : log) {
    const auto wrong = [&](absl::string_view what) {
      return absl::FailedPreconditionError(absl::StrCat("log entry ", entry.sequence, " (", entry.name, "): ", what));
    };
    if (entry.sequence != ++sequence) return wrong(absl::StrCat("comes where ", sequence, " should"));
    if (entry.revision != ++newest[entry.name]) return wrong(absl::StrCat("has revision ", entry.revision));
    const bool begins = entry.transaction == entry.sequence;
    if (!begins && entry.transaction != transaction) return wrong("lies in a transaction that has ended");
    transaction = entry.transaction;
  }
  return absl::OkStatus();
}

absl::Status CheckSerialOrder(const Log& log, std::vector<AnsweredCall> calls) {
  const Places places(log);
  std::sort(calls.begin(), calls.end(), [](const AnsweredCall& a, const AnsweredCall& b) { return a.call < b.call; });
  std::vector<size_t> by_answer(calls.size());
  std::iota(by_answer.begin(), by_answer.end(), 0);
  std::sort(by_answer.begin(), by_answer.end(),
            [&](size_t a, size_t b) { return calls[a].returned < calls[b].returned; });
  // Each call takes the earliest place that it may: whatever comes after has the most room so.
  std::vector<int64_t> place(calls.size());
  int64_t answered = 0;  // the latest place of a call that was answered before this one was made
  size_t next = 0;
  for (size_t i = 0; i < calls.size(); ++i) {
    // Answered before: called before, so its place is known.
    for (; next < by_answer.size() && calls[by_answer[next]].returned < calls[i].call; ++next) {
      answered = std::max(answered, place[by_answer[next]]);
    }
    ASSIGN_OR_RETURN(const Window window, places.Of(calls[i]));
    place[i] = std::max(window.first, answered);
    if (place[i] <= window.last) continue;
    const std::string what = calls[i].seen.empty() ? "a write" : absl::StrCat("a read of ", calls[i].seen[0].name);
    return absl::FailedPreconditionError(absl::StrCat(what, " called at ", calls[i].call, " belongs before ",
                                                      window.last + 1, ", and ", answered, " had been told by then"));
  }
  return absl::OkStatus();
}

}  // namespace partnerskap
