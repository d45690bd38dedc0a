#include "tests/fuzz/subject.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/env/steady_time.h"
#include "common/feed/applier.h"
#include "common/status/refusal.h"
#include "common/text/utf8.h"
#include "services/agreements/service.h"
#include "services/membership/service.h"
#include "services/peer_review/service.h"
#include "services/scheduling/service.h"
#include "tests/fuzz/finding.h"

namespace partnerskap::fuzz {
namespace {

constexpr uint64_t kSeed = 1;
constexpr int64_t kLatest = 4'102'444'800;  // 2100-01-01
// As long as a caller that sets no deadline waits.
constexpr absl::Duration kPatience = absl::Seconds(10);
// ErrorInfo, texts and details, with what their envelope costs.
constexpr size_t kMaxWireStatusBytes = kMaxDetailsBytes + kMaxMessageBytes + 64;

void MustBeOk(const absl::Status& status, absl::string_view doing) {
  if (!status.ok()) Found(absl::StrCat(doing, ": ", status.ToString()));
}

// Takes everything.
class OpenSink final : public StreamSink {
 public:
  Sent Send(std::string) override { return ended ? Sent::kClosed : Sent::kOk; }
  void Close(const absl::Status& status) override {
    ended = true;
    outcome = status;
  }
  bool ended = false;
  absl::Status outcome;
};

}  // namespace

Subject::Subject(const ServiceDefinition& definition)
    : definition_(definition), empty_(files_ / "empty"), directory_(files_ / "store") {
  // Migrations once, not for each input.
  SimLoop loop(kSeed);
  Env env;
  env.clock = &loop.clock();
  env.random = &loop.random();
  env.executor = &loop;
  auto service = TestService::Open(definition_, env, empty_);
  MustBeOk(service.status(), "an empty store");
  loop.RunReady();
  service->reset();
  Reset();
}

Subject::~Subject() {
  // The service ends before its loop.
  service_.reset();
}

void Subject::Reset() {
  service_.reset();
  std::filesystem::remove_all(directory_);
  CopyStateDirectory(empty_, directory_);
  lives_ = 0;
  Open();
}

void Subject::Stop() {
  service_.reset();
  ++lives_;
}

void Subject::Restart() {
  const absl::Time now = loop_->clock().Now();
  Stop();
  Open();
  loop_->clock().SetNow(now);
}

void Subject::Open() {
  // No life draws the ids of another again.
  loop_ = std::make_unique<SimLoop>(kSeed + lives_);
  Env env;
  env.clock = &loop_->clock();
  env.random = &loop_->random();
  env.executor = loop_.get();
  auto service = TestService::Open(definition_, env, directory_);
  MustBeOk(service.status(), "P7: the store does not open again");
  service_ = *std::move(service);
  // Where the last life has read to.
  for (const Subscription& subscription : definition_.subscriptions) {
    const auto cursor = database().Read([&](ReadTx& tx) { return ReadCursor(tx, subscription.producer); });
    MustBeOk(cursor.status(), "a feed's cursor");
    learned_[subscription.producer] = cursor->sequence;
  }
}

void Subject::SetTime(int64_t unix_seconds) {
  loop_->clock().SetNow(absl::FromUnixSeconds(std::clamp<int64_t>(unix_seconds, 0, kLatest)));
}

CallResult Subject::Call(CallHead head, std::string body) {
  auto admitted = service_->gate().Admit(std::move(head));
  if (!admitted.ok()) return {admitted.status(), "", {}};
  if ((*admitted)->method().is_stream()) return {absl::OkStatus(), "", {}};
  auto result = std::make_shared<std::optional<CallResult>>();
  service_->gate().Handle(*std::move(admitted), std::move(body), [result](CallResult answer) {
    if (result->has_value()) Found("P27: a call was answered twice");
    *result = std::move(answer);
  });
  if (!loop_->RunUntil([&] { return result->has_value(); })) Found("P27: a call was never answered");
  return **std::move(result);
}

CallResult Subject::Call(absl::string_view uri, absl::string_view method, std::string body) {
  CallHead head;
  head.method = std::string(method);
  if (!uri.empty()) head.peer_uris.emplace_back(uri);
  head.deadline = SteadyTime(loop_->clock()) + kPatience;
  return Call(std::move(head), std::move(body));
}

absl::Status Subject::Stream(CallHead head, std::string body) {
  auto admitted = service_->gate().Admit(std::move(head));
  if (!admitted.ok()) return admitted.status();
  if (!(*admitted)->method().is_stream()) return absl::OkStatus();
  const std::shared_ptr<Admitted> call = *std::move(admitted);
  auto sink = std::make_shared<OpenSink>();
  std::shared_ptr<Session> session = service_->gate().Open(call, sink);
  if (session != nullptr) {
    session->OnMessage(std::move(body));
    session->OnHalfClose();
    if (!loop_->RunReady()) Found("P27: a stream runs without end");
  }
  session.reset();
  const absl::Status outcome = sink->ended ? sink->outcome : absl::CancelledError("the caller went away");
  service_->gate().Ended(*call, outcome);
  return sink->outcome;
}

absl::Status Subject::Learn(const std::string& producer, common::v1::Change change) {
  for (const Subscription& subscription : definition_.subscriptions) {
    if (subscription.producer != producer) continue;
    Effect effect;
    int64_t& learned = learned_[producer];
    effect.after = learned;
    effect.replaces_all = learned == 0;
    effect.cursor = {"0123456789abcdef", learned + 1, "token"};
    change.set_epoch(effect.cursor.epoch);
    change.set_sequence(learned + 1);
    change.set_transaction(learned + 1);
    effect.changes.push_back(std::move(change));
    auto done = std::make_shared<std::optional<absl::Status>>();
    WriteRequest write = WriteOf(subscription, std::make_shared<Effect>(std::move(effect)), loop_->clock().Now());
    write.done = [done](const WriteResult& result) { *done = result.answer.status(); };
    database().writer().Submit(std::move(write));
    if (!loop_->RunUntil([&] { return done->has_value(); })) Found("P27: a change of a feed was never judged");
    if ((*done)->ok()) ++learned;
    return **done;
  }
  return absl::NotFoundError("not followed");
}

const ServiceDefinition& DefinitionOf(absl::string_view service) {
  static const auto& definitions =
      *new std::map<std::string, ServiceDefinition, std::less<>>{{"membership", membership::Definition()},
                                                                 {"agreements", agreements::Definition()},
                                                                 {"scheduling", scheduling::Definition()},
                                                                 {"peer_review", peer_review::Definition()}};
  const auto found = definitions.find(service);
  if (found == definitions.end()) Found(absl::StrCat("there is no service ", service));
  return found->second;
}

Subject& SubjectOf(absl::string_view service) {
  static auto& subjects = *new std::map<std::string, std::unique_ptr<Subject>>;
  std::unique_ptr<Subject>& subject = subjects[std::string(service)];
  if (subject == nullptr) subject = std::make_unique<Subject>(DefinitionOf(service));
  return *subject;
}

void CheckRefusal(const absl::Status& status, absl::string_view what) {
  if (status.ok()) return;
  const std::string reason = ReasonOf(status);
  const bool is_passing =
      status.code() == absl::StatusCode::kUnavailable || status.code() == absl::StatusCode::kDeadlineExceeded;
  if (reason == "INTERNAL_ERROR" || reason == "STORE_CORRUPT" || (reason.empty() && !is_passing)) {
    Found(absl::StrCat("P27: ", what, " was answered ", status.ToString()));
  }
  const google::rpc::Status wire = ToRpcStatus(status);
  if (wire.ByteSizeLong() > kMaxWireStatusBytes) {
    Found(absl::StrCat("P28: the refusal of ", what, " has ", wire.ByteSizeLong(), " bytes: ", status.ToString()));
  }
  if (!IsValidUtf8(wire.message()) || !IsValidUtf8(LocalizedMessageOf(status))) {
    Found(absl::StrCat("P27: the refusal of ", what, " is no text: ", status.ToString()));
  }
  google::rpc::Status again;
  if (!again.ParseFromString(wire.SerializeAsString()) || FromRpcStatus(again).code() != status.code()) {
    Found(absl::StrCat("P27: the refusal of ", what, " does not come through: ", status.ToString()));
  }
}

}  // namespace partnerskap::fuzz
