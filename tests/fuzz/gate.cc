// gate-bytes: any head, any bytes, through the gate of any service.
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/env/steady_time.h"
#include "tests/fuzz/finding.h"
#include "tests/fuzz/inputs.pb.h"
#include "tests/fuzz/requests.h"
#include "tests/fuzz/subject.h"
#include "tests/fuzz/target.h"

namespace partnerskap::fuzz {
namespace {

constexpr absl::string_view kServices[] = {"membership", "agreements", "scheduling", "peer_review"};
// What a door takes of a caller's headers, in bytes (P28).
constexpr size_t kMaxHeaders = 64;

absl::string_view ServiceOf(const GateInput& input) {
  for (const absl::string_view service : kServices) {
    if (input.service() == service) return service;
  }
  return kServices[0];
}

GateInput Read(absl::string_view bytes) {
  GateInput input;
  if (!input.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) input.Clear();
  return input;
}

CallHead HeadOf(const GateInput& input, Subject& subject) {
  CallHead head;
  head.method = input.method();
  head.peer_uris.assign(input.uris().begin(), input.uris().end());
  for (const Header& header : input.headers()) {
    if (head.metadata.size() < kMaxHeaders) head.metadata.emplace_back(header.key(), header.value());
  }
  if (input.deadline_millis() != 0) {
    head.deadline = SteadyTime(subject.loop().clock()) + absl::Milliseconds(input.deadline_millis());
  }
  return head;
}

void Run(absl::string_view bytes) {
  const GateInput input = Read(bytes);
  Subject& subject = SubjectOf(ServiceOf(input));
  subject.Reset();
  const Digests before = subject.digests();
  const Method* method = subject.Find(input.method());
  const CallHead head = HeadOf(input, subject);
  if (method != nullptr && method->is_stream()) {
    CheckRefusal(subject.Stream(head, input.body()), input.method());
    if (subject.digests() != before) Found(absl::StrCat("P27: the stream ", input.method(), " changed the store"));
    return;
  }
  const CallResult result = subject.Call(head, input.body());
  CheckRefusal(result.status, input.method());
  const bool may_change = result.status.ok() && method != nullptr && method->auth->mutating();
  if (!may_change && subject.digests() != before) {
    Found(absl::StrCat("P27: ", input.method(), " changed the store: ", result.status.ToString()));
  }
  if (result.status.ok() && input.uris_size() != 1) Found("P30: a call was answered without exactly one identity");
}

std::string Mutate(absl::string_view bytes, Mutator& mutator) {
  GateInput input = Read(bytes);
  if (input.service().empty() || mutator.Below(20) == 0) input.set_service(std::string(kServices[mutator.Below(4)]));
  Subject& subject = SubjectOf(ServiceOf(input));
  if (input.uris().empty() || mutator.Below(20) == 0) {
    input.clear_uris();
    input.add_uris(SomeUri(mutator));
  }
  switch (mutator.Below(4)) {
    case 0:
      mutator.Change(input);
      break;
    case 1:
      input.set_body(mutator.Bytes(input.body()));
      break;
    default:
      record::RecordedCall call;
      call.set_uri(input.uris(0));
      call.set_method(input.method());
      call.set_request(input.body());
      ChangeCall(call, subject, mutator);
      input.set_uris(0, call.uri());
      input.set_method(call.method());
      input.set_body(call.request());
  }
  return input.SerializeAsString();
}

}  // namespace

std::vector<Target> GateTargets() { return {{"gate-bytes", &Run, &Mutate, nullptr}}; }

}  // namespace partnerskap::fuzz
