// The client's certificate as the edge passes it on. The edge ends TLS, so the peer that a service sees is the edge;
// who calls stands in the metadata `x-edge-client-cert`, the client's certificate in PEM, escaped as in URLs. It counts
// only from the edge, and only if the suite's own authority issued it: an edge can pass on what it was shown, and no
// more.
#ifndef PARTNERSKAP_COMMON_AUTH_FORWARDED_CERTIFICATE_H_
#define PARTNERSKAP_COMMON_AUTH_FORWARDED_CERTIFICATE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace partnerskap {

// The edge's name among the services: `spiffe://<domain>/svc/edge`.
inline constexpr char kEdgeService[] = "edge";
inline constexpr char kForwardedCertificateKey[] = "x-edge-client-cert";
// Larger than what any of our certificates needs; smaller than what a header may be at the edge.
inline constexpr size_t kMaxForwardedBytes = 4096;

// Judges forwarded certificates. Thread-safe: remembers the latest, for the same few clients call again and again.
class ForwardedCertificates {
 public:
  // `ca_pem`: one authority or several. INVALID_ARGUMENT: no certificate in it.
  static absl::StatusOr<std::unique_ptr<ForwardedCertificates>> FromPem(absl::string_view ca_pem);
  virtual ~ForwardedCertificates() = default;

  // The one URI of the certificate. Errors: INVALID_ARGUMENT (no certificate; none or several URIs), UNAUTHENTICATED
  // (another authority's, not for clients, or not valid at `now`).
  virtual absl::StatusOr<std::string> UriOf(absl::string_view escaped_pem, absl::Time now) = 0;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_AUTH_FORWARDED_CERTIFICATE_H_
