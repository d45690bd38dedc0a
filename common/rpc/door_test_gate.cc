#include "common/rpc/door_test_gate.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/env/steady_time.h"
#include "common/status/refusal.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {

class TestAdmitted final : public Admitted {
 public:
  TestAdmitted(TestGate& gate, const Method& method) : gate_(gate), method_(method) {
    gate_.Change([this] { ++gate_.facts_.admitted; });
  }
  ~TestAdmitted() override {
    gate_.Change([this] { --gate_.facts_.admitted; });
  }
  const Method& method() const override { return method_; }
  const Call& call() const override { return call_; }
  size_t max_request_bytes() const override { return 1 << 20; }

 private:
  TestGate& gate_;
  const Method& method_;
  Call call_;
};

// Pulls from its own cursor, as a feed does: what is full waits for OnWritable.
class TestWatch final : public Session {
 public:
  TestWatch(TestGate& gate, std::shared_ptr<StreamSink> sink) : gate_(gate), sink_(std::move(sink)) {
    gate_.Change([this] { ++gate_.facts_.sessions; });
  }
  ~TestWatch() override {
    gate_.Change([this] {
      --gate_.facts_.sessions;
      if (begun_) --gate_.facts_.watching;
    });
  }
  void OnMessage(std::string message) override {
    const std::vector<std::string> words = absl::StrSplit(message, ' ');
    int size = 0;
    if (words.size() != 2 || !absl::SimpleAtoi(words[0], &count_) || !absl::SimpleAtoi(words[1], &size)) {
      return sink_->Close(Refuse(common::v1::MALFORMED_REQUEST));
    }
    padding_.assign(static_cast<size_t>(size), 'e');
    begun_ = true;
    gate_.Change([this] { ++gate_.facts_.watching; });
    OnWritable();
  }
  void OnWritable() override {
    for (; next_ < count_; ++next_) {
      if (sink_->Send(absl::StrCat(next_, " ", padding_)) != StreamSink::Sent::kOk) return;
      gate_.Change([this] { gate_.facts_.bytes_sent += static_cast<int64_t>(padding_.size()); });
    }
    // Minus one is a stream that waits for news.
    if (count_ >= 0) sink_->Close(absl::OkStatus());
  }
  void OnHalfClose() override {}

 private:
  TestGate& gate_;
  const std::shared_ptr<StreamSink> sink_;
  int count_ = 0, next_ = 0;
  bool begun_ = false;
  std::string padding_;
};

class TestChat final : public Session {
 public:
  TestChat(TestGate& gate, std::shared_ptr<StreamSink> sink) : gate_(gate), sink_(std::move(sink)) {
    gate_.Change([this] { ++gate_.facts_.sessions; });
  }
  ~TestChat() override {
    gate_.Change([this] { --gate_.facts_.sessions; });
  }
  void OnMessage(std::string message) override {
    waiting_.push_back(std::move(message));
    OnWritable();
  }
  void OnWritable() override {
    while (!waiting_.empty() && sink_->Send(waiting_.front()) == StreamSink::Sent::kOk)
      waiting_.erase(waiting_.begin());
    if (waiting_.empty() && half_closed_) sink_->Close(absl::OkStatus());
  }
  void OnHalfClose() override {
    half_closed_ = true;
    OnWritable();
  }

 private:
  TestGate& gate_;
  const std::shared_ptr<StreamSink> sink_;
  std::vector<std::string> waiting_;
  bool half_closed_ = false;
};

TestGate::TestGate(std::string allowed_uri) : allowed_uri_(std::move(allowed_uri)) {
  for (const char* name : {"Echo", "Put", "Hold", "Drop", "Refuse", "Trailers"}) {
    const std::string path = absl::StrCat("/test/", name);
    methods_[path].path = path;
  }
  for (const char* name : {"Watch", "Chat", "Closed"}) {
    Method& method = methods_[absl::StrCat("/test/", name)];
    method.path = absl::StrCat("/test/", name);
    method.handler = StreamHandler();
  }
  // Only whether the caller streams is read from it.
  methods_["/test/Chat"].descriptor =
      grpc::reflection::v1::ServerReflectionRequest::descriptor()->file()->service(0)->method(0);
  deferred_thread_ = std::thread([this] { RunDeferred(); });
}

