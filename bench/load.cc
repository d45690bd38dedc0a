#include "bench/load.h"

#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/rpc/grpc_convert.h"
#include "common/rpc/grpc_tls.h"

namespace partnerskap::bench {
namespace {

using Steady = std::chrono::steady_clock;

// A call that hangs ends the run within this.
constexpr std::chrono::seconds kCallLimit{20};
// One body in so many is parsed: the client shares the machine with the server.
constexpr uint64_t kCheckEvery = 64;
// PEM files of a run do not change.
constexpr absl::Duration kTlsRefresh = absl::Hours(1);

Channels ConnectWith(int port, const std::shared_ptr<grpc::ChannelCredentials>& credentials, int count) {
  Channels channels;
  for (int i = 0; i < count; ++i) {
    grpc::ChannelArguments arguments;
    // Equal channels would share one connection.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt("partnerskap.bench.connection", i);
    arguments.SetMaxReceiveMessageSize(-1);
    channels.push_back(grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port), credentials, arguments));
  }
  return channels;
}

class Loop {
 public:
  Loop(const std::vector<Stream>& streams, const LoadTimes& times) : streams_(streams), times_(times) {
    results_.resize(streams.size());
  }

  std::vector<StreamResult> Run() {
    StartAll();
    begin_ = Steady::now() + times_.warm_up;
    end_ = begin_ + times_.window;
    void* tag = nullptr;
    bool ok = false;
    while (open_ > 0 && queue_.Next(&tag, &ok)) {
      const Steady::time_point now = Steady::now();
      if (phase_ == Phase::kWarmUp && now >= begin_) Enter(Phase::kWindow, times_.begin);
      if (phase_ == Phase::kWindow && now >= end_) Enter(Phase::kAfter, times_.end);
      Ended(*static_cast<Slot*>(tag), now);
    }
    // Every call may have ended at once, before anybody looked at the time.
    if (phase_ == Phase::kWarmUp) Enter(Phase::kWindow, times_.begin);
    if (phase_ == Phase::kWindow) Enter(Phase::kAfter, times_.end);
    queue_.Shutdown();
    while (queue_.Next(&tag, &ok)) {
    }
    return std::move(results_);
  }

 private:
  enum class Phase { kWarmUp, kWindow, kAfter };
  struct Slot {
    size_t stream = 0;
    std::unique_ptr<grpc::GenericStub> stub;
    std::optional<grpc::ClientContext> context;
    std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
    grpc::ByteBuffer answer;
    grpc::Status status;
    uint64_t number = 0;
    Steady::time_point begun;
    bool in_window = false;
  };

  void StartAll() {
    for (size_t stream = 0; stream < streams_.size(); ++stream) {
      const Channels& channels = *streams_[stream].channels;
      for (int i = 0; i < streams_[stream].in_flight; ++i) {
        auto slot = std::make_unique<Slot>();
        slot->stream = stream;
        slot->stub = std::make_unique<grpc::GenericStub>(channels[static_cast<size_t>(i) % channels.size()]);
        slots_.push_back(std::move(slot));
      }
    }
    for (const auto& slot : slots_) Begin(*slot, Steady::now());
  }

  void Enter(Phase phase, const std::function<void()>& tell) {
    phase_ = phase;
    if (tell) tell();
  }

  void Begin(Slot& slot, Steady::time_point now) {
    const Stream& stream = streams_[slot.stream];
    slot.context.emplace();
    slot.context->set_deadline(std::chrono::system_clock::now() + kCallLimit);
    slot.number = stream.number();
    const std::string bytes = stream.request(slot.number);
    const grpc::Slice slice(bytes);
    slot.begun = now;
    slot.in_window = phase_ == Phase::kWindow;
    slot.reader = slot.stub->PrepareUnaryCall(&*slot.context, stream.method, grpc::ByteBuffer(&slice, 1), &queue_);
    slot.reader->StartCall();
    slot.reader->Finish(&slot.answer, &slot.status, &slot);
    ++open_;
  }

  void Ended(Slot& slot, Steady::time_point now) {
    --open_;
    const Stream& stream = streams_[slot.stream];
    StreamResult& result = results_[slot.stream];
    if (!slot.status.ok()) {
      Failed(result, absl::StrCat(static_cast<int>(slot.status.error_code()), " ", slot.status.error_message()));
    } else if (stream.check && result.ok % kCheckEvery == 0 &&
               !stream.check(slot.number, FromByteBuffer(slot.answer))) {
      Failed(result, absl::StrCat(stream.method, " answered something else than what was asked for"));
    } else {
      ++result.ok;
      if (phase_ == Phase::kWindow) {
        ++result.in_window;
        if (slot.in_window) result.latency.Record((now - slot.begun).count());
      }
    }
    slot.answer.Clear();
    if (phase_ != Phase::kAfter) Begin(slot, now);
  }

  static void Failed(StreamResult& result, const std::string& why) {
    if (result.failed++ == 0) result.first_error = why;
  }

  const std::vector<Stream>& streams_;
  const LoadTimes& times_;
  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<StreamResult> results_;
  Steady::time_point begin_, end_;
  Phase phase_ = Phase::kWarmUp;
  int64_t open_ = 0;
};

}  // namespace

Channels Connect(int port, const TlsFiles& tls, int count) {
  return ConnectWith(port, MutualTlsChannel(tls, kTlsRefresh), count);
}

Channels ConnectPlain(int port, int count) { return ConnectWith(port, grpc::InsecureChannelCredentials(), count); }

std::vector<StreamResult> RunLoad(const std::vector<Stream>& streams, const LoadTimes& times) {
  return Loop(streams, times).Run();
}

double TimeOneCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& method, const std::string& request,
                   const std::function<bool(const std::string&)>& check) {
  grpc::GenericStub to(channel);
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallLimit);
  const grpc::Slice slice(request);
  const Steady::time_point begun = Steady::now();
  auto reader = to.PrepareUnaryCall(&context, method, grpc::ByteBuffer(&slice, 1), &queue);
  grpc::ByteBuffer answer;
  grpc::Status status;
  reader->StartCall();
  reader->Finish(&answer, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  const double micros = std::chrono::duration<double, std::micro>(Steady::now() - begun).count();
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
  return status.ok() && check(FromByteBuffer(answer)) ? micros : -1;
}

}  // namespace partnerskap::bench
