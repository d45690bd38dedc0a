// Who calls. Comes from the client certificate's one SPIFFE URI and the role file; the place where user tokens come in
// is Authenticator::Authenticate, which sees the call's metadata too.
#ifndef PARTNERSKAP_COMMON_AUTH_PRINCIPAL_H_
#define PARTNERSKAP_COMMON_AUTH_PRINCIPAL_H_

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace partnerskap {

// The identity in a URI. Exactly `spiffe://<domain>/svc/<name>` or `spiffe://<domain>/org/<organization
// id>/sys/<name>`.
struct Identity {
  std::string domain;
  std::string service;       // `membership`, or empty
  std::string organization;  // `organizations/kommun-0136`, or empty
  std::string system;        // name of the member's system, or empty
};
absl::StatusOr<Identity> ParseSpiffeUri(absl::string_view uri);

// A set of permissions that copies share: each call holds one.
class PermissionSet {
 public:
  PermissionSet() = default;
  PermissionSet(std::initializer_list<std::string> permissions)
      : set_(std::make_shared<const absl::flat_hash_set<std::string>>(permissions)) {}
  explicit PermissionSet(absl::flat_hash_set<std::string> permissions)
      : set_(std::make_shared<const absl::flat_hash_set<std::string>>(std::move(permissions))) {}
  bool contains(absl::string_view permission) const { return set_ != nullptr && set_->contains(permission); }
  size_t size() const { return set_ == nullptr ? 0 : set_->size(); }

 private:
  std::shared_ptr<const absl::flat_hash_set<std::string>> set_;
};

// An authenticated caller.
struct Principal {
  // The URI: opaque, what audit, feed and logs show.
  std::string uri;
  Identity identity;
  // Names of the roles that the role file binds to the URI, in its order.
  std::vector<std::string> roles;
  // Union of the roles' permissions. `membership.seats.*` and `*` are expanded when the file is read.
  PermissionSet permissions;
  // May touch objects of every organization (the administrator's role).
  bool all_organizations = false;

  bool Holds(absl::string_view permission) const { return permissions.contains(permission); }
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_AUTH_PRINCIPAL_H_
