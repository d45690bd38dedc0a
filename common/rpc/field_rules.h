// The contract's field rules, checked once for every request: required, immutable (named by a mask), lengths, ranges,
// patterns, resource names, dates, UUIDs, enum values, UTF-8.
#ifndef PARTNERSKAP_COMMON_RPC_FIELD_RULES_H_
#define PARTNERSKAP_COMMON_RPC_FIELD_RULES_H_

#include <vector>

#include "common/status/refusal.h"
#include "google/protobuf/message.h"

namespace partnerskap {

// All violations, in field order. An `update_mask` limits REQUIRED to the paths that it names, and must name known, mutable
// ones. Checks nested messages and elements.
std::vector<Violation> CheckFieldRules(const google::protobuf::Message& request);

// Clears what a caller must not set (OUTPUT_ONLY, AIP-203), silently.
void ClearOutputOnly(google::protobuf::Message& request);

// Clears fields marked personal or restricted, at any depth: for feed, log and audit.
void ClearPersonal(google::protobuf::Message& message);

// Patterns compile, ranges are ranges, resource references name known types: what a wrong proto gets wrong. Run at start
// for each request type.
std::vector<std::string> CheckRulesOf(const google::protobuf::Descriptor& request);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_FIELD_RULES_H_
