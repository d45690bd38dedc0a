#include "cli/apply.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/catalog.h"
#include "cli/text_file.h"
#include "common/ids/ids.h"
#include "common/status/macros.h"
#include "google/protobuf/text_format.h"
#include "partnerskap/agreements/v1/adoption_messages.pb.h"
#include "partnerskap/agreements/v1/decision_messages.pb.h"

namespace partnerskap::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kImportAdoption[] = "/partnerskap.agreements.v1.AgreementsService/ImportAdoption";
constexpr char kRecordStatement[] = "/partnerskap.agreements.v1.AgreementsService/RecordSeparateStatement";

std::string StringField(const Message& message, const char* name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  return field == nullptr ? "" : message.GetReflection()->GetString(message, field);
}

void SetString(Message& message, const std::string& field, const std::string& value) {
  message.GetReflection()->SetString(&message, message.GetDescriptor()->FindFieldByName(field), value);
}

// Whether one field of two messages, of one type or with the field in both, says the same.
bool FieldEquals(const Message& a, const FieldDescriptor& field_a, const Message& b, const FieldDescriptor& field_b) {
  std::unique_ptr<Message> only_a(a.New()), only_b(a.New());
  only_a->CopyFrom(a);
  std::vector<const FieldDescriptor*> set;
  a.GetReflection()->ListFields(a, &set);
  for (const FieldDescriptor* other : set) {
    if (other != &field_a) only_a->GetReflection()->ClearField(only_a.get(), other);
  }
  // Through the wire form, so that the two may be of different message types with the same field type.
  std::unique_ptr<Message> of_b(b.New());
  of_b->CopyFrom(b);
  set.clear();
  b.GetReflection()->ListFields(b, &set);
  for (const FieldDescriptor* other : set) {
    if (other != &field_b) of_b->GetReflection()->ClearField(of_b.get(), other);
  }
  std::string text_a, text_b;
  google::protobuf::TextFormat::PrintToString(*only_a, &text_a);
  google::protobuf::TextFormat::PrintToString(*of_b, &text_b);
  if (field_a.name() == field_b.name()) return text_a == text_b;
  return text_a.substr(field_a.name().size()) == text_b.substr(field_b.name().size());
}

// Input fields that the file sets and that are stored otherwise.
std::vector<std::string> Differences(const Message& wanted, const Message& stored) {
  std::vector<std::string> fields;
  const Descriptor& type = *wanted.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!IsInputField(field)) continue;
    const std::string stored_name = field.name() == "attested_state" ? "state" : field.name();
    const FieldDescriptor* other = stored.GetDescriptor()->FindFieldByName(stored_name);
    const bool set = field.is_repeated() ? wanted.GetReflection()->FieldSize(wanted, &field) > 0
                                         : wanted.GetReflection()->HasField(wanted, &field);
    if (set && other != nullptr && !FieldEquals(wanted, field, stored, *other)) fields.push_back(field.name());
  }
  return fields;
}

absl::StatusOr<std::unique_ptr<Message>> GetStored(Client& client, const ResourceType& type, const std::string& name) {
  std::unique_ptr<Message> request = NewMessage(*type.get->input_type());
  SetString(*request, "name", name);
  auto stored = client.Call(PathOf(*type.get), *request);
  // A singleton that nobody has set has nothing to get, and one under a parent that is yet to come neither.
  if (absl::IsNotFound(stored.status())) return nullptr;
  return stored;
}

// CreateX{parent, x, x_id}.
std::shared_ptr<Message> CreateRequest(const ResourceType& type, const std::string& name, const Message& resource) {
  std::shared_ptr<Message> request = NewMessage(*type.create->input_type());
  const Descriptor& fields = *request->GetDescriptor();
  for (int i = 0; i < fields.field_count(); ++i) {
    const FieldDescriptor& field = *fields.field(i);
    if (field.name() == "parent") {
      SetString(*request, "parent", std::string(ParentName(name)));
    } else if (field.message_type() == resource.GetDescriptor()) {
      Message* copy = request->GetReflection()->MutableMessage(request.get(), &field);
      copy->CopyFrom(resource);
      copy->GetReflection()->ClearField(copy, copy->GetDescriptor()->FindFieldByName("name"));
      SetString(*request, absl::StrCat(field.name(), "_id"), std::string(LastSegment(name)));
    }
  }
  return request;
}

// UpdateX{x{name, etag, …}, update_mask}.
std::shared_ptr<Message> UpdateRequest(const ResourceType& type, const Message& wanted, const std::string& etag,
                                       const std::vector<std::string>& fields) {
  std::shared_ptr<Message> request = NewMessage(*type.update->input_type());
  const Descriptor& descriptor = *request->GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (field.message_type() == wanted.GetDescriptor()) {
      Message* copy = request->GetReflection()->MutableMessage(request.get(), &field);
      copy->CopyFrom(wanted);
      SetString(*copy, "etag", etag);
    } else if (field.name() == "update_mask") {
      Message* mask = request->GetReflection()->MutableMessage(request.get(), &field);
      const FieldDescriptor* paths = mask->GetDescriptor()->FindFieldByName("paths");
      for (const std::string& path : fields) mask->GetReflection()->AddString(mask, paths, path);
    }
  }
  return request;
}

