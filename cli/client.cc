#include "cli/client.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/catalog.h"
#include "common/env/env.h"
#include "common/rpc/call.h"
#include "common/status/macros.h"
#include "google/protobuf/descriptor.h"

namespace partnerskap::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// Packages and the names under which the services run.
constexpr struct {
  const char* package;
  const char* service;
  int port;
} kServices[] = {{"partnerskap.membership.v1", "membership", 7401},
                 {"partnerskap.agreements.v1", "agreements", 7402},
                 {"partnerskap.scheduling.v1", "scheduling", 7403},
                 {"partnerskap.peerreview.v1", "peer-review", 7404}};

// What one call waits for.
struct Pending {
  std::mutex mu;
  std::condition_variable changed;
  bool done = false;
  PeerResult result;
};

// What a stream has brought and nobody has read yet.
struct Inbox {
  std::mutex mu;
  std::condition_variable changed;
  std::deque<std::string> messages;
  bool ended = false;
  absl::Status status;
};

class PeerClient final : public Client {
 public:
  PeerClient(std::unique_ptr<ClientChannels> channels, std::map<std::string, std::unique_ptr<Peer>> peers,
             absl::Duration deadline)
      : channels_(std::move(channels)), peers_(std::move(peers)), deadline_(deadline), random_(NewSystemRandom()) {}

  absl::StatusOr<std::unique_ptr<Message>> Call(absl::string_view method, const Message& request) override {
    ASSIGN_OR_RETURN(const MethodDescriptor* descriptor, FindMethod(method));
    ASSIGN_OR_RETURN(Peer * peer, PeerOf(descriptor));
    auto pending = std::make_shared<Pending>();
    peer->Call(PathOf(*descriptor), WithRequestId(request), Positions(), absl::Now() + deadline_,
               [pending](PeerResult result) {
                 std::lock_guard lock(pending->mu);
                 pending->result = std::move(result);
                 pending->done = true;
                 pending->changed.notify_one();
               });
    {
      std::unique_lock lock(pending->mu);
      pending->changed.wait(lock, [&] { return pending->done; });
    }
    RETURN_IF_ERROR(pending->result.status);
    Remember(pending->result.trailers);
    std::unique_ptr<Message> response = NewMessage(*descriptor->output_type());
    if (!response->ParseFromString(pending->result.bytes)) {
      return absl::InternalError(
          absl::StrCat("the answer of ", method, " cannot be parsed: another version of the contract?"));
    }
    return response;
  }

  absl::Status Watch(absl::string_view method, const Message& request,
                     const std::function<bool(const Message&)>& on_message) override {
    ASSIGN_OR_RETURN(const MethodDescriptor* descriptor, FindMethod(method));
    ASSIGN_OR_RETURN(Peer * peer, PeerOf(descriptor));
    auto inbox = std::make_shared<Inbox>();
    StreamEvents events;
    events.on_message = [inbox](std::string message) {
      std::lock_guard lock(inbox->mu);
      inbox->messages.push_back(std::move(message));
      inbox->changed.notify_one();
      return true;
    };
    events.on_end = [inbox](absl::Status status) {
      std::lock_guard lock(inbox->mu);
      inbox->ended = true;
      inbox->status = std::move(status);
      inbox->changed.notify_one();
    };
    const std::unique_ptr<PeerStream> stream =
        peer->Watch(PathOf(*descriptor), request.SerializeAsString(), Positions(), std::move(events));
    const std::unique_ptr<Message> message = NewMessage(*descriptor->output_type());
    while (true) {
      std::string bytes;
      {
        std::unique_lock lock(inbox->mu);
        inbox->changed.wait(lock, [&] { return inbox->ended || !inbox->messages.empty(); });
        if (inbox->messages.empty()) return inbox->status;
        bytes = std::move(inbox->messages.front());
        inbox->messages.pop_front();
      }
      if (!message->ParseFromString(bytes)) return absl::InternalError("a message of the stream cannot be parsed");
      if (!on_message(*message)) return absl::OkStatus();
    }
  }

 private:
  absl::StatusOr<Peer*> PeerOf(const MethodDescriptor* method) {
    const std::string service = ServiceOf(method->full_name());
    auto peer = peers_.find(service);
    if (peer == peers_.end())
      return absl::NotFoundError(absl::StrCat("no address is known for the service \"", service, "\""));
    return peer->second.get();
  }

  std::string WithRequestId(const Message& request) {
    const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("request_id");
    if (field == nullptr || !request.GetReflection()->GetString(request, field).empty())
      return request.SerializeAsString();
    std::unique_ptr<Message> copy(request.New());
    copy->CopyFrom(request);
    copy->GetReflection()->SetString(copy.get(), field, NewUuid(*random_));
    return copy->SerializeAsString();
  }

  // The last position of each service that this client has written to.
  CallMetadata Positions() const {
    CallMetadata metadata;
    for (const auto& [service, position] : positions_) metadata.emplace_back(kPositionKey, position);
    return metadata;
  }

  void Remember(const CallMetadata& trailers) {
    const absl::string_view position = Find(trailers, kPositionKey);
    if (!position.empty()) positions_[std::string(position.substr(0, position.find('/')))] = std::string(position);
  }

  const std::unique_ptr<ClientChannels> channels_;
  const std::map<std::string, std::unique_ptr<Peer>> peers_;
  const absl::Duration deadline_;
  const std::unique_ptr<Random> random_;
  std::map<std::string, std::string> positions_;
};

}  // namespace

std::map<std::string, std::string> DefaultTargets() {
  std::map<std::string, std::string> targets;
  for (const auto& row : kServices) targets[row.service] = absl::StrCat("127.0.0.1:", row.port);
  return targets;
}

std::string ServiceOf(absl::string_view path) {
  path = absl::StripPrefix(path, "/");
  for (const auto& row : kServices) {
    if (absl::StartsWith(path, absl::StrCat(row.package, "."))) return row.service;
  }
  return "";
}

absl::StatusOr<std::unique_ptr<Client>> Connect(const Profile& profile) {
  ASSIGN_OR_RETURN(std::unique_ptr<ClientChannels> channels, ClientChannels::Open(profile.tls));
  std::map<std::string, std::unique_ptr<Peer>> peers;
  for (const auto& [service, target] : profile.targets) {
    peers[service] = channels->NewPeer(target, {.default_deadline = profile.deadline});
  }
  return std::make_unique<PeerClient>(std::move(channels), std::move(peers), profile.deadline);
}

std::unique_ptr<Client> NewClient(std::map<std::string, std::unique_ptr<Peer>> peers, absl::Duration deadline) {
  return std::make_unique<PeerClient>(nullptr, std::move(peers), deadline);
}

}  // namespace partnerskap::cli
