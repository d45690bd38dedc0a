// two-callers: whoever may not read a secret cannot tell two of them apart. The same requests run twice, with other
// secrets; what a reader is answered is the same, byte by byte (P35).
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/feed.pb.h"
#include "partnerskap/membership/v1/post_messages.pb.h"
#include "tests/fuzz/finding.h"
#include "tests/fuzz/requests.h"
#include "tests/fuzz/target.h"

namespace partnerskap::fuzz {
namespace {

constexpr char kMembership[] = "/partnerskap.membership.v1.MembershipService/";
constexpr char kFeed[] = "/partnerskap.membership.v1.MembershipFeedService/ListChanges";

// Contact data, and the names of people with protected personal data. Both keep the field rules, sort to different
// places, and have different lengths.
struct Secret {
  const char* email;
  const char* phone;
  const char* address;
  const char* name;
  const char* party;
};
constexpr Secret kOne = {"alfa@exempel.se", "018-727 00 00", "Ågatan 1", "Alfa Ahl", "A"};
constexpr Secret kOther = {"omega.oberg@exempel.org", "+46 19 21 10 00", "Östra vägen 22, 2 tr", "Östen Öberg",
                           "Övriga"};

std::string WithSecret(const record::RecordedCall& call, const Secret& secret) {
  if (call.method() == absl::StrCat(kMembership, "UpdatePersonContact")) {
    membership::v1::UpdatePersonContactRequest request;
    if (!request.ParseFromString(call.request())) return call.request();
    auto& contact = *request.mutable_person_contact();
    if (!contact.email().empty()) contact.set_email(secret.email);
    if (!contact.phone().empty()) contact.set_phone(secret.phone);
    if (!contact.postal_address().empty()) contact.set_postal_address(secret.address);
    return request.SerializeAsString();
  }
  if (call.method() == absl::StrCat(kMembership, "CreatePerson")) {
    membership::v1::CreatePersonRequest request;
    if (!request.ParseFromString(call.request()) || !request.person().protected_identity()) return call.request();
    request.mutable_person()->set_display_name(secret.name);
    if (!request.person().party().empty()) request.mutable_person()->set_party(secret.party);
    return request.SerializeAsString();
  }
  return call.request();
}

// Everything that a reader hears, and what another service hears of the feed.
class Observer {
 public:
  explicit Observer(Subject& subject) : subject_(subject) {}

  void Hear(absl::string_view uri, absl::string_view method, std::string request) {
    const CallResult result = subject_.Call(uri, method, std::move(request));
    // As it goes on the wire: a status as text has its details in any order.
    heard_.push_back(absl::StrCat(method, ": ", ToRpcStatus(result.status).SerializeAsString(), " ", result.bytes));
  }
  void LookAround() {
    membership::v1::ListPersonsRequest persons;
    Hear(TestReaderUri(), absl::StrCat(kMembership, "ListPersons"), persons.SerializeAsString());
    Hear(TestServiceUri("scheduling"), kFeed, common::v1::ListChangesRequest().SerializeAsString());
  }
  const std::vector<std::string>& heard() const { return heard_; }

 private:
  Subject& subject_;
  std::vector<std::string> heard_;
};

// What an auditor may see is more than a reader may.
bool IsReading(Subject& subject, const record::RecordedCall& call) {
  const Method* method = subject.Find(call.method());
  return method != nullptr && !method->auth->mutating() && !method->is_stream() &&
         method->auth->permission().find("audit") == std::string::npos;
}

std::vector<std::string> HeardWith(const record::Recording& recording, const Secret& secret) {
  Subject& subject = SubjectOf("membership");
  subject.Reset();
  Observer observer(subject);
  for (const record::RecordedStep& step : recording.steps()) {
    subject.SetTime(step.unix_seconds());
    if (!step.has_call()) continue;
    const std::string request = WithSecret(step.call(), secret);
    if (IsReading(subject, step.call())) {
      observer.Hear(TestReaderUri(), step.call().method(), request);
    } else {
      subject.Call(step.call().uri(), step.call().method(), request);
    }
  }
  observer.LookAround();
  return observer.heard();
}

void Run(absl::string_view input) {
  const record::Recording recording = ReadRecording(input, "membership");
  const std::vector<std::string> one = HeardWith(recording, kOne), other = HeardWith(recording, kOther);
  for (size_t i = 0; i < one.size(); ++i) {
    if (one[i] != other[i]) {
      Found(absl::StrCat("P35: a reader can tell two secrets apart:\n", absl::CEscape(one[i]), "\n",
                         absl::CEscape(other[i])));
    }
  }
}

std::string Mutate(absl::string_view input, Mutator& mutator) {
  record::Recording recording = ReadRecording(input, "membership");
  ChangeRecording(recording, SubjectOf("membership"), mutator);
  return recording.SerializeAsString();
}

}  // namespace

std::vector<Target> CallerTargets() { return {{"two-callers", &Run, &Mutate, nullptr}}; }

}  // namespace partnerskap::fuzz
