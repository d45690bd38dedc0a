#include "common/rpc/door.h"

#include <grpc/grpc.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <pthread.h>

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/door_call.h"
#include "common/rpc/grpc_tls.h"
#include "common/rpc/listener.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

using Steady = DoorState::Steady;

// Headers of one request. Ours take under 1 KiB; a proxy's and a tracer's come on top.
constexpr int kMaxMetadataBytes = 16 << 10;
// Calls under way on one connection; what is above waits in the client. As many as the gate admits in all.
constexpr int kMaxStreamsPerConnection = 1'000;
// A connection whose peer is gone without a word is found within this and the timeout. Between the 15 s of a feed's
// bookmarks and the minutes after which firewalls forget a connection.
constexpr int kKeepaliveMs = 60'000;
constexpr int kKeepaliveTimeoutMs = 20'000;
// Clients may ping so often; more often ends the connection.
constexpr int kMinClientPingMs = 10'000;
// An idle connection costs about 100 KiB.
constexpr int kMaxIdleMs = 15 * 60'000;
// Certificates are verified when a connection begins: one that has ended is out after a day. Streams resume.
constexpr int kMaxAgeMs = 24 * 3'600'000;
constexpr int kMaxAgeGraceMs = 60'000;
// TCP and TLS handshake; gRPC's own limit of 120 s lets idle sockets pile up.
constexpr int kHandshakeMs = 10'000;
// At the end of Stop, for clients that do not close their connection.
constexpr std::chrono::milliseconds kCutAfter{100};
// Afterwards gRPC hands back every slot and call; it took under 20 ms in all runs seen.
constexpr std::chrono::seconds kHandBack{1};
// How often slow peers are looked for: a part of their limit, at most once a second.
constexpr int kSweepsPerLimit = 20;
constexpr std::chrono::milliseconds kMinSweepPause{5};
constexpr std::chrono::milliseconds kMaxSweepPause{1'000};

void NameThisThread(const std::string& name) { pthread_setname_np(pthread_self(), name.c_str()); }

void SetLimits(grpc::ServerBuilder& builder, const DoorOptions& options) {
  // Or a second process binds the same port silently.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreamsPerConnection);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // gRPC stops after two pings without data unless told: a quiet stream would never be found dead.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kMinClientPingMs);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kMaxIdleMs);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, kMaxAgeMs);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, kMaxAgeGraceMs);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMs);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);
  builder.SetMaxReceiveMessageSize(options.max_message_bytes);
  // gRPC 1.51 inflates before it checks the size: 400 KB on the wire became 435 MB of memory.
  for (const grpc_compression_algorithm algorithm : {GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_GZIP}) {
    builder.SetCompressionAlgorithmSupportStatus(algorithm, false);
  }
}

class GrpcDoor final : public Door {
 public:
  GrpcDoor(DoorOptions options, Gate& gate, std::shared_ptr<DoorQueue> queue)
      : state_(std::make_shared<DoorState>(std::move(options), gate, std::move(queue))) {}

  ~GrpcDoor() override {
    // A thread that is still inside a handler would run on in what is being destroyed.
    if (!Stop(absl::ZeroDuration())) std::abort();
  }

  absl::Status Listen();
  int port() const override { return port_; }
  bool Drain(absl::Duration grace) override;
  bool Stop(absl::Duration grace) override;

 private:
  void StartThreads();
  void Serve();
  void SweepPeers();

  const std::shared_ptr<DoorState> state_;
  std::unique_ptr<grpc::Server> server_;
  std::vector<std::thread> threads_;
  std::thread sweeper_;
  int port_ = 0;
};

absl::Status GrpcDoor::Listen() {
  // Listened on and let go of, for gRPC does not say why it cannot, and takes an address without a port for https.
  RETURN_IF_ERROR(Listener::Open(state_->options.listen, "--listen").status());
  const DoorOptions& options = state_->options;
  grpc::ServerBuilder& builder = state_->shared->builder;
  builder.AddListeningPort(options.listen, MutualTlsServer(options.tls, options.tls_refresh), &port_);
  SetLimits(builder, options);
  builder.RegisterAsyncGenericService(&state_->service);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) {
    return absl::UnavailableError(absl::StrCat("--listen: gRPC refused ", options.listen, "; its log line says why"));
  }
  StartThreads();
  return absl::OkStatus();
}

void GrpcDoor::StartThreads() {
  for (int i = 0; i < state_->options.slots; ++i) DoorCall::Post(state_);
  for (int i = 0; i < state_->options.threads; ++i) {
    threads_.emplace_back([this, i] {
      NameThisThread(absl::StrCat("door-", i));
      Serve();
    });
  }
  sweeper_ = std::thread([this] {
    NameThisThread("door-sweeper");
    SweepPeers();
  });
}

void GrpcDoor::Serve() {
  void* tag = nullptr;
  bool ok = false;
  while (state_->queue->Next(&tag, &ok)) DeliverTag(tag, ok);
}

