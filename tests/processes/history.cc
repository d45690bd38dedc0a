#include "tests/processes/history.h"

#include <chrono>
#include <functional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/call.h"
#include "common/status/refusal.h"

namespace partnerskap {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Kind = Operation::Kind;
using Outcome = Operation::Outcome;

// Of most calls: far above what an honest answer takes on a busy machine.
constexpr absl::Duration kDeadline = absl::Seconds(2);
// Of some: so short that answers are lost while the call is carried out.
constexpr double kHasty = 0.05;
constexpr uint64_t kHastyMicros = 20'000;
// Between attempts, so that a service that is down is not met with a storm.
constexpr absl::Duration kRetryPause = absl::Milliseconds(5);
// A call that is not clear by then has been lost: services are back within a second.
constexpr absl::Duration kPatience = absl::Seconds(60);
// How often an answered mutation is sent again.
constexpr double kRepeats = 0.05;

std::string TextOf(const Message& message, const char* field) {
  const FieldDescriptor* descriptor = message.GetDescriptor()->FindFieldByName(field);
  return descriptor == nullptr ? "" : message.GetReflection()->GetString(message, descriptor);
}

void SetText(Message& message, const char* field, const std::string& text) {
  message.GetReflection()->SetString(&message, message.GetDescriptor()->FindFieldByName(field), text);
}

// The etag is the revision's number. -1 if there is none.
int64_t RevisionOf(const Message& message) {
  int64_t revision = -1;
  return absl::SimpleAtoi(TextOf(message, "etag"), &revision) ? revision : -1;
}

// What leaves open whether it happened.
bool IsUnclear(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
      return true;
    default:
      return false;
  }
}

int64_t SequenceIn(const std::string& position) {
  int64_t sequence = 0;
  const size_t slash = position.rfind('/');
  return slash != std::string::npos && absl::SimpleAtoi(position.substr(slash + 1), &sequence) ? sequence : 0;
}

}  // namespace

uint64_t DigestOf(absl::string_view bytes) { return std::hash<std::string_view>()({bytes.data(), bytes.size()}); }

int64_t SteadyNow() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

void History::Add(const std::string& service, ClientCall call) {
  std::lock_guard<std::mutex> lock(mutex_);
  calls_[service].push_back(std::move(call));
}

void History::Broken(std::string what) {
  std::lock_guard<std::mutex> lock(mutex_);
  // The first few say it; thousands of lines would hide it.
  constexpr size_t kEnough = 20;
  if (broken_.size() < kEnough) broken_.push_back(std::move(what));
}

std::vector<ClientCall> History::calls(const std::string& service) const { return CallsSince(service, 0); }

std::vector<ClientCall> History::CallsSince(const std::string& service, size_t from) const {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto found = calls_.find(service);
  if (found == calls_.end() || from >= found->second.size()) return {};
  return {found->second.begin() + static_cast<std::ptrdiff_t>(from), found->second.end()};
}

std::vector<std::string> History::broken() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return broken_;
}

size_t History::size() const {
  std::lock_guard<std::mutex> lock(mutex_);
  size_t size = 0;
  for (const auto& [service, calls] : calls_) size += calls.size();
  return size;
}

absl::StatusOr<std::string> HistoryClient::Attempt(const std::string& service, absl::string_view method,
                                                   const std::string& request, absl::Duration timeout) {
  std::shared_ptr<Peer>& peer = peers_[service];
  if (peer == nullptr) peer = services_.NewPeer(service);
  TestCaller caller = services_.Caller(peer);
  caller.set_timeout(timeout);
  if (const auto after = after_.find(service); after != after_.end()) caller.With(kPositionKey, after->second);
  absl::StatusOr<std::string> answer = caller.CallBytes(MethodPath(service, method), request);
  position_ = caller.position();
  // A new connection: the old one's growing pauses would leave short lives without load.
  if (!answer.ok() && absl::IsUnavailable(answer.status())) peer = nullptr;
  return answer;
}

