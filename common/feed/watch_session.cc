#include "common/feed/watch_session.h"

#include <algorithm>
#include <condition_variable>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/feed/resume_token.h"
#include "common/sql/database.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/feed.pb.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

using common::v1::WatchChangesRequest;
using common::v1::WatchChangesResponse;

// Pages that one turn on the pool may read: a watcher that catches up lets others have the thread about every 10 ms.
constexpr int kPagesPerTurn = 32;
// When the pool had no room for a turn.
constexpr absl::Duration kPoolRetry = absl::Milliseconds(20);

// The session's work. Its turns run on the pool, one at a time; everything else only says that a turn is due, so that
// neither the writer's completer nor the transport's threads ever wait for a page.
class Watch final : public Feed::Waiting, public std::enable_shared_from_this<Watch> {
 public:
  Watch(const Env& env, const Call& call, std::shared_ptr<Feed> feed, std::shared_ptr<StreamSink> sink)
      : env_(env), call_(call), feed_(std::move(feed)), sink_(std::move(sink)) {}

  void Begin(WatchChangesRequest request) {
    std::lock_guard<std::mutex> lock(mutex_);
    request_ = std::move(request);
    ScheduleTurn();
  }

  // Ends the stream at the next turn.
  void End(absl::Status status) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (ending_.ok()) ending_ = std::move(status);
    ScheduleTurn();
  }

  bool begun() {
    std::lock_guard<std::mutex> lock(mutex_);
    return request_.has_value();
  }

  // A commit.
  void Wake() override {
    std::lock_guard<std::mutex> lock(mutex_);
    awaiting_ = false;
    ScheduleTurn();
  }

  // A timer.
  void Tick() {
    std::lock_guard<std::mutex> lock(mutex_);
    ScheduleTurn();
  }

  void OnWritable() {
    std::lock_guard<std::mutex> lock(mutex_);
    writable_ = true;
    if (!full_) return;
    full_ = false;
    patience_.reset();
    ScheduleTurn();
  }

  // From here on nothing of the process is used any more. Waits for a turn that runs: at most kPagesPerTurn pages.
  void Leave() {
    std::unique_lock<std::mutex> lock(mutex_);
    left_ = true;
    std::unique_ptr<Timer> timers[] = {std::move(tick_), std::move(patience_), std::move(retry_)};
    idle_.wait(lock, [this] { return !running_; });
    // A turn that waits in the pool still holds this object, but the call no more.
    sink_.reset();
  }

 private:
  // With mutex_ held.
  void ScheduleTurn() {
    if (left_ || closed_) return;
    due_ = true;
    if (scheduled_ || running_ || (full_ && ending_.ok())) return;
    scheduled_ = env_.executor->TryPost([self = shared_from_this()] { self->Turn(); });
    if (scheduled_) return;
    retry_ = env_.executor->After(kPoolRetry, [weak = weak_from_this()] {
      if (auto self = weak.lock()) self->Tick();
    });
  }

  void Turn() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      scheduled_ = false;
      if (left_ || closed_) return;
      running_ = true;
      due_ = false;
    }
    const absl::Status status = TakeTurn();
    std::lock_guard<std::mutex> lock(mutex_);
    running_ = false;
    if (!status.ok()) closed_ = true;
    if (due_) ScheduleTurn();
    idle_.notify_all();
  }

  // Whatever ends the stream is returned, and has been told to the caller.
  absl::Status TakeTurn() {
    absl::Status status = Ending();
    if (status.ok() && !started_) status = Start();
    if (status.ok()) status = SendWhatIsThere();
    if (!status.ok()) sink_->Close(status);
    return status;
  }

  absl::Status Ending() {
    std::lock_guard<std::mutex> lock(mutex_);
    return ending_;
  }

  absl::Status Start() {
    filter_ =
        feed_->FilterOf(request_->network(), {request_->message_types().begin(), request_->message_types().end()});
    tokens_.emplace(*env_.sealer, feed_->service(), filter_);
    const int64_t committed = env_.database->committed_sequence();
    RETURN_IF_ERROR(env_.database->Read([&](ReadTx& tx) -> absl::Status {
      RETURN_IF_ERROR(feed_->MayFollow(call_, request_->network(), tx));
      ASSIGN_OR_RETURN(const int64_t floor, FeedFloor(tx));
      if (request_->send_initial_state()) {
        state_at_ = committed;
      } else if (request_->resume_token().empty()) {
        read_ = covered_ = floor - 1;
      } else {
        ASSIGN_OR_RETURN(read_, tokens_->Open(request_->resume_token(), env_.database->epoch(), floor, committed));
        covered_ = read_;
      }
      return absl::OkStatus();
    }));
    started_ = true;
    checked_ = env_.clock->Steady();
    // The watcher hears at once where it stands.
    bookmark_due_ = true;
    return absl::OkStatus();
  }

  absl::Status SendWhatIsThere() {
    for (int page = 0; page < kPagesPerTurn; ++page) {
      if (unsent_.empty()) {
        ASSIGN_OR_RETURN(const Made made, MakeResponse());
        if (made == Made::kNothing) return Idle();
        if (made == Made::kNothingYet) continue;
      }
      {
        std::lock_guard<std::mutex> lock(mutex_);
        writable_ = false;
      }
      // Sent by value: the sink does not give back what it has not taken.
      const StreamSink::Sent sent = sink_->Send(unsent_);
      if (sent == StreamSink::Sent::kClosed) return absl::CancelledError("the stream has ended");
      if (sent == StreamSink::Sent::kFull) {
        if (WaitUntilWritable()) return absl::OkStatus();
        continue;
      }
      unsent_.clear();
      sent_ = env_.clock->Steady();
    }
    std::lock_guard<std::mutex> lock(mutex_);
    due_ = true;
    return absl::OkStatus();
  }

  // False when there is room again already.
  bool WaitUntilWritable() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (writable_) return false;
    full_ = true;
    patience_ = env_.executor->After(kWatcherPatience, [weak = weak_from_this()] {
      if (auto self = weak.lock()) self->End(Refuse(common::v1::WATCHER_TOO_SLOW));
    });
    return true;
  }

  // What became of a page: a response in `unsent_`; nothing that passes the filter, but more to read; nothing to say
  // now.
  enum class Made { kResponse, kNothingYet, kNothing };

  absl::StatusOr<Made> MakeResponse() {
    const int64_t committed = env_.database->committed_sequence();
    if (state_at_.has_value()) return MakeStateResponse(committed);
    WatchChangesResponse response;
    if (read_ < committed) {
      ASSIGN_OR_RETURN(ChangePage page, ReadPage([&](ReadTx& tx) {
                         return ReadChanges(tx, filter_, env_.database->epoch(), read_, covered_, committed, limits_);
                       }));
      read_ = page.read;
      covered_ = page.covered;
      for (common::v1::Change& change : page.changes) *response.add_changes() = std::move(change);
    }
    const absl::Duration quiet = env_.clock->Steady() - sent_;
    const bool progress = covered_ > told_ && quiet >= kProgressSpacing;
    if (response.changes().empty() && !progress && !bookmark_due_ && quiet < absl::Seconds(kBookmarkSeconds)) {
      return read_ < committed ? Made::kNothingYet : Made::kNothing;
    }
    response.set_resume_token(tokens_->Make(env_.database->epoch(), covered_));
    response.set_sequence(covered_);
    Finish(response, committed);
    return Made::kResponse;
  }

  absl::StatusOr<Made> MakeStateResponse(int64_t committed) {
    WatchChangesResponse response;
    ASSIGN_OR_RETURN(ChangePage page, ReadPage([&](ReadTx& tx) {
                       return ReadState(tx, filter_, env_.database->epoch(), state_read_, *state_at_, limits_);
                     }));
    state_read_ = page.read;
    for (common::v1::Change& change : page.changes) *response.add_changes() = std::move(change);
    response.set_initial_state(true);
    if (state_read_ >= *state_at_) {
      read_ = covered_ = *state_at_;
      state_at_.reset();
      response.set_initial_state_complete(true);
      response.set_sequence(covered_);
      response.set_resume_token(tokens_->Make(env_.database->epoch(), covered_));
    }
    Finish(response, committed);
    return Made::kResponse;
  }

  void Finish(WatchChangesResponse& response, int64_t committed) {
    response.set_epoch(env_.database->epoch());
    response.set_high_sequence(committed);
    response.SerializeToString(&unsent_);
    told_ = covered_;
    bookmark_due_ = false;
  }

  template <typename F>
  absl::StatusOr<ChangePage> ReadPage(F read) {
    return env_.database->Read([&](ReadTx& tx) -> absl::StatusOr<ChangePage> {
      if (env_.clock->Steady() - checked_ >= kRecheck) {
        RETURN_IF_ERROR(feed_->MayFollow(call_, request_->network(), tx));
        checked_ = env_.clock->Steady();
      }
      return read(tx);
    });
  }

  // Waits for the next commit, or for the time when something must be said without one.
  absl::Status Idle() {
    const absl::Duration now = env_.clock->Steady();
    const absl::Duration next = sent_ + (covered_ > told_ ? kProgressSpacing : absl::Seconds(kBookmarkSeconds));
    std::lock_guard<std::mutex> lock(mutex_);
    if (!std::exchange(awaiting_, true)) feed_->AwaitCommit(env_, weak_from_this());
    // A commit between the last page and the line above woke nobody.
    if (env_.database->committed_sequence() > read_) due_ = true;
    if (left_ || (tick_ != nullptr && tick_at_ <= next && tick_at_ > now)) return absl::OkStatus();
    tick_at_ = next;
    tick_ = env_.executor->After(next - now, [weak = weak_from_this()] {
      if (auto self = weak.lock()) self->Tick();
    });
    return absl::OkStatus();
  }

  const Env& env_;
  const Call call_;
  const std::shared_ptr<Feed> feed_;
  std::shared_ptr<StreamSink> sink_;
  const PageLimits limits_;

  std::mutex mutex_;
  std::condition_variable idle_;
  std::optional<WatchChangesRequest> request_;
  absl::Status ending_;
  bool due_ = false;        // something may have to be sent
  bool scheduled_ = false;  // a turn is in the pool's queue
  bool running_ = false;    // a turn runs
  bool full_ = false;       // the stream took nothing more; OnWritable comes
  bool writable_ = false;   // it came since the last Send
  bool closed_ = false;     // the caller has been told the end
  bool left_ = false;       // the session is gone
  bool awaiting_ = false;   // the next commit wakes this
  absl::Duration tick_at_;
  std::unique_ptr<Timer> tick_, patience_, retry_;

  // Used by the running turn alone.
  bool started_ = false;
  FeedFilter filter_;
  std::optional<ResumeTokens> tokens_;
  std::optional<int64_t> state_at_;  // while the initial state is sent: its position
  int64_t state_read_ = 0;
  int64_t read_ = 0, covered_ = 0, told_ = 0;
  bool bookmark_due_ = false;
  absl::Duration sent_;     // when something was last sent, steady
  absl::Duration checked_;  // when the right to follow was last judged, steady
  std::string unsent_;
};

