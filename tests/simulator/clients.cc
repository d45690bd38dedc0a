#include "tests/simulator/clients.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/rpc/call.h"
#include "common/status/refusal.h"
#include "common/text/utf8.h"
#include "tests/simulator/client.h"

namespace partnerskap::simulator {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

// Between an answer and the next request of the same client, at most.
constexpr uint64_t kThinkMicroseconds = 20'000;
// The same after an answer that says nothing: the other side may be down.
constexpr uint64_t kBackOffMicroseconds = 800'000;
constexpr int kMaxRepeats = 6;
// After an answer that says nothing, after one that says it was done, and with other content after that.
constexpr double kRepeatUnknown = 0.85, kRepeatDone = 0.05, kAlter = 0.03;
// Sends the newest positions of other services along: read your writes.
constexpr double kWithPosition = 0.1;

// Refusals that the writer gives in the transaction, so that their audit row is there when they are heard. Others are
// the gate's, or counted.
bool IsWriters(absl::StatusCode code, absl::string_view reason) {
  if (reason == "FIELD_VIOLATIONS") return false;
  return code == absl::StatusCode::kFailedPrecondition || code == absl::StatusCode::kAborted ||
         code == absl::StatusCode::kAlreadyExists || code == absl::StatusCode::kNotFound ||
         reason == "OBJECT_NOT_YOURS" || reason == "REQUEST_ID_REUSED";
}

// Repeats may meet these, whatever became of the first.
bool IsOfTheMoment(absl::StatusCode code) { return code == absl::StatusCode::kResourceExhausted || SaysNothing(code); }

}  // namespace

Clients::Clients(ClientsWorld world, uint64_t seed, int count, int machines)
    : world_(std::move(world)), make_(*world_.loop, known_, seed), machines_(machines) {
  generators_ = {{"membership", MembershipGenerators()},
                 {"agreements", AgreementsGenerators()},
                 {"scheduling", SchedulingGenerators()},
                 {"peer_review", PeerReviewGenerators()}};
  for (const auto& [service, generators] : generators_) {
    for (const Generator& generator : generators) weights_[service] += generator.weight;
  }
  for (int i = 0; i < count; ++i) {
    clients_.push_back(std::make_unique<Client>());
    clients_.back()->machine = i % machines_;
  }
}

Clients::~Clients() = default;

void Clients::Start() {
  for (const auto& client : clients_) {
    ++busy_;
    world_.loop->Post([this, c = client.get()] { Begin(*c); });
  }
}

Peer& Clients::PeerOf(int machine, const std::string& service, const std::string& principal) {
  std::unique_ptr<Peer>& peer = peers_[absl::StrCat(machine, " ", service, " ", principal)];
  if (peer == nullptr) peer = world_.connect(machine, service, principal);
  return *peer;
}

void Clients::Break(std::string what) {
  if (broken_.empty()) broken_ = std::move(what);
}

void Clients::Begin(Client& client) {
  if (client.next != nullptr) {
    ++counts_.repeats;
    const bool altered = std::exchange(client.altered, false);
    return Send(client, std::exchange(client.next, nullptr), altered);
  }
  if (resting_) {
    --busy_;
    return;
  }
  client.repeats = 0;
  client.walk.reset();
  client.past_micros = 0;
  const std::shared_ptr<Asked> asked = Invent(client);
  if (asked->mutates()) world_.mirrors.at(asked->method->service)->Expect(asked);
  Send(client, asked, false);
}