absl::StatusOr<std::string> HistoryClient::MutateBytes(const std::string& service, absl::string_view method,
                                                       Message& request, const std::string& name, Kind kind,
                                                       int64_t expected) {
  ClientCall call;
  call.name = name;
  call.method = MethodPath(service, method);
  call.request_id = NewUuid(random_);
  call.operation.kind = kind;
  call.operation.expected = expected;
  SetText(request, "request_id", call.request_id);
  const std::string bytes = request.SerializeAsString();
  call.operation.call = SteadyNow();
  const absl::Time end = absl::Now() + kPatience;
  absl::StatusOr<std::string> answer;
  do {
    if (call.attempts++ > 0) absl::SleepFor(kRetryPause);
    const bool hasty = random_.Chance(kHasty);
    const absl::Duration timeout = hasty ? absl::Microseconds(random_.Below(kHastyMicros) + 1'000) : kDeadline;
    answer = Attempt(service, method, bytes, timeout);
    if (!answer.ok() && IsUnclear(answer.status()) && call.attempts == 1) history_.CountUnknown();
  } while (!answer.ok() && IsUnclear(answer.status()) && absl::Now() < end);
  call.operation.returned = SteadyNow();
  if (answer.ok()) {
    call.answer = *answer;
    call.position = SequenceIn(position_);
    call.operation.value = DigestOf(*answer);
  } else if (IsUnclear(answer.status())) {
    call.operation.outcome = Outcome::kUnknown;
    history_.Broken(
        absl::StrCat("P6: ", call.method, " on ", name, " got no clear answer: ", answer.status().ToString()));
  } else {
    call.operation.outcome = Outcome::kRefused;
  }
  history_.Add(service, call);
  if (answer.ok() && random_.Chance(kRepeats)) Repeat(service, request, call);
  return answer;
}

void HistoryClient::Repeat(const std::string& service, Message& request, const ClientCall& call) {
  const std::string method = call.method.substr(call.method.rfind('/') + 1);
  const absl::StatusOr<std::string> again = Attempt(service, method, request.SerializeAsString(), kDeadline);
  if (again.ok() && *again != call.answer) {
    history_.Broken(absl::StrCat("P5: the repeat of ", call.method, " on ", call.name, " got another answer"));
  }
  if (!again.ok() && !IsUnclear(again.status())) {
    history_.Broken(absl::StrCat("P5: the repeat of ", call.method, " was refused: ", again.status().ToString()));
  }
  const FieldDescriptor* etag = request.GetDescriptor()->FindFieldByName("etag");
  if (etag == nullptr) return;
  // Other content under the same id.
  std::unique_ptr<Message> other(request.New());
  other->CopyFrom(request);
  SetText(*other, "etag", "999999");
  const absl::StatusOr<std::string> reused = Attempt(service, method, other->SerializeAsString(), kDeadline);
  if (reused.ok() || (!IsUnclear(reused.status()) && ReasonOf(reused.status()) != "REQUEST_ID_REUSED")) {
    history_.Broken(
        absl::StrCat("P5: ", call.method, " took a request id with other content: ", reused.status().ToString()));
  }
}

absl::Status HistoryClient::ReadInto(const std::string& service, absl::string_view method, const Message& request,
                                     const std::string& name, Message& response) {
  ClientCall call;
  call.name = name;
  call.method = MethodPath(service, method);
  call.attempts = 1;
  call.operation.call = SteadyNow();
  const absl::StatusOr<std::string> answer = Attempt(service, method, request.SerializeAsString(), kDeadline);
  call.operation.returned = SteadyNow();
  if (!answer.ok() && !absl::IsNotFound(answer.status())) return answer.status();
  if (answer.ok()) {
    if (!response.ParseFromString(*answer)) return absl::DataLossError("an answer of another type");
    call.operation.revision = RevisionOf(response);
    call.operation.value = DigestOf(*answer);
  }
  history_.Add(service, std::move(call));
  return answer.status();
}

absl::Status HistoryClient::ReadList(const std::string& service, absl::string_view method, const Message& request,
                                     Message& response, const std::vector<std::string>& all) {
  ClientCall call;
  call.method = MethodPath(service, method);
  call.attempts = 1;
  call.operation.call = SteadyNow();
  const absl::StatusOr<std::string> answer = Attempt(service, method, request.SerializeAsString(), kDeadline);
  call.operation.returned = SteadyNow();
  if (!answer.ok()) return answer.status();
  if (!response.ParseFromString(*answer)) return absl::DataLossError("an answer of another type");
  std::map<std::string, int64_t> seen;
  for (const std::string& name : all) seen[name] = 0;
  const FieldDescriptor* elements = response.GetDescriptor()->field(0);
  for (int i = 0; i < response.GetReflection()->FieldSize(response, elements); ++i) {
    const Message& element = response.GetReflection()->GetRepeatedMessage(response, elements, i);
    seen[TextOf(element, "name")] = RevisionOf(element);
  }
  for (const auto& [name, revision] : seen) call.seen.push_back({name, revision});
  history_.Add(service, std::move(call));
  return absl::OkStatus();
}

}  // namespace partnerskap
