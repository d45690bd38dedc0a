#include "tests/simulator/model/reference_model.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/timestamp.pb.h"
#include "partnerskap/common/v1/options.pb.h"
#include "tests/simulator/model/facts.h"
#include "tests/simulator/model/field_rules.h"
#include "tests/simulator/model/verdicts.h"

namespace partnerskap::simulator {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
using model::Facts;
using model::ItemsOf;
using model::Judgement;
using model::KeyOf;
using model::NotJudged;
using model::Refused;
using model::RefusedSomehow;
using model::Rules;
using model::Shared;

namespace {

using common::v1::MethodAuth;

constexpr int kDefaultPage = 50;
constexpr int kLargestPage = 1000;
// The window of 35 days follows the clock at most twice as fast as time passes: near its end both answers are right.
constexpr absl::Duration kRemembered = absl::Hours(24 * 34);

struct Definition {
  const char* service;
  const char* package;
  const char* name;
};
constexpr Definition kServices[] = {
    {"membership", "membership.v1", "MembershipService"},
    {"agreements", "agreements.v1", "AgreementsService"},
    {"scheduling", "scheduling.v1", "SchedulingService"},
    {"peer_review", "peerreview.v1", "PeerReviewService"},
};

const ServiceDescriptor* DescriptorOf(const Definition& definition) {
  return google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
      absl::StrCat("partnerskap.", definition.package, ".", definition.name));
}

const MethodAuth& AuthOf(const MethodDescriptor& method) { return method.options().GetExtension(common::v1::auth); }

bool AnswersRestricted(const MethodDescriptor& method) {
  for (int i = 0; i < method.output_type()->field_count(); ++i) {
    if (method.output_type()->field(i)->options().GetExtension(common::v1::rules).restricted()) return true;
  }
  return false;
}

// A role holds permissions, and what one method gives it another with the same permission has too.
bool MayCall(const MethodDescriptor& method, const Caller& caller) {
  if (caller.admin) return true;
  for (int i = 0; i < method.service()->method_count(); ++i) {
    const MethodDescriptor& other = *method.service()->method(i);
    const MethodAuth& auth = AuthOf(other);
    if (auth.permission() != AuthOf(method).permission()) continue;
    const bool for_services = auth.scope() == MethodAuth::SERVICE;
    const bool reads = !auth.mutating() && !for_services;
    if (!caller.service.empty() && (!auth.mutating() || for_services)) return true;
    if (!caller.organization.empty() && (reads || (!for_services && auth.scope() != MethodAuth::ANY))) return true;
    if (caller.reader && reads && auth.scope() == MethodAuth::ANY && !AnswersRestricted(other)) return true;
  }
  return false;
}

std::string TextOf(const Message& message, const char* name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  return field == nullptr ? "" : message.GetReflection()->GetString(message, field);
}

bool FlagOf(const Message& message, const char* name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  return field != nullptr && message.GetReflection()->GetBool(message, field);
}

int64_t RevisionOf(const Message& resource) {
  int64_t revision = 0;
  return absl::SimpleAtoi(TextOf(resource, "etag"), &revision) ? revision : 0;
}

absl::Time UpdateTimeOf(const Message& resource, absl::Time otherwise) {
  const FieldDescriptor* field = resource.GetDescriptor()->FindFieldByName("update_time");
  if (field == nullptr || !resource.GetReflection()->HasField(resource, field)) return otherwise;
  const auto& time =
      static_cast<const google::protobuf::Timestamp&>(resource.GetReflection()->GetMessage(resource, field));
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

// The request without what may differ from page to page.
std::string ListKey(const std::string& method, const Message& request) {
  const std::unique_ptr<Message> rest(request.New());
  rest->CopyFrom(request);
  for (const char* field : {"page_token", "page_size"}) {
    rest->GetReflection()->ClearField(rest.get(), rest->GetDescriptor()->FindFieldByName(field));
  }
  return absl::StrCat(method, " ", rest->SerializeAsString());
}

std::unique_ptr<Message> CopyOf(const Message& message) {
  std::unique_ptr<Message> copy(message.New());
  copy->CopyFrom(message);
  return copy;
}

}  // namespace

struct ReferenceModel::State {
  struct Answered {
    std::string request;
    Shared answer;
    absl::Time time;
    bool observed = false;
  };
  // What a page token stands for.
  struct Token {
    std::string list;
    std::string last;  // key of the last item that was shown
    Shared whole;      // the list as it was at its first page
  };
  // The call that Observe speaks of.
  struct Last {
    std::string service;
    std::string answered;  // key in `answers`, or empty
    std::string request;
    std::string list;  // ListKey, or empty
    Shared whole;      // all of the list, or null
    const google::protobuf::Descriptor* answer = nullptr;
    bool validated_only = false;
    absl::Time time;
  };

