// The contract as the linked descriptors tell it, for the tests of this folder.
#ifndef PARTNERSKAP_TESTS_CONTRACT_CONTRACT_H_
#define PARTNERSKAP_TESTS_CONTRACT_CONTRACT_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/descriptor.h"
#include "partnerskap/agreements/v1/audit.pb.h"
#include "partnerskap/agreements/v1/feed.pb.h"
#include "partnerskap/agreements/v1/reasons.pb.h"
#include "partnerskap/agreements/v1/service.pb.h"
#include "partnerskap/common/v1/options.pb.h"
#include "partnerskap/common/v1/reasons.pb.h"
#include "partnerskap/membership/v1/audit.pb.h"
#include "partnerskap/membership/v1/feed.pb.h"
#include "partnerskap/membership/v1/reasons.pb.h"
#include "partnerskap/membership/v1/service.pb.h"
#include "partnerskap/peerreview/v1/audit.pb.h"
#include "partnerskap/peerreview/v1/feed.pb.h"
#include "partnerskap/peerreview/v1/reasons.pb.h"
#include "partnerskap/peerreview/v1/service.pb.h"
#include "partnerskap/scheduling/v1/audit.pb.h"
#include "partnerskap/scheduling/v1/feed.pb.h"
#include "partnerskap/scheduling/v1/reasons.pb.h"
#include "partnerskap/scheduling/v1/service.pb.h"

namespace partnerskap {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;

// Every file of our packages that the services' files reach.
inline std::vector<const FileDescriptor*> Files() {
  std::vector<const FileDescriptor*> files;
  absl::flat_hash_set<const FileDescriptor*> seen;
  const std::function<void(const FileDescriptor*)> add = [&](const FileDescriptor* file) {
    if (!absl::StartsWith(file->package(), "partnerskap.") || !seen.insert(file).second) return;
    for (int i = 0; i < file->dependency_count(); ++i) add(file->dependency(i));
    files.push_back(file);
  };
  for (const char* package : {"membership", "agreements", "scheduling", "peerreview"}) {
    for (const char* name : {"service", "feed", "audit", "reasons"}) {
      const std::string path = std::string("partnerskap/") + package + "/v1/" + name + ".proto";
      const FileDescriptor* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(path);
      if (file != nullptr) add(file);
    }
  }
  add(google::protobuf::DescriptorPool::generated_pool()->FindFileByName("partnerskap/common/v1/reasons.proto"));
  return files;
}

inline void ForEachMethod(const std::function<void(const MethodDescriptor&)>& visit) {
  for (const FileDescriptor* file : Files()) {
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) visit(*file->service(i)->method(j));
    }
  }
}

// Messages of our packages, nested ones too.
inline void ForEachMessage(const std::function<void(const Descriptor&)>& visit) {
  const std::function<void(const Descriptor&)> walk = [&](const Descriptor& message) {
    visit(message);
    for (int i = 0; i < message.nested_type_count(); ++i) walk(*message.nested_type(i));
  };
  for (const FileDescriptor* file : Files()) {
    for (int i = 0; i < file->message_type_count(); ++i) walk(*file->message_type(i));
  }
}

inline std::vector<google::api::FieldBehavior> Behaviors(const FieldDescriptor& field) {
  std::vector<google::api::FieldBehavior> behaviors;
  for (int i = 0; i < field.options().ExtensionSize(google::api::field_behavior); ++i) {
    behaviors.push_back(field.options().GetExtension(google::api::field_behavior, i));
  }
  return behaviors;
}
inline bool Has(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  for (const auto each : Behaviors(field)) {
    if (each == behavior) return true;
  }
  return false;
}

inline bool IsResource(const Descriptor& message) { return message.options().HasExtension(google::api::resource); }
inline const google::api::ResourceDescriptor& Resource(const Descriptor& message) {
  return message.options().GetExtension(google::api::resource);
}
inline const common::v1::MethodAuth& Auth(const MethodDescriptor& method) {
  return method.options().GetExtension(common::v1::auth);
}
inline std::string TypeOf(const FieldDescriptor& field) {
  return field.message_type() == nullptr ? "" : field.message_type()->full_name();
}

}  // namespace partnerskap

#endif  // PARTNERSKAP_TESTS_CONTRACT_CONTRACT_H_
