#include "common/sql/group_writer.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/env/closable_lane.h"
#include "common/env/failpoint.h"
#include "common/sql/batch.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

// Refusals wait at most so long for their audit rows.
constexpr absl::Duration kRefusalDelay = absl::Seconds(1);
// Distinct refusals that wait; beyond it they are folded by reason, so that a flood costs no memory.
constexpr size_t kMaxRefusals = 10'000;
// How long to wait for a client that was refused because the writer is starting or full.
constexpr absl::Duration kRetryAfter = absl::Seconds(1);
// Rows that are read into the index of request ids while the store opens; with more it is done beside the reads.
constexpr int64_t kRebuildAtOpenRows = 10'000;
// A WAL of so many times its bound is emptied even if readers must be waited for (at most the busy timeout).
constexpr int kHighWater = 4;

class GroupWriter final : public Writer {
 public:
  explicit GroupWriter(GroupWriterParts parts)
      : options_(parts.options),
        connection_(std::move(parts.connection)),
        clock_(*parts.clock),
        executor_(*parts.executor),
        fatal_(std::move(parts.fatal)),
        disk_(std::move(parts.disk)),
        runner_(*connection_, *parts.clock, *parts.random, options_),
        next_checkpoint_(options_.checkpoint_pages) {}

  ~GroupWriter() override { Close(); }

  absl::Status Start();
  void Submit(WriteRequest request) override;
  void RecordRefusal(RefusalRecord refusal) override;
  bool ready() const override { return ready_.load(std::memory_order_acquire); }
  int64_t committed_sequence() const override { return committed_.load(std::memory_order_acquire); }
  void OnCommit(std::function<void(int64_t)> on_commit) override;
  void Close() override;

 private:
  using RefusalKey = std::tuple<std::string, std::string, std::string, int64_t>;  // principal, method, reason, second

  static int OnWal(void* self, sqlite3*, const char*, int pages) {
    auto* writer = static_cast<GroupWriter*>(self);
    // Fewer than before: the WAL began anew.
    if (pages < writer->wal_pages_) writer->next_checkpoint_ = writer->options_.checkpoint_pages;
    writer->wal_pages_ = pages;
    return SQLITE_OK;
  }

  void Rebuild();
  absl::Status Refused(const WriteRequest& request) const;
  // Runs batches until the queue is empty.
  void Drain();
  void RunBatch(std::vector<WriteRequest> batch);
  // Of one request at least, from the front.
  std::vector<WriteResult> Results(absl::Span<WriteRequest> requests);
  void RecordFull(const WriteRequest& request, const absl::Status& full);
  void Answer(std::vector<WriteRequest> requests, std::vector<WriteResult> results);
  void Fail(const absl::Status& status);
  // Ends the process unless it is destroyed in time. Around whatever waits for the disk.
  std::unique_ptr<Timer> WatchDisk();
  void FlushRefusals();
  void Maintain();
  absl::Status Checkpoint(int mode);

  const WriterOptions options_;
  std::unique_ptr<Connection> connection_;
  Clock& clock_;
  Executor& executor_;
  std::function<void(const absl::Status&)> fatal_;

  std::atomic<bool> ready_{false};
  std::atomic<int64_t> committed_{0};

  std::mutex mutex_;  // guards the following
  std::deque<WriteRequest> queue_;
  bool scheduled_ = false;  // a Drain is posted or running
  bool closed_ = false;
  std::map<RefusalKey, CountedRefusal> counted_;
  std::vector<CountedRefusal> single_;
  std::unique_ptr<Timer> refusal_timer_;
  std::vector<std::function<void(int64_t)>> on_commit_;

  std::mutex closing_;  // one Close at a time
  std::shared_ptr<ClosableLane> lane_;
  std::unique_ptr<Lane> completer_;

  // Of the lane.
  DiskGuard disk_;
  BatchRunner runner_;
  bool dead_ = false;  // after a failed commit
  int wal_pages_ = 0;
  int next_checkpoint_;
};