  std::map<std::string, Facts> facts;
  std::map<std::string, Rules> rules = {{"membership", model::MembershipRules()},
                                        {"agreements", model::AgreementsRules()},
                                        {"scheduling", model::SchedulingRules()},
                                        {"peer_review", model::PeerReviewRules()}};
  std::map<std::string, Answered> answers;  // by service, caller, method and request id
  std::map<std::string, Token> tokens;
  std::map<std::pair<std::string, std::string>, int64_t> seen;  // service and name -> revision that was answered
  Last last;

  Verdict Page(const Message& request, const std::string& list, Verdict verdict);
  Verdict Judge(const Definition& service, const MethodDescriptor& method, const Message& request, const Caller& caller,
                absl::Time now);
  void Store(Facts& of, const Shared& resource, absl::Time now);
};

ReferenceModel::ReferenceModel() : state_(std::make_unique<State>()) {}
ReferenceModel::~ReferenceModel() = default;

void ReferenceModel::State::Store(Facts& of, const Shared& resource, absl::Time now) {
  const std::string name = TextOf(*resource, "name");
  auto& revisions = of.history[name];
  const bool same = !revisions.empty() && RevisionOf(*revisions.back().second) == RevisionOf(*resource);
  if (same) revisions.pop_back();
  revisions.emplace_back(UpdateTimeOf(*resource, now), resource);
  of.own[name] = resource;
}

Verdict ReferenceModel::State::Page(const Message& request, const std::string& list, Verdict verdict) {
  const FieldDescriptor* size = request.GetDescriptor()->FindFieldByName("page_size");
  const FieldDescriptor* items = ItemsOf(*verdict.resource);
  const auto& reflection = *verdict.resource->GetReflection();
  last.whole = Shared(CopyOf(*verdict.resource));
  int from = 0;
  if (const std::string token = TextOf(request, "page_token"); !token.empty()) {
    const auto found = tokens.find(token);
    if (found == tokens.end()) return NotJudged();
    if (found->second.list != list) return Refused("common.v1", {"PAGE_TOKEN_INVALID"});
    // Resources are listed as they were at the first page; what is computed is computed anew.
    if (items->message_type()->FindFieldByName("etag") != nullptr) last.whole = found->second.whole;
    if (last.whole == nullptr) return NotJudged();
    const int count = reflection.FieldSize(*last.whole, items);
    while (from < count && KeyOf(reflection.GetRepeatedMessage(*last.whole, items, from)) != found->second.last) ++from;
    if (from == count) return NotJudged();
    ++from;
  }
  const int asked = request.GetReflection()->GetInt32(request, size);
  const int most = asked == 0 ? kDefaultPage : std::min(asked, kLargestPage);
  const Message* all = last.whole.get();
  std::unique_ptr<Message> page = CopyOf(*all);
  page->GetReflection()->ClearField(page.get(), items);
  const int count = reflection.FieldSize(*all, items), to = std::min(count, from + most);
  for (int i = from; i < to; ++i) {
    page->GetReflection()->AddMessage(page.get(), items)->CopyFrom(reflection.GetRepeatedMessage(*all, items, i));
  }
  if (to < count) {
    page->GetReflection()->SetString(page.get(), page->GetDescriptor()->FindFieldByName("next_page_token"), "more");
  }
  verdict.resource = std::move(page);
  return verdict;
}

Verdict ReferenceModel::State::Judge(const Definition& service, const MethodDescriptor& method, const Message& request,
                                     const Caller& caller, absl::Time now) {
  const auto rule = rules[service.service].find(method.name());
  if (rule == rules[service.service].end()) return NotJudged();
  Facts& here = facts[service.service];
  model::Case judged(here, caller, now);
  rule->second(judged, request);
  if (judged.refused()) return judged.unclear() ? RefusedSomehow() : model::FirstOf(service.package, judged.found());
  if (judged.unclear()) return NotJudged();
  Verdict verdict;
  verdict.resource = judged.TakeAnswer();
  verdict.fields = judged.fields();
  if (verdict.resource != nullptr && ItemsOf(*verdict.resource) != nullptr) {
    return Page(request, last.list, std::move(verdict));
  }
  if (last.validated_only) {
    if (const FieldDescriptor* etag = verdict.resource->GetDescriptor()->FindFieldByName("etag")) {
      verdict.resource->GetReflection()->ClearField(verdict.resource.get(), etag);
    }
    return verdict;
  }
  for (const Shared& written : judged.writes()) {
    if (!TextOf(*written, "name").empty()) Store(here, written, now);
  }
  here.notes.insert(judged.notes().begin(), judged.notes().end());
  return verdict;
}

Verdict ReferenceModel::Apply(const std::string& service, const std::string& method, const Message& request,
                              const Caller& caller, absl::Time now) {
  state_->last = {};
  state_->last.service = service;
  state_->last.time = now;
  const auto* definition = std::find_if(std::begin(kServices), std::end(kServices),
                                        [&](const Definition& each) { return service == each.service; });
  if (definition == std::end(kServices)) return NotJudged();
  const MethodDescriptor* descriptor = DescriptorOf(*definition)->FindMethodByName(method);
  if (descriptor == nullptr || descriptor->input_type() != request.GetDescriptor()) return NotJudged();
  if (!caller.admin && !caller.reader && caller.organization.empty() && caller.service.empty()) {
    return Refused("common.v1", {"UNKNOWN_PRINCIPAL"});
  }
  if (!MayCall(*descriptor, caller)) return Refused("common.v1", {"PERMISSION_MISSING"});

  const std::unique_ptr<Message> cleaned(request.New());
  if (!cleaned->ParseFromString(request.SerializeAsString())) return Refused("common.v1", {"MALFORMED_REQUEST"});
  model::ClearOutputOnly(*cleaned);
  std::string why;
  const Judgement fields = model::JudgeFields(*cleaned, why);
  if (fields == Judgement::kWrong) return Refused("common.v1", {"FIELD_VIOLATIONS"});
  State::Last& last = state_->last;
  last.answer = descriptor->output_type();
  last.validated_only = FlagOf(request, "validate_only");
  last.request = request.SerializeAsString();
  if (request.GetDescriptor()->FindFieldByName("page_token") != nullptr) last.list = ListKey(method, *cleaned);
  const std::string id = TextOf(request, "request_id");
  const std::string key = id.empty() ? "" : absl::StrCat(service, " ", caller.uri, " ", method, " ", id);
  if (const auto before = state_->answers.find(key); before != state_->answers.end()) {
    if (now - before->second.time > kRemembered) return NotJudged();
    if (before->second.request != last.request) return Refused("common.v1", {"REQUEST_ID_REUSED"});
    last.validated_only = true;  // changes nothing, and Observe learns nothing
    Verdict verdict;
    verdict.resource = CopyOf(*before->second.answer);
    return verdict;
  }
  if (!last.validated_only) last.answered = key;
  if (fields == Judgement::kNotSaid) return NotJudged();
  Verdict verdict = state_->Judge(*definition, *descriptor, *cleaned, caller, now);
  if (verdict.judged && verdict.code != absl::StatusCode::kOk) last.answer = nullptr;
  if (!last.answered.empty() && verdict.judged && verdict.code == absl::StatusCode::kOk) {
    state_->answers[key] = {last.request, Shared(CopyOf(*verdict.resource)), now};
  }
  return verdict;
}

void ReferenceModel::Observe(const std::string& service, const Message& answer) {
  State::Last& last = state_->last;
  Facts& facts = state_->facts[service];
  // An answer that Apply was not asked about is its own.
  const bool of_last = last.service == service && last.answer == answer.GetDescriptor();
  last.answer = nullptr;
  if (of_last && last.validated_only) return;
  if (of_last && !last.answered.empty()) {
    state_->answers[last.answered] = {last.request, Shared(CopyOf(answer)), last.time, true};
  }
  const auto take = [&](const Message& resource) {
    if (resource.GetDescriptor()->FindFieldByName("etag") == nullptr || TextOf(resource, "uid").empty()) return;
    const auto present = facts.own.find(TextOf(resource, "name"));
    // What was seen before of that revision, perhaps without a mask, stays.
    int64_t& seen = state_->seen[{service, TextOf(resource, "name")}];
    if (seen >= RevisionOf(resource)) return;
    if (present != facts.own.end() && RevisionOf(*present->second) > RevisionOf(resource)) return;
    seen = RevisionOf(resource);
    state_->Store(facts, Shared(CopyOf(resource)), last.time);
  };
  const FieldDescriptor* items = ItemsOf(answer);
  if (items == nullptr) return take(answer);
  const int count = answer.GetReflection()->FieldSize(answer, items);
  for (int i = 0; i < count; ++i) take(answer.GetReflection()->GetRepeatedMessage(answer, items, i));
  const std::string token = TextOf(answer, "next_page_token");
  if (of_last && !token.empty() && count > 0) {
    state_->tokens[token] = {last.list, KeyOf(answer.GetReflection()->GetRepeatedMessage(answer, items, count - 1)),
                             last.whole};
  }
}

void ReferenceModel::Learn(const std::string& service, const std::string& /*producer*/,
                           const common::v1::Change& change) {
  Facts& facts = state_->facts[service];
  if (change.message().empty()) {
    facts.known.erase(change.name());
    return;
  }
  const auto* type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(change.message_type());
  if (type == nullptr) return;
  std::unique_ptr<Message> message(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  if (message->ParseFromString(change.message())) facts.known[change.name()] = std::move(message);
}

std::vector<std::string> ReferenceModel::BrokenInvariants() const {
  std::vector<std::string> broken;
  model::MembershipInvariants(state_->facts["membership"], broken);
  model::AgreementsInvariants(state_->facts["agreements"], broken);
  model::SchedulingInvariants(state_->facts["scheduling"], broken);
  model::PeerReviewInvariants(state_->facts["peer_review"], broken);
  return broken;
}

}  // namespace partnerskap::simulator
