#include "common/rpc/gate_stream.h"

#include <exception>
#include <new>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/metrics/metrics.h"
#include "common/rpc/gate_unary.h"
#include "common/status/memory.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

class GuardedSink final : public StreamSink {
 public:
  GuardedSink(std::shared_ptr<GateCall> call, std::shared_ptr<StreamSink> sink)
      : call_(std::move(call)), sink_(std::move(sink)) {}

  Sent Send(std::string message) override {
    const size_t bytes = message.size();
    const Sent sent = sink_->Send(std::move(message));
    if (sent == Sent::kOk) call_->AddResponseBytes(bytes);
    return sent;
  }

  void Close(const absl::Status& status) override {
    sink_->Close(ShowError(call_->state(), call_->method().path, status).status);
  }

 private:
  const std::shared_ptr<GateCall> call_;
  const std::shared_ptr<StreamSink> sink_;
};

class GuardedSession final : public Session {
 public:
  GuardedSession(std::shared_ptr<GateCall> call, std::shared_ptr<StreamSink> sink)
      : call_(std::move(call)), sink_(std::move(sink)) {}

  bool Begin() {
    const auto& open = std::get<StreamHandler>(call_->method().handler);
    Guarded([&] { session_ = open(*call_->state().parts.env, call_->call(), sink_); });
    return session_ != nullptr;
  }

  void OnMessage(std::string message) override {
    // The first was counted when the stream was admitted.
    if (std::exchange(began_, true) && !call_->state().limiter.Spend(call_->caller())) {
      return sink_->Close(
          Refuse(common::v1::RATE_EXCEEDED, {{"limit", absl::StrCat(call_->caller().limits.calls_per_second)}}));
    }
    const auto request = ReadRequest(*call_, message);
    if (!request.ok()) return sink_->Close(request.status());
    Guarded([&] { session_->OnMessage((*request)->SerializeAsString()); });
  }
  void OnWritable() override {
    Guarded([&] { session_->OnWritable(); });
  }
  void OnHalfClose() override {
    Guarded([&] { session_->OnHalfClose(); });
  }

 private:
  template <typename F>
  void Guarded(F&& run) {
    try {
      run();
    } catch (const std::bad_alloc&) {
      call_->state().parts.metrics->exceptions().Increment();
      sink_->Close(RefuseForMemory());
    } catch (const std::exception& thrown) {
      call_->state().parts.metrics->exceptions().Increment();
      sink_->Close(absl::InternalError(absl::StrCat("exception: ", thrown.what())));
    }
  }

  const std::shared_ptr<GateCall> call_;
  const std::shared_ptr<StreamSink> sink_;
  std::shared_ptr<Session> session_;
  bool began_ = false;
};

}  // namespace

std::shared_ptr<Session> OpenStream(std::shared_ptr<GateCall> call, std::shared_ptr<StreamSink> sink) {
  auto guarded_sink = std::make_shared<GuardedSink>(call, std::move(sink));
  auto session = std::make_shared<GuardedSession>(std::move(call), std::move(guarded_sink));
  if (!session->Begin()) return nullptr;
  return session;
}

}  // namespace partnerskap