void GrpcDoor::SweepPeers() {
  const auto part = absl::ToChronoMilliseconds(state_->options.peer_limit / kSweepsPerLimit);
  const auto pause = std::clamp(part, kMinSweepPause, kMaxSweepPause);
  while (state_->WaitForSweep(pause)) {
    const Steady::time_point now = Steady::now();
    const bool cut = now >= state_->cut();
    for (const std::shared_ptr<DoorCall>& call : state_->Live()) call->Sweep(now, cut);
  }
}

// The order is what keeps callers from seeing CANCELLED, and the process from hanging or aborting.
bool GrpcDoor::Drain(absl::Duration grace) {
  if (server_ == nullptr) return true;
  const Steady::time_point now = Steady::now();
  // 1. Nothing new, refused in words: gRPC itself would drop a new call without a status that a client may retry on.
  state_->gate.Drain();
  state_->Drain(now + absl::ToChronoNanoseconds(grace / 2));
  // 2. Streams do not end by themselves. Those whose peer does not read are cut at half of the grace.
  const absl::Status status = Refuse(common::v1::SHUTTING_DOWN);
  for (const std::shared_ptr<DoorCall>& call : state_->Live()) {
    if (call->is_stream()) call->Close(status);
  }
  // 3. Accepted calls get their answers. Waited for here, not in Shutdown, which would also wait until every idle
  //    connection answers a ping; a client that does not poll its connection does not.
  return state_->WaitForOpen(state_->options.slots, now + absl::ToChronoNanoseconds(grace));
}

bool GrpcDoor::Stop(absl::Duration grace) {
  if (server_ == nullptr) return true;
  Drain(grace);
  // 4. Listeners close, GOAWAY goes out; after kCutAfter connections are cut and calls cancelled. The queue's threads
  // must
  //    still run.
  server_->Shutdown(std::chrono::system_clock::now() + kCutAfter);
  // 5. Every slot is back and every call done, so that no operation will be started any more: one on a closed queue
  // aborts
  //    the process.
  if (!state_->WaitForOpen(0, Steady::now() + kHandBack)) return false;
  // 6. Queue, threads, server, in this order.
  state_->EndSweeper();
  sweeper_.join();
  state_->queue->Shutdown();
  for (std::thread& thread : threads_) thread.join();
  server_.reset();
  return true;
}

}  // namespace

bool DoorState::Enter(DoorCall* call) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (draining_) return false;
  call->next_ = live_;
  if (live_ != nullptr) live_->previous_ = call;
  live_ = call;
  return true;
}

void DoorState::Leave(DoorCall* call) {
  std::lock_guard<std::mutex> lock(mutex_);
  (call->previous_ == nullptr ? live_ : call->previous_->next_) = call->next_;
  if (call->next_ != nullptr) call->next_->previous_ = call->previous_;
}

std::vector<std::shared_ptr<DoorCall>> DoorState::Live() {
  // Let go by the caller, without the lock: the destructor of the last one takes it.
  std::vector<std::shared_ptr<DoorCall>> calls;
  std::lock_guard<std::mutex> lock(mutex_);
  for (DoorCall* call = live_; call != nullptr; call = call->next_) {
    if (auto held = call->weak_from_this().lock()) calls.push_back(std::move(held));
  }
  return calls;
}

void DoorState::Completed(int64_t tags) {
  open_ -= tags;
  if (!draining_) return;
  // The lock makes sure that who waits has either seen the new count or hears of it.
  std::lock_guard<std::mutex> lock(mutex_);
  completed_.notify_all();
}

bool DoorState::WaitForOpen(int64_t slots, Steady::time_point until) {
  std::unique_lock<std::mutex> lock(mutex_);
  return completed_.wait_until(lock, until, [&] { return open_ <= slots * kTags; });
}

void DoorState::Drain(Steady::time_point cut) {
  std::lock_guard<std::mutex> lock(mutex_);
  draining_ = true;
  cut_ = std::min(cut_, cut);
  sweep_.notify_all();
}

DoorState::Steady::time_point DoorState::cut() {
  std::lock_guard<std::mutex> lock(mutex_);
  return cut_;
}

bool DoorState::WaitForSweep(Steady::duration pause) {
  std::unique_lock<std::mutex> lock(mutex_);
  const Steady::time_point now = Steady::now();
  // A drain's cut is met exactly; after it the short pause finds what it missed.
  const Steady::time_point next = cut_ > now ? std::min(cut_, now + pause) : now + kMinSweepPause;
  const bool was_draining = draining_;
  sweep_.wait_until(lock, next, [&] { return !sweeping_ || draining_ != was_draining; });
  return sweeping_;
}

void DoorState::EndSweeper() {
  std::lock_guard<std::mutex> lock(mutex_);
  sweeping_ = false;
  sweep_.notify_all();
}

absl::StatusOr<std::unique_ptr<Door>> Door::Open(DoorOptions options, Gate& gate, std::shared_ptr<DoorQueue> queue) {
  if (queue == nullptr) queue = NewDoorQueue();
  RETURN_IF_ERROR(LoadTls(options.tls, absl::Now()).status());
  auto door = std::make_unique<GrpcDoor>(std::move(options), gate, std::move(queue));
  RETURN_IF_ERROR(door->Listen());
  return door;
}

}  // namespace partnerskap
