#include "tests/history/feed_checker.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

namespace partnerskap {
namespace {

using common::v1::Change;
using common::v1::WatchChangesResponse;

class Checker {
 public:
  Checker(const Log& log, const std::string& epoch, const FeedStream& stream, const FeedView& view)
      : log_(log), epoch_(epoch), stream_(stream), view_(view) {}

  std::vector<std::string> Run() {
    // What the stream has to hold begins here; a snapshot says where it ends itself.
    announced_ = told_ = stream_.after;
    in_state_ = stream_.initial_state;
    for (const WatchChangesResponse& response : stream_.responses) {
      if (response.epoch() != epoch_) Broken("epoch", absl::StrCat("a response of ", response.epoch()));
      for (const Change& change : response.changes()) {
        CheckDurable(change);
        if (!in_state_) CheckPlace(change);
      }
      if (in_state_) {
        TakeState(response);
      } else {
        CheckBookmark(response);
      }
    }
    return {broken_.begin(), broken_.end()};
  }

 private:
  void Broken(absl::string_view promise, absl::string_view what) {
    // One of each kind says it.
    if (seen_promises_.insert(std::string(promise)).second) broken_.push_back(absl::StrCat(promise, ": ", what));
  }
  bool Shows(const LogEntry& entry) const { return view_.shows == nullptr || view_.shows(entry); }
  // The first change after `told_`, up to `end`, that the watcher should have heard of; 0 if there is none.
  int64_t MissedBefore(int64_t end) const {
    for (int64_t sequence = told_ + 1; sequence < end; ++sequence) {
      const LogEntry* entry = EntryAt(sequence);
      if (entry != nullptr && Shows(*entry)) return sequence;
    }
    return 0;
  }
  const LogEntry* EntryAt(int64_t sequence) const {
    const bool inside = sequence >= 1 && static_cast<size_t>(sequence) <= log_.size();
    return inside ? &log_[static_cast<size_t>(sequence) - 1] : nullptr;
  }

  void CheckDurable(const Change& change) {
    const LogEntry* entry = EntryAt(change.sequence());
    const std::string where = absl::StrCat("change ", change.sequence(), " (", change.name(), ")");
    if (entry == nullptr) return Broken("durable", absl::StrCat(where, " is not in the log"));
    const bool same = entry->transaction == change.transaction() && entry->name == change.name() &&
                      entry->revision == change.revision() && entry->type == change.type() &&
                      entry->message_type == change.message_type() && entry->request_id == change.request_id() &&
                      entry->actor == change.actor();
    const bool whole = view_.cleared_types.count(change.message_type()) > 0 || entry->message == change.message();
    if (!Shows(*entry)) Broken("durable", absl::StrCat(where, " was not for this watcher"));
    if (!same || !whole) Broken("durable", absl::StrCat(where, " is another in the log"));
    if (change.epoch() != epoch_) Broken("epoch", absl::StrCat(where, " is of ", change.epoch()));
  }

  void CheckPlace(const Change& change) {
    const int64_t sequence = change.sequence();
    const std::string which = absl::StrCat("change ", sequence);
    if (sequence <= announced_ && announced_ > stream_.after) {
      Broken("bookmark", absl::StrCat(which, " after ", announced_, " was announced"));
    }
    if (!told_sequences_.insert(sequence).second) Broken("unique", absl::StrCat(which, " comes twice"));
    if (sequence < told_) Broken("ordered", absl::StrCat(which, " after ", told_));
    const int64_t missed = MissedBefore(sequence);
    if (first_ && (sequence <= stream_.after || missed != 0)) {
      Broken("resumable", absl::StrCat("begins with ", which, ", asked to go on after ", told_));
    }
    if (!first_ && missed != 0) Broken("reliable", absl::StrCat(which, " without ", missed));
    first_ = false;
    told_ = std::max(told_, sequence);
  }

  void CheckBookmark(const WatchChangesResponse& response) {
    const int64_t sequence = response.sequence();
    if (sequence < announced_) Broken("bookmark", absl::StrCat("goes back from ", announced_, " to ", sequence));
    if (const int64_t missed = MissedBefore(sequence + 1); missed != 0) {
      Broken(first_ ? "resumable" : "reliable", absl::StrCat("read through ", sequence, " without ", missed));
    }
    // Told through here: what the watcher may not see need not be looked at again.
    told_ = std::max(told_, sequence);
    const LogEntry* after = EntryAt(sequence + 1);
    if (after != nullptr && after->transaction <= sequence) {
      Broken("atomic", absl::StrCat("announces ", sequence, ", within transaction ", after->transaction));
    }
    if (EntryAt(response.high_sequence()) == nullptr && response.high_sequence() != 0) {
      Broken("durable", absl::StrCat("names ", response.high_sequence(), " as committed, which is not in the log"));
    }
    announced_ = std::max(announced_, sequence);
  }

  // The state must be that of one instant: each name's newest revision at the position that ends it.
  void TakeState(const WatchChangesResponse& response) {
    for (const Change& change : response.changes()) {
      if (!state_.emplace(change.name(), change.sequence()).second) {
        Broken("unique", absl::StrCat(change.name(), " comes twice in the state"));
      }
    }
    if (!response.initial_state_complete()) return;
    in_state_ = false;
    announced_ = told_ = response.sequence();
    absl::flat_hash_map<std::string, int64_t> newest;
    for (const LogEntry& entry : log_) {
      if (entry.sequence <= response.sequence() && Shows(entry)) newest[entry.name] = entry.sequence;
    }
    if (newest != state_) {
      Broken("atomic", absl::StrCat("the state at ", response.sequence(), " has ", state_.size(),
                                    " resources, the log ", newest.size(), ", or other revisions of them"));
    }
  }

  const Log& log_;
  const std::string& epoch_;
  const FeedStream& stream_;
  const FeedView& view_;
  std::vector<std::string> broken_;
  std::set<std::string> seen_promises_;
  std::set<int64_t> told_sequences_;
  absl::flat_hash_map<std::string, int64_t> state_;
  int64_t announced_ = 0;  // read through
  int64_t told_ = 0;       // newest change
  bool first_ = true;
  bool in_state_ = false;
};

}  // namespace

std::vector<std::string> CheckFeed(const Log& log, const std::string& epoch, const FeedStream& stream,
                                   const FeedView& view) {
  return Checker(log, epoch, stream, view).Run();
}

}  // namespace partnerskap
