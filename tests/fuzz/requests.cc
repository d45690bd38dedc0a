#include "tests/fuzz/requests.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/feed/change_reader.h"
#include "common/rpc/field_rules.h"
#include "common/sql/resource_table.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "google/protobuf/util/message_differencer.h"
#include "partnerskap/common/v1/feed.pb.h"
#include "tests/fuzz/finding.h"
#include "tests/fuzz/target.h"

namespace partnerskap::fuzz {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr absl::string_view kServices[] = {"membership", "agreements", "scheduling", "peer_review"};

std::unique_ptr<Message> MessageOf(const google::protobuf::Descriptor& type) {
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

bool FlagOf(const Message& message, const char* name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  return field != nullptr && message.GetReflection()->GetBool(message, field);
}

std::string TextOf(const Message& message, const char* name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  const bool is_text = field != nullptr && field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated();
  return is_text ? message.GetReflection()->GetString(message, field) : "";
}

void MustBeSame(const Digests& before, const Digests& after, absl::string_view what) {
  for (const auto& [table, digest] : after) {
    const auto old = before.find(table);
    if (old == before.end() || old->second != digest) Found(absl::StrCat("P27: ", what, " changed the table ", table));
  }
}

// An answer that is a resource is what the store has of that name.
void CheckStored(Subject& subject, const Message& answer, const std::string& bytes, absl::string_view method) {
  for (const ResourceTableBase* table : subject.definition().tables) {
    if (table->descriptor().full_name() != answer.GetDescriptor()->full_name()) continue;
    const std::string name = TextOf(answer, "name");
    auto stored = subject.database().Read(
        [&](ReadTx& tx) -> absl::StatusOr<std::optional<std::string>> { return table->FindBytes(tx, name); });
    if (!stored.ok() || !stored->has_value() || **stored != bytes) {
      Found(absl::StrCat("P7: ", method, " answered another ", name, " than it stored"));
    }
  }
}

}  // namespace

record::Recording ReadRecording(absl::string_view input, absl::string_view service) {
  record::Recording recording;
  if (!recording.ParseFromArray(input.data(), static_cast<int>(input.size()))) recording.Clear();
  recording.set_service(std::string(service));
  if (recording.steps_size() > kMaxSteps) {
    recording.mutable_steps()->DeleteSubrange(kMaxSteps, recording.steps_size() - kMaxSteps);
  }
  return recording;
}

void RunCall(Subject& subject, const record::RecordedCall& call, Digests& digests) {
  const Method* method = subject.Find(call.method());
  if (method != nullptr && method->is_stream()) return;
  const CallResult result = subject.Call(call.uri(), call.method(), call.request());
  CheckRefusal(result.status, call.method());
  Digests after = subject.digests();
  std::unique_ptr<Message> request(method == nullptr ? nullptr : method->request_prototype->New());
  const bool is_read = request != nullptr && request->ParseFromString(call.request());
  const bool changes =
      result.status.ok() && method->auth->mutating() && !(is_read && FlagOf(*request, "validate_only"));
  if (!changes) {
    MustBeSame(digests, after, absl::StrCat(call.method(), " (", result.status.ToString(), ")"));
  }
  digests = std::move(after);
  if (!result.status.ok()) return;
  if (!is_read) Found(absl::StrCat("P27: ", call.method(), " took bytes that are no request"));
  const std::unique_ptr<Message> answer = MessageOf(*method->descriptor->output_type());
  if (!answer->ParseFromString(result.bytes)) Found(absl::StrCat("P27: the answer of ", call.method(), " is damaged"));
  Words::Known().Learn(*answer);
  if (!changes) return;
  CheckStored(subject, *answer, result.bytes, call.method());
  if (TextOf(*request, "request_id").empty()) return;
  const CallResult again = subject.Call(call.uri(), call.method(), call.request());
  if (!again.status.ok() || again.bytes != result.bytes || again.trailers != result.trailers) {
    Found(absl::StrCat("P6: a repeat of ", call.method(), " was answered otherwise: ", again.status.ToString()));
  }
  MustBeSame(digests, subject.digests(), absl::StrCat("a repeat of ", call.method()));
}

void RunChange(Subject& subject, const record::RecordedChange& change, Digests& digests) {
  const absl::Status status = subject.Learn(change.producer(), change.change());
  Digests after = subject.digests();
  if (!status.ok()) MustBeSame(digests, after, absl::StrCat("a change that was not taken (", status.ToString(), ")"));
  digests = std::move(after);
}

void CheckFold(Subject& subject) {
  std::map<std::string, common::v1::Change> fold, state;
  const int64_t end = subject.database().committed_sequence();
  const absl::Status status = subject.database().Read([&](ReadTx& tx) -> absl::Status {
    for (const ResourceTableBase* table : subject.definition().tables) RETURN_IF_ERROR(table->VerifyDerivation(tx));
    int64_t read = 0, covered = 0;
    while (read < end) {
      ASSIGN_OR_RETURN(ChangePage page, ReadChanges(tx, {}, "epoch", read, covered, end, {}));
      if (page.read <= read) return absl::InternalError("the feed stands still");
      for (common::v1::Change& change : page.changes) fold[change.name()] = std::move(change);
      read = page.read;
      covered = page.covered;
    }
    read = 0;
    while (read < end) {
      ASSIGN_OR_RETURN(ChangePage page, ReadState(tx, {}, "epoch", read, end, {}));
      if (page.read <= read) return absl::InternalError("the state stands still");
      for (common::v1::Change& change : page.changes) state[change.name()] = std::move(change);
      read = page.read;
    }
    size_t rows = 0;
    for (const ResourceTableBase* table : subject.definition().tables) {
      Rows row = tx.Query(absl::StrCat("SELECT name, message\n  FROM ", table->table()));
      const std::unique_ptr<Message> message = MessageOf(table->descriptor());
      for (; row.Next(); ++rows) {
        const auto found = fold.find(std::string(row.Text(0)));
        if (found == fold.end()) return absl::InternalError(absl::StrCat(row.Text(0), " is not in the feed"));
        if (!message->ParseFromString(std::string(row.Bytes(1)))) return absl::InternalError("a row is no message");
        ClearPersonal(*message);
        if (message->SerializeAsString() != found->second.message()) {
          return absl::InternalError(absl::StrCat(row.Text(0), " is another in the feed"));
        }
      }
      RETURN_IF_ERROR(row.status());
    }
    if (rows != fold.size()) return absl::InternalError("the feed has more than the store");
    return absl::OkStatus();
  });
  if (!status.ok()) Found(absl::StrCat("P8: ", status.ToString()));
  if (fold.size() != state.size()) Found("P8: the initial state is not the fold of the changes");
  for (const auto& [name, change] : fold) {
    if (state[name].message() != change.message()) Found(absl::StrCat("P8: the initial state has another ", name));
  }
}

std::string SomeUri(Mutator& mutator) {
  if (mutator.Below(20) == 0) return mutator.Text(TestAdminUri(), "uri");
  switch (mutator.Below(4)) {
    case 0:
      return TestAdminUri();
    case 1:
      return TestReaderUri();
    case 2:
      return TestServiceUri(kServices[mutator.Below(4)]);
    default:
      const std::string* organization = Words::Known().Pick("organizations", mutator.random());
      return TestMemberUri(organization == nullptr ? "organizations/kommun-0380" : *organization);
  }
}

void ChangeCall(record::RecordedCall& call, Subject& subject, Mutator& mutator) {
  const Method* method = subject.Find(call.method());
  if (mutator.Below(12) == 0) return call.set_uri(SomeUri(mutator));
  if (method == nullptr || mutator.Below(15) == 0) {
    // In the order of their names, so that the same draw gives the same method.
    std::vector<std::string> paths;
    for (const auto& [path, known] : subject.service().methods().all()) paths.push_back(path);
    std::sort(paths.begin(), paths.end());
    call.set_method(paths[mutator.Below(paths.size())]);
    if (call.uri().empty()) call.set_uri(SomeUri(mutator));
    return;
  }
  if (mutator.Below(40) == 0) return call.set_request(mutator.Bytes(call.request()));
  const std::unique_ptr<Message> request(method->request_prototype->New());
  request->ParsePartialFromString(call.request());
  Words::Known().Learn(*request);
  for (size_t left = 1 + mutator.Below(3); left > 0; --left) mutator.Change(*request);
  call.set_request(request->SerializePartialAsString());
}

void ChangeChange(record::RecordedChange& change, Mutator& mutator) {
  if (mutator.Below(10) == 0) change.set_producer(std::string(kServices[mutator.Below(4)]));
  const google::protobuf::Descriptor* type =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(change.change().message_type());
  if (type == nullptr || mutator.Below(4) == 0) return mutator.Change(*change.mutable_change());
  const std::unique_ptr<Message> message = MessageOf(*type);
  message->ParsePartialFromString(change.change().message());
  Words::Known().Learn(*message);
  for (size_t left = 1 + mutator.Below(3); left > 0; --left) mutator.Change(*message);
  change.mutable_change()->set_message(message->SerializePartialAsString());
}

void ChangeRecording(record::Recording& recording, Subject& subject, Mutator& mutator) {
  auto& steps = *recording.mutable_steps();
  if (steps.empty()) {
    record::RecordedStep* step = steps.Add();
    step->set_unix_seconds(absl::ToUnixSeconds(SimLoop::DefaultStart()));
    return ChangeCall(*step->mutable_call(), subject, mutator);
  }
  const int at = static_cast<int>(mutator.Below(static_cast<size_t>(steps.size())));
  switch (mutator.Below(20)) {
    case 0:
      return steps.DeleteSubrange(at, 1);
    case 1:
      return steps.SwapElements(at, steps.size() - 1);
    case 2:
    case 3:
      if (steps.size() < kMaxSteps) *steps.Add() = record::RecordedStep(steps[at]);
      break;
    case 4:
      return steps[at].set_unix_seconds(
          mutator.Below(2) == 0 ? steps[at].unix_seconds() + 86'400 * (1 + static_cast<int64_t>(mutator.Below(4'000)))
                                : mutator.Number(steps[at].unix_seconds()));
    default:
      break;
  }
  // The last steps find most of what the others have made.
  record::RecordedStep& step = steps[mutator.Below(3) == 0 ? steps.size() - 1 : at];
  if (step.has_change()) return ChangeChange(*step.mutable_change(), mutator);
  ChangeCall(*step.mutable_call(), subject, mutator);
}

