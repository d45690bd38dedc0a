// The contract's field rules, checked once for every request: required, immutable (named by a mask), lengths, ranges,
// patterns, resource names, dates, UUIDs, enum values, UTF-8.
//
// A field that is not REQUIRED and is empty (zero, where the field has no presence) breaks no rule. A reference must
// look like a name of its type; whether the resource exists is the handler's question. Strings hold no control
// characters but line feed, carriage return and tab. google.type.Money is SEK in whole öre, its range is in öre, and
// without one it is not negative. A request with an `update_mask` changes a resource: its `name` and `etag` are
// required.
//
// The rules of a message type are read from its options once; a check then costs some microseconds.
#ifndef PARTNERSKAP_COMMON_RPC_FIELD_RULES_H_
#define PARTNERSKAP_COMMON_RPC_FIELD_RULES_H_

#include <vector>

#include "common/status/refusal.h"
#include "google/protobuf/message.h"

namespace partnerskap {

// All violations, in field order, at most 100. An `update_mask` limits REQUIRED to the paths that it names, and must
// name known, mutable ones; `*` names all, an absent mask those that are set. Checks nested messages and elements.
std::vector<Violation> CheckFieldRules(const google::protobuf::Message& request);

// Clears what a caller must not set (OUTPUT_ONLY, AIP-203; the IDENTIFIER of a resource that is not updated), silently,
// and fields that this build does not know.
void ClearOutputOnly(google::protobuf::Message& request);

// Clears fields marked personal or restricted, at any depth, and fields that this build does not know: for feed, log
// and audit.
void ClearPersonal(google::protobuf::Message& message);

// Patterns compile, ranges are ranges, resource references name known types: what a wrong proto gets wrong. Run at
// start for each request type.
std::vector<std::string> CheckRulesOf(const google::protobuf::Descriptor& request);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_FIELD_RULES_H_
