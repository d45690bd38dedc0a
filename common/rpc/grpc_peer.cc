#include "common/rpc/grpc_peer.h"

#include <grpc/grpc.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/rpc/grpc_client_queue.h"
#include "common/rpc/grpc_convert.h"
#include "common/rpc/grpc_tls.h"
#include "common/rpc/grpc_watch.h"
#include "common/status/macros.h"

namespace partnerskap {
namespace {

// Waits between attempts to connect, and for one attempt. A peer that restarts is back within seconds; the handshake
// takes milliseconds.
constexpr int kFirstReconnectMs = 100;
constexpr int kMaxReconnectMs = 2'000;
constexpr int kConnectTimeoutMs = 5'000;
// A restarted container has another address; gRPC's own 30 s between look-ups would hide it.
constexpr int kResolveAgainMs = 1'000;
// Finds a connection that died without a word while calls or streams wait on it.
constexpr int kKeepaliveMs = 30'000;
constexpr int kKeepaliveTimeoutMs = 10'000;
// Above the largest answer: a page of a list ends at 1 MiB, a transaction of the feed may be larger.
constexpr int kMaxMessageBytes = 16 << 20;
constexpr int kMaxMetadataBytes = 16 << 10;
// How often the certificate files are looked at again.
constexpr absl::Duration kTlsRefresh = absl::Seconds(10);

// At most three attempts within a quarter of a second, and none when most calls fail: longer troubles are the caller's.
constexpr char kServiceConfig[] = R"json({
  "methodConfig": [{
    "name": [{}],
    "retryPolicy": {
      "maxAttempts": 3,
      "initialBackoff": "0.05s",
      "maxBackoff": "0.2s",
      "backoffMultiplier": 2,
      "retryableStatusCodes": ["UNAVAILABLE"]
    }
  }],
  "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}
})json";

grpc::ChannelArguments Arguments(const GrpcPeerOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxReconnectMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectTimeoutMs);
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, kResolveAgainMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  // gRPC stops after two pings without data unless told: a quiet feed would never be found dead.
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  // An http_proxy of the environment is meant for the web, not for the next container.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // A connection of its own for each peer object, with its own reconnecting.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_CHANNELZ, 0);
  // No TXT records: the configuration is ours.
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  arguments.SetServiceConfigJSON(kServiceConfig);
  if (!options.server_name.empty()) arguments.SetSslTargetNameOverride(options.server_name);
  return arguments;
}

struct UnaryCall {
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientAsyncResponseReader<grpc::ByteBuffer>> reader;
  grpc::ByteBuffer response;
  grpc::Status status;
  ClientTag tag;
  absl::AnyInvocable<void(PeerResult)> done;
};

class GrpcPeerStream final : public PeerStream {
 public:
  explicit GrpcPeerStream(std::shared_ptr<GrpcWatch> watch) : watch_(std::move(watch)) {}
  ~GrpcPeerStream() override { watch_->Detach(); }
  void Resume() override { watch_->Resume(); }

 private:
  const std::shared_ptr<GrpcWatch> watch_;
};

class GrpcPeer final : public Peer {
 public:
  GrpcPeer(ClientQueue& queue, std::shared_ptr<grpc::Channel> channel, GrpcPeerOptions options)
      : queue_(queue), stub_(std::move(channel)), options_(std::move(options)) {}

  void Call(absl::string_view method, std::string request, CallMetadata metadata, absl::Time deadline,
            absl::AnyInvocable<void(PeerResult)> done) override;
  std::unique_ptr<PeerStream> Watch(absl::string_view method, std::string request, CallMetadata metadata,
                                    StreamEvents events) override;

 private:
  ClientQueue& queue_;
  grpc::GenericStub stub_;
  const GrpcPeerOptions options_;
};

void GrpcPeer::Call(absl::string_view method, std::string request, CallMetadata metadata, absl::Time deadline,
                    absl::AnyInvocable<void(PeerResult)> done) {
  const absl::Duration left =
      deadline == absl::InfiniteFuture() ? options_.default_deadline : deadline - absl::Now() - options_.hop;
  if (left <= absl::ZeroDuration())
    return done({absl::DeadlineExceededError("no time left to ask another service"), "", {}});
  auto call = std::make_shared<UnaryCall>();
  const std::weak_ptr<UnaryCall> weak = call;
  const bool entered = queue_.Enter(call.get(), [weak] {
    if (const auto held = weak.lock()) held->context.TryCancel();
  });
  if (!entered) return done({absl::CancelledError("this process stops"), "", {}});
  call->done = std::move(done);
  call->context.set_deadline(ToGrpcDeadline(left));
  for (const auto& [key, value] : metadata) {
    if (IsLegalMetadata(key, value)) call->context.AddMetadata(key, value);
  }
  call->reader =
      stub_.PrepareUnaryCall(&call->context, std::string(method), ToByteBuffer(std::move(request)), queue_.queue());
  call->reader->StartCall();
  auto finished = [call, &queue = queue_](bool) {
    PeerResult result;
    result.status = FromGrpcStatus(call->status);
    if (result.status.ok()) result.bytes = FromByteBuffer(call->response);
    result.trailers = FromGrpcMetadata(call->context.GetServerTrailingMetadata());
    call->done(std::move(result));
    queue.Leave(call.get());
  };
  call->reader->Finish(&call->response, &call->status, call->tag.Arm(std::move(finished)));
}

std::unique_ptr<PeerStream> GrpcPeer::Watch(absl::string_view method, std::string request, CallMetadata metadata,
                                            StreamEvents events) {
  auto watch = std::make_shared<GrpcWatch>(queue_, std::move(events));
  watch->Start(stub_, std::string(method), std::move(request), metadata);
  return std::make_unique<GrpcPeerStream>(std::move(watch));
}

class GrpcClientChannels final : public ClientChannels {
 public:
  template <typename Threads>
  GrpcClientChannels(const TlsFiles& tls, Threads threads)
      : credentials_(MutualTlsChannel(tls, kTlsRefresh)), queue_(std::move(threads)) {}

  std::unique_ptr<Peer> NewPeer(const std::string& target, GrpcPeerOptions options) override {
    auto channel = grpc::CreateCustomChannel(target, credentials_, Arguments(options));
    return std::make_unique<GrpcPeer>(queue_, std::move(channel), std::move(options));
  }

 private:
  const std::shared_ptr<grpc::ChannelCredentials> credentials_;
  ClientQueue queue_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ClientChannels>> ClientChannels::Open(const TlsFiles& tls, int threads) {
  RETURN_IF_ERROR(LoadTls(tls, absl::Now()).status());
  return std::make_unique<GrpcClientChannels>(tls, threads);
}

absl::StatusOr<std::unique_ptr<ClientChannels>> ClientChannels::Open(const TlsFiles& tls,
                                                                     std::shared_ptr<DoorQueue> queue) {
  RETURN_IF_ERROR(LoadTls(tls, absl::Now()).status());
  return std::make_unique<GrpcClientChannels>(tls, std::move(queue));
}

}  // namespace partnerskap