absl::Status GroupWriter::Start() {
  RETURN_IF_ERROR(runner_.Load());
  committed_.store(runner_.sequence(), std::memory_order_release);
  sqlite3_wal_hook(connection_->handle(), &GroupWriter::OnWal, this);
  lane_ = std::make_shared<ClosableLane>(executor_.NewLane("store-writer"));
  completer_ = executor_.NewLane("store-answers");
  ASSIGN_OR_RETURN(int64_t rows, runner_.index().RowsToRead(*connection_));
  if (rows > kRebuildAtOpenRows) {
    lane_->Post([this] { Rebuild(); });
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(runner_.index().Rebuild(*connection_));
  ready_.store(true, std::memory_order_release);
  return absl::OkStatus();
}

void GroupWriter::Rebuild() {
  if (absl::Status status = runner_.index().Rebuild(*connection_); !status.ok()) return Fail(status);
  ready_.store(true, std::memory_order_release);
}

absl::Status GroupWriter::Refused(const WriteRequest& request) const {
  if (closed_) return Refuse(common::v1::SHUTTING_DOWN);
  if (request.audited && !ready()) return WithRetry(Refuse(common::v1::STARTING), kRetryAfter);
  if (queue_.size() < options_.max_queue) return absl::OkStatus();
  return WithRetry(Refuse(common::v1::WRITER_OVERLOADED, {{"limit", absl::StrCat(options_.max_queue)}}), kRetryAfter);
}

void GroupWriter::Submit(WriteRequest request) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (absl::Status refused = Refused(request); !refused.ok()) {
    // Callers' code never runs under the lock.
    lock.unlock();
    request.done({std::move(refused), committed_sequence(), false});
    return;
  }
  queue_.push_back(std::move(request));
  const bool schedule = !std::exchange(scheduled_, true);
  lock.unlock();
  if (schedule) lane_->Post([this] { Drain(); });
}

void GroupWriter::Drain() {
  while (true) {
    std::vector<WriteRequest> batch;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (queue_.empty()) {
        scheduled_ = false;
        return;
      }
      size_t size = std::min(queue_.size(), options_.max_batch);
      std::move(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(size), std::back_inserter(batch));
      queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(size));
    }
    RunBatch(std::move(batch));
    Maintain();
  }
}

std::vector<WriteResult> GroupWriter::Results(absl::Span<WriteRequest> requests) {
  auto all = [&](const absl::Status& status) {
    return std::vector<WriteResult>(requests.size(), WriteResult{status, committed_sequence(), false});
  };
  // Whether it is on the disk only the restart will know; a repeat with the same request id tells.
  const absl::Status stopped = absl::UnavailableError("the store has stopped");
  if (dead_) return all(stopped);
  if (disk_.below_floor(clock_.Steady())) {
    absl::Status full = Refuse(common::v1::STORE_FULL);
    for (const WriteRequest& request : requests) RecordFull(request, full);
    return all(full);
  }
  std::unique_ptr<Timer> watch = WatchDisk();
  auto results = runner_.Run(requests);
  watch.reset();
  for (RefusalRecord& refusal : runner_.TakeUnaudited()) RecordRefusal(std::move(refusal));
  if (results.ok()) return *std::move(results);
  Fail(results.status());
  return all(stopped);
}

void GroupWriter::RecordFull(const WriteRequest& request, const absl::Status& full) {
  if (!request.audited || request.validate_only) return;
  RecordRefusal({request.context.time, request.context.principal, request.context.method, request.object,
                 ReasonOf(full), static_cast<int>(full.code()), /*counted=*/true});
}

void GroupWriter::RunBatch(std::vector<WriteRequest> batch) {
  absl::Span<WriteRequest> rest(batch);
  while (!rest.empty()) {
    std::vector<WriteResult> results = Results(rest);
    const auto answered = static_cast<std::ptrdiff_t>(results.size());
    std::vector<WriteRequest> requests(std::make_move_iterator(rest.begin()),
                                       std::make_move_iterator(rest.begin() + answered));
    Answer(std::move(requests), std::move(results));
    rest.remove_prefix(static_cast<size_t>(answered));
  }
}

void GroupWriter::Answer(std::vector<WriteRequest> requests, std::vector<WriteResult> results) {
  int64_t sequence = dead_ ? committed_sequence() : runner_.sequence();
  bool grown = committed_.exchange(sequence, std::memory_order_acq_rel) != sequence;
  completer_->Post([this, requests = std::move(requests), results = std::move(results), grown, sequence]() mutable {
    for (size_t i = 0; i < requests.size(); ++i) {
      Failpoint("before_reply");
      requests[i].done(std::move(results[i]));
    }
    if (!grown) return;
    std::vector<std::function<void(int64_t)>> listeners;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      listeners = on_commit_;
    }
    for (const auto& listener : listeners) listener(sequence);
  });
}

