// The suite as a test of the command line sees it: resources in memory, by name, with the methods that the contract has
// for them. What services refuse is told by the test. The services themselves stand behind tests/stories.
#ifndef PARTNERSKAP_CLI_TEST_CLIENT_H_
#define PARTNERSKAP_CLI_TEST_CLIENT_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "cli/catalog.h"
#include "cli/client.h"
#include "common/ids/ids.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/util/field_mask_util.h"
#include "partnerskap/agreements/v1/adoption_messages.pb.h"
#include "partnerskap/agreements/v1/decision_messages.pb.h"

namespace partnerskap::cli {

class TestClient final : public Client {
 public:
  using Message = google::protobuf::Message;

  absl::StatusOr<std::unique_ptr<Message>> Call(absl::string_view method, const Message& request) override {
    const auto found = FindMethod(method);
    if (!found.ok()) return found.status();
    const std::string name((*found)->name());
    calls.push_back(name);
    if (refusals.contains(name)) return refusals.at(name);
    std::unique_ptr<Message> answer = NewMessage(*(*found)->output_type());
    if (name == "ImportAdoption") return Import(static_cast<const agreements::v1::ImportAdoptionRequest&>(request));
    if (name == "RecordSeparateStatement") {
      return Record(static_cast<const agreements::v1::RecordSeparateStatementRequest&>(request));
    }
    absl::Status status = absl::UnimplementedError(name);
    if (absl::StartsWith(name, "Get")) status = Get(request, *answer);
    if (absl::StartsWith(name, "Create")) status = Create(request, *answer);
    if (absl::StartsWith(name, "Update")) status = Update(request, *answer);
    if (!status.ok()) return status;
    return answer;
  }
  absl::Status Watch(absl::string_view method, const Message&, const std::function<bool(const Message&)>&) override {
    return absl::UnimplementedError(std::string(method));
  }

  template <typename M>
  M& Stored(const std::string& name) {
    return static_cast<M&>(*resources.at(name));
  }

  std::map<std::string, std::unique_ptr<Message>> resources;
  std::map<std::string, absl::Status> refusals;  // by method
  std::vector<std::string> calls;                // methods, in order

 private:
  static std::string String(const Message& message, const std::string& field) {
    return message.GetReflection()->GetString(message, message.GetDescriptor()->FindFieldByName(field));
  }
  static void SetString(Message& message, const std::string& field, const std::string& value) {
    message.GetReflection()->SetString(&message, message.GetDescriptor()->FindFieldByName(field), value);
  }
  // The field of a request that holds the resource of the answer's type.
  static const Message& ResourceIn(const Message& request, const Message& answer, std::string* field) {
    for (int i = 0; i < request.GetDescriptor()->field_count(); ++i) {
      const auto* candidate = request.GetDescriptor()->field(i);
      if (candidate->message_type() != answer.GetDescriptor()) continue;
      *field = candidate->name();
      return request.GetReflection()->GetMessage(request, candidate);
    }
    return answer;
  }

  absl::Status Get(const Message& request, Message& answer) {
    const auto found = resources.find(String(request, "name"));
    if (found == resources.end()) return absl::NotFoundError(absl::StrCat(String(request, "name"), " does not exist"));
    answer.CopyFrom(*found->second);
    return absl::OkStatus();
  }

  absl::Status Create(const Message& request, Message& answer) {
    std::string field;
    answer.CopyFrom(ResourceIn(request, answer, &field));
    const bool top = request.GetDescriptor()->FindFieldByName("parent") == nullptr;
    const std::string parent = top ? "" : String(request, "parent") + "/";
    const std::string collection(CollectionId((*TypeOfMessage(*answer.GetDescriptor()))->pattern));
    const std::string name = absl::StrCat(parent, collection, "/", String(request, field + "_id"));
    if (resources.contains(name)) return absl::AlreadyExistsError(name);
    SetString(answer, "name", name);
    SetString(answer, "etag", "1");
    Put(answer);
    return absl::OkStatus();
  }

  absl::Status Update(const Message& request, Message& answer) {
    std::string field;
    const Message& wanted = ResourceIn(request, answer, &field);
    const auto& mask = static_cast<const google::protobuf::FieldMask&>(
        request.GetReflection()->GetMessage(request, request.GetDescriptor()->FindFieldByName("update_mask")));
    const auto found = resources.find(String(wanted, "name"));
    if (found != resources.end()) {
      answer.CopyFrom(*found->second);
      const std::string etag = String(wanted, "etag");
      if (etag != "*" && etag != String(answer, "etag")) return absl::AbortedError("stale");
    }
    google::protobuf::util::FieldMaskUtil::MergeOptions options;
    options.set_replace_message_fields(true);
    options.set_replace_repeated_fields(true);
    google::protobuf::util::FieldMaskUtil::MergeMessageTo(wanted, mask, options, &answer);
    SetString(answer, "name", String(wanted, "name"));
    SetString(answer, "etag", "2");
    Put(answer);
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<Message>> Import(const agreements::v1::ImportAdoptionRequest& request) {
    const agreements::v1::AdoptionHistory& history = request.adoption_history();
    auto adoption = std::make_unique<agreements::v1::Adoption>();
    adoption->set_name(absl::StrCat(request.parent(), "/adoptions/", request.adoption_id()));
    adoption->set_seat(history.seat());
    adoption->set_state(history.attested_state());
    adoption->set_outcome(history.outcome());
    adoption->set_body(history.body());
    if (history.has_decision_date()) *adoption->mutable_decision_date() = history.decision_date();
    Put(*adoption);
    return adoption;
  }

  absl::StatusOr<std::unique_ptr<Message>> Record(const agreements::v1::RecordSeparateStatementRequest& request) {
    auto& decision = Stored<agreements::v1::Decision>(request.name());
    auto* statement = decision.add_separate_statements();
    statement->set_party(request.party());
    statement->set_person(request.person());
    return std::make_unique<agreements::v1::Decision>(decision);
  }

  void Put(const Message& resource) {
    std::unique_ptr<Message> copy(resource.New());
    copy->CopyFrom(resource);
    resources[String(resource, "name")] = std::move(copy);
  }
};

}  // namespace partnerskap::cli

#endif  // PARTNERSKAP_CLI_TEST_CLIENT_H_
