#include "common/testing/local_peer.h"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/refusal.h"
#include "common/testing/recorder.h"

namespace partnerskap {
namespace {

absl::Status OverTheWire(const absl::Status& status) {
  return status.ok() ? status : FromRpcStatus(ToRpcStatus(status));
}

absl::Status ConnectionLost() { return absl::UnavailableError("connection lost"); }

// How often what is held looks whether its way is open again.
constexpr absl::Duration kHeldFor = absl::Milliseconds(100);

// A unary call, as its caller sees it.
struct PendingCall {
  absl::AnyInvocable<void(PeerResult)> done;
  std::unique_ptr<Timer> timer;

  void Finish(PeerResult result) {
    if (done == nullptr) return;
    timer.reset();
    auto told = std::exchange(done, nullptr);
    told(std::move(result));
  }
};

}  // namespace

// A server stream: the server's sink on one side, the client's events on the other.
class LocalStream final : public StreamSink, public std::enable_shared_from_this<LocalStream> {
 public:
  LocalStream(SimLoop& loop, StreamEvents events, const LinkFaults* faults)
      : loop_(loop),
        events_(std::move(events)),
        faults_(faults),
        to_client_(loop.NewLane("wire")),
        to_server_(loop.NewLane("session")) {}

  void Start(Gate& gate, CallHead head, std::string request) {
    absl::StatusOr<std::unique_ptr<Admitted>> admitted = gate.Admit(std::move(head));
    if (!admitted.ok()) return Close(admitted.status());
    gate_ = &gate;
    admitted_ = *std::move(admitted);
    session_ = gate.Open(admitted_, shared_from_this());
    if (session_ == nullptr) return;
    ToSession([request = std::move(request)](Session& session) { session.OnMessage(request); });
    ToSession([](Session& session) { session.OnHalfClose(); });
  }

  Sent Send(std::string message) override {
    if (closing_) return Sent::kClosed;
    if (buffer_.size() >= kLocalStreamBuffer) {
      full_ = true;
      return Sent::kFull;
    }
    buffer_.push_back(std::move(message));
    Deliver();
    return Sent::kOk;
  }

  void Close(const absl::Status& status) override {
    if (closing_) return;
    closing_ = true;
    final_ = status;
    if (!status.ok()) buffer_.clear();
    Deliver();
  }

  // The connection or the server is gone.
  void Break(const absl::Status& status) {
    closing_ = true;
    final_ = status;
    buffer_.clear();
    EndServerSide();
    Deliver();
  }

  // The client is not there any more.
  void Detach() {
    detached_ = true;
    buffer_.clear();
    closing_ = true;
    final_ = absl::CancelledError("the caller went away");
    Deliver();
  }

  void Resume() {
    resumed_ = true;
    if (std::exchange(paused_, false)) Deliver();
  }

 private:
  template <typename F>
  void ToSession(F event) {
    to_server_->Post([weak = weak_from_this(), event = std::move(event)] {
      const auto self = weak.lock();
      if (self == nullptr) return;
      // Held here, for the event may end the stream.
      if (const std::shared_ptr<Session> session = self->session_) event(*session);
    });
  }

  void Deliver() {
    to_client_->Post([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->DeliverOne();
    });
  }

  void DeliverOne() {
    if (ended_) return;
    if (faults_ != nullptr && faults_->hold_answers && !detached_) {
      // One that comes later delivers all.
      if (!std::exchange(held_, true)) {
        loop_.PostAfter(kHeldFor, [weak = weak_from_this()] {
          const auto self = weak.lock();
          if (self == nullptr) return;
          self->held_ = false;
          self->Deliver();
        });
      }
      return;
    }
    if (faults_ != nullptr && (faults_->cut || loop_.random().Chance(faults_->break_stream)) && !closing_) {
      return Break(ConnectionLost());
    }
    if (!buffer_.empty() && !paused_) {
      std::string message = std::move(buffer_.front());
      buffer_.pop_front();
      resumed_ = false;
      const bool more = events_.on_message(std::move(message));
      paused_ = !more && !resumed_;
      if (buffer_.empty() && std::exchange(full_, false)) ToSession([](Session& session) { session.OnWritable(); });
      if (!buffer_.empty() && !paused_) Deliver();
    }
    if (buffer_.empty() && closing_) End();
  }

  void End() {
    ended_ = true;
    EndServerSide();
    StreamEvents events = std::move(events_);
    if (!detached_) events.on_end(OverTheWire(final_));
  }

