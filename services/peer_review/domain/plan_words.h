// Why there is no review plan, in words for people.
#ifndef PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_WORDS_H_
#define PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_WORDS_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "services/peer_review/domain/plan_solver.h"

namespace partnerskap::peer_review {

// The same in Swedish and English; one to three sentences.
struct Words {
  std::string sv;
  std::string en;
};

// At most so many conflicts or capacities are named, then a count of the rest: the text travels in a status detail.
inline constexpr int kMaxNamed = 6;

// `name` gives what people call a seat ("Örebro" for `orebro`).
Words ExplainNoPlan(const PlanInput& input, const NoPlan& none, absl::FunctionRef<std::string(absl::string_view)> name);

Words ExplainNotFoundInTime();

}  // namespace partnerskap::peer_review

#endif  // PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_PLAN_WORDS_H_
