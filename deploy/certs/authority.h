// Certificates of one deployment: an authority (EC P-256, self-signed) and what it issues. In memory only; folder.h
// keeps them on disk. Identities follow the SPIFFE X.509-SVID rules: exactly one URI in each certificate.
#ifndef PARTNERSKAP_DEPLOY_CERTS_AUTHORITY_H_
#define PARTNERSKAP_DEPLOY_CERTS_AUTHORITY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace partnerskap::certs {

// An authority outlives the agreements of three periods, so that its replacement is planned, not met.
inline constexpr absl::Duration kAuthorityLife = absl::Hours(24 * 3652);
// A stolen key works at most this long; a year is what an operator's calendar remembers.
inline constexpr absl::Duration kCertificateLife = absl::Hours(24 * 365);
// What ends within this time is renewed by the next `init`.
inline constexpr absl::Duration kRenewBefore = absl::Hours(24 * 30);
// Certificates are valid from this long ago, for machines whose clocks are behind.
inline constexpr absl::Duration kClockSkew = absl::Minutes(5);

// A certificate and its private key (PKCS #8), both PEM. The key is empty where it is kept elsewhere.
struct Credential {
  std::string certificate_pem;
  std::string key_pem;
};

// What a certificate is to say. With names or addresses it serves and calls; without, it only calls.
struct Names {
  std::string common_name;
  std::string uri;                     // `spiffe://<domain>/svc/<name>` or `spiffe://<domain>/org/<id>/sys/<name>`
  std::vector<std::string> dns_names;  // `localhost`
  std::vector<std::string> addresses;  // `127.0.0.1` or `::1`
};

// What a certificate says.
struct CertificateFacts {
  std::vector<std::string> uris;
  std::vector<std::string> dns_names;
  std::vector<std::string> addresses;
  absl::Time not_before;
  absl::Time not_after;
};

// `spiffe://<domain>/svc/<service>` and `spiffe://<domain>/org/<organization>/sys/<system>`.
std::string ServiceUri(absl::string_view domain, absl::string_view service);
std::string SystemUri(absl::string_view domain, absl::string_view organization, absl::string_view system);

// INVALID_ARGUMENT unless `domain` is a host name in lower case: labels of letters, digits and hyphens, at most 253
// bytes.
absl::Status CheckDomain(absl::string_view domain);
// INVALID_ARGUMENT unless `name` is an id: `[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?`.
absl::Status CheckName(absl::string_view name);

// A new authority for `domain`, with the URI `spiffe://<domain>`, valid for kAuthorityLife from `now`.
absl::StatusOr<Credential> MakeAuthority(absl::string_view domain, absl::Time now);
// The authority for `domain` that holds the key, with a new period from `now`: what that key has issued stays valid.
absl::StatusOr<Credential> RenewAuthority(absl::string_view domain, absl::string_view key_pem, absl::Time now);
// The domain of an authority's certificate. INVALID_ARGUMENT when it is not one of ours.
absl::StatusOr<std::string> AuthorityDomain(const Credential& authority);

// A new key and its certificate, valid for kCertificateLife from `now` but no longer than the authority.
// INVALID_ARGUMENT: a URI of another domain or form, a bad name or address. FAILED_PRECONDITION: the authority's key is
// not here.
absl::StatusOr<Credential> Issue(const Credential& authority, const Names& names, absl::Time now);

absl::StatusOr<CertificateFacts> ReadCertificate(absl::string_view certificate_pem);

// Why `credential` must be replaced, for people ("ends 2026-01-31"); empty when it may stay. Looks at its key, its
// issuer, its period (kRenewBefore) and whether it says exactly `names`.
std::string WhyReplace(const Credential& authority, const Credential& credential, const Names& names, absl::Time now);
// The same of the authority itself; an absent key is no reason.
std::string WhyRenewAuthority(const Credential& authority, absl::Time now);

}  // namespace partnerskap::certs

#endif  // PARTNERSKAP_DEPLOY_CERTS_AUTHORITY_H_
