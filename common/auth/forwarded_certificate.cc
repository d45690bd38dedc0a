#include "common/auth/forwarded_certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "common/status/macros.h"

namespace partnerskap {
namespace {

// Clients that call within a short time of each other: each member's systems, with room to spare.
constexpr size_t kRemembered = 1'024;

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Store = std::unique_ptr<X509_STORE, Deleter<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Deleter<X509_STORE_CTX_free>>;
using AlternativeNames = std::unique_ptr<GENERAL_NAMES, Deleter<GENERAL_NAMES_free>>;

Bio ReadBio(absl::string_view bytes) { return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))); }

Certificate ParseCertificate(BIO* bio) {
  Certificate certificate(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr));
  ERR_clear_error();
  return certificate;
}

absl::Time ToTime(const ASN1_TIME* time) {
  tm parts = {};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

// `%2B` -> `+`. INVALID_ARGUMENT: a percent sign without two hexadecimal digits.
absl::StatusOr<std::string> Unescape(absl::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size() || !absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 1])) ||
        !absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 2]))) {
      return absl::InvalidArgumentError("the forwarded certificate is not escaped as in URLs");
    }
    plain += absl::HexStringToBytes(text.substr(i + 1, 2));
    i += 2;
  }
  return plain;
}

absl::StatusOr<std::string> OnlyUri(X509* certificate) {
  const AlternativeNames names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  ERR_clear_error();
  std::string uri;
  int found = 0;
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    ++found;
    const ASN1_IA5STRING* text = name->d.uniformResourceIdentifier;
    uri.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
               static_cast<size_t>(ASN1_STRING_length(text)));
  }
  if (found != 1) return absl::InvalidArgumentError("the forwarded certificate must carry exactly one URI");
  return uri;
}

// What a certificate says, and how long.
struct Known {
  std::string uri;
  absl::Time begins, ends;
};

class ForwardedCertificatesImpl final : public ForwardedCertificates {
 public:
  explicit ForwardedCertificatesImpl(Store store) : store_(std::move(store)) {}

  absl::StatusOr<std::string> UriOf(absl::string_view escaped_pem, absl::Time now) override {
    if (escaped_pem.size() > kMaxForwardedBytes) {
      return absl::InvalidArgumentError("the forwarded certificate is too long");
    }
    std::lock_guard<std::mutex> lock(mutex_);
    auto known = known_.find(escaped_pem);
    if (known == known_.end()) {
      ASSIGN_OR_RETURN(Known judged, Judge(escaped_pem));
      // Forgetting all at once is simple, and a full table is rare.
      if (known_.size() >= kRemembered) known_.clear();
      known = known_.emplace(std::string(escaped_pem), std::move(judged)).first;
    }
    if (now < known->second.begins || now > known->second.ends) {
      return absl::UnauthenticatedError("the forwarded certificate is not valid at this time");
    }
    return known->second.uri;
  }

 private:
  absl::StatusOr<Known> Judge(absl::string_view escaped_pem) {
    ASSIGN_OR_RETURN(const std::string pem, Unescape(escaped_pem));
    const Certificate certificate = ParseCertificate(ReadBio(pem).get());
    if (certificate == nullptr) return absl::InvalidArgumentError("what was forwarded is no certificate in PEM form");
    const StoreContext context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store_.get(), certificate.get(), nullptr);
    // Its period is judged at each call.
    X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_PARTIAL_CHAIN);
    X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_CLIENT);
    const bool issued = X509_verify_cert(context.get()) == 1;
    ERR_clear_error();
    if (!issued) {
      return absl::UnauthenticatedError("the forwarded certificate is no client certificate of the suite's authority");
    }
    Known known;
    ASSIGN_OR_RETURN(known.uri, OnlyUri(certificate.get()));
    known.begins = ToTime(X509_get0_notBefore(certificate.get()));
    known.ends = ToTime(X509_get0_notAfter(certificate.get()));
    return known;
  }

  const Store store_;
  std::mutex mutex_;
  absl::flat_hash_map<std::string, Known> known_;  // by the escaped text
};

}  // namespace

absl::StatusOr<std::unique_ptr<ForwardedCertificates>> ForwardedCertificates::FromPem(absl::string_view ca_pem) {
  Store store(X509_STORE_new());
  const Bio bio = ReadBio(ca_pem);
  int authorities = 0;
  while (const Certificate authority = ParseCertificate(bio.get())) {
    X509_STORE_add_cert(store.get(), authority.get());
    ++authorities;
  }
  if (authorities == 0) return absl::InvalidArgumentError("holds no certificate of an authority in PEM form");
  return std::make_unique<ForwardedCertificatesImpl>(std::move(store));
}

}  // namespace partnerskap
