#include "deploy/certs/authority.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/auth/principal.h"
#include "common/ids/ids.h"
#include "common/status/macros.h"

namespace partnerskap::certs {
namespace {

constexpr absl::string_view kScheme = "spiffe://";
// The longest host name, RFC 1035.
constexpr size_t kMaxDomainBytes = 253;
// X.501's upper bound of a common name.
constexpr size_t kMaxCommonNameBytes = 64;
// RFC 5280 4.1.2.2: at most 20 octets, positive, so the highest bit stays 0.
constexpr int kSerialBits = 159;

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;
using GeneralNames = std::unique_ptr<GENERAL_NAMES, Deleter<GENERAL_NAMES_free>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Number = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using Octets = std::unique_ptr<ASN1_OCTET_STRING, Deleter<ASN1_OCTET_STRING_free>>;

absl::Status OpensslError(absl::string_view what) {
  char text[256] = "no reason given";
  if (const unsigned long code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return absl::InternalError(absl::StrCat(what, ": ", text));
}

Bio ReadBio(absl::string_view bytes) { return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))); }

std::string BioBytes(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

absl::StatusOr<Certificate> ParseCertificate(absl::string_view pem) {
  Certificate certificate(PEM_read_bio_X509(ReadBio(pem).get(), nullptr, nullptr, nullptr));
  if (certificate == nullptr) {
    ERR_clear_error();
    return absl::InvalidArgumentError("holds no certificate in PEM form");
  }
  return certificate;
}

absl::StatusOr<Key> ParseKey(absl::string_view pem) {
  // An empty passphrase instead of a question on the terminal.
  char no_passphrase[] = "";
  Key key(PEM_read_bio_PrivateKey(ReadBio(pem).get(), nullptr, nullptr, no_passphrase));
  if (key == nullptr) {
    ERR_clear_error();
    return absl::InvalidArgumentError("holds no private key in PEM form without a passphrase");
  }
  return key;
}

absl::StatusOr<std::string> KeyPem(const Key& key) {
  Bio bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return OpensslError("cannot write the key");
  }
  return BioBytes(bio);
}

absl::StatusOr<std::string> CertificatePem(const Certificate& certificate) {
  Bio bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_X509(bio.get(), certificate.get()) != 1) return OpensslError("cannot write the certificate");
  return BioBytes(bio);
}

absl::Time ToTime(const ASN1_TIME* time) {
  tm parts = {};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

std::string Day(absl::Time time) { return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone()); }

// Adds an extension that OpenSSL can spell from constant text.
absl::Status AddExtension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  if (extension == nullptr || X509_add_ext(certificate, extension.get(), -1) != 1) {
    return OpensslError(absl::StrCat("cannot add the extension ", value));
  }
  return absl::OkStatus();
}

absl::Status AddName(GENERAL_NAMES* names, int type, absl::string_view text) {
  ASN1_IA5STRING* value = ASN1_IA5STRING_new();
  GENERAL_NAME* name = GENERAL_NAME_new();
  if (value == nullptr || name == nullptr || ASN1_STRING_set(value, text.data(), static_cast<int>(text.size())) != 1) {
    return OpensslError("cannot add a name");
  }
  GENERAL_NAME_set0_value(name, type, value);
  if (sk_GENERAL_NAME_push(names, name) == 0) return OpensslError("cannot add a name");
  return absl::OkStatus();
}

absl::Status AddAddress(GENERAL_NAMES* names, const std::string& text) {
  ASN1_OCTET_STRING* value = a2i_IPADDRESS(text.c_str());
  if (value == nullptr) {
    ERR_clear_error();
    return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" is no IP address, such as 127.0.0.1 or ::1"));
  }
  GENERAL_NAME* name = GENERAL_NAME_new();
  GENERAL_NAME_set0_value(name, GEN_IPADD, value);
  if (sk_GENERAL_NAME_push(names, name) == 0) return OpensslError("cannot add an address");
  return absl::OkStatus();
}