absl::StatusOr<Step> PlanResource(Client& client, const std::string& name, const Message& wanted) {
  ASSIGN_OR_RETURN(const ResourceType* type, TypeOfMessage(*wanted.GetDescriptor()));
  ASSIGN_OR_RETURN(const std::unique_ptr<Message> stored, GetStored(client, *type, name));
  Step step;
  step.name = name;
  if (stored == nullptr && type->create != nullptr) {
    step.action = Step::Action::kCreate;
    step.method = PathOf(*type->create);
    step.request = CreateRequest(*type, name, wanted);
    return step;
  }
  step.fields =
      stored == nullptr ? Differences(wanted, *NewMessage(*wanted.GetDescriptor())) : Differences(wanted, *stored);
  if (step.fields.empty()) return step;
  const bool fixed =
      stored != nullptr && std::any_of(step.fields.begin(), step.fields.end(), [&](const std::string& field) {
        return IsImmutable(*wanted.GetDescriptor()->FindFieldByName(field));
      });
  if (type->update == nullptr || fixed) {
    step.action = Step::Action::kDiffers;
    return step;
  }
  step.action = stored == nullptr ? Step::Action::kCreate : Step::Action::kUpdate;
  step.method = PathOf(*type->update);
  step.request = UpdateRequest(*type, wanted, stored == nullptr ? "*" : StringField(*stored, "etag"), step.fields);
  return step;
}

absl::StatusOr<Step> PlanAdoption(Client& client, const v1::ImportedAdoption& wanted) {
  ASSIGN_OR_RETURN(const ResourceType* type, TypeOfMessage(*agreements::v1::Adoption::descriptor()));
  ASSIGN_OR_RETURN(const std::unique_ptr<Message> stored, GetStored(client, *type, wanted.name()));
  Step step;
  step.name = wanted.name();
  if (stored != nullptr) {
    step.fields = Differences(wanted.history(), *stored);
    step.action = step.fields.empty() ? Step::Action::kUnchanged : Step::Action::kDiffers;
    return step;
  }
  auto request = std::make_shared<agreements::v1::ImportAdoptionRequest>();
  request->set_parent(std::string(ParentName(wanted.name())));
  request->set_adoption_id(std::string(LastSegment(wanted.name())));
  *request->mutable_adoption_history() = wanted.history();
  step.action = Step::Action::kCreate;
  step.method = kImportAdoption;
  step.request = std::move(request);
  return step;
}

absl::StatusOr<Step> PlanStatement(Client& client, const v1::PermittedStatement& wanted) {
  ASSIGN_OR_RETURN(const ResourceType* type, TypeOfMessage(*agreements::v1::Decision::descriptor()));
  ASSIGN_OR_RETURN(const std::unique_ptr<Message> stored, GetStored(client, *type, wanted.decision()));
  Step step;
  step.name = absl::StrCat(wanted.decision(), " separate_statement");
  if (stored != nullptr) {
    for (const auto& statement : static_cast<const agreements::v1::Decision&>(*stored).separate_statements()) {
      if (statement.party() == wanted.party() && statement.person() == wanted.person()) return step;
    }
  }
  auto request = std::make_shared<agreements::v1::RecordSeparateStatementRequest>();
  request->set_name(wanted.decision());
  request->set_etag("*");
  request->set_party(wanted.party());
  request->set_person(wanted.person());
  if (wanted.has_receipt_date()) *request->mutable_receipt_date() = wanted.receipt_date();
  request->set_document(wanted.document());
  step.action = Step::Action::kCreate;
  step.method = kRecordStatement;
  step.request = std::move(request);
  return step;
}

}  // namespace

absl::StatusOr<v1::NetworkFile> ReadNetworkFile(const std::string& path) {
  v1::NetworkFile file;
  RETURN_IF_ERROR(ReadTextFile(path, file));
  return file;
}

std::vector<Element> ElementsOf(const v1::NetworkFile& file) {
  std::vector<Element> elements;
  const Descriptor& sections = *file.GetDescriptor();
  for (int i = 0; i < sections.field_count(); ++i) {
    const FieldDescriptor* section = sections.field(i);
    for (int j = 0; j < file.GetReflection()->FieldSize(file, section); ++j) {
      const Message& element = file.GetReflection()->GetRepeatedMessage(file, section, j);
      const char* key = section->message_type() == v1::PermittedStatement::descriptor() ? "decision" : "name";
      elements.push_back({StringField(element, key), &element});
    }
  }
  return elements;
}

absl::StatusOr<std::vector<Step>> Plan(Client& client, const v1::NetworkFile& file,
                                       const std::function<void(size_t, size_t)>& progress) {
  std::vector<Step> steps;
  const std::vector<Element> elements = ElementsOf(file);
  for (const Element& element : elements) {
    if (element.name.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("an element of ", element.message->GetTypeName(), " has no name"));
    }
    absl::StatusOr<Step> step;
    if (const auto* adoption = dynamic_cast<const v1::ImportedAdoption*>(element.message)) {
      step = PlanAdoption(client, *adoption);
    } else if (const auto* statement = dynamic_cast<const v1::PermittedStatement*>(element.message)) {
      step = PlanStatement(client, *statement);
    } else {
      step = PlanResource(client, element.name, *element.message);
    }
    RETURN_IF_ERROR(step.status());
    steps.push_back(*std::move(step));
    progress(steps.size(), elements.size());
  }
  return steps;
}

absl::Status CarryOut(Client& client, const Step& step) { return client.Call(step.method, *step.request).status(); }

}  // namespace partnerskap::cli