void Clients::Send(Client& client, const std::shared_ptr<Asked>& asked, bool altered) {
  const std::string& service = asked->method->service;
  std::string bytes = asked->bytes;
  if (altered) {
    auto other = world_.catalog->Fill(make_, asked->method->request(), 0);
    const FieldDescriptor* id = other->GetDescriptor()->FindFieldByName("request_id");
    other->GetReflection()->SetString(other.get(), id, asked->request_id);
    bytes = other->SerializeAsString();
    // Of a method with few fields the same may come out.
    altered = bytes != asked->bytes;
    if (altered) ++counts_.altered;
  }
  asked->first_sent = std::min(asked->first_sent, ++moment_);
  if (!altered) ++asked->sent;
  asked->floor = floors_[service];
  ++counts_.requests;
  world_.note(absl::StrCat(moment_, " > ", asked->method->path, " ", asked->request_id, altered ? " altered" : ""));
  CallMetadata metadata;
  if (make_.Chance(kWithPosition)) {
    for (const auto& [other, position] : positions_) metadata.emplace_back(kPositionKey, position);
  }
  const absl::Duration patience = absl::Milliseconds(make_.Between(50, 8'000));
  PeerOf(client.machine, service, asked->principal)
      .Call(
          asked->method->path, std::move(bytes), std::move(metadata), world_.loop->clock().Now() + patience,
          [this, &client, asked, altered](PeerResult result) { Answered(client, asked, altered, std::move(result)); });
}

void Clients::Answered(Client& client, const std::shared_ptr<Asked>& asked, bool altered, PeerResult result) {
  ++moment_;
  const absl::StatusCode code = result.status.code();
  const std::string reason = result.status.ok() ? "" : ReasonOf(result.status);
  world_.note(absl::StrCat(moment_, " < ", asked->method->path, " ", asked->request_id, " ", static_cast<int>(code),
                           " ", reason, " ", result.bytes));
  if (result.status.ok()) {
    ++counts_.ok[asked->method->name];
    TakeOk(asked, altered, result);
    if (!asked->method->mutating()) TakeRead(client, *asked, result);
  } else {
    ++counts_.refusals[reason.empty() ? absl::StatusCodeToString(code) : reason];
    TakeRefusal(asked, altered, result.status);
    if (code == absl::StatusCode::kNotFound && absl::StartsWith(asked->method->name, "Get") &&
        reason == "RESOURCE_NOT_FOUND") {
      SeenState state{asked->method->path, asked->floor, {}, {NameOf(*asked->request)}, client.past_micros};
      world_.mirrors.at(asked->method->service)->Saw(std::move(state));
    }
    client.walk.reset();
  }
  Next(client, asked, result.status.ok(), SaysNothing(code));
}

void Clients::TakeOk(const std::shared_ptr<Asked>& asked, bool altered, const PeerResult& result) {
  if (!asked->mutates()) return;
  if (altered) {
    return Break(absl::StrCat("P5: ", asked->method->path, " ", asked->request_id, " was applied with other content"));
  }
  if (asked->ok && asked->answer != result.bytes) {
    return Break(absl::StrCat("P5: ", asked->method->path, " ", asked->request_id, " was answered with other bytes"));
  }
  const absl::string_view position = Find(result.trailers, kPositionKey);
  const std::vector<std::string> parts = absl::StrSplit(position, '/');
  int64_t sequence = 0;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[2], &sequence)) {
    return Break(absl::StrCat("P7: ", asked->method->path, " was answered without a position"));
  }
  const std::string& service = asked->method->service;
  if (sequence > floors_[service]) {
    floors_[service] = sequence;
    positions_[service] = std::string(position);
  }
  std::unique_ptr<Message> answer = asked->method->NewAnswer();
  if (!answer->ParseFromString(result.bytes)) return Break(absl::StrCat(asked->method->path, " answered no message"));
  known_.Observe(*answer);
  if (asked->ok) return;
  asked->ok = true;
  asked->first_ok = moment_;
  asked->answer = result.bytes;
  asked->position = sequence;
  if (!asked->request_id.empty()) world_.mirrors.at(service)->Heard(asked);
}

void Clients::TakeRefusal(const std::shared_ptr<Asked>& asked, bool altered, const absl::Status& status) {
  const absl::StatusCode code = status.code();
  const std::string reason = ReasonOf(status);
  if (code == absl::StatusCode::kInternal || code == absl::StatusCode::kDataLoss ||
      code == absl::StatusCode::kUnknown) {
    Break(absl::StrCat("P27: ", asked->method->path, " answered ", status.ToString(), " to ",
                       asked->request->ShortDebugString()));
  }
  if (altered || !asked->mutates()) return;
  (SaysNothing(code) ? asked->unknown : asked->refused) += 1;
  if (asked->ok && !IsOfTheMoment(code)) {
    Break(absl::StrCat("P5: ", asked->method->path, " ", asked->request_id, " was done, and a repeat was answered ",
                       status.ToString()));
  }
  if (!asked->request_id.empty() && IsWriters(code, reason)) {
    world_.mirrors.at(asked->method->service)->HeardRefusal(asked);
  }
}

