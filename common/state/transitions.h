// State machines as visible tables: which action leads from which state to which. A table is a constexpr array in the
// service's domain/, its text matrix stands in the service's README, and a test holds the two equal.
//
//   inline constexpr Transition<v1::Challenge::State> kChallengeTransitions[] = {
//       {v1::Challenge::PROPOSED, "accept", v1::Challenge::ACCEPTED},
//       {v1::Challenge::PROPOSED, "decline", v1::Challenge::DECLINED},
//   };
#ifndef PARTNERSKAP_COMMON_STATE_TRANSITIONS_H_
#define PARTNERSKAP_COMMON_STATE_TRANSITIONS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"

namespace partnerskap {

template <typename State>
struct Transition {
  State from;
  const char* action;  // the custom method's verb: `accept`
  State to;
};

// Where `action` leads from `from`, or nothing when it is not allowed there.
template <typename State>
std::optional<State> Next(absl::Span<const Transition<State>> table, State from, absl::string_view action) {
  for (const Transition<State>& transition : table) {
    if (transition.from == from && action == transition.action) return transition.to;
  }
  return std::nullopt;
}
template <typename State, size_t N>
std::optional<State> Next(const Transition<State> (&table)[N], State from, absl::string_view action) {
  return Next(absl::Span<const Transition<State>>(table, N), from, action);
}

// One transition by names, for the matrix.
struct NamedTransition {
  std::string from, action, to;
};
// A Markdown table, a row for each state in `states` and a column for each action in order of first appearance; `–`
// where an action is not allowed.
std::string MatrixOf(const std::vector<std::string>& states, const std::vector<NamedTransition>& transitions);

// The matrix of a table, with every state of the enum but zero.
template <typename State, size_t N>
std::string Matrix(const Transition<State> (&table)[N]) {
  const google::protobuf::EnumDescriptor& states = *google::protobuf::GetEnumDescriptor<State>();
  std::vector<std::string> names;
  for (int i = 0; i < states.value_count(); ++i) {
    if (states.value(i)->number() != 0) names.push_back(states.value(i)->name());
  }
  std::vector<NamedTransition> transitions;
  for (const Transition<State>& t : table) {
    transitions.push_back({states.FindValueByNumber(t.from)->name(), t.action, states.FindValueByNumber(t.to)->name()});
  }
  return MatrixOf(names, transitions);
}

// The text between `<!-- states:NAME -->` and `<!-- /states -->` of a README, for the test that compares.
std::string MatrixIn(absl::string_view readme, absl::string_view name);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_STATE_TRANSITIONS_H_
