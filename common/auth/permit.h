// Whether a caller may touch *this* object. Decided inside the transaction, from stored facts; store functions that
// write take a `const Permit&`, which nothing but Authorize makes, so that forgetting the check does not compile.
#ifndef PARTNERSKAP_COMMON_AUTH_PERMIT_H_
#define PARTNERSKAP_COMMON_AUTH_PERMIT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace partnerskap {

struct Call;

// An object and whose it is.
struct Object {
  absl::string_view name;
  // Organizations that own it (`organizations/kommun-0136`); a joint seat has two. For scope ANY it may be empty.
  absl::Span<const std::string> owners = {};
  // Answer NOT_FOUND instead of PERMISSION_DENIED to strangers, where existence itself is protected.
  bool existence_protected = false;
};

class Permit {
 public:
  Permit(const Permit&) = default;
  absl::string_view object() const { return object_; }

 private:
  friend absl::StatusOr<Permit> Authorize(const Call& call, const Object& object);
  explicit Permit(absl::string_view object) : object_(object) {}
  std::string object_;
};

// By the scope that the method declares: ANY passes (the gate has judged the permission); OWN_ORGANIZATION and NETWORK
// need the caller's organization among the owners, or a role that reaches all; SERVICE needs a service identity.
// Errors: OBJECT_NOT_YOURS, or RESOURCE_NOT_FOUND for protected objects.
absl::StatusOr<Permit> Authorize(const Call& call, const Object& object);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_AUTH_PERMIT_H_
