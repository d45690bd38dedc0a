// store-files: a store whose file was changed by something else than the service. It is refused, or every answer from
// it is refused or right (P17).
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/testing/temp_dir.h"
#include "partnerskap/membership/v1/organization_messages.pb.h"
#include "tests/fuzz/edits.h"
#include "tests/fuzz/finding.h"
#include "tests/fuzz/inputs.pb.h"
#include "tests/fuzz/subject.h"
#include "tests/fuzz/target.h"

namespace partnerskap::fuzz {
namespace {

constexpr char kMembership[] = "/partnerskap.membership.v1.MembershipService/";
// Enough for a table and its indexes of several pages.
constexpr int kOrganizations = 30;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// A store as a killed process leaves it, and what it answers.
struct Whole {
  TempDir files;
  std::string directory;
  std::map<std::string, std::string> organizations;  // stored bytes by name
};

const Whole& WholeStore() {
  static const Whole& whole = [&]() -> const Whole& {
    static auto& made = *new Whole;
    Subject subject(DefinitionOf("membership"));
    for (int i = 0; i < kOrganizations; ++i) {
      membership::v1::CreateOrganizationRequest request;
      request.set_organization_id(absl::StrCat("forening-", i));
      request.mutable_organization()->set_display_name(absl::StrCat("Förening ", i));
      request.mutable_organization()->set_kind(membership::v1::Organization::ASSOCIATION);
      const CallResult result =
          subject.Call(TestAdminUri(), absl::StrCat(kMembership, "CreateOrganization"), request.SerializeAsString());
      if (!result.status.ok()) Found(absl::StrCat("cannot fill the store: ", result.status.ToString()));
      membership::v1::Organization organization;
      organization.ParseFromString(result.bytes);
      made.organizations[organization.name()] = result.bytes;
      // Half of it is in the file, the rest in the WAL.
      if (i == kOrganizations / 2) subject.Restart();
    }
    made.directory = made.files / "whole";
    CopyStateDirectory(subject.directory(), made.directory);
    return made;
  }();
  return whole;
}

StoreInput Read(absl::string_view bytes) {
  StoreInput input;
  if (!input.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) input.Clear();
  return input;
}

// Reads everything through handlers, as a caller would.
void CheckAnswers(TestService& service, SimLoop& loop) {
  for (const auto& [name, bytes] : WholeStore().organizations) {
    membership::v1::GetOrganizationRequest request;
    request.set_name(name);
    CallHead head;
    head.method = absl::StrCat(kMembership, "GetOrganization");
    head.peer_uris = {TestAdminUri()};
    auto admitted = service.gate().Admit(head);
    if (!admitted.ok()) continue;
    std::optional<CallResult> result;
    service.gate().Handle(*std::move(admitted), request.SerializeAsString(),
                          [&result](CallResult answer) { result = std::move(answer); });
    if (!loop.RunUntil([&] { return result.has_value(); })) Found("P27: a call on a damaged store was never answered");
    if (result->status.ok() && result->bytes != bytes) {
      Found(absl::StrCat("P17: a damaged store answers another ", name));
    }
  }
}

void Run(absl::string_view bytes) {
  const StoreInput input = Read(bytes);
  static const TempDir& files = *new TempDir;
  const std::string directory = files / "store";
  std::filesystem::remove_all(directory);
  CopyStateDirectory(WholeStore().directory, directory);
  const std::string path = absl::StrCat(directory, input.wal() ? "/store.db-wal" : "/store.db");
  std::string content = ReadFile(path);
  Apply(input.edits(), content);
  std::ofstream(path, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
  SimLoop loop(1);
  Env env;
  env.clock = &loop.clock();
  env.random = &loop.random();
  env.executor = &loop;
  auto service = TestService::Open(DefinitionOf("membership"), env, directory);
  if (!service.ok()) return;
  CheckAnswers(**service, loop);
  loop.RunReady();
  CheckAnswers(**service, loop);
}

std::string Mutate(absl::string_view bytes, Mutator& mutator) {
  StoreInput input = Read(bytes);
  if (input.edits().empty() || mutator.Below(6) == 0) input.add_edits()->set_kind(Edit::FLIP);
  Edit& edit = *input.mutable_edits(static_cast<int>(mutator.Below(static_cast<size_t>(input.edits_size()))));
  switch (mutator.Below(4)) {
    case 0:
      edit.set_at(mutator.random()());
      break;
    case 1:
      edit.set_bytes(mutator.Bytes(edit.bytes()));
      break;
    case 2:
      input.set_wal(!input.wal());
      break;
    default:
      mutator.Change(edit);
  }
  return input.SerializeAsString();
}

}  // namespace

std::vector<Target> StoreTargets() { return {{"store-files", &Run, &Mutate, nullptr}}; }

}  // namespace partnerskap::fuzz
