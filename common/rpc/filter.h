// Filters of List methods: the AIP-160 subset `field = value [AND field = value]…`, where a value is a word
// (`MUNICIPALITY`) or a quoted string (`"03"`). Each list documents its fields.
#ifndef PARTNERSKAP_COMMON_RPC_FILTER_H_
#define PARTNERSKAP_COMMON_RPC_FILTER_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace partnerskap {

// Pairs of field and value, in the order given. Errors: FIELD_VIOLATIONS that names `filter`, what is wrong in it, and
// the fields that the list takes.
absl::StatusOr<std::vector<std::pair<std::string, std::string>>> ParseFilter(
    absl::string_view filter, absl::Span<const absl::string_view> fields);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_FILTER_H_