void GroupWriter::Fail(const absl::Status& status) {
  dead_ = true;
  // Closing must not move what the disk may not have into the file.
  sqlite3_db_config(connection_->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  fatal_(status);
}

std::unique_ptr<Timer> GroupWriter::WatchDisk() {
  return executor_.After(options_.max_disk_wait, [fatal = fatal_, limit = options_.max_disk_wait] {
    fatal(absl::UnavailableError(
        absl::StrCat("the disk has not answered for ", absl::FormatDuration(limit), ", and is taken for hung")));
  });
}

void GroupWriter::RecordRefusal(RefusalRecord refusal) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (refusal.counted || single_.size() >= kMaxRefusals) {
    if (counted_.size() >= kMaxRefusals) refusal.principal.clear();
    RefusalKey key(refusal.principal, refusal.counted ? "" : refusal.method, refusal.reason,
                   absl::ToUnixSeconds(refusal.time));
    auto [place, fresh] = counted_.try_emplace(std::move(key));
    if (fresh) {
      // The row stands for calls of several methods and objects; it names the first.
      place->second.refusal = std::move(refusal);
    } else {
      ++place->second.count;
    }
  } else {
    single_.push_back({std::move(refusal), 1});
  }
  // Close writes what waits.
  if (refusal_timer_ == nullptr && !closed_) {
    refusal_timer_ = executor_.After(kRefusalDelay, [this, lane = lane_] { lane->Post([this] { FlushRefusals(); }); });
  }
}

void GroupWriter::FlushRefusals() {
  std::vector<CountedRefusal> refusals;
  std::unique_ptr<Timer> fired;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    fired = std::move(refusal_timer_);
    refusals.swap(single_);
    for (auto& [key, counted] : counted_) refusals.push_back(std::move(counted));
    counted_.clear();
  }
  if (refusals.empty() || dead_) return;
  std::unique_ptr<Timer> watch = WatchDisk();
  absl::Status status = runner_.WriteRefusals(refusals);
  watch.reset();
  if (status.ok()) return;
  if (!absl::IsResourceExhausted(status)) return Fail(status);
  // A full disk: they wait for space as long as there is room for them here.
  std::lock_guard<std::mutex> lock(mutex_);
  size_t room = kMaxRefusals - std::min(kMaxRefusals, single_.size());
  refusals.resize(std::min(refusals.size(), room));
  single_.insert(single_.begin(), std::make_move_iterator(refusals.begin()), std::make_move_iterator(refusals.end()));
}

void GroupWriter::Maintain() {
  if (dead_) return;
  auto trimmed = runner_.index().Trim(*connection_, clock_.Now(), clock_.Steady());
  absl::Status status = trimmed.status();
  if (status.ok() && wal_pages_ >= next_checkpoint_) {
    bool high = wal_pages_ >= kHighWater * options_.checkpoint_pages;
    status = Checkpoint(high ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE);
    // While readers keep the WAL from beginning anew, each checkpoint waits for as many new pages.
    next_checkpoint_ = wal_pages_ + options_.checkpoint_pages;
  }
  // Readers in the way, or a full disk: tried again after the next batch.
  if (status.ok() || absl::IsAborted(status) || absl::IsResourceExhausted(status)) return;
  Fail(status);
}

absl::Status GroupWriter::Checkpoint(int mode) {
  const std::unique_ptr<Timer> watch = WatchDisk();
  Failpoint("checkpoint");
  int code = sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, mode, &wal_pages_, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : SqlStatus(connection_->handle(), code, "checkpoint");
}

void GroupWriter::OnCommit(std::function<void(int64_t)> on_commit) {
  std::lock_guard<std::mutex> lock(mutex_);
  on_commit_.push_back(std::move(on_commit));
}

void GroupWriter::Close() {
  std::lock_guard<std::mutex> one(closing_);
  if (completer_ == nullptr) return;
  std::unique_ptr<Timer> timer;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
    timer = std::move(refusal_timer_);
  }
  lane_->Close();
  // From here on this thread is the only one that uses the connection.
  Drain();
  FlushRefusals();
  if (!dead_) Checkpoint(SQLITE_CHECKPOINT_TRUNCATE).IgnoreError();
  completer_.reset();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Writer>> NewGroupWriter(GroupWriterParts parts) {
  auto writer = std::make_unique<GroupWriter>(std::move(parts));
  RETURN_IF_ERROR(writer->Start());
  return std::unique_ptr<Writer>(std::move(writer));
}

}  // namespace partnerskap
