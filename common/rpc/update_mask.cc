#include "common/rpc/update_mask.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/refusal.h"
#include "google/protobuf/util/field_mask_util.h"

namespace partnerskap {

absl::Status ApplyMask(const google::protobuf::Message& from, const google::protobuf::FieldMask& mask,
                       absl::Span<const absl::string_view> updatable, google::protobuf::Message& to) {
  google::protobuf::FieldMask paths;
  std::vector<Violation> violations;
  const bool all = mask.paths().empty() || (mask.paths_size() == 1 && mask.paths(0) == "*");
  if (all) {
    for (absl::string_view path : updatable) paths.add_paths(std::string(path));
  }
  for (const std::string& path : mask.paths()) {
    if (all) break;
    if (std::find(updatable.begin(), updatable.end(), path) == updatable.end()) {
      violations.push_back({"update_mask", absl::StrCat("\"", path, "\" is not updated here; ",
                                                        absl::StrJoin(updatable, ", "), " are")});
    }
    paths.add_paths(path);
  }
  if (!violations.empty()) return RefuseFields(violations);
  google::protobuf::util::FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  for (const std::string& path : paths.paths()) {
    to.GetReflection()->ClearField(&to, to.GetDescriptor()->FindFieldByName(path));
  }
  google::protobuf::util::FieldMaskUtil::MergeMessageTo(from, paths, options, &to);
  return absl::OkStatus();
}

}  // namespace partnerskap
