// Makes seeds for the corpus out of what the handler tests ask (common/testing/recorder.h):
//
//   fuzz_seeds RECORDED CORPUS
//
// reads RECORDED/<service>/<test> and writes CORPUS/<target>/<test>. tests/fuzz/make_corpus.sh runs it.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/testing/recording.pb.h"
#include "common/testing/test_caller.h"
#include "deploy/certs/authority.h"
#include "partnerskap/membership/v1/organization_messages.pb.h"
#include "tests/fuzz/inputs.pb.h"
#include "tests/fuzz/requests.h"
#include "tests/fuzz/subject.h"

namespace partnerskap::fuzz {
namespace {

namespace fs = std::filesystem;

void Write(const fs::path& path, const google::protobuf::Message& message) {
  fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  if (!message.SerializeToOstream(&file)) std::fprintf(stderr, "cannot write %s\n", path.c_str());
}

GateInput GateInputOf(const record::Recording& recording, const record::RecordedCall& call) {
  GateInput input;
  input.set_service(recording.service());
  input.add_uris(call.uri());
  input.set_method(call.method());
  input.set_body(call.request());
  return input;
}

void MakeSeeds(const fs::path& recorded, const fs::path& corpus) {
  for (const auto& entry : fs::recursive_directory_iterator(recorded)) {
    if (!entry.is_regular_file()) continue;
    record::Recording whole;
    std::ifstream file(entry.path(), std::ios::binary);
    if (!whole.ParseFromIstream(&file)) continue;
    const std::string test = entry.path().filename().string();
    Write(corpus / absl::StrCat("requests-", whole.service()) / test, whole);
    if (whole.service() == "membership") Write(corpus / "two-callers" / test, whole);
    record::Recording changes;
    changes.set_service(whole.service());
    for (const record::RecordedStep& step : whole.steps()) {
      if (step.has_change()) *changes.add_steps() = step;
    }
    if (changes.steps_size() > 0) Write(corpus / "feed-events" / test, changes);
    // The first of each test is a small one, as a rule.
    for (const record::RecordedStep& step : whole.steps()) {
      if (!step.has_call()) continue;
      Write(corpus / "gate-bytes" / test, GateInputOf(whole, step.call()));
      break;
    }
  }
}

// Of what no test sends in one piece.
void MakeOtherSeeds(const fs::path& corpus) {
  TokenInput tokens;
  tokens.set_method("ListOrganizations");
  tokens.set_other_method("ListOrganizations");
  Write(corpus / "page-tokens-and-filters" / "same", tokens);
  tokens.add_edits()->set_kind(Edit::FLIP);
  Write(corpus / "page-tokens-and-filters" / "changed", tokens);
  tokens.clear_edits();
  membership::v1::ListOrganizationsRequest query;
  query.set_filter("kind = ASSOCIATION");
  tokens.set_other_request(query.SerializeAsString());
  Write(corpus / "page-tokens-and-filters" / "other-filter", tokens);
  ResumeInput resume;
  resume.mutable_made()->set_service("partnerskap.membership.v1.MembershipFeedService");
  resume.mutable_made()->set_network("networks/partnerskapet");
  resume.mutable_made()->add_types("partnerskap.membership.v1.Seat");
  resume.mutable_made()->set_epoch("0123456789abcdef");
  *resume.mutable_opened() = resume.made();
  resume.set_sequence(42);
  resume.set_floor(1);
  resume.set_committed(50);
  Write(corpus / "resume-tokens" / "same", resume);
  resume.add_edits()->set_kind(Edit::FLIP);
  Write(corpus / "resume-tokens" / "changed", resume);
  IdentityInput identity;
  identity.add_uris(TestMemberUri("organizations/kommun-0380"));
  identity.add_uris(identity.uris(0) + "/more");
  Write(corpus / "identities" / "too-long", identity);
  identity.mutable_uris()->RemoveLast();
  identity.set_roles(TestRoles(SubjectOf("membership").service().methods()));
  identity.set_filter("kind = ASSOCIATION AND display_name = \"Förening 1\"");
  identity.set_position("membership/0123456789abcdef/42");
  const auto authority = certs::MakeAuthority("test.partnerskap", SimLoop::DefaultStart());
  if (authority.ok()) {
    std::string text = authority->certificate_pem;
    text = text.substr(text.find('\n') + 1);
    std::string der;
    absl::Base64Unescape(absl::StrReplaceAll(text.substr(0, text.find('-')), {{"\n", ""}}), &der);
    identity.set_certificate(der);
  }
  Write(corpus / "identities" / "member", identity);
  StoreInput store;
  for (const bool wal : {false, true}) {
    store.set_wal(wal);
    for (const auto kind : {Edit::FLIP, Edit::CUT, Edit::ZERO_PAGE, Edit::SWAP_PAGES}) {
      store.clear_edits();
      store.add_edits()->set_kind(kind);
      store.mutable_edits(0)->set_at(9'000);
      store.mutable_edits(0)->set_length(3);
      Write(corpus / "store-files" / absl::StrCat(Edit::Kind_Name(kind), wal ? "-wal" : ""), store);
    }
  }
}

}  // namespace
}  // namespace partnerskap::fuzz

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "fuzz_seeds RECORDED CORPUS\n");
    return 2;
  }
  partnerskap::fuzz::MakeSeeds(argv[1], argv[2]);
  partnerskap::fuzz::MakeOtherSeeds(argv[2]);
  return 0;
}
