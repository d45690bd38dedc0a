#include "cli/catalog.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/ids/ids.h"
#include "common/status/macros.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "partnerskap/agreements/v1/audit.pb.h"
#include "partnerskap/agreements/v1/feed.pb.h"
#include "partnerskap/agreements/v1/service.pb.h"
#include "partnerskap/membership/v1/audit.pb.h"
#include "partnerskap/membership/v1/feed.pb.h"
#include "partnerskap/membership/v1/service.pb.h"
#include "partnerskap/peerreview/v1/audit.pb.h"
#include "partnerskap/peerreview/v1/feed.pb.h"
#include "partnerskap/peerreview/v1/service.pb.h"
#include "partnerskap/scheduling/v1/audit.pb.h"
#include "partnerskap/scheduling/v1/feed.pb.h"
#include "partnerskap/scheduling/v1/service.pb.h"

namespace partnerskap::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

// A file that only declares a service is linked, and so in the pool, when something asks it for its descriptor.
std::vector<const FileDescriptor*> Files() {
  std::vector<const FileDescriptor*> files;
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  for (absl::string_view package : {"membership", "agreements", "scheduling", "peerreview"}) {
    for (absl::string_view file : {"service", "feed", "audit"}) {
      const FileDescriptor* found = pool.FindFileByName(absl::StrCat("partnerskap/", package, "/v1/", file, ".proto"));
      if (found != nullptr) files.push_back(found);
    }
  }
  return files;
}

std::string MethodPart(const MethodDescriptor& method) {
  return absl::StrCat(method.service()->name(), "/", method.name());
}

bool Has(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  for (int i = 0; i < field.options().ExtensionSize(google::api::field_behavior); ++i) {
    if (field.options().GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

const MethodDescriptor* Named(const ServiceDescriptor& service, const std::string& name) {
  return service.FindMethodByName(name);
}

// Types are found through the methods that get them: `GetX` answers an X.
std::vector<ResourceType> FindTypes() {
  std::vector<ResourceType> types;
  for (const MethodDescriptor* method : AllMethods()) {
    const Descriptor& answer = *method->output_type();
    if (method->name() != absl::StrCat("Get", answer.name())) continue;
    const auto& resource = answer.options().GetExtension(google::api::resource);
    if (resource.pattern_size() == 0) continue;
    const ServiceDescriptor& service = *method->service();
    ResourceType& type = types.emplace_back();
    type.message = &answer;
    type.pattern = resource.pattern(0);
    type.get = method;
    std::string plural = resource.plural();
    if (!plural.empty()) plural[0] = static_cast<char>(plural[0] - 'a' + 'A');
    type.list = Named(service, absl::StrCat("List", plural));
    type.create = Named(service, absl::StrCat("Create", answer.name()));
    type.update = Named(service, absl::StrCat("Update", answer.name()));
  }
  return types;
}

const std::vector<ResourceType>& Types() {
  static const auto& types = *new std::vector<ResourceType>(FindTypes());
  return types;
}

}  // namespace

std::vector<const MethodDescriptor*> AllMethods() {
  std::vector<const MethodDescriptor*> methods;
  for (const FileDescriptor* file : Files()) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) methods.push_back(file->service(s)->method(m));
    }
  }
  return methods;
}

std::string PathOf(const MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

absl::StatusOr<const MethodDescriptor*> FindMethod(absl::string_view method) {
  const absl::string_view wanted = absl::StripPrefix(method, "/");
  std::vector<const MethodDescriptor*> found;
  std::vector<std::string> near;
  for (const MethodDescriptor* candidate : AllMethods()) {
    const std::string path = PathOf(*candidate).substr(1);
    if (path == wanted) return candidate;
    if (candidate->name() == wanted || MethodPart(*candidate) == wanted) found.push_back(candidate);
    if (absl::StrContains(absl::AsciiStrToLower(path), absl::AsciiStrToLower(wanted)))
      near.push_back(MethodPart(*candidate));
  }
  if (found.size() == 1) return found[0];
  if (found.size() > 1) {
    std::vector<std::string> paths;
    for (const MethodDescriptor* candidate : found) paths.push_back(PathOf(*candidate).substr(1));
    return absl::InvalidArgumentError(absl::StrCat(method, " is several methods: ", absl::StrJoin(paths, ", ")));
  }
  if (near.size() > 8) near.resize(8);
  return absl::NotFoundError(absl::StrCat(
      "there is no method ", method,
      near.empty() ? "; `partnerskap methods` lists them" : absl::StrCat("; near it: ", absl::StrJoin(near, ", "))));
}

std::unique_ptr<google::protobuf::Message> NewMessage(const Descriptor& type) {
  return std::unique_ptr<google::protobuf::Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

absl::StatusOr<const ResourceType*> TypeOfMessage(const Descriptor& message) {
  for (const ResourceType& type : Types()) {
    if (type.message == &message) return &type;
  }
  return absl::NotFoundError(absl::StrCat(message.full_name(), " is no resource that a method gets"));
}

absl::StatusOr<const ResourceType*> TypeOfName(absl::string_view name) {
  std::vector<std::string> patterns;
  for (const ResourceType& type : Types()) {
    if (MatchName(type.pattern, name)) return &type;
    patterns.push_back(type.pattern);
  }
  return absl::NotFoundError(
      absl::StrCat("\"", name, "\" is no resource name; they look like ", absl::StrJoin(patterns, ", ")));
}

absl::StatusOr<Collection> CollectionOf(absl::string_view path) {
  std::vector<std::string> patterns;
  for (const ResourceType& type : Types()) {
    if (type.list == nullptr) continue;
    patterns.push_back(std::string(ParentName(type.pattern).empty() ? CollectionId(type.pattern)
                                                                    : type.pattern.substr(0, type.pattern.rfind('/'))));
    if (MatchName(type.pattern, absl::StrCat(path, "/x"))) {
      const size_t slash = path.rfind('/');
      return Collection{&type, slash == absl::string_view::npos ? "" : std::string(path.substr(0, slash))};
    }
  }
  return absl::NotFoundError(
      absl::StrCat("\"", path, "\" is no collection; they look like ", absl::StrJoin(patterns, ", ")));
}

bool IsInputField(const FieldDescriptor& field) {
  return field.name() != "name" && field.name() != "etag" && !Has(field, google::api::OUTPUT_ONLY);
}

bool IsImmutable(const FieldDescriptor& field) { return Has(field, google::api::IMMUTABLE); }

}  // namespace partnerskap::cli
