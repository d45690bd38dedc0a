// What the contract offers, found by reflection over the linked packages: which method gets, lists, creates or updates
// the resource of a name. So that `get NAME`, `list COLLECTION` and `apply` know every resource without a list of them.
#ifndef PARTNERSKAP_CLI_CATALOG_H_
#define PARTNERSKAP_CLI_CATALOG_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace partnerskap::cli {

// `/package.Service/Method`, `package.Service/Method`, or `Service/Method` and `Method` where that is unique.
// Errors: NOT_FOUND with the nearest that exist.
absl::StatusOr<const google::protobuf::MethodDescriptor*> FindMethod(absl::string_view method);
// `/package.Service/Method`.
std::string PathOf(const google::protobuf::MethodDescriptor& method);
// Every method of the suite, by path.
std::vector<const google::protobuf::MethodDescriptor*> AllMethods();

// An empty message of a linked type.
std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor& type);

// A resource type and the standard methods that the contract has for it; null where it has none.
struct ResourceType {
  const google::protobuf::Descriptor* message = nullptr;
  std::string pattern;  // `networks/{network}/seats/{seat}`
  const google::protobuf::MethodDescriptor* get = nullptr;
  const google::protobuf::MethodDescriptor* list = nullptr;
  const google::protobuf::MethodDescriptor* create = nullptr;
  const google::protobuf::MethodDescriptor* update = nullptr;
};
// The type of a message that carries `google.api.resource`. NOT_FOUND for other messages.
absl::StatusOr<const ResourceType*> TypeOfMessage(const google::protobuf::Descriptor& message);
// The type of `networks/partnerskapet/seats/uppsala`. NOT_FOUND with the patterns that there are.
absl::StatusOr<const ResourceType*> TypeOfName(absl::string_view name);
// The type that `networks/partnerskapet/seats` lists, and its parent `networks/partnerskapet`.
struct Collection {
  const ResourceType* type;
  std::string parent;
};
absl::StatusOr<Collection> CollectionOf(absl::string_view path);

// Whether a caller may set the field: not OUTPUT_ONLY, not the name, not the etag.
bool IsInputField(const google::protobuf::FieldDescriptor& field);
// Whether the field stays as it was created.
bool IsImmutable(const google::protobuf::FieldDescriptor& field);

}  // namespace partnerskap::cli

#endif  // PARTNERSKAP_CLI_CATALOG_H_
