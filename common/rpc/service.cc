#include "common/rpc/service.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/rpc/field_rules.h"
#include "common/rpc/paths.h"
#include "re2/re2.h"

namespace partnerskap {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

std::string PathOf(const MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

bool HasRestrictedField(const Descriptor& message, std::set<const Descriptor*>& seen) {
  if (!seen.insert(&message).second) return false;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (field.options().GetExtension(common::v1::rules).restricted()) return true;
    if (field.message_type() != nullptr && HasRestrictedField(*field.message_type(), seen)) return true;
  }
  return false;
}

bool IsSingular(const FieldDescriptor* field, FieldDescriptor::CppType type) {
  return field != nullptr && !field->is_repeated() && field->cpp_type() == type;
}

// What one method's declaration gets wrong.
class MethodCheck {
 public:
  MethodCheck(const Method& method, std::vector<std::string>& problems) : method_(method), problems_(problems) {}

  void Run() {
    if (method_.auth == nullptr) {
      Say("declares no (partnerskap.common.v1.auth)");
      return;
    }
    CheckPermission();
    CheckHandler();
    // Standard protocols have their policies here and their protos elsewhere: no rule of ours is in them.
    if (method_.descriptor->input_type()->file()->package().rfind("grpc.", 0) == 0) return;
    CheckPaths();
    if (method_.auth->mutating()) CheckMutation();
    for (const std::string& problem : CheckRulesOf(*method_.descriptor->input_type())) Say(problem);
  }

 private:
  void Say(const std::string& problem) { problems_.push_back(absl::StrCat(method_.path, " ", problem)); }

  void CheckPermission() {
    static const RE2 permission("[a-z][A-Za-z0-9_]*(\\.[a-z][A-Za-z0-9_]*)+");
    if (!RE2::FullMatch(method_.auth->permission(), permission)) {
      Say(absl::StrCat("declares \"", method_.auth->permission(),
                       "\", which is no permission such as membership.seats.get"));
    }
    if (method_.auth->scope() == common::v1::MethodAuth::SCOPE_UNSPECIFIED) Say("declares no scope");
  }

  void CheckHandler() {
    const bool writes = std::holds_alternative<WriteHandler>(method_.handler);
    if (method_.auth->mutating() && !writes) Say("is declared mutating and has no write handler");
    if (!method_.auth->mutating() && writes) Say("has a write handler and is not declared mutating");
    const bool streams = method_.descriptor->server_streaming() || method_.descriptor->client_streaming();
    if (streams != method_.is_stream()) {
      Say(streams ? "is a stream and its handler is not" : "is no stream and its handler is");
    }
    if (method_.auth->mutating() && method_.auth->slow()) Say("cannot be slow: mutations run on the writer");
  }

  void CheckPaths() {
    const Descriptor& request = *method_.descriptor->input_type();
    const std::pair<const char*, const std::string&> paths[] = {{"object", method_.auth->object()},
                                                                {"org_field", method_.auth->org_field()}};
    for (const auto& [option, path] : paths) {
      if (path.empty()) continue;
      const auto fields = ResolvePath(request, path);
      if (fields.empty()) {
        Say(absl::StrCat("names ", option, " \"", path, "\", which ", request.full_name(), " does not have"));
      } else if (!IsSingular(fields.back(), FieldDescriptor::CPPTYPE_STRING)) {
        Say(absl::StrCat("names ", option, " \"", path, "\", which is no single string"));
      }
    }
  }

  void CheckMutation() {
    const Descriptor& request = *method_.descriptor->input_type();
    if (!IsSingular(request.FindFieldByName("request_id"), FieldDescriptor::CPPTYPE_STRING)) {
      Say(absl::StrCat("is mutating and ", request.full_name(), " has no string request_id"));
    }
    if (!IsSingular(request.FindFieldByName("validate_only"), FieldDescriptor::CPPTYPE_BOOL)) {
      Say(absl::StrCat("is mutating and ", request.full_name(), " has no bool validate_only"));
    }
  }

  const Method& method_;
  std::vector<std::string>& problems_;
};

}  // namespace

void Methods::Add(Method method) {
  Method& place = methods_[method.path];
  if (!place.path.empty()) return Problem(absl::StrCat(method.path, " has two handlers"));
  place = std::move(method);
}

std::vector<std::string> Methods::Check() const {
  std::vector<std::string> problems = problems_;
  for (const google::protobuf::ServiceDescriptor* service : services_) {
    for (int i = 0; i < service->method_count(); ++i) {
      const std::string path = PathOf(*service->method(i));
      if (!methods_.contains(path)) problems.push_back(absl::StrCat(path, " has no handler"));
    }
  }
  // By permission: one method each that answers restricted fields, and that does not.
  std::map<std::string, std::pair<std::string, std::string>> answers;
  for (const auto& [path, method] : methods_) {
    MethodCheck(method, problems).Run();
    if (method.auth == nullptr) continue;
    std::set<const Descriptor*> seen;
    auto& [restricted, open] = answers[method.auth->permission()];
    (HasRestrictedField(*method.descriptor->output_type(), seen) ? restricted : open) = path;
  }
  for (const auto& [permission, paths] : answers) {
    if (paths.first.empty() || paths.second.empty()) continue;
    problems.push_back(absl::StrCat(paths.first, " answers restricted fields under ", permission, ", which ",
                                    paths.second, " has too: they need a permission of their own"));
  }
  std::sort(problems.begin(), problems.end());
  problems.erase(std::unique(problems.begin(), problems.end()), problems.end());
  return problems;
}

const Method* Methods::Find(absl::string_view path) const {
  const auto found = methods_.find(path);
  return found == methods_.end() ? nullptr : &found->second;
}

std::vector<std::string> Methods::Permissions() const {
  std::set<std::string> permissions;
  for (const auto& [path, method] : methods_) {
    if (method.auth != nullptr) permissions.insert(method.auth->permission());
  }
  return std::vector<std::string>(permissions.begin(), permissions.end());
}

ServiceMethods::ServiceMethods(Methods& methods, absl::string_view service) : methods_(methods) {
  service_ = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(std::string(service));
  if (service_ == nullptr) {
    methods_.Problem(absl::StrCat("the service ", service, " is not linked, or is misspelt"));
    return;
  }
  methods_.ExpectAllOf(*service_);
}

void ServiceMethods::AddTyped(absl::string_view name, const google::protobuf::Message& request,
                              const Descriptor& response,
                              std::variant<ReadHandler, WriteHandler, PlainHandler, StreamHandler> handler) {
  if (service_ == nullptr) return;
  const MethodDescriptor* descriptor = service_->FindMethodByName(std::string(name));
  if (descriptor == nullptr) {
    methods_.Problem(absl::StrCat("/", service_->full_name(), "/", name, " has a handler and is not declared"));
    return;
  }
  Method method;
  method.path = PathOf(*descriptor);
  method.descriptor = descriptor;
  method.request_prototype = &request;
  method.handler = std::move(handler);
  if (descriptor->options().HasExtension(common::v1::auth)) {
    method.auth = &descriptor->options().GetExtension(common::v1::auth);
  }
  if (descriptor->input_type() != request.GetDescriptor()) {
    methods_.Problem(absl::StrCat(method.path, " takes ", descriptor->input_type()->full_name(), ", its handler ",
                                  request.GetDescriptor()->full_name()));
    return;
  }
  if (descriptor->output_type() != &response) {
    methods_.Problem(absl::StrCat(method.path, " answers ", descriptor->output_type()->full_name(), ", its handler ",
                                  response.full_name()));
    return;
  }
  methods_.Add(std::move(method));
}

}  // namespace partnerskap