absl::Status AddAlternativeNames(X509* certificate, const Names& names) {
  GeneralNames list(sk_GENERAL_NAME_new_null());
  RETURN_IF_ERROR(AddName(list.get(), GEN_URI, names.uri));
  for (const std::string& name : names.dns_names) RETURN_IF_ERROR(AddName(list.get(), GEN_DNS, name));
  for (const std::string& address : names.addresses) RETURN_IF_ERROR(AddAddress(list.get(), address));
  if (X509_add1_ext_i2d(certificate, NID_subject_alt_name, list.get(), 0, X509V3_ADD_DEFAULT) != 1) {
    return OpensslError("cannot add the names");
  }
  return absl::OkStatus();
}

// Version, serial, subject, period and key: what every certificate has before its extensions.
absl::StatusOr<Certificate> Begin(absl::string_view common_name, EVP_PKEY* key, absl::Time from, absl::Time until) {
  Certificate certificate(X509_new());
  Number serial(BN_new());
  const std::string subject(common_name.substr(0, kMaxCommonNameBytes));
  const bool ok = X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
                  BN_rand(serial.get(), kSerialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
                  BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate.get())) != nullptr &&
                  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), absl::ToTimeT(from)) != nullptr &&
                  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), absl::ToTimeT(until)) != nullptr &&
                  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                                             reinterpret_cast<const unsigned char*>(subject.data()),
                                             static_cast<int>(subject.size()), -1, 0) == 1 &&
                  X509_set_pubkey(certificate.get(), key) == 1;
  if (!ok) return OpensslError("cannot make a certificate");
  return certificate;
}

absl::StatusOr<Credential> SelfSign(absl::string_view domain, const Key& key, absl::Time now) {
  ASSIGN_OR_RETURN(Certificate certificate, Begin(absl::StrCat("Partnerskap authority ", domain), key.get(),
                                                  now - kClockSkew, now + kAuthorityLife));
  X509* raw = certificate.get();
  if (X509_set_issuer_name(raw, X509_get_subject_name(raw)) != 1) return OpensslError("cannot name the issuer");
  RETURN_IF_ERROR(AddExtension(raw, raw, NID_basic_constraints, "critical,CA:TRUE,pathlen:0"));
  RETURN_IF_ERROR(AddExtension(raw, raw, NID_key_usage, "critical,keyCertSign,cRLSign"));
  RETURN_IF_ERROR(AddExtension(raw, raw, NID_subject_key_identifier, "hash"));
  RETURN_IF_ERROR(AddAlternativeNames(raw, {"", absl::StrCat(kScheme, domain), {}, {}}));
  if (X509_sign(raw, key.get(), EVP_sha256()) == 0) return OpensslError("cannot sign");
  Credential authority;
  ASSIGN_OR_RETURN(authority.certificate_pem, CertificatePem(certificate));
  ASSIGN_OR_RETURN(authority.key_pem, KeyPem(key));
  return authority;
}

absl::StatusOr<Key> AuthorityKey(absl::string_view key_pem) {
  if (key_pem.empty()) {
    return absl::FailedPreconditionError("the authority's key is not here; put it back to issue certificates");
  }
  return ParseKey(key_pem);
}

absl::Status CheckNames(const Names& names, absl::string_view domain) {
  RETURN_IF_ERROR(CheckName(names.common_name));
  ASSIGN_OR_RETURN(const partnerskap::Identity identity, ParseSpiffeUri(names.uri));
  if (identity.domain != domain) {
    return absl::InvalidArgumentError(
        absl::StrCat("the URI ", names.uri, " is not of this authority's domain, ", domain));
  }
  // Services take more in a name than ids have; what we issue is written like every other id.
  RETURN_IF_ERROR(CheckName(identity.service.empty() ? identity.system : identity.service));
  for (const std::string& name : names.dns_names) RETURN_IF_ERROR(CheckDomain(name));
  return absl::OkStatus();
}

