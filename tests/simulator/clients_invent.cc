// What the clients ask, and as whom.
#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/testing/test_caller.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"
#include "partnerskap/agreements/v1/adoptions.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "partnerskap/peerreview/v1/resources.pb.h"
#include "tests/simulator/client.h"

namespace partnerskap::simulator {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

constexpr double kReads = 0.4;
// Of the writes: from their descriptor alone, and with one field that may hold anything.
constexpr double kFilled = 0.04, kSpoiled = 0.06;
// Of the reads.
constexpr double kNoisyRead = 0.04, kWalk = 0.15, kPastRead = 0.15;
constexpr double kValidateOnly = 0.04, kWithoutId = 0.05;
// The solver takes a hundred times as long as anything else.
constexpr double kSlow = 0.02;

void SetText(Message& message, const char* name, const std::string& text) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  if (field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_STRING && !field->is_repeated()) {
    message.GetReflection()->SetString(&message, field, text);
  }
}

std::string TextAt(const Message& message, absl::string_view path) {
  const Message* at = &message;
  const std::vector<std::string> parts = absl::StrSplit(path, '.');
  for (size_t i = 0; i < parts.size(); ++i) {
    const FieldDescriptor* field = at->GetDescriptor()->FindFieldByName(parts[i]);
    if (field == nullptr || field->is_repeated()) return "";
    if (i + 1 == parts.size()) {
      return field->cpp_type() == FieldDescriptor::CPPTYPE_STRING ? at->GetReflection()->GetString(*at, field) : "";
    }
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return "";
    at = &at->GetReflection()->GetMessage(*at, field);
  }
  return "";
}

// `networks/n0/seats/s1` of anything below it, or empty.
std::string SeatIn(absl::string_view name) {
  const std::vector<std::string> parts = absl::StrSplit(name, '/');
  if (parts.size() < 4 || parts[2] != "seats") return "";
  return absl::StrCat(parts[0], "/", parts[1], "/", parts[2], "/", parts[3]);
}

}  // namespace

std::shared_ptr<Asked> Clients::NewAsked(const MethodEntry& method, std::string principal, Request request) {
  auto asked = std::make_shared<Asked>();
  asked->method = &method;
  asked->principal = std::move(principal);
  if (method.mutating()) {
    if (!make_.Chance(kWithoutId)) asked->request_id = make_.Uuid();
    SetText(*request, "request_id", asked->request_id);
    asked->validate_only = make_.Chance(kValidateOnly);
    const FieldDescriptor* only = request->GetDescriptor()->FindFieldByName("validate_only");
    if (asked->validate_only) request->GetReflection()->SetBool(request.get(), only, true);
  }
  asked->bytes = request->SerializeAsString();
  asked->request = std::move(request);
  return asked;
}

std::shared_ptr<Asked> Clients::Invent(Client& client) {
  return make_.Chance(kReads) ? InventRead(client) : InventWrite();
}

std::shared_ptr<Asked> Clients::InventWrite() {
  static const auto& services =
      *new std::vector<std::string>({"membership", "agreements", "scheduling", "peer_review"});
  const auto& writes = world_.catalog->writes();
  if (make_.Chance(kFilled)) {
    const MethodEntry& method = make_.OneOf(writes);
    Request request = world_.catalog->Fill(make_, method.request(), make_.Chance(0.5) ? 0.1 : 0);
    std::string principal = PrincipalFor(method, *request);
    return NewAsked(method, std::move(principal), std::move(request));
  }
  const std::string& service = make_.OneOf(services);
  int left = make_.Below(weights_[service]);
  for (const Generator& generator : generators_[service]) {
    left -= generator.weight;
    if (left >= 0) continue;
    const MethodEntry& method = *world_.catalog->Find(service, generator.method);
    Request request = generator.make(make_);
    if (make_.Chance(kSpoiled)) world_.catalog->Spoil(make_, *request);
    std::string principal = PrincipalFor(method, *request);
    return NewAsked(method, std::move(principal), std::move(request));
  }
  return nullptr;
}

