#include "common/feed/subscriber.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/feed/applier.h"
#include "common/feed/producer.h"
#include "common/feed/projections.h"
#include "common/rpc/peer.h"
#include "common/sql/database.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

using common::v1::Change;
using common::v1::WatchChangesRequest;
using common::v1::WatchChangesResponse;

// Pauses before a producer is called again: doubled from the first to the last, each drawn from half to one and a half
// of it, so that consumers of a producer that came back do not all call at once.
constexpr absl::Duration kFirstPause = absl::Milliseconds(100);
constexpr absl::Duration kLastPause = absl::Seconds(10);
// Three bookmarks missed: the producer, or the way to it, is gone without having said so.
constexpr absl::Duration kSilence = absl::Seconds(3 * kBookmarkSeconds);
// Changes handed to the writer and not yet committed: two full batches of it, so that it never waits for the feed and
// the feed never fills its queue.
constexpr size_t kMaxChangesInFlight = 512;
// The initial state is applied in one transaction, so that nobody ever sees half of it; until it is complete it waits
// in memory. Ten times what the whole country's municipalities make.
constexpr size_t kMaxStateBytes = 128 << 20;

// Where callbacks of other threads put what they have for the edge's lane. Outlives the edge.
class Mailbox {
 public:
  explicit Mailbox(Lane* lane) : lane_(lane) {}
  void Post(Task task) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (lane_ != nullptr) lane_->Post(std::move(task));
  }
  void Close() {
    std::lock_guard<std::mutex> lock(mutex_);
    lane_ = nullptr;
  }

 private:
  std::mutex mutex_;
  Lane* lane_;
};

// One producer, followed. Everything runs on the edge's lane but the constructor and the destructor.
class Edge {
 public:
  Edge(const Env& env, Subscription subscription, Projections& projections)
      : env_(env),
        subscription_(std::move(subscription)),
        projections_(projections),
        lane_(env.executor->NewLane(absl::StrCat("f-", subscription_.producer))),
        mailbox_(std::make_shared<Mailbox>(lane_.get())) {
    state_.producer = subscription_.producer;
    mailbox_->Post([this] {
      if (!stopping_) Connect();
    });
  }

  ~Edge() {
    stopping_ = true;
    mailbox_->Close();
    // Runs what was posted; after it nothing else touches the members below.
    lane_.reset();
  }

 private:
  void Connect() {
    ++attempt_;
    timer_.reset();
    const auto peer = env_.peers.find(subscription_.producer);
    if (peer == env_.peers.end()) {
      return StandStill(absl::FailedPreconditionError(absl::StrCat("no address of ", subscription_.producer)));
    }
    absl::StatusOr<FeedCursor> cursor =
        env_.database->Read([this](ReadTx& tx) { return ReadCursor(tx, subscription_.producer); });
    if (!cursor.ok()) return StandStill(cursor.status());
    submitted_ = *std::move(cursor);
    need_state_ = need_state_ || submitted_.epoch.empty();
    pending_.clear();
    held_.clear();
    state_bytes_ = 0;
    state_.epoch = submitted_.epoch;
    state_.sequence = submitted_.sequence;
    Tell();
    WatchChangesRequest request;
    request.set_send_initial_state(need_state_);
    if (!need_state_) request.set_resume_token(submitted_.resume_token);
    heard_ = env_.clock->Steady();
    WatchForSilence();
    Open(*peer->second, request.SerializeAsString());
  }

  void Open(Peer& peer, std::string request) {
    reading_ = true;
    StreamEvents events;
    // One message at a time: the transport keeps the rest, and its flow control holds the producer back.
    events.on_message = [this, mailbox = mailbox_, attempt = attempt_](std::string message) {
      mailbox->Post([this, attempt, message = std::move(message)] {
        if (!stopping_ && attempt == attempt_) OnMessage(message);
      });
      return false;
    };
    events.on_end = [this, mailbox = mailbox_, attempt = attempt_](absl::Status status) {
      mailbox->Post([this, attempt, status = std::move(status)] {
        if (!stopping_ && attempt == attempt_) OnEnd(status);
      });
    };
    stream_ = peer.Watch(absl::StrCat("/", subscription_.feed_service, "/WatchChanges"), std::move(request), {},
                         std::move(events));
  }

