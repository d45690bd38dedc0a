// The PEM files of one process: read and judged before gRPC sees them, because gRPC 1.51 only says that no server was
// made.
#ifndef PARTNERSKAP_COMMON_RPC_TLS_H_
#define PARTNERSKAP_COMMON_RPC_TLS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace partnerskap {

struct TlsFiles {
  std::string ca, certificate, key;  // PEM paths
};

// What the files hold.
struct TlsMaterial {
  std::string ca_pem, certificate_pem, key_pem;
  // When the certificate ends: shown by /readyz, so that an operator sees it coming.
  absl::Time not_after;
};

// A PEM file larger than this is none.
inline constexpr size_t kMaxPemBytes = 1 << 20;

// Errors name the file and what to do. NOT_FOUND and PERMISSION_DENIED: the file; INVALID_ARGUMENT: no PEM, or the key
// is not the certificate's; FAILED_PRECONDITION: the certificate has ended at `now`, has not begun, or is not the
// authority's.
absl::StatusOr<TlsMaterial> LoadTls(const TlsFiles& files, absl::Time now);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_TLS_H_
