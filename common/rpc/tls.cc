#include "common/rpc/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace partnerskap {
namespace {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Store = std::unique_ptr<X509_STORE, Deleter<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Deleter<X509_STORE_CTX_free>>;

constexpr char kRemedy[] = "; make it with partnerskap-certs init, or name another file";

absl::StatusOr<std::string> ReadPem(const std::string& path, const char* flag) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    const int error = errno;
    const std::string text = absl::StrCat(flag, ": cannot read ", path, ": ", std::strerror(error));
    if (error == EACCES)
      return absl::PermissionDeniedError(absl::StrCat(text, "; the process's user must own the file"));
    return absl::NotFoundError(absl::StrCat(text, kRemedy));
  }
  std::string bytes(kMaxPemBytes, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(file.gcount()));
  if (bytes.empty() || bytes.size() == kMaxPemBytes) {
    return absl::InvalidArgumentError(absl::StrCat(flag, ": ", path, " holds no PEM text", kRemedy));
  }
  return bytes;
}

Bio ReadBio(const std::string& bytes) { return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))); }

absl::StatusOr<Certificate> ParseCertificate(const std::string& pem, const char* flag, const std::string& path) {
  Certificate certificate(PEM_read_bio_X509(ReadBio(pem).get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (certificate == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(flag, ": ", path, " holds no certificate in PEM form", kRemedy));
  }
  return certificate;
}

absl::StatusOr<Key> ParseKey(const std::string& pem, const std::string& path) {
  // An empty passphrase instead of a question on the terminal.
  char no_passphrase[] = "";
  Key key(PEM_read_bio_PrivateKey(ReadBio(pem).get(), nullptr, nullptr, no_passphrase));
  ERR_clear_error();
  if (key == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("--key: ", path, " holds no private key in PEM form without a passphrase", kRemedy));
  }
  return key;
}

absl::Time ToTime(const ASN1_TIME* time) {
  tm parts = {};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

// Whether the authority issued the certificate; its period is judged elsewhere, with a better text.
bool Issued(X509* authority, X509* certificate) {
  Store store(X509_STORE_new());
  StoreContext context(X509_STORE_CTX_new());
  X509_STORE_add_cert(store.get(), authority);
  X509_STORE_CTX_init(context.get(), store.get(), certificate, nullptr);
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_PARTIAL_CHAIN);
  const bool issued = X509_verify_cert(context.get()) == 1;
  ERR_clear_error();
  return issued;
}

absl::Status CheckPeriod(const X509* certificate, const char* flag, const std::string& path, absl::Time now) {
  const absl::Time begins = ToTime(X509_get0_notBefore(certificate));
  const absl::Time ends = ToTime(X509_get0_notAfter(certificate));
  if (now > ends) {
    return absl::FailedPreconditionError(absl::StrCat(flag, ": ", path, " ended at ",
                                                      absl::FormatTime(ends, absl::UTCTimeZone()),
                                                      "; renew it with partnerskap-certs init"));
  }
  if (now < begins) {
    return absl::FailedPreconditionError(absl::StrCat(flag, ": ", path, " begins at ",
                                                      absl::FormatTime(begins, absl::UTCTimeZone()),
                                                      "; is this machine's clock right?"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<TlsMaterial> LoadTls(const TlsFiles& files, absl::Time now) {
  TlsMaterial material;
  ASSIGN_OR_RETURN(material.ca_pem, ReadPem(files.ca, "--ca"));
  ASSIGN_OR_RETURN(material.certificate_pem, ReadPem(files.certificate, "--cert"));
  ASSIGN_OR_RETURN(material.key_pem, ReadPem(files.key, "--key"));
  ASSIGN_OR_RETURN(const Certificate authority, ParseCertificate(material.ca_pem, "--ca", files.ca));
  ASSIGN_OR_RETURN(const Certificate certificate,
                   ParseCertificate(material.certificate_pem, "--cert", files.certificate));
  ASSIGN_OR_RETURN(const Key key, ParseKey(material.key_pem, files.key));
  const bool matches = X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  if (!matches) {
    return absl::InvalidArgumentError(absl::StrCat("--key: ", files.key, " is not the key of ", files.certificate,
                                                   "; name the pair that belongs together"));
  }
  RETURN_IF_ERROR(CheckPeriod(authority.get(), "--ca", files.ca, now));
  RETURN_IF_ERROR(CheckPeriod(certificate.get(), "--cert", files.certificate, now));
  // Of a bundle only the first authority is looked at, so a bundle is left to gRPC's own judgement.
  const bool bundle = material.ca_pem.find("BEGIN CERTIFICATE") != material.ca_pem.rfind("BEGIN CERTIFICATE");
  if (!bundle && !Issued(authority.get(), certificate.get())) {
    return absl::FailedPreconditionError(
        absl::StrCat("--cert: ", files.certificate, " was not issued by the authority in ", files.ca));
  }
  material.not_after = ToTime(X509_get0_notAfter(certificate.get()));
  return material;
}

}  // namespace partnerskap