namespace {

void RunRequests(absl::string_view input, absl::string_view service) {
  const record::Recording recording = ReadRecording(input, service);
  Subject& subject = SubjectOf(service);
  subject.Reset();
  Digests digests = subject.digests();
  const Digests empty = digests;
  for (const record::RecordedStep& step : recording.steps()) {
    subject.SetTime(step.unix_seconds());
    if (step.has_change()) RunChange(subject, step.change(), digests);
    if (step.has_call()) RunCall(subject, step.call(), digests);
  }
  if (digests == empty) return;
  CheckFold(subject);
  subject.Restart();
  if (subject.digests() != digests) Found("P1: another store after a restart");
}

}  // namespace

std::vector<Target> RequestTargets() {
  std::vector<Target> targets;
  for (const absl::string_view service : kServices) {
    Target target;
    target.name = absl::StrCat("requests-", service);
    target.run = [service](absl::string_view input) { RunRequests(input, service); };
    target.mutate = [service](absl::string_view input, Mutator& mutator) {
      record::Recording recording = ReadRecording(input, service);
      for (size_t left = 1 + mutator.Below(2); left > 0; --left) {
        ChangeRecording(recording, SubjectOf(service), mutator);
      }
      return recording.SerializeAsString();
    };
    target.cross = [service](absl::string_view one, absl::string_view other, Mutator& mutator) {
      record::Recording recording = ReadRecording(one, service);
      const record::Recording rest = ReadRecording(other, service);
      const size_t from = mutator.Below(static_cast<size_t>(rest.steps_size()) + 1);
      for (size_t i = from; i < static_cast<size_t>(rest.steps_size()) && recording.steps_size() < kMaxSteps; ++i) {
        *recording.add_steps() = rest.steps(static_cast<int>(i));
      }
      return recording.SerializeAsString();
    };
    targets.push_back(std::move(target));
  }
  return targets;
}

}  // namespace partnerskap::fuzz