  void OnEnd(const absl::Status& status) {
    const std::string reason = ReasonOf(status);
    // A token that the producer cannot read any more comes from another life of it, too.
    if (reason == common::v1::Reason_Name(common::v1::FEED_EPOCH_CHANGED) ||
        reason == common::v1::Reason_Name(common::v1::FEED_POSITION_EXPIRED) ||
        reason == common::v1::Reason_Name(common::v1::RESUME_TOKEN_INVALID)) {
      need_state_ = true;
    }
    StandStill(status.ok() ? absl::UnavailableError("the producer ended the stream") : status);
  }

  // Ends the stream, says why, and tries again after a pause.
  void StandStill(absl::Status status) {
    ++attempt_;
    stream_.reset();
    state_.status = std::move(status);
    Tell();
    const double part = 0.5 + static_cast<double>(RandomByte()) / 255.0;
    timer_ = env_.executor->After(pause_ * part, [this, mailbox = mailbox_] {
      mailbox->Post([this] {
        if (!stopping_) Connect();
      });
    });
    pause_ = std::min(pause_ * 2, kLastPause);
  }

  uint8_t RandomByte() {
    uint8_t byte = 0;
    env_.random->Fill(&byte, sizeof(byte));
    return byte;
  }

  void WatchForSilence() {
    const absl::Duration left = heard_ + kSilence - env_.clock->Steady();
    timer_ = env_.executor->After(left, [this, mailbox = mailbox_, attempt = attempt_] {
      mailbox->Post([this, attempt] {
        if (stopping_ || attempt != attempt_) return;
        // While messages wait for the writer the producer is not listened to.
        if (!reading_) heard_ = env_.clock->Steady();
        if (env_.clock->Steady() - heard_ < kSilence) return WatchForSilence();
        StandStill(absl::UnavailableError("nothing heard for too long"));
      });
    });
  }

  void OnMessage(const std::string& bytes) {
    WatchChangesResponse response;
    if (!response.ParseFromString(bytes)) return StandStill(absl::InternalError("the producer sent garbage"));
    reading_ = false;
    heard_ = env_.clock->Steady();
    state_.heard = env_.clock->Now();
    state_.producer_sequence = response.high_sequence();
    if (response.initial_state()) {
      if (!TakeState(response)) return;
    } else {
      if (response.epoch() != submitted_.epoch) {
        need_state_ = true;
        return StandStill(Refuse(common::v1::FEED_EPOCH_CHANGED));
      }
      TakeChanges(response);
    }
    if (!need_state_ && pending_.empty() && in_flight_ == 0) Caught();
    Submit();
  }

  // Everything that has come is applied.
  void Caught() {
    pause_ = kFirstPause;
    state_.status = absl::OkStatus();
    Tell();
  }

  bool TakeState(WatchChangesResponse& response) {
    state_bytes_ += response.ByteSizeLong();
    if (state_bytes_ > kMaxStateBytes) {
      StandStill(absl::ResourceExhaustedError("the producer's state is larger than this service takes"));
      return false;
    }
    for (Change& change : *response.mutable_changes()) held_.push_back(std::move(change));
    if (!response.initial_state_complete()) return true;
    submitted_ = {response.epoch(), response.sequence(), response.resume_token()};
    Effect effect;
    effect.replaces_all = true;
    effect.changes = std::exchange(held_, {});
    effect.cursor = submitted_;
    pending_.push_back(std::make_shared<Effect>(std::move(effect)));
    return true;
  }

