#include "common/testing/test_watcher.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace partnerskap {

using common::v1::Change;
using common::v1::WatchChangesResponse;

std::string FeedRules::AddChange(const Change& change) {
  if (change.sequence() <= sequence_) return absl::StrCat("change ", change.sequence(), " after ", sequence_);
  if (change.sequence() <= announced_) {
    return absl::StrCat("change ", change.sequence(), " after ", announced_, " was announced");
  }
  if (change.transaction() < transaction_) return absl::StrCat("transaction ", change.transaction(), " comes back");
  if (change.transaction() > change.sequence()) return "a transaction begins after its change";
  if (change.epoch() != epoch_) return "a change of another epoch";
  sequence_ = change.sequence();
  transaction_ = change.transaction();
  return "";
}

std::string FeedRules::Add(const WatchChangesResponse& response) {
  if (response.initial_state() && !state_) {
    *this = FeedRules();
    state_ = true;
  }
  if (epoch_.empty()) epoch_ = response.epoch();
  if (response.epoch() != epoch_) return "a response of another epoch";
  for (const Change& change : response.changes()) {
    if (held_ == 0) held_ = change.sequence();
    if (std::string broken = AddChange(change); !broken.empty()) return broken;
  }
  if (state_) {
    if (!response.initial_state()) return "news before the initial state is complete";
    if (!response.initial_state_complete()) return response.resume_token().empty() ? "" : "a token inside the state";
    if (response.sequence() < sequence_) return "the state is newer than its position";
    *this = FeedRules();
    epoch_ = response.epoch();
    announced_ = sequence_ = response.sequence();
    return "";
  }
  if (response.sequence() < announced_) return "the position goes back";
  // Below the first change of a transaction, or at or above its last: a transaction is never announced in part.
  if (held_ != 0 && response.sequence() >= held_ && response.sequence() < sequence_) return "a transaction in part";
  if (response.sequence() > response.high_sequence()) return "ahead of what is committed";
  if (response.sequence() >= sequence_) held_ = 0;
  announced_ = response.sequence();
  return "";
}

void FeedRules::Resumed() {
  // Without a token everything begins anew; with one, what was not announced comes again.
  if (state_ || announced_ == 0) {
    *this = FeedRules();
    return;
  }
  sequence_ = announced_;
  held_ = transaction_ = 0;
}

TestWatcher::TestWatcher(Peer& peer, std::string method, common::v1::WatchChangesRequest request)
    : peer_(peer), method_(std::move(method)), request_(std::move(request)) {
  Open();
}

void TestWatcher::Open() {
  StreamEvents events;
  events.on_message = [heard = heard_](const std::string& message) {
    std::lock_guard<std::mutex> lock(heard->mutex);
    WatchChangesResponse response;
    std::string broken = response.ParseFromString(message) ? heard->rules.Add(response) : "not a response";
    if (heard->broken_rule.empty()) heard->broken_rule = std::move(broken);
    if (!response.resume_token().empty()) heard->token = response.resume_token();
    heard->complete = heard->complete || response.initial_state_complete();
    if (!response.initial_state()) heard->count += static_cast<size_t>(response.changes_size());
    heard->responses.push_back(std::move(response));
    return heard->reading;
  };
  events.on_end = [heard = heard_](absl::Status status) {
    std::lock_guard<std::mutex> lock(heard->mutex);
    heard->end = std::move(status);
  };
  stream_ = peer_.Watch(method_, request_.SerializeAsString(), {}, std::move(events));
}

void TestWatcher::Resume() {
  stream_.reset();
  {
    std::lock_guard<std::mutex> lock(heard_->mutex);
    heard_->end.reset();
    heard_->reading = true;
    heard_->rules.Resumed();
    if (!heard_->token.empty()) {
      request_.set_send_initial_state(false);
      request_.set_resume_token(heard_->token);
    }
  }
  Open();
}

void TestWatcher::StopReading() {
  std::lock_guard<std::mutex> lock(heard_->mutex);
  heard_->reading = false;
}

void TestWatcher::Read() {
  {
    std::lock_guard<std::mutex> lock(heard_->mutex);
    heard_->reading = true;
  }
  stream_->Resume();
}

size_t TestWatcher::heard() const {
  std::lock_guard<std::mutex> lock(heard_->mutex);
  return heard_->responses.size();
}

size_t TestWatcher::count() const {
  std::lock_guard<std::mutex> lock(heard_->mutex);
  return heard_->count;
}

std::vector<WatchChangesResponse> TestWatcher::responses() const {
  std::lock_guard<std::mutex> lock(heard_->mutex);
  return heard_->responses;
}

std::vector<Change> TestWatcher::changes() const {
  std::vector<Change> changes;
  for (const WatchChangesResponse& response : responses()) {
    if (response.initial_state()) continue;
    changes.insert(changes.end(), response.changes().begin(), response.changes().end());
  }
  return changes;
}

std::vector<int64_t> TestWatcher::sequences() const {
  std::vector<int64_t> sequences;
  for (const Change& change : changes()) sequences.push_back(change.sequence());
  return sequences;
}

std::vector<Change> TestWatcher::initial_state() const {
  std::vector<Change> changes;
  for (const WatchChangesResponse& response : responses()) {
    if (!response.initial_state()) continue;
    changes.insert(changes.end(), response.changes().begin(), response.changes().end());
  }
  return changes;
}

int64_t TestWatcher::sequence() const {
  std::lock_guard<std::mutex> lock(heard_->mutex);
  return heard_->responses.empty() ? 0 : heard_->responses.back().sequence();
}

bool TestWatcher::initial_state_complete() const {
  std::lock_guard<std::mutex> lock(heard_->mutex);
  return heard_->complete;
}

std::optional<absl::Status> TestWatcher::end() const {
  std::lock_guard<std::mutex> lock(heard_->mutex);
  return heard_->end;
}

std::string TestWatcher::broken_rule() const {
  std::lock_guard<std::mutex> lock(heard_->mutex);
  return heard_->broken_rule;
}

}  // namespace partnerskap