std::string AddressText(const ASN1_OCTET_STRING* address) {
  const unsigned char* bytes = ASN1_STRING_get0_data(address);
  const int size = ASN1_STRING_length(address);
  std::string text;
  if (size == 4) {
    text = absl::StrCat(bytes[0], ".", bytes[1], ".", bytes[2], ".", bytes[3]);
  } else {
    for (int i = 0; i + 1 < size; i += 2) {
      absl::StrAppend(&text, i == 0 ? "" : ":", absl::Hex(bytes[i] * 256 + bytes[i + 1]));
    }
  }
  return text;
}

// One spelling of an address, so that `::1` equals what a certificate says.
std::string CanonicalAddress(const std::string& text) {
  Octets value(a2i_IPADDRESS(text.c_str()));
  if (value == nullptr) {
    ERR_clear_error();
    return text;
  }
  return AddressText(value.get());
}

std::string WhyPeriod(const CertificateFacts& facts, absl::Time now) {
  if (facts.not_before > now) return absl::StrCat("is not valid before ", Day(facts.not_before));
  if (facts.not_after <= now) return absl::StrCat("ended ", Day(facts.not_after));
  if (facts.not_after - now < kRenewBefore) return absl::StrCat("ends ", Day(facts.not_after));
  return "";
}

std::vector<std::string> Sorted(std::vector<std::string> list) {
  std::sort(list.begin(), list.end());
  return list;
}

}  // namespace

std::string ServiceUri(absl::string_view domain, absl::string_view service) {
  return absl::StrCat(kScheme, domain, "/svc/", service);
}

std::string SystemUri(absl::string_view domain, absl::string_view organization, absl::string_view system) {
  return absl::StrCat(kScheme, domain, "/org/", organization, "/sys/", system);
}

absl::Status CheckName(absl::string_view name) {
  if (IsResourceId(name)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("\"", name.substr(0, kMaxResourceIdBytes),
                                                 "\" is no name: lower-case letters, digits and inner hyphens, 1 to ",
                                                 kMaxResourceIdBytes, " of them"));
}

absl::Status CheckDomain(absl::string_view domain) {
  if (domain.size() > kMaxDomainBytes) {
    return absl::InvalidArgumentError(absl::StrCat("a host name has at most ", kMaxDomainBytes, " bytes"));
  }
  for (absl::string_view label : absl::StrSplit(domain, '.')) RETURN_IF_ERROR(CheckName(label));
  return absl::OkStatus();
}

absl::StatusOr<Credential> MakeAuthority(absl::string_view domain, absl::Time now) {
  RETURN_IF_ERROR(CheckDomain(domain));
  Key key(EVP_EC_gen("P-256"));
  if (key == nullptr) return OpensslError("cannot make a key");
  return SelfSign(domain, key, now);
}

absl::StatusOr<Credential> RenewAuthority(absl::string_view domain, absl::string_view key_pem, absl::Time now) {
  RETURN_IF_ERROR(CheckDomain(domain));
  ASSIGN_OR_RETURN(const Key key, AuthorityKey(key_pem));
  return SelfSign(domain, key, now);
}

absl::StatusOr<std::string> AuthorityDomain(const Credential& authority) {
  ASSIGN_OR_RETURN(const CertificateFacts facts, ReadCertificate(authority.certificate_pem));
  absl::string_view domain = facts.uris.size() == 1 ? absl::string_view(facts.uris[0]) : absl::string_view();
  if (!absl::ConsumePrefix(&domain, kScheme) || !CheckDomain(domain).ok()) {
    return absl::InvalidArgumentError("is not the certificate of an authority: it has no URI spiffe://<domain>");
  }
  return std::string(domain);
}