  void EndServerSide() {
    if (admitted_ == nullptr) return;
    session_.reset();
    gate_->Ended(*admitted_, final_);
    admitted_.reset();
    gate_ = nullptr;
  }

  SimLoop& loop_;
  StreamEvents events_;
  const LinkFaults* const faults_;
  const std::unique_ptr<Lane> to_client_, to_server_;
  Gate* gate_ = nullptr;
  std::shared_ptr<Admitted> admitted_;
  std::shared_ptr<Session> session_;
  std::deque<std::string> buffer_;
  absl::Status final_;
  bool full_ = false, closing_ = false, paused_ = false, resumed_ = false, detached_ = false, ended_ = false,
       held_ = false;
};

// One life of a service.
struct LocalHost::Incarnation {
  Gate* gate = nullptr;  // null when it is over
  std::vector<std::weak_ptr<LocalStream>> streams;
  std::vector<std::weak_ptr<PendingCall>> calls;

  template <typename T>
  static void Add(std::vector<std::weak_ptr<T>>& list, const std::shared_ptr<T>& one) {
    if (list.size() == list.capacity()) {
      list.erase(std::remove_if(list.begin(), list.end(), [](const auto& weak) { return weak.expired(); }), list.end());
    }
    list.push_back(one);
  }
};

// The way from a peer to its host. What is under way on it may outlive the peer.
class LocalLink final : public std::enable_shared_from_this<LocalLink> {
 public:
  LocalLink(SimLoop& loop, LocalHost& host, absl::string_view uri, const LinkFaults* faults)
      : loop_(loop), host_(host), uri_(uri), faults_(faults) {}

  void Call(absl::string_view method, const std::string& request, const CallMetadata& metadata, absl::Time deadline,
            absl::AnyInvocable<void(PeerResult)> done) {
    RecordCall(loop_.clock().Now(), uri_, method, request);
    auto call = std::make_shared<PendingCall>();
    call->done = std::move(done);
    if (deadline != absl::InfiniteFuture()) {
      call->timer = loop_.After(deadline - loop_.clock().Now(), [weak = std::weak_ptr<PendingCall>(call)] {
        if (const auto expired = weak.lock()) expired->Finish({absl::DeadlineExceededError("deadline"), "", {}});
      });
    }
    const bool twice = faults_ != nullptr && faults_->duplicate > 0 && loop_.random().Chance(faults_->duplicate);
    for (int copies = twice ? 2 : 1; copies > 0; --copies) {
      Travel(&LinkFaults::hold_requests,
             [self = shared_from_this(), call, head = Head(method, metadata, deadline),
              body = std::string(request)]() mutable { self->Arrive(call, std::move(head), std::move(body)); });
    }
  }

  std::shared_ptr<LocalStream> Watch(absl::string_view method, std::string request, CallMetadata metadata,
                                     StreamEvents events) {
    auto stream = std::make_shared<LocalStream>(loop_, std::move(events), faults_);
    loop_.Post([self = shared_from_this(), stream, head = Head(method, std::move(metadata), absl::InfiniteFuture()),
                request = std::move(request)]() mutable {
      const auto incarnation = self->host_.incarnation_;
      if (incarnation == nullptr || self->Lost(&LinkFaults::lose_request)) return stream->Break(ConnectionLost());
      LocalHost::Incarnation::Add(incarnation->streams, stream);
      stream->Start(*incarnation->gate, std::move(head), std::move(request));
    });
    return stream;
  }

 private:
  CallHead Head(absl::string_view method, CallMetadata metadata, absl::Time deadline) const {
    CallHead head;
    head.method = std::string(method);
    if (!uri_.empty()) head.peer_uris.push_back(uri_);
    head.metadata = std::move(metadata);
    head.deadline = deadline;
    return head;
  }

  // Runs `arrive` when the message is there.
  void Travel(bool LinkFaults::*held, Task arrive) {
    if (faults_ != nullptr && faults_->*held) {
      return loop_.PostAfter(kHeldFor, [self = shared_from_this(), held, arrive = std::move(arrive)]() mutable {
        self->Travel(held, std::move(arrive));
      });
    }
    if (faults_ == nullptr || faults_->max_delay == absl::ZeroDuration()) return loop_.Post(std::move(arrive));
    const auto most = static_cast<uint64_t>(absl::ToInt64Microseconds(faults_->max_delay));
    loop_.PostAfter(absl::Microseconds(loop_.random().Below(most + 1)), std::move(arrive));
  }

