// Opaque tokens: AES-256-GCM with the store's seal.key, base64url. A token opens only for the purpose that sealed it.
#ifndef PARTNERSKAP_COMMON_SEAL_SEALER_H_
#define PARTNERSKAP_COMMON_SEAL_SEALER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/env/env.h"

namespace partnerskap {

class Sealer {
 public:
  // Reads `directory`/seal.key, makes it (32 random bytes, mode 0400) if it is missing, and reads seal.key.previous if
  // it is there: tokens of the former key stay valid. Errors name the file.
  static absl::StatusOr<std::unique_ptr<Sealer>> Open(const std::string& directory, Random& random);
  virtual ~Sealer() = default;
  // `purpose` is authenticated, not stored: the method and the list's other arguments.
  virtual std::string Seal(absl::string_view purpose, absl::string_view bytes) = 0;
  // INVALID_ARGUMENT without a reason: the caller gives its own.
  virtual absl::StatusOr<std::string> Open(absl::string_view purpose, absl::string_view token) = 0;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SEAL_SEALER_H_