void Clients::TakeRead(Client& client, const Asked& asked, const PeerResult& result) {
  std::unique_ptr<Message> answer = asked.method->NewAnswer();
  if (!answer->ParseFromString(result.bytes)) return Break(absl::StrCat(asked.method->path, " answered no message"));
  SeenState state{asked.method->path, asked.floor, {}, {}, client.past_micros};
  auto take = [&](const Message& resource, std::string bytes) {
    int64_t revision = 0;
    if (NameOf(resource).empty() || !absl::SimpleAtoi(EtagOf(resource), &revision)) return;
    state.resources.push_back({NameOf(resource), revision, std::move(bytes)});
  };
  take(*answer, result.bytes);
  const auto* descriptor = answer->GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    if (!field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    for (int k = 0; k < answer->GetReflection()->FieldSize(*answer, field); ++k) {
      const Message& item = answer->GetReflection()->GetRepeatedMessage(*answer, field, k);
      take(item, item.SerializeAsString());
    }
  }
  if (client.past_micros == 0) known_.Observe(*answer);
  if (client.walk != nullptr) AddToWalk(*client.walk, state);
  if (!state.resources.empty()) world_.mirrors.at(asked.method->service)->Saw(std::move(state));
  if (client.walk != nullptr) GoOnWalking(client, asked, *answer);
}

// All pages together must have been so at one moment, not before the floor of the first.
void Clients::AddToWalk(Walk& walk, SeenState& page) {
  if (walk.seen.method.empty()) {
    walk.seen = std::move(page);
  } else {
    std::move(page.resources.begin(), page.resources.end(), std::back_inserter(walk.seen.resources));
  }
  page = walk.seen;
}

void Clients::GoOnWalking(Client& client, const Asked& asked, const Message& answer) {
  Walk& walk = *client.walk;
  const auto* reflection = answer.GetReflection();
  const auto* token_field = answer.GetDescriptor()->FindFieldByName("next_page_token");
  const std::string token = reflection->GetString(answer, token_field);
  const FieldDescriptor* items = answer.GetDescriptor()->field(0);
  for (int k = 0; k < reflection->FieldSize(answer, items); ++k) {
    const Message& item = reflection->GetRepeatedMessage(answer, items, k);
    if (EtagOf(item).empty()) continue;
    const bool fresh = walk.names.insert(NameOf(item)).second;
    if (!fresh) Break(absl::StrCat("P7: ", asked.method->path, " showed ", NameOf(item), " twice in one walk"));
  }
  // Lists of changes go on for ever.
  if (!token.empty() && reflection->FieldSize(answer, items) > 0) {
    std::unique_ptr<Message> next(asked.request->New());
    next->CopyFrom(*asked.request);
    next->GetReflection()->SetString(next.get(), next->GetDescriptor()->FindFieldByName("page_token"), token);
    client.next = NewAsked(*asked.method, asked.principal, std::move(next));
    return;
  }
  for (const std::string& name : walk.before) {
    if (walk.names.count(name) > 0) continue;
    Break(absl::StrCat("P7: ", asked.method->path, " left out ", name));
  }
  client.walk.reset();
}

void Clients::Next(Client& client, const std::shared_ptr<Asked>& asked, bool ok, bool unknown) {
  const bool mutates = asked->mutates() && !asked->request_id.empty();
  if (client.next == nullptr && mutates && client.repeats < kMaxRepeats) {
    if ((unknown && make_.Chance(kRepeatUnknown)) || (ok && make_.Chance(kRepeatDone))) {
      client.next = asked;
      ++client.repeats;
    } else if (asked->ok && make_.Chance(kAlter)) {
      client.next = asked;
      client.altered = true;
      ++client.repeats;
    }
    // Another connection knows as much.
    if (make_.Chance(0.3)) client.machine = make_.Below(machines_);
  }
  const uint64_t pause = make_.random().Below(unknown ? kBackOffMicroseconds : kThinkMicroseconds);
  world_.loop->PostAfter(absl::Microseconds(pause), [this, &client] { Begin(client); });
}

}  // namespace partnerskap::simulator
