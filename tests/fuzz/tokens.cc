// Everything opaque or textual that a caller sends back or makes up: page tokens, resume tokens, filters, positions,
// identities, certificates, role files.
#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/auth/authenticator.h"
#include "common/feed/projections.h"
#include "common/feed/resume_token.h"
#include "common/rpc/filter.h"
#include "common/seal/sealer.h"
#include "common/status/refusal.h"
#include "deploy/certs/authority.h"
#include "partnerskap/membership/v1/organization_messages.pb.h"
#include "tests/fuzz/edits.h"
#include "tests/fuzz/finding.h"
#include "tests/fuzz/inputs.pb.h"
#include "tests/fuzz/requests.h"
#include "tests/fuzz/subject.h"
#include "tests/fuzz/target.h"

namespace partnerskap::fuzz {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kMembership[] = "/partnerskap.membership.v1.MembershipService/";
// Several pages of the smallest size.
constexpr int kOrganizations = 6;
constexpr absl::string_view kOrganizationPrefix = "organizations/";
constexpr size_t kMaxEpochBytes = 16;
const char* const kLists[] = {"ListOrganizations", "ListNetworks", "ListPersons", "ListSeats", "ListPosts"};

template <typename M>
M Read(absl::string_view bytes) {
  M input;
  if (!input.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) input.Clear();
  return input;
}

// Organizations to page through.
Subject& Filled() {
  static Subject& subject = [&]() -> Subject& {
    static auto& made = *new Subject(DefinitionOf("membership"));
    for (int i = 0; i < kOrganizations; ++i) {
      membership::v1::CreateOrganizationRequest request;
      request.set_organization_id(absl::StrCat("forening-", i));
      request.mutable_organization()->set_display_name(absl::StrCat("Förening ", i));
      request.mutable_organization()->set_kind(membership::v1::Organization::ASSOCIATION);
      const CallResult result =
          made.Call(TestAdminUri(), absl::StrCat(kMembership, "CreateOrganization"), request.SerializeAsString());
      if (!result.status.ok()) Found(absl::StrCat("cannot fill the store: ", result.status.ToString()));
    }
    return made;
  }();
  return subject;
}

void SetField(Message& message, const char* name, const std::string& text) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  if (field != nullptr) message.GetReflection()->SetString(&message, field, text);
}

void SetPageSize(Message& message, int32_t size) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName("page_size");
  if (field != nullptr) message.GetReflection()->SetInt32(&message, field, size);
}

std::string TokenOf(const Method& method, const std::string& answer) {
  const std::unique_ptr<Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.descriptor->output_type())->New());
  message->ParseFromString(answer);
  const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName("next_page_token");
  return field == nullptr ? "" : message->GetReflection()->GetString(*message, field);
}

// A list's request without what belongs to the page.
std::unique_ptr<Message> QueryOf(const Method& method, const std::string& bytes) {
  std::unique_ptr<Message> query(method.request_prototype->New());
  if (!query->ParseFromString(bytes)) query->Clear();
  // The gate clears what it does not know.
  query->DiscardUnknownFields();
  SetField(*query, "page_token", "");
  SetPageSize(*query, 1);
  return query;
}

const Method* ListOf(Subject& subject, const std::string& name) {
  for (const char* list : kLists) {
    if (name == list) return subject.Find(absl::StrCat(kMembership, list));
  }
  return subject.Find(absl::StrCat(kMembership, kLists[0]));
}

void RunPageTokens(absl::string_view bytes) {
  const TokenInput input = Read<TokenInput>(bytes);
  Subject& subject = Filled();
  const Method* first = ListOf(subject, input.method());
  const Method* second = ListOf(subject, input.other_method());
  const std::unique_ptr<Message> query = QueryOf(*first, input.request());
  const std::unique_ptr<Message> other = QueryOf(*second, input.other_request());
  const CallResult page = subject.Call(TestAdminUri(), first->path, query->SerializeAsString());
  CheckRefusal(page.status, first->path);
  if (!page.status.ok()) return;
  const std::string genuine = TokenOf(*first, page.bytes);
  if (genuine.empty()) return;
  std::string token = genuine;
  Apply(input.edits(), token);
  SetField(*other, "page_token", token);
  const CallResult next = subject.Call(TestAdminUri(), second->path, other->SerializeAsString());
  CheckRefusal(next.status, second->path);
  SetField(*other, "page_token", "");
  const bool is_same = first == second && query->SerializeAsString() == other->SerializeAsString();
  if (!next.status.ok() || token.empty()) {
    if (is_same && token == genuine) Found("P27: a genuine page token was refused");
    return;
  }
  if (!is_same) Found(absl::StrCat("P27: a page token of ", first->path, " opened for another request"));
  SetField(*query, "page_token", genuine);
  const CallResult right = subject.Call(TestAdminUri(), first->path, query->SerializeAsString());
  // The next token is sealed anew each time.
  if (right.bytes.size() != next.bytes.size()) Found("P27: a changed page token opened another page");
}

std::string MutatePageTokens(absl::string_view bytes, Mutator& mutator) {
  TokenInput input = Read<TokenInput>(bytes);
  if (input.method().empty() || mutator.Below(10) == 0) input.set_method(kLists[mutator.Below(5)]);
  if (mutator.Below(3) == 0) input.set_other_method(input.method());
  Subject& subject = Filled();
  const std::unique_ptr<Message> query = QueryOf(*ListOf(subject, input.method()), input.request());
  const std::unique_ptr<Message> other = QueryOf(*ListOf(subject, input.other_method()), input.other_request());
  switch (mutator.Below(4)) {
    case 0:
      mutator.Change(*query);
      break;
    case 1:
      mutator.Change(*other);
      break;
    case 2:
      SetField(*other, "filter", mutator.Text(absl::StrCat("kind = ASSOCIATION AND display_name = \"x\""), "filter"));
      break;
    default:
      mutator.Change(input.edits().empty() || mutator.Below(4) == 0 ? *input.add_edits() : *input.mutable_edits(0));
  }
  if (mutator.Below(6) == 0) input.clear_edits();
  input.set_request(query->SerializeAsString());
  input.set_other_request(mutator.Below(3) == 0 ? input.request() : other->SerializeAsString());
  return input.SerializeAsString();
}

