#include "tests/simulator/feed_watcher.h"

#include "absl/strings/str_cat.h"
#include "common/status/refusal.h"
#include "partnerskap/membership/v1/posts.pb.h"

namespace partnerskap::simulator {

using common::v1::WatchChangesRequest;
using common::v1::WatchChangesResponse;

namespace {

// What a watcher waits before it opens a stream again, at most.
constexpr int kPauseMilliseconds = 800;

}  // namespace

FeedWatcher::FeedWatcher(SimLoop& loop, SeededRandom& random, std::unique_ptr<Peer> peer, std::string method,
                         std::string network, Mirror& mirror)
    : loop_(loop),
      random_(random),
      peer_(std::move(peer)),
      method_(std::move(method)),
      network_(std::move(network)),
      mirror_(mirror) {
  Open();
}

void FeedWatcher::Open() {
  WatchChangesRequest request;
  request.set_network(network_);
  request.set_send_initial_state(token_.empty());
  request.set_resume_token(token_);
  paused_ = false;
  ++attempt_;
  StreamEvents events;
  events.on_message = [this, alive = alive_, attempt = attempt_](const std::string& message) {
    return *alive && attempt == attempt_ && Heard(message);
  };
  events.on_end = [this, alive = alive_, attempt = attempt_](const absl::Status& status) {
    if (*alive && attempt == attempt_) Ended(status);
  };
  stream_ = peer_->Watch(method_, request.SerializeAsString(), {}, std::move(events));
}

bool FeedWatcher::Heard(const std::string& message) {
  WatchChangesResponse response;
  std::string broken = response.ParseFromString(message) ? rules_.Add(response) : "not a response";
  if (!broken.empty() && broken_.empty()) broken_ = absl::StrCat("P9: ", method_, " ", network_, ": ", broken);
  refused_ = false;
  for (const common::v1::Change& change : response.changes()) {
    mirror_.SawChange(change);
    ++heard_;
    if (response.initial_state() || change.sequence() <= last_change_) continue;
    if (begun_ && change.sequence() > last_change_ + 1) gaps_.emplace_back(last_change_, change.sequence());
    last_change_ = change.sequence();
  }
  if (response.initial_state_complete()) {
    begun_ = true;
    last_change_ = response.sequence();
  }
  // Through here everything has come, or is not for anybody.
  if (begun_ && !response.initial_state() && response.sequence() > last_change_) {
    gaps_.emplace_back(last_change_, response.sequence() + 1);
    last_change_ = response.sequence();
  }
  if (!response.resume_token().empty()) token_ = response.resume_token();
  sequence_ = response.sequence();
  return !paused_;
}

void FeedWatcher::Ended(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  if (reason == "FEED_EPOCH_CHANGED" || reason == "FEED_POSITION_EXPIRED" || reason == "RESUME_TOKEN_INVALID") {
    broken_ = absl::StrCat("P9: ", method_, " refused a token of its own: ", status.ToString());
  }
  refused_ = status.code() == absl::StatusCode::kPermissionDenied;
  ++attempt_;
  stream_.reset();
  rules_.Resumed();
  if (token_.empty()) begun_ = false;
  loop_.PostAfter(absl::Milliseconds(random_.Below(kPauseMilliseconds) + 1), [this, alive = alive_, at = attempt_] {
    if (*alive && at == attempt_) Open();
  });
}

void FeedWatcher::Pause(absl::Duration time) {
  paused_ = true;
  loop_.PostAfter(time, [this, alive = alive_, at = attempt_] {
    if (!*alive || at != attempt_) return;
    paused_ = false;
    if (stream_ != nullptr) stream_->Resume();
  });
}

std::string FeedWatcher::JudgeGaps(const Mirror& mirror) {
  if (!follows_all()) return "";
  for (const auto& [after, before] : std::exchange(gaps_, {})) {
    for (int64_t sequence = after + 1; sequence < before && sequence <= mirror.newest(); ++sequence) {
      // Contact data never enters the feed.
      if (mirror.at(sequence).message_type == membership::v1::PersonContact::descriptor()->full_name()) continue;
      return absl::StrCat("P9: ", method_, " passed over sequence ", sequence, ", ", mirror.at(sequence).name);
    }
  }
  return "";
}

}  // namespace partnerskap::simulator
