#include "common/rpc/call.h"

namespace partnerskap {

absl::string_view Find(const CallMetadata& metadata, absl::string_view key) {
  for (const auto& [name, value] : metadata) {
    if (name == key) return value;
  }
  return "";
}

}  // namespace partnerskap