std::shared_ptr<Asked> Clients::InventRead(Client& client) {
  const MethodEntry* method = &make_.OneOf(world_.catalog->reads());
  while (method->slow() && !make_.Chance(kSlow)) method = &make_.OneOf(world_.catalog->reads());
  Request request = world_.catalog->Fill(make_, method->request(), make_.Chance(kNoisyRead) ? 0.3 : 0);
  const auto* descriptor = request->GetDescriptor();
  const Mirror& mirror = *world_.mirrors.at(method->service);
  const FieldDescriptor* past = descriptor->FindFieldByName("read_time");
  int64_t past_micros = 0;
  if (past != nullptr && mirror.newest() > 1 && make_.Chance(kPastRead)) {
    const int64_t moment =
        mirror.at(static_cast<int64_t>(make_.random().Below(static_cast<uint64_t>(mirror.newest()))) + 1).commit_micros;
    // What is committed from now on may have the time of the newest revision, and so belong to that moment.
    past_micros = std::min(moment, mirror.at(mirror.newest()).commit_micros - 1);
    auto* time =
        static_cast<google::protobuf::Timestamp*>(request->GetReflection()->MutableMessage(request.get(), past));
    *time = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(past_micros);
  }
  std::string principal = PrincipalFor(*method, *request);
  auto asked = NewAsked(*method, std::move(principal), std::move(request));
  client.past_micros = past_micros;
  const bool pages = descriptor->FindFieldByName("page_token") != nullptr && past_micros == 0;
  if (pages && absl::StartsWith(method->name, "List") && make_.Chance(kWalk)) StartWalk(client, *asked);
  return asked;
}

void Clients::StartWalk(Client& client, const Asked& first) {
  ++counts_.walks;
  client.walk = std::make_unique<Walk>();
  client.walk->parent = TextAt(*first.request, "parent");
  const auto* filter = first.request->GetDescriptor()->FindFieldByName("effective_date");
  const FieldDescriptor* items = first.method->answer().field(0);
  if (!items->is_repeated() || items->message_type() == nullptr) return;
  client.walk->type = items->message_type()->full_name();
  const bool filtered = filter != nullptr && first.request->GetReflection()->HasField(*first.request, filter);
  if (client.walk->parent.find("/-") != std::string::npos || filtered) return;
  for (const auto& known : known_.All(client.walk->type)) {
    if (ParentOf(NameOf(*known)) == client.walk->parent) client.walk->before.insert(NameOf(*known));
  }
}

std::string Clients::AnyPrincipal() {
  static const auto& strangers =
      *new std::vector<std::string>({"", "spiffe://test.partnerskap/user/kim", "https://example.se/",
                                     "spiffe://test.partnerskap/org/kommun-0100/sys/other"});
  switch (make_.Below(8)) {
    case 0:
      return make_.OneOf(strangers);
    case 1:
      return TestServiceUri(make_.OneOf<std::string>({"membership", "agreements", "scheduling", "peer_review"}));
    case 2:
    case 3:
      return TestReaderUri();
    default: {
      const auto* organization = make_.Pick<membership::v1::Organization>();
      return organization == nullptr ? TestReaderUri() : TestMemberUri(organization->name());
    }
  }
}

// The organization that an object belongs to, or empty.
std::string Clients::OwnerOf(const std::string& object) {
  if (absl::StartsWith(object, "organizations/"))
    return object.substr(0, object.find('/', sizeof("organizations/") - 1));
  std::string seat = SeatIn(object);
  if (const auto* adoption = known_.Find<agreements::v1::Adoption>(object)) seat = adoption->seat();
  if (const auto* challenge = known_.Find<peerreview::v1::Challenge>(object)) seat = challenge->seat();
  if (const auto* review = known_.Find<peerreview::v1::Review>(object)) seat = review->seat();
  if (seat.empty()) {
    const std::string network = object.substr(0, object.find('/', sizeof("networks/") - 1));
    const auto* member = make_.Pick<membership::v1::Seat>([&](const auto& s) { return ParentOf(s.name()) == network; });
    if (member != nullptr) seat = member->name();
  }
  const auto* holder = known_.Find<membership::v1::Seat>(seat);
  return holder == nullptr || holder->parties().empty()
             ? ""
             : make_.OneOf(std::vector<membership::v1::Party>(holder->parties().begin(), holder->parties().end()))
                   .organization();
}

std::string Clients::PrincipalFor(const MethodEntry& method, const Message& request) {
  const int choice = make_.Below(100);
  if (choice < 8) return AnyPrincipal();
  if (!method.mutating()) return choice < 50 ? TestReaderUri() : TestAdminUri();
  if (method.method->auth->scope() == common::v1::MethodAuth::ANY || choice < 50) return TestAdminUri();
  const std::string owner = OwnerOf(TextAt(request, method.method->auth->object()));
  return owner.empty() ? TestAdminUri() : TestMemberUri(owner);
}

}  // namespace partnerskap::simulator
