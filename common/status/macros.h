// RETURN_IF_ERROR and ASSIGN_OR_RETURN, under the names that Abseil's own users know (Debian's Abseil has none).
#ifndef PARTNERSKAP_COMMON_STATUS_MACROS_H_
#define PARTNERSKAP_COMMON_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns from the enclosing function when `expression` (an absl::Status) is not OK.
#define RETURN_IF_ERROR(expression)                                                           \
  do {                                                                                        \
    if (absl::Status status_macro_ = (expression); !status_macro_.ok()) return status_macro_; \
  } while (false)

#define PARTNERSKAP_STATUS_JOIN_INNER(a, b) a##b
#define PARTNERSKAP_STATUS_JOIN(a, b) PARTNERSKAP_STATUS_JOIN_INNER(a, b)
#define PARTNERSKAP_ASSIGN_OR_RETURN(result, target, expression) \
  auto result = (expression);                                    \
  if (!result.ok()) return std::move(result).status();           \
  target = std::move(result).value()

// ASSIGN_OR_RETURN(auto seat, Seats().Get(tx, name)): assigns the value, or returns the status.
#define ASSIGN_OR_RETURN(target, expression) \
  PARTNERSKAP_ASSIGN_OR_RETURN(PARTNERSKAP_STATUS_JOIN(status_or_, __LINE__), target, expression)

#endif  // PARTNERSKAP_COMMON_STATUS_MACROS_H_
