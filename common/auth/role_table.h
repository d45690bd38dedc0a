// One reading of the role file: principals to roles, permissions and limits. Never changes; a new file makes a new one.
#ifndef PARTNERSKAP_COMMON_AUTH_ROLE_TABLE_H_
#define PARTNERSKAP_COMMON_AUTH_ROLE_TABLE_H_

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/authenticator.h"
#include "common/auth/roles.pb.h"

namespace partnerskap {

class RoleTable {
 public:
  // `file_name` is for messages only. INVALID_ARGUMENT names file, line and column of a syntax error, or the role or
  // binding that is wrong.
  static absl::StatusOr<std::unique_ptr<RoleTable>> Parse(const Authenticator::Options& options,
                                                          absl::string_view file_name, absl::string_view text);
  // Null if no binding matches, or the URI is no identity.
  std::shared_ptr<const Caller> Find(const std::string& uri) const;

 private:
  struct Role {
    std::vector<std::string> permissions;  // expanded
    bool all_organizations = false;
    Limits limits;
  };
  struct Binding {
    std::vector<std::string> pattern;  // by parts; `{any}` is any one
    std::vector<std::string> roles;
    std::vector<std::string> permissions;
  };
  absl::Status AddRole(const Authenticator::Options& options, const auth::v1::Role& role);
  absl::Status AddBinding(const Authenticator::Options& options, const auth::v1::Binding& binding);
  std::shared_ptr<const Caller> Build(const std::string& uri) const;

  absl::flat_hash_map<std::string, Role> roles_;
  std::vector<Binding> bindings_;
  // Callers already built, so that their calls share one; bounded, for a pattern may match any number.
  mutable std::mutex mutex_;
  mutable absl::flat_hash_map<std::string, std::shared_ptr<const Caller>> callers_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_AUTH_ROLE_TABLE_H_
