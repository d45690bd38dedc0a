// Certificates of a test: one authority and what it issues, as files. Made by the code that makes those of a
// deployment; what that code refuses to make (two URIs, another authority's) is made here.
#ifndef PARTNERSKAP_COMMON_TESTING_CERTS_H_
#define PARTNERSKAP_COMMON_TESTING_CERTS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/rpc/tls.h"
#include "deploy/certs/authority.h"

namespace partnerskap {

// The trust domain of test certificates: `spiffe://test.partnerskap/svc/membership`.
inline constexpr char kTestDomain[] = "test.partnerskap";

// Any failure ends the process with the reason.
class TestCertificates {
 public:
  // Files are written under `directory`, which is made.
  explicit TestCertificates(std::string directory);

  // Of a service, for localhost and 127.0.0.1: it serves and calls.
  TlsFiles Service(absl::string_view name) const;
  // Of a client: `spiffe://<domain>/org/<organization>/sys/<system>`.
  TlsFiles Client(absl::string_view organization, absl::string_view system) const;
  // Ended a day ago.
  TlsFiles ExpiredClient() const;
  // With these two URIs.
  TlsFiles TwoUris(const std::string& first, const std::string& second) const;
  // A member's system of another trust domain, issued by this authority.
  TlsFiles OtherDomain() const;
  // Issued by an authority that nobody trusts; its `ca` is this one, so that it can tell the server.
  TlsFiles Foreign() const;

  std::string ServiceUri(absl::string_view name) const { return certs::ServiceUri(kTestDomain, name); }
  std::string ClientUri(absl::string_view organization, absl::string_view system) const {
    return certs::SystemUri(kTestDomain, organization, system);
  }

 private:
  TlsFiles Write(absl::string_view name, const certs::Credential& credential) const;

  const std::string directory_;
  const absl::Time now_;
  certs::Credential authority_;
};

// Reads a file, or ends the process.
std::string ReadFileOrDie(const std::string& path);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_TESTING_CERTS_H_