class WatchSession final : public Session {
 public:
  WatchSession(std::shared_ptr<Watch> watch, std::shared_ptr<StreamSink> sink)
      : watch_(std::move(watch)), sink_(std::move(sink)) {}
  ~WatchSession() override { watch_->Leave(); }

  void OnMessage(std::string message) override {
    if (watch_->begun()) return watch_->End(Refuse(common::v1::WRONG_MESSAGE_COUNT));
    WatchChangesRequest request;
    if (!request.ParseFromString(message)) return sink_->Close(Refuse(common::v1::MALFORMED_REQUEST));
    if (request.send_initial_state() && !request.resume_token().empty()) {
      return sink_->Close(RefuseFields({{"resume_token", "must be empty with send_initial_state"}}));
    }
    watch_->Begin(std::move(request));
  }
  void OnWritable() override { watch_->OnWritable(); }
  void OnHalfClose() override {
    if (!watch_->begun()) sink_->Close(Refuse(common::v1::WRONG_MESSAGE_COUNT));
  }

 private:
  const std::shared_ptr<Watch> watch_;
  const std::shared_ptr<StreamSink> sink_;
};

}  // namespace

// Held by the writer's listener too, which outlives the feed's methods when a process ends.
struct Feed::Waiters {
  std::mutex mutex;
  std::vector<std::weak_ptr<Waiting>> waiting;
};

