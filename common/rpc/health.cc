#include "common/rpc/health.h"

#include <mutex>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "common/status/refusal.h"
#include "grpc/health/v1/health.pb.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

const common::v1::MethodAuth& Policy() {
  static const auto& policy = *[] {
    auto* auth = new common::v1::MethodAuth;
    auth->set_permission(kHealthPermission);
    auth->set_scope(common::v1::MethodAuth::ANY);
    return auth;
  }();
  return policy;
}

// What a watcher does when something may have changed.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void Look() = 0;
};

}  // namespace

class Health::State {
 public:
  explicit State(const std::vector<std::string>& services) {
    serving_[""] = false;
    for (const std::string& service : services) serving_[service] = false;
  }

  HealthCheckResponse::ServingStatus StatusOf(absl::string_view service) const {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto found = serving_.find(service);
    if (found == serving_.end()) return HealthCheckResponse::SERVICE_UNKNOWN;
    return found->second ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING;
  }

  void Set(absl::string_view service, bool serving) {
    std::vector<std::shared_ptr<Listener>> listeners;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      for (auto& [name, is_serving] : serving_) {
        if (service.empty() || name == service) is_serving = serving;
      }
      listeners = Living();
    }
    for (const auto& listener : listeners) listener->Look();
  }

  void Add(std::weak_ptr<Listener> listener) {
    std::lock_guard<std::mutex> lock(mutex_);
    Living();
    listeners_.push_back(std::move(listener));
  }

 private:
  // Under the lock; forgets who has gone.
  std::vector<std::shared_ptr<Listener>> Living() {
    std::vector<std::shared_ptr<Listener>> living;
    for (const auto& weak : listeners_) {
      if (auto one = weak.lock()) living.push_back(std::move(one));
    }
    listeners_.assign(living.begin(), living.end());
    return living;
  }

  mutable std::mutex mutex_;
  absl::flat_hash_map<std::string, bool> serving_;
  std::vector<std::weak_ptr<Listener>> listeners_;
};

namespace {

// Sends the present status, and each other one that follows. A status that changes back before it could be sent is not.
class Watcher final : public Listener {
 public:
  Watcher(std::shared_ptr<Health::State> state, std::shared_ptr<StreamSink> sink)
      : state_(std::move(state)), sink_(std::move(sink)) {}

  void Watch(std::string service) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      service_ = std::move(service);
      began_ = true;
    }
    Look();
  }

  // From any thread; one of them sends, so that the order is that of the changes.
  void Look() override {
    std::unique_lock<std::mutex> lock(mutex_);
    looks_again_ = true;
    if (!began_ || sends_ || full_) return;
    sends_ = true;
    while (std::exchange(looks_again_, false) && !full_) {
      const auto status = state_->StatusOf(service_);
      if (status == told_) continue;
      HealthCheckResponse response;
      response.set_status(status);
      lock.unlock();
      const StreamSink::Sent sent = sink_->Send(response.SerializeAsString());
      lock.lock();
      if (sent == StreamSink::Sent::kOk) told_ = status;
      if (sent == StreamSink::Sent::kFull && !writable_) full_ = true;
      if (sent == StreamSink::Sent::kFull) looks_again_ = true;
      writable_ = false;
    }
    sends_ = false;
  }

  void OnWritable() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      full_ = false;
      // It may come before the sender has heard that there was no room.
      writable_ = sends_;
    }
    Look();
  }

 private:
  const std::shared_ptr<Health::State> state_;
  const std::shared_ptr<StreamSink> sink_;
  std::mutex mutex_;
  std::string service_;
  bool began_ = false, sends_ = false, looks_again_ = false, full_ = false, writable_ = false;
  HealthCheckResponse::ServingStatus told_ = HealthCheckResponse::UNKNOWN;
};

class WatchSession final : public Session {
 public:
  WatchSession(std::shared_ptr<Health::State> state, std::shared_ptr<StreamSink> sink)
      : state_(std::move(state)), sink_(std::move(sink)) {}

  void OnMessage(std::string message) override {
    HealthCheckRequest request;
    if (watcher_ != nullptr) return sink_->Close(Refuse(common::v1::WRONG_MESSAGE_COUNT));
    if (!request.ParseFromString(message)) return sink_->Close(Refuse(common::v1::MALFORMED_REQUEST));
    watcher_ = std::make_shared<Watcher>(state_, sink_);
    state_->Add(watcher_);
    watcher_->Watch(request.service());
  }
  void OnWritable() override {
    if (watcher_ != nullptr) watcher_->OnWritable();
  }
  void OnHalfClose() override {
    if (watcher_ == nullptr) sink_->Close(Refuse(common::v1::WRONG_MESSAGE_COUNT));
  }

 private:
  const std::shared_ptr<Health::State> state_;
  const std::shared_ptr<StreamSink> sink_;
  std::shared_ptr<Watcher> watcher_;
};

}  // namespace

Health::Health(const std::vector<std::string>& services) : state_(std::make_shared<State>(services)) {}

Health::~Health() = default;

void Health::Set(absl::string_view service, bool serving) { state_->Set(service, serving); }

bool Health::serving(absl::string_view service) const {
  return state_->StatusOf(service) == HealthCheckResponse::SERVING;
}

void RegisterHealth(Methods& methods, const Health& health) {
  const auto* service = HealthCheckRequest::descriptor()->file()->FindServiceByName("Health");
  methods.ExpectAllOf(*service);
  Method check;
  check.path = "/grpc.health.v1.Health/Check";
  check.descriptor = service->FindMethodByName("Check");
  check.auth = &Policy();
  check.request_prototype = &HealthCheckRequest::default_instance();
  Method watch = check;
  check.handler =
      PlainHandler([state = health.state()](const Env&, const Call&,
                                            const google::protobuf::Message& message) -> absl::StatusOr<std::string> {
        const std::string& name = static_cast<const HealthCheckRequest&>(message).service();
        HealthCheckResponse response;
        response.set_status(state->StatusOf(name));
        if (response.status() == HealthCheckResponse::SERVICE_UNKNOWN) {
          return Refuse(common::v1::RESOURCE_NOT_FOUND, {{"name", name}});
        }
        return response.SerializeAsString();
      });
  watch.path = "/grpc.health.v1.Health/Watch";
  watch.descriptor = service->FindMethodByName("Watch");
  watch.handler = StreamHandler([state = health.state()](const Env&, const Call&, std::shared_ptr<StreamSink> sink) {
    return std::make_shared<WatchSession>(state, std::move(sink));
  });
  methods.Add(std::move(check));
  methods.Add(std::move(watch));
}

}  // namespace partnerskap