absl::StatusOr<Credential> Issue(const Credential& authority, const Names& names, absl::Time now) {
  ASSIGN_OR_RETURN(const std::string domain, AuthorityDomain(authority));
  RETURN_IF_ERROR(CheckNames(names, domain));
  ASSIGN_OR_RETURN(const Key authority_key, AuthorityKey(authority.key_pem));
  ASSIGN_OR_RETURN(const Certificate issuer, ParseCertificate(authority.certificate_pem));
  Key key(EVP_EC_gen("P-256"));
  if (key == nullptr) return OpensslError("cannot make a key");
  const absl::Time until = std::min(now + kCertificateLife, ToTime(X509_get0_notAfter(issuer.get())));
  ASSIGN_OR_RETURN(Certificate certificate, Begin(names.common_name, key.get(), now - kClockSkew, until));
  X509* raw = certificate.get();
  if (X509_set_issuer_name(raw, X509_get_subject_name(issuer.get())) != 1)
    return OpensslError("cannot name the issuer");
  const bool serves = !names.dns_names.empty() || !names.addresses.empty();
  RETURN_IF_ERROR(AddExtension(raw, issuer.get(), NID_basic_constraints, "critical,CA:FALSE"));
  RETURN_IF_ERROR(AddExtension(raw, issuer.get(), NID_key_usage, "critical,digitalSignature"));
  RETURN_IF_ERROR(AddExtension(raw, issuer.get(), NID_ext_key_usage, serves ? "serverAuth,clientAuth" : "clientAuth"));
  RETURN_IF_ERROR(AddExtension(raw, issuer.get(), NID_subject_key_identifier, "hash"));
  RETURN_IF_ERROR(AddExtension(raw, issuer.get(), NID_authority_key_identifier, "keyid:always"));
  RETURN_IF_ERROR(AddAlternativeNames(raw, names));
  if (X509_sign(raw, authority_key.get(), EVP_sha256()) == 0) return OpensslError("cannot sign");
  Credential credential;
  ASSIGN_OR_RETURN(credential.certificate_pem, CertificatePem(certificate));
  ASSIGN_OR_RETURN(credential.key_pem, KeyPem(key));
  return credential;
}

absl::StatusOr<CertificateFacts> ReadCertificate(absl::string_view certificate_pem) {
  ASSIGN_OR_RETURN(const Certificate certificate, ParseCertificate(certificate_pem));
  CertificateFacts facts;
  facts.not_before = ToTime(X509_get0_notBefore(certificate.get()));
  facts.not_after = ToTime(X509_get0_notAfter(certificate.get()));
  GeneralNames names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = 0;
    const auto* value =
        static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type));
    if (type == GEN_IPADD) {
      facts.addresses.push_back(AddressText(value));
    } else if (type == GEN_URI || type == GEN_DNS) {
      const auto* text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(value));
      (type == GEN_URI ? facts.uris : facts.dns_names).emplace_back(text, ASN1_STRING_length(value));
    }
  }
  return facts;
}

std::string WhyReplace(const Credential& authority, const Credential& credential, const Names& names, absl::Time now) {
  const absl::StatusOr<Certificate> issuer = ParseCertificate(authority.certificate_pem);
  const absl::StatusOr<Certificate> certificate = ParseCertificate(credential.certificate_pem);
  const absl::StatusOr<Key> key = ParseKey(credential.key_pem);
  const absl::StatusOr<CertificateFacts> facts = ReadCertificate(credential.certificate_pem);
  if (!issuer.ok()) return "has no authority";
  if (!certificate.ok() || !facts.ok()) return "cannot be read";
  if (!key.ok()) return "has no readable key";
  if (X509_check_private_key(certificate->get(), key->get()) != 1) {
    ERR_clear_error();
    return "does not fit its key";
  }
  if (X509_verify(certificate->get(), X509_get0_pubkey(issuer->get())) != 1) {
    ERR_clear_error();
    return "is not of this authority";
  }
  std::vector<std::string> addresses;
  for (const std::string& address : names.addresses) addresses.push_back(CanonicalAddress(address));
  if (facts->uris != std::vector<std::string>{names.uri} || Sorted(facts->dns_names) != Sorted(names.dns_names) ||
      Sorted(facts->addresses) != Sorted(addresses)) {
    return "says other names";
  }
  return WhyPeriod(*facts, now);
}

std::string WhyRenewAuthority(const Credential& authority, absl::Time now) {
  const absl::StatusOr<CertificateFacts> facts = ReadCertificate(authority.certificate_pem);
  return facts.ok() ? WhyPeriod(*facts, now) : "cannot be read";
}

}  // namespace partnerskap::certs
