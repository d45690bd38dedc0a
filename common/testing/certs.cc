#include "common/testing/certs.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace partnerskap {
namespace {

[[noreturn]] void Die(absl::string_view why) {
  std::cerr << "test certificates: " << why << "\n";
  std::abort();
}

template <typename T>
T OrDie(absl::StatusOr<T> value) {
  if (!value.ok()) Die(value.status().message());
  return *std::move(value);
}

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;

Bio ReadBio(const std::string& bytes) { return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))); }

// The certificate with other names, signed again.
std::string WithUris(const std::string& certificate_pem, const std::string& authority_key_pem,
                     const std::string& uris) {
  using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
  using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
  using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;
  const Certificate certificate(PEM_read_bio_X509(ReadBio(certificate_pem).get(), nullptr, nullptr, nullptr));
  const Key key(PEM_read_bio_PrivateKey(ReadBio(authority_key_pem).get(), nullptr, nullptr, nullptr));
  const int place = X509_get_ext_by_NID(certificate.get(), NID_subject_alt_name, -1);
  const Extension old(X509_delete_ext(certificate.get(), place));
  const Extension names(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, uris.c_str()));
  const Bio out(BIO_new(BIO_s_mem()));
  if (X509_add_ext(certificate.get(), names.get(), -1) != 1 ||
      X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0 ||
      PEM_write_bio_X509(out.get(), certificate.get()) != 1) {
    Die("cannot sign");
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

void WriteOrDie(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  if (!file.flush()) Die(absl::StrCat("cannot write ", path));
}

}  // namespace

TestCertificates::TestCertificates(std::string directory)
    : directory_(std::move(directory)),
      now_(absl::Now()),
      authority_(OrDie(certs::MakeAuthority(kTestDomain, now_ - absl::Hours(24 * 800)))) {
  std::filesystem::create_directories(directory_);
  WriteOrDie(absl::StrCat(directory_, "/ca.pem"), authority_.certificate_pem);
}

TlsFiles TestCertificates::Write(absl::string_view name, const certs::Credential& credential) const {
  TlsFiles files;
  files.ca = absl::StrCat(directory_, "/ca.pem");
  files.certificate = absl::StrCat(directory_, "/", name, ".pem");
  files.key = absl::StrCat(directory_, "/", name, ".key");
  WriteOrDie(files.certificate, credential.certificate_pem);
  WriteOrDie(files.key, credential.key_pem);
  return files;
}

TlsFiles TestCertificates::Service(absl::string_view name) const {
  const certs::Names names = {std::string(name), ServiceUri(name), {"localhost"}, {"127.0.0.1"}};
  return Write(name, OrDie(certs::Issue(authority_, names, now_)));
}

TlsFiles TestCertificates::Client(absl::string_view organization, absl::string_view system) const {
  const certs::Names names = {std::string(system), ClientUri(organization, system), {}, {}};
  return Write(absl::StrCat(organization, "-", system), OrDie(certs::Issue(authority_, names, now_)));
}

TlsFiles TestCertificates::ExpiredClient() const {
  const certs::Names names = {"expired", ClientUri("kommun-0136", "expired"), {}, {}};
  const absl::Time then = now_ - certs::kCertificateLife - absl::Hours(24);
  return Write("expired", OrDie(certs::Issue(authority_, names, then)));
}

TlsFiles TestCertificates::TwoUris(const std::string& first, const std::string& second) const {
  certs::Credential credential = OrDie(certs::Issue(authority_, {"two", first, {}, {}}, now_));
  credential.certificate_pem =
      WithUris(credential.certificate_pem, authority_.key_pem, absl::StrCat("URI:", first, ",URI:", second));
  return Write("two", credential);
}

TlsFiles TestCertificates::OtherDomain() const {
  const certs::Names names = {"other", ClientUri("kommun-0380", "diary"), {}, {}};
  certs::Credential credential = OrDie(certs::Issue(authority_, names, now_));
  const std::string uri = certs::SystemUri("other.partnerskap", "kommun-0380", "diary");
  credential.certificate_pem = WithUris(credential.certificate_pem, authority_.key_pem, absl::StrCat("URI:", uri));
  return Write("other", credential);
}

TlsFiles TestCertificates::Foreign() const {
  const certs::Credential other = OrDie(certs::MakeAuthority(kTestDomain, now_));
  const certs::Names names = {"foreign", ClientUri("kommun-0136", "foreign"), {}, {}};
  return Write("foreign", OrDie(certs::Issue(other, names, now_)));
}

std::string ReadFileOrDie(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) Die(absl::StrCat("cannot read ", path));
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

}  // namespace partnerskap
