#include "bench/watchers.h"

#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/rpc/grpc_convert.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "partnerskap/common/v1/feed.pb.h"

namespace partnerskap::bench {
namespace {

using common::v1::WatchChangesResponse;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// What is looked at of a message: parsing all of 64 watchers' would take the core that the server needs.
struct Glance {
  int64_t changes = 0, sequence = 0, high_sequence = 0;
};

Glance GlanceAt(const std::string& bytes) {
  Glance glance;
  CodedInputStream stream(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
  for (uint32_t tag = stream.ReadTag(); tag != 0; tag = stream.ReadTag()) {
    uint64_t value = 0;
    const int field = WireFormatLite::GetTagFieldNumber(tag);
    if (field == WatchChangesResponse::kSequenceFieldNumber && stream.ReadVarint64(&value)) {
      glance.sequence = static_cast<int64_t>(value);
    } else if (field == WatchChangesResponse::kHighSequenceFieldNumber && stream.ReadVarint64(&value)) {
      glance.high_sequence = static_cast<int64_t>(value);
    } else {
      glance.changes += field == WatchChangesResponse::kChangesFieldNumber ? 1 : 0;
      WireFormatLite::SkipField(&stream, tag);
    }
  }
  return glance;
}

struct Watch {
  std::unique_ptr<grpc::GenericStub> stub;
  grpc::ClientContext context;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream;
  grpc::ByteBuffer answer;
  enum class Step { kStart, kWrite, kHalfClose, kRead } step = Step::kStart;
  int64_t sequence = 0, high_sequence = -1, changes = 0;
};

class WatchersImpl final : public Watchers {
 public:
  WatchersImpl(const Channels& channels, int count) {
    for (int i = 0; i < count; ++i) {
      auto watch = std::make_unique<Watch>();
      watch->stub = std::make_unique<grpc::GenericStub>(channels[static_cast<size_t>(i) % channels.size()]);
      watch->stream = watch->stub->PrepareCall(
          &watch->context, "/partnerskap.membership.v1.MembershipFeedService/WatchChanges", &queue_);
      watch->stream->StartCall(watch.get());
      watches_.push_back(std::move(watch));
    }
    thread_ = std::thread([this] { Run(); });
  }

  ~WatchersImpl() override {
    closing_ = true;
    for (const auto& watch : watches_) watch->context.TryCancel();
    thread_.join();
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  bool CatchUp(std::chrono::seconds limit) override {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, limit, [this] {
      for (const auto& watch : watches_) {
        if (watch->sequence != watch->high_sequence) return false;
      }
      return true;
    });
  }

  bool AwaitDelivered(int64_t changes, std::chrono::seconds limit) override {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, limit, [&] { return delivered_ >= changes; });
  }

  int64_t delivered() const override { return delivered_; }
  bool sound() const override { return sound_; }

 private:
  // Until every stream has ended.
  void Run() {
    size_t open = watches_.size();
    void* tag = nullptr;
    bool ok = false;
    while (open > 0 && queue_.Next(&tag, &ok)) {
      auto& watch = *static_cast<Watch*>(tag);
      if (!ok) {
        if (!closing_) sound_ = false;
        --open;
        continue;
      }
      Proceed(watch);
    }
  }

  void Proceed(Watch& watch) {
    switch (watch.step) {
      case Watch::Step::kStart: {
        // All fields at their defaults.
        const grpc::Slice empty(std::string{});
        watch.step = Watch::Step::kWrite;
        return watch.stream->Write(grpc::ByteBuffer(&empty, 1), &watch);
      }
      case Watch::Step::kWrite:
        watch.step = Watch::Step::kHalfClose;
        return watch.stream->WritesDone(&watch);
      case Watch::Step::kHalfClose:
        watch.step = Watch::Step::kRead;
        return watch.stream->Read(&watch.answer, &watch);
      case Watch::Step::kRead:
        Take(watch);
        return watch.stream->Read(&watch.answer, &watch);
    }
  }

  void Take(Watch& watch) {
    const Glance glance = GlanceAt(FromByteBuffer(watch.answer));
    watch.answer.Clear();
    std::lock_guard<std::mutex> lock(mutex_);
    delivered_ += glance.changes;
    watch.changes += glance.changes;
    watch.sequence = glance.sequence;
    watch.high_sequence = glance.high_sequence;
    // From the first change on nothing is filtered, so each was sent once.
    if (watch.changes != watch.sequence) sound_ = false;
    changed_.notify_all();
  }

  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<Watch>> watches_;
  std::atomic<int64_t> delivered_{0};
  std::atomic<bool> sound_{true}, closing_{false};
  std::mutex mutex_;  // guards the numbers of the watches
  std::condition_variable changed_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Watchers> Watchers::Start(const Channels& channels, int count) {
  return std::make_unique<WatchersImpl>(channels, count);
}

}  // namespace partnerskap::bench