FeedFilter FilterOf(const Feed& feed) {
  FeedFilter filter;
  filter.network = feed.network();
  filter.message_types.insert(feed.types().begin(), feed.types().end());
  return filter;
}

void RunResumeTokens(absl::string_view bytes) {
  ResumeInput input = Read<ResumeInput>(bytes);
  // A feed's own epochs are short, and have no slash.
  if (input.made().epoch().size() > kMaxEpochBytes) input.mutable_made()->clear_epoch();
  Sealer& sealer = *SubjectOf("membership").service().env().sealer;
  const FeedFilter made = FilterOf(input.made()), opened = FilterOf(input.opened());
  const std::string genuine =
      ResumeTokens(sealer, input.made().service(), made).Make(input.made().epoch(), input.sequence());
  std::string token = genuine;
  Apply(input.edits(), token);
  const auto sequence = ResumeTokens(sealer, input.opened().service(), opened)
                            .Open(token, input.opened().epoch(), input.floor(), input.committed());
  CheckRefusal(sequence.status(), "a resume token");
  const bool is_same = input.made().service() == input.opened().service() && made.network == opened.network &&
                       made.message_types == opened.message_types;
  if (!sequence.ok()) {
    if (is_same && token == genuine && ReasonOf(sequence.status()) == "RESUME_TOKEN_INVALID" &&
        input.made().epoch().find('/') == std::string::npos) {
      Found("P27: a genuine resume token was refused");
    }
    return;
  }
  if (!is_same) Found("P27: a resume token opened for another feed or filter");
  if (*sequence != input.sequence() || *sequence > input.committed() ||
      input.made().epoch() != input.opened().epoch()) {
    Found("P9: a resume token opened for another position");
  }
}

std::string MutateResumeTokens(absl::string_view bytes, Mutator& mutator) {
  ResumeInput input = Read<ResumeInput>(bytes);
  for (size_t left = 1 + mutator.Below(2); left > 0; --left) mutator.Change(input);
  if (mutator.Below(3) == 0) *input.mutable_opened() = input.made();
  return input.SerializeAsString();
}

// An identity says again what it was read from.
void CheckIdentity(const std::string& uri) {
  const auto identity = ParseSpiffeUri(uri);
  if (!identity.ok()) return;
  const std::string again =
      identity->service.empty()
          ? absl::StrCat("spiffe://", identity->domain, "/org/",
                         identity->organization.substr(kOrganizationPrefix.size()), "/sys/", identity->system)
          : absl::StrCat("spiffe://", identity->domain, "/svc/", identity->service);
  if (again != uri) Found("P38: two URIs are one identity");
}

void RunIdentities(absl::string_view bytes) {
  const IdentityInput input = Read<IdentityInput>(bytes);
  for (const std::string& uri : input.uris()) CheckIdentity(uri);
  const auto roles = Authenticator::FromText({.permissions = {"a.b.read", "a.b.write"}}, input.roles());
  if (roles.ok()) {
    const std::vector<std::string> uris(input.uris().begin(), input.uris().end());
    const auto caller = (*roles)->Authenticate(uris, {});
    CheckRefusal(caller.status(), "an identity");
    if (caller.ok() && (uris.size() != 1 || (*caller)->principal.uri != uris[0] || !ParseSpiffeUri(uris[0]).ok())) {
      Found("P30: a caller without exactly one identity has a role");
    }
  }
  if (const auto position = ParsePosition(input.position()); position.ok()) {
    const auto again = ParsePosition(FormatPosition(*position));
    if (!again.ok() || FormatPosition(*again) != FormatPosition(*position))
      Found("P27: a position is read in two ways");
  }
  CheckRefusal(ParseFilter(input.filter(), {"kind", "display_name"}).status(), "a filter");
  const auto facts = certs::ReadCertificate(absl::StrCat(
      "-----BEGIN CERTIFICATE-----\n", absl::Base64Escape(input.certificate()), "\n-----END CERTIFICATE-----\n"));
  if (!facts.ok()) return;
  for (const std::string& uri : facts->uris) CheckIdentity(uri);
}

std::string MutateIdentities(absl::string_view bytes, Mutator& mutator) {
  IdentityInput input = Read<IdentityInput>(bytes);
  if (mutator.Below(5) == 0) input.add_uris(SomeUri(mutator));
  if (mutator.Below(20) == 0) input.set_roles(TestRoles(SubjectOf("membership").service().methods()));
  if (mutator.Below(20) == 0) input.set_filter("kind = ASSOCIATION AND display_name = \"Förening 1\"");
  if (mutator.Below(20) == 0) input.set_position("membership/0123456789abcdef/42");
  mutator.Change(input);
  return input.SerializeAsString();
}

}  // namespace

std::vector<Target> TokenTargets() {
  return {{"page-tokens-and-filters", &RunPageTokens, &MutatePageTokens, nullptr},
          {"resume-tokens", &RunResumeTokens, &MutateResumeTokens, nullptr},
          {"identities", &RunIdentities, &MutateIdentities, nullptr}};
}

}  // namespace partnerskap::fuzz