Feed::Feed(std::string service, FeedOptions options)
    : service_(std::move(service)), options_(std::move(options)), waiters_(std::make_shared<Waiters>()) {}

FeedFilter Feed::FilterOf(const std::string& network, std::vector<std::string> message_types) const {
  FeedFilter filter;
  filter.network = network;
  filter.message_types.insert(message_types.begin(), message_types.end());
  filter.hidden_types.insert(options_.hidden_types.begin(), options_.hidden_types.end());
  return filter;
}

absl::Status Feed::MayFollow(const Call& call, absl::string_view network, ReadTx& tx) const {
  if (!call.principal.identity.service.empty() || call.principal.all_organizations) return absl::OkStatus();
  if (options_.may_follow != nullptr) return options_.may_follow(call, network, tx);
  return Refuse(common::v1::OBJECT_NOT_YOURS, {{"object", network.empty() ? service_ : std::string(network)}});
}

void Feed::AwaitCommit(const Env& env, std::weak_ptr<Waiting> waiting) {
  std::call_once(listening_, [&] {
    env.database->writer().OnCommit([waiters = waiters_](int64_t) {
      std::vector<std::weak_ptr<Waiting>> woken;
      {
        std::lock_guard<std::mutex> lock(waiters->mutex);
        woken.swap(waiters->waiting);
      }
      for (const auto& weak : woken) {
        if (const auto one = weak.lock()) one->Wake();
      }
    });
  });
  std::lock_guard<std::mutex> lock(waiters_->mutex);
  auto& all = waiters_->waiting;
  // Without commits nobody clears the list of watchers that have gone.
  if (all.size() == all.capacity()) {
    all.erase(std::remove_if(all.begin(), all.end(), [](const auto& one) { return one.expired(); }), all.end());
  }
  all.push_back(std::move(waiting));
}

std::shared_ptr<Session> NewWatchSession(const Env& env, const Call& call, std::shared_ptr<Feed> feed,
                                         std::shared_ptr<StreamSink> sink) {
  auto watch = std::make_shared<Watch>(env, call, std::move(feed), sink);
  return std::make_shared<WatchSession>(std::move(watch), std::move(sink));
}

}  // namespace partnerskap
