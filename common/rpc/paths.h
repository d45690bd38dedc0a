// Paths of fields, as policies and masks write them: `seat.name`.
#ifndef PARTNERSKAP_COMMON_RPC_PATHS_H_
#define PARTNERSKAP_COMMON_RPC_PATHS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace partnerskap {

// The fields of `path`, outermost first; each but the last is a singular message. Empty if the path leads nowhere.
std::vector<const google::protobuf::FieldDescriptor*> ResolvePath(const google::protobuf::Descriptor& message,
                                                                  absl::string_view path);

// The string at such a path; empty if a message on the way is absent.
std::string StringAt(const google::protobuf::Message& message,
                     const std::vector<const google::protobuf::FieldDescriptor*>& path);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_PATHS_H_