TestGate::~TestGate() {
  Change([this] { stopping_ = true; });
  deferred_thread_.join();
}

absl::StatusOr<std::unique_ptr<Admitted>> TestGate::Admit(CallHead head) {
  Change([&] { facts_.last_head = head; });
  if (head.peer_uris.size() != 1) return Refuse(common::v1::NO_IDENTITY);
  const auto method = methods_.find(head.method);
  if (method == methods_.end()) return Refuse(common::v1::UNKNOWN_METHOD, {{"method", head.method}});
  if (head.peer_uris[0] != allowed_uri_) return Refuse(common::v1::PERMISSION_MISSING, {{"permission", "test"}});
  if (draining_) return Refuse(common::v1::SHUTTING_DOWN);
  if (head.deadline <= SteadyTime(*NewSystemClock())) return Refuse(common::v1::ARRIVED_LATE);
  return std::make_unique<TestAdmitted>(*this, method->second);
}

void TestGate::Handle(std::unique_ptr<Admitted> admitted, std::string body, Respond respond) {
  Change([this] { ++facts_.handled; });
  const std::string& path = admitted->method().path;
  if (path == "/test/Echo") return respond({absl::OkStatus(), std::move(body), {}});
  if (path == "/test/Refuse") {
    return respond({Refuse(common::v1::OBJECT_NOT_YOURS, {{"object", body}}), "", {{"x-seen", "yes"}}});
  }
  if (path == "/test/Trailers") {
    return respond(
        {absl::OkStatus(), "", {{kPositionKey, "membership/00ff/7"}, {"x-bad", "line\nfeed"}, {"Bad Key", "x"}}});
  }
  if (path == "/test/Put") {
    return Change([&] {
      deferred_.push_back([respond = std::move(respond), body = std::move(body)]() mutable {
        respond({absl::OkStatus(), std::move(body), {}});
      });
    });
  }
  if (path == "/test/Hold") {
    return Change([&] {
      held_.push_back(std::move(respond));
      ++facts_.held;
    });
  }
}

std::shared_ptr<Session> TestGate::Open(std::shared_ptr<Admitted> admitted, std::shared_ptr<StreamSink> sink) {
  if (admitted->method().path == "/test/Chat") return std::make_shared<TestChat>(*this, std::move(sink));
  if (admitted->method().path == "/test/Watch") return std::make_shared<TestWatch>(*this, std::move(sink));
  sink->Close(Refuse(common::v1::TOO_MANY_CALLS, {{"limit", "0"}}));
  return nullptr;
}

void TestGate::Ended(const Admitted& admitted, const absl::Status& status) {
  Change([&] {
    facts_.ends.push_back(absl::StrCat(admitted.method().path, " ", absl::StatusCodeToString(status.code())));
  });
}

void TestGate::Release() {
  std::vector<Respond> released;
  Change([&] {
    released.swap(held_);
    facts_.held = 0;
  });
  for (Respond& respond : released) respond({absl::OkStatus(), "released", {}});
}

TestGateFacts TestGate::Facts() {
  std::lock_guard<std::mutex> lock(mutex_);
  return facts_;
}

bool TestGate::Await(std::function<bool(const TestGateFacts&)> condition) {
  std::unique_lock<std::mutex> lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return condition(facts_); });
}

void TestGate::Change(const std::function<void()>& change) {
  std::lock_guard<std::mutex> lock(mutex_);
  change();
  changed_.notify_all();
}

void TestGate::RunDeferred() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !deferred_.empty(); });
    if (deferred_.empty()) return;
    std::vector<Task> tasks = std::move(deferred_);
    deferred_.clear();
    lock.unlock();
    for (Task& task : tasks) task();
    tasks.clear();
    lock.lock();
  }
}

}  // namespace partnerskap
