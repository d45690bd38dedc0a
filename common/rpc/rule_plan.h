// A message type's field rules, read from its options once and kept: what a check of a message walks along.
#ifndef PARTNERSKAP_COMMON_RPC_RULE_PLAN_H_
#define PARTNERSKAP_COMMON_RPC_RULE_PLAN_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "google/protobuf/descriptor.h"
#include "re2/re2.h"

namespace partnerskap {

// Longest string or bytes, and most elements, where the contract says nothing: see FieldRules.
inline constexpr uint32_t kDefaultMaxLength = 1'000;
inline constexpr uint32_t kDefaultMaxItems = 1'000;

struct MessagePlan;

struct FieldPlan {
  // Message types whose values have rules of their own.
  enum class Kind { kPlain, kDate, kMoney, kTimestamp, kFieldMask };

  const google::protobuf::FieldDescriptor* field = nullptr;
  Kind kind = Kind::kPlain;
  bool required = false, output_only = false, immutable = false, identifier = false;
  bool personal = false;  // or restricted
  bool uuid4 = false;
  bool page_size = false;
  uint32_t min_length = 0, max_length = kDefaultMaxLength, max_items = kDefaultMaxItems;
  std::unique_ptr<RE2> pattern;
  bool has_range = false;
  int64_t minimum = 0, maximum = 0;
  bool day_only = false;
  absl::flat_hash_set<int> allowed;            // enum numbers; empty: all
  std::vector<std::string> resource_patterns;  // the name must match one; empty: no name
  bool any_name = false;                       // a name of any type
  const MessagePlan* message = nullptr;        // of message fields that are walked
};

struct MessagePlan {
  const google::protobuf::Descriptor* descriptor = nullptr;
  std::vector<FieldPlan> fields;      // in the order of their declaration
  const FieldPlan* mask = nullptr;    // `update_mask`
  const FieldPlan* masked = nullptr;  // the resource that it speaks of
  std::vector<std::string> problems;  // what the options get wrong, in this message alone
};

// The plan of a type, made at the first call. For types that live as long as the process. Any thread.
const MessagePlan& PlanOf(const google::protobuf::Descriptor& message);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_RULE_PLAN_H_
