// The contract with its comments, as the protos have it: for help texts, and to give to other tools.
#ifndef PARTNERSKAP_CLI_CONTRACT_H_
#define PARTNERSKAP_CLI_CONTRACT_H_

#include <string>
#include <string_view>

#include "google/protobuf/descriptor.h"

namespace partnerskap::cli {

// A google.protobuf.FileDescriptorSet of every package of the suite and what they import, with source positions.
std::string_view ContractBytes();

// What stands above a method or a field in its proto, as one line; empty if nothing does. The descriptors may be those
// of the linked code, which carry no comments.
std::string CommentOf(const google::protobuf::MethodDescriptor& method);
std::string CommentOf(const google::protobuf::FieldDescriptor& field);

// The first sentence of a comment.
std::string FirstSentence(const std::string& comment);

}  // namespace partnerskap::cli

#endif  // PARTNERSKAP_CLI_CONTRACT_H_
