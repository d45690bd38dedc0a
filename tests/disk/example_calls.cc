#include "tests/disk/example_calls.h"

#include <cstdio>
#include <cstdlib>
#include <set>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/apply.h"
#include "cli/client.h"
#include "cli/register.h"
#include "common/testing/sim.h"

namespace partnerskap::disk {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A suite in which nothing is yet: planning against it gives all that loading has to do.
class EmptySuite final : public cli::Client {
 public:
  absl::StatusOr<std::unique_ptr<Message>> Call(absl::string_view, const Message&) override {
    return absl::NotFoundError("nothing is there");
  }
  absl::Status Watch(absl::string_view, const Message&, const std::function<bool(const Message&)>&) override {
    return absl::UnimplementedError("planning follows no feed");
  }
};

template <typename T>
T OrDie(absl::StatusOr<T> value, absl::string_view doing) {
  if (!value.ok()) {
    std::fprintf(stderr, "%s: %s\n", std::string(doing).c_str(), value.status().ToString().c_str());
    std::abort();
  }
  return *std::move(value);
}

cli::v1::NetworkFile Example(absl::string_view name) {
  return OrDie(cli::ReadNetworkFile(absl::StrCat(PARTNERSKAP_SOURCE_DIR "/examples/", name)), name);
}

// Of the register's 311 organizations those that the examples name, and those that they lie in.
cli::v1::NetworkFile NeededRegister(const std::string& text) {
  cli::v1::NetworkFile all = OrDie(cli::ReadRegister(PARTNERSKAP_SOURCE_DIR "/services/membership/data"), "register");
  std::set<std::string> needed;
  for (const auto& organization : all.organizations()) {
    if (text.find(absl::StrCat("\"", organization.name(), "\"")) == std::string::npos) continue;
    needed.insert({organization.name(), organization.parent_organization()});
  }
  cli::v1::NetworkFile file;
  for (const auto& organization : all.organizations()) {
    if (needed.contains(organization.name())) *file.add_organizations() = organization;
  }
  return file;
}

void Append(const cli::v1::NetworkFile& file, Random& random, std::vector<ExampleCall>& calls) {
  EmptySuite suite;
  const std::vector<cli::Step> steps = OrDie(cli::Plan(suite, file, [](size_t, size_t) {}), "plan");
  for (const cli::Step& step : steps) {
    if (step.method.empty()) continue;
    ExampleCall call;
    call.service = absl::StrReplaceAll(cli::ServiceOf(step.method), {{"-", "_"}});
    call.path = step.method;
    const FieldDescriptor* id = step.request->GetDescriptor()->FindFieldByName("request_id");
    if (id == nullptr) continue;
    call.request_id = NewUuid(random);
    step.request->GetReflection()->SetString(step.request.get(), id, call.request_id);
    call.request = step.request->SerializeAsString();
    calls.push_back(std::move(call));
  }
}

std::vector<ExampleCall> MakeCalls() {
  const cli::v1::NetworkFile first = Example("01-partnerskapet.textproto");
  const cli::v1::NetworkFile second = Example("02-regionala-natverket.textproto");
  SeededRandom random(1);
  std::vector<ExampleCall> calls;
  Append(NeededRegister(absl::StrCat(first.DebugString(), second.DebugString())), random, calls);
  Append(first, random, calls);
  Append(second, random, calls);
  return calls;
}

}  // namespace

const std::vector<ExampleCall>& ExampleCalls() {
  static const auto& calls = *new std::vector<ExampleCall>(MakeCalls());
  return calls;
}

}  // namespace partnerskap::disk