  // Cuts what has come into the producer's transactions. What lies above the response's sequence belongs to a
  // transaction of which more comes.
  void TakeChanges(WatchChangesResponse& response) {
    for (Change& change : *response.mutable_changes()) {
      if (change.sequence() > submitted_.sequence) held_.push_back(std::move(change));
    }
    size_t next = 0;
    while (next < held_.size() && held_[next].sequence() <= response.sequence()) {
      Effect effect;
      effect.after = submitted_.sequence;
      const int64_t transaction = held_[next].transaction();
      while (next < held_.size() && held_[next].transaction() == transaction) {
        effect.changes.push_back(std::move(held_[next++]));
      }
      const bool last = next == held_.size() || held_[next].sequence() > response.sequence();
      // Only the response's end has a token: before it, the one before it, from where known changes come again.
      submitted_.sequence = last ? response.sequence() : effect.changes.back().sequence();
      if (last) submitted_.resume_token = response.resume_token();
      effect.cursor = submitted_;
      pending_.push_back(std::make_shared<Effect>(std::move(effect)));
    }
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(next));
    if (response.sequence() <= submitted_.sequence) return;
    // Read further without a change for us: who waits for that position must hear of it, and the token must not grow
    // old.
    Effect progress;
    progress.after = submitted_.sequence;
    submitted_.sequence = response.sequence();
    submitted_.resume_token = response.resume_token();
    progress.cursor = submitted_;
    pending_.push_back(std::make_shared<Effect>(std::move(progress)));
  }

  void Submit() {
    while (!pending_.empty() && in_flight_ < kMaxChangesInFlight) {
      std::shared_ptr<const Effect> effect = std::move(pending_.front());
      pending_.pop_front();
      const size_t weight = std::max<size_t>(effect->changes.size(), 1);
      in_flight_ += weight;
      WriteRequest write = WriteOf(subscription_, effect, env_.clock->Now());
      write.done = [this, mailbox = mailbox_, attempt = attempt_, effect, weight](const WriteResult& result) {
        mailbox->Post([this, attempt, effect, weight, status = result.answer.status()] {
          if (stopping_) return;
          in_flight_ -= weight;
          if (status.ok()) Applied(*effect);
          if (!status.ok() && attempt == attempt_) StandStill(status);
          if (status.ok() && attempt == attempt_) Submit();
        });
      };
      env_.database->writer().Submit(std::move(write));
    }
    if (!pending_.empty() || stream_ == nullptr || reading_) return;
    reading_ = true;
    // Its silence until now was ours.
    heard_ = env_.clock->Steady();
    stream_->Resume();
  }

  void Applied(const Effect& effect) {
    if (effect.replaces_all) need_state_ = false;
    // Of an earlier stream: the present one has read the cursor since, perhaps after this.
    if (effect.cursor.epoch == state_.epoch && effect.cursor.sequence <= state_.sequence) return;
    state_.epoch = effect.cursor.epoch;
    state_.sequence = effect.cursor.sequence;
    if (!effect.changes.empty()) {
      const auto& time = effect.changes.back().commit_time();
      state_.commit_time = absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
    }
    Caught();
  }

  void Tell() { projections_.Advance(state_); }

  const Env& env_;
  const Subscription subscription_;
  Projections& projections_;
  std::atomic<bool> stopping_ = false;

  uint64_t attempt_ = 0;  // counts streams
  bool need_state_ = false;
  bool reading_ = false;      // the stream has been asked for its next message
  FeedCursor submitted_;      // through this everything has been handed to the writer or waits in pending_
  std::vector<Change> held_;  // parts of the initial state, or of a transaction, that are not complete
  size_t state_bytes_ = 0;
  std::deque<std::shared_ptr<const Effect>> pending_;
  size_t in_flight_ = 0;  // changes
  absl::Duration pause_ = kFirstPause;
  absl::Duration heard_;  // steady
  ProjectionState state_;

  std::unique_ptr<Timer> timer_;
  std::unique_ptr<PeerStream> stream_;
  std::unique_ptr<Lane> lane_;
  const std::shared_ptr<Mailbox> mailbox_;
};

class SubscriberImpl final : public Subscriber {
 public:
  SubscriberImpl(const Env& env, std::vector<Subscription> subscriptions, Projections& projections) {
    for (Subscription& subscription : subscriptions) {
      edges_.push_back(std::make_unique<Edge>(env, std::move(subscription), projections));
    }
  }

 private:
  std::vector<std::unique_ptr<Edge>> edges_;
};

}  // namespace

std::unique_ptr<Subscriber> Subscriber::Start(const Env& env, std::vector<Subscription> subscriptions,
                                              Projections& projections) {
  return std::make_unique<SubscriberImpl>(env, std::move(subscriptions), projections);
}

}  // namespace partnerskap