  bool Lost(double LinkFaults::*probability) const {
    if (faults_ == nullptr) return false;
    return faults_->cut || loop_.random().Chance(faults_->*probability);
  }

  void Arrive(const std::shared_ptr<PendingCall>& call, CallHead head, std::string request) {
    const auto incarnation = host_.incarnation_;
    if (incarnation == nullptr || Lost(&LinkFaults::lose_request)) return call->Finish({ConnectionLost(), "", {}});
    LocalHost::Incarnation::Add(incarnation->calls, call);
    // What crosses the wire is the time that is left; the clocks of the two sides need not agree.
    if (head.deadline != absl::InfiniteFuture()) head.deadline += host_.clock_.Now() - loop_.clock().Now();
    absl::StatusOr<std::unique_ptr<Admitted>> admitted = incarnation->gate->Admit(std::move(head));
    if (!admitted.ok()) return Answer(call, incarnation, {admitted.status(), "", {}});
    if ((*admitted)->method().is_stream()) {
      return call->Finish({absl::UnimplementedError("the method is a stream"), "", {}});
    }
    incarnation->gate->Handle(*std::move(admitted), std::move(request),
                              [self = shared_from_this(), call, incarnation](CallResult result) {
                                self->Answer(call, incarnation, std::move(result));
                              });
  }

  void Answer(const std::shared_ptr<PendingCall>& call, const std::shared_ptr<LocalHost::Incarnation>& incarnation,
              CallResult result) {
    auto arrive = [self = shared_from_this(), call, incarnation, result = std::move(result)]() mutable {
      if (incarnation->gate == nullptr) return;
      if (self->Lost(&LinkFaults::lose_answer)) return call->Finish({ConnectionLost(), "", {}});
      call->Finish({OverTheWire(result.status), std::move(result.bytes), std::move(result.trailers)});
    };
    Travel(&LinkFaults::hold_answers, std::move(arrive));
  }

  SimLoop& loop_;
  LocalHost& host_;
  const std::string uri_;
  const LinkFaults* const faults_;
};

namespace {

class LocalPeerStream final : public PeerStream {
 public:
  explicit LocalPeerStream(std::shared_ptr<LocalStream> stream) : stream_(std::move(stream)) {}
  ~LocalPeerStream() override { stream_->Detach(); }
  void Resume() override { stream_->Resume(); }

 private:
  const std::shared_ptr<LocalStream> stream_;
};

class LocalPeer final : public Peer {
 public:
  explicit LocalPeer(std::shared_ptr<LocalLink> link) : link_(std::move(link)) {}
  void Call(absl::string_view method, std::string request, CallMetadata metadata, absl::Time deadline,
            absl::AnyInvocable<void(PeerResult)> done) override {
    link_->Call(method, request, metadata, deadline, std::move(done));
  }
  std::unique_ptr<PeerStream> Watch(absl::string_view method, std::string request, CallMetadata metadata,
                                    StreamEvents events) override {
    return std::make_unique<LocalPeerStream>(
        link_->Watch(method, std::move(request), std::move(metadata), std::move(events)));
  }

 private:
  const std::shared_ptr<LocalLink> link_;
};

}  // namespace

LocalHost::LocalHost(SimLoop& loop, Clock* clock) : loop_(loop), clock_(clock == nullptr ? loop.clock() : *clock) {}
LocalHost::~LocalHost() { Down(ConnectionLost()); }

void LocalHost::Up(Gate& gate) {
  incarnation_ = std::make_shared<Incarnation>();
  incarnation_->gate = &gate;
}

void LocalHost::Down(const absl::Status& status) {
  const auto over = std::exchange(incarnation_, nullptr);
  if (over == nullptr) return;
  for (const auto& weak : over->streams) {
    if (const auto stream = weak.lock()) stream->Break(status);
  }
  over->gate = nullptr;
  for (const auto& weak : over->calls) {
    if (const auto call = weak.lock()) loop_.Post([call, status] { call->Finish({OverTheWire(status), "", {}}); });
  }
}

bool LocalHost::up() const { return incarnation_ != nullptr; }

std::unique_ptr<Peer> NewLocalPeer(SimLoop& loop, LocalHost& host, absl::string_view uri, const LinkFaults* faults) {
  return std::make_unique<LocalPeer>(std::make_shared<LocalLink>(loop, host, uri, faults));
}

}  // namespace partnerskap
