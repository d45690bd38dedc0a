#include "common/seal/sealer.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace partnerskap {
namespace {

constexpr size_t kKeyBytes = 32;
// What GCM is made for: 12 random bytes, safe for 2^32 tokens of one key.
constexpr size_t kNonceBytes = 12;
constexpr size_t kTagBytes = 16;
// Longest token that is looked at: what is sealed is a position in a list or a feed.
constexpr size_t kMaxTokenBytes = 8 << 10;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* In(absl::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* Out(std::string& bytes, size_t at = 0) { return reinterpret_cast<unsigned char*>(bytes.data()) + at; }

// The nonce, what was sealed, and its tag.
std::string Encrypt(const std::string& key, absl::string_view nonce, absl::string_view purpose,
                    absl::string_view plain) {
  Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int size = 0;
  std::string sealed(nonce);
  sealed.resize(kNonceBytes + plain.size() + kTagBytes);
  EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, In(key), In(nonce));
  EVP_EncryptUpdate(context.get(), nullptr, &size, In(purpose), static_cast<int>(purpose.size()));
  EVP_EncryptUpdate(context.get(), Out(sealed, kNonceBytes), &size, In(plain), static_cast<int>(plain.size()));
  EVP_EncryptFinal_ex(context.get(), Out(sealed, kNonceBytes + plain.size()), &size);
  EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, Out(sealed, kNonceBytes + plain.size()));
  return sealed;
}

// False if this key did not seal it for this purpose.
bool Decrypt(const std::string& key, absl::string_view purpose, absl::string_view sealed, std::string& plain) {
  absl::string_view body = sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int size = 0;
  plain.resize(body.size());
  bool right = EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, In(key), In(sealed)) == 1;
  right = right && EVP_DecryptUpdate(context.get(), nullptr, &size, In(purpose), static_cast<int>(purpose.size())) == 1;
  right = right && EVP_DecryptUpdate(context.get(), Out(plain), &size, In(body), static_cast<int>(body.size())) == 1;
  right = right && EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1;
  return right && EVP_DecryptFinal_ex(context.get(), Out(plain), &size) == 1;
}

absl::Status FileError(absl::string_view doing, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat(doing, " ", path));
}

// The key of a file; "" if there is no such file.
absl::StatusOr<std::string> ReadKey(const std::string& path) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return std::string();
  if (fd < 0) return FileError("cannot open", path);
  std::string key(kKeyBytes + 1, '\0');
  ssize_t got = read(fd, key.data(), key.size());
  close(fd);
  if (got < 0) return FileError("cannot read", path);
  if (got != static_cast<ssize_t>(kKeyBytes)) {
    return absl::DataLossError(absl::StrCat(path, " is not a key of ", kKeyBytes,
                                            " bytes: remove it, and open page and resume tokens become invalid"));
  }
  key.resize(kKeyBytes);
  return key;
}

absl::StatusOr<std::string> MakeKey(const std::string& path, Random& random) {
  std::string key(kKeyBytes, '\0');
  random.Fill(key.data(), key.size());
  // Under another name first: a process that dies here must not leave half a key.
  std::string unfinished = absl::StrCat(path, ".new");
  unlink(unfinished.c_str());
  int fd = open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
  if (fd < 0) return FileError("cannot make", unfinished);
  bool written = write(fd, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && fsync(fd) == 0;
  close(fd);
  if (!written || rename(unfinished.c_str(), path.c_str()) != 0) return FileError("cannot write", path);
  return key;
}

class AesSealer final : public Sealer {
 public:
  // The first key seals; all open.
  AesSealer(std::vector<std::string> keys, Random& random) : keys_(std::move(keys)), random_(random) {}

  std::string Seal(absl::string_view purpose, absl::string_view bytes) override {
    std::array<char, kNonceBytes> nonce{};
    random_.Fill(nonce.data(), nonce.size());
    return absl::WebSafeBase64Escape(
        Encrypt(keys_.front(), absl::string_view(nonce.data(), nonce.size()), purpose, bytes));
  }

  absl::StatusOr<std::string> Open(absl::string_view purpose, absl::string_view token) override {
    std::string sealed, plain;
    if (token.size() > kMaxTokenBytes || !absl::WebSafeBase64Unescape(token, &sealed) ||
        sealed.size() < kNonceBytes + kTagBytes) {
      return absl::InvalidArgumentError("not a token");
    }
    for (const std::string& key : keys_) {
      if (Decrypt(key, purpose, sealed, plain)) return plain;
    }
    return absl::InvalidArgumentError("not a token of this store and purpose");
  }

 private:
  const std::vector<std::string> keys_;
  Random& random_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Sealer>> Sealer::Open(const std::string& directory, Random& random) {
  std::string path = absl::StrCat(directory, "/seal.key");
  ASSIGN_OR_RETURN(std::string key, ReadKey(path));
  if (key.empty()) {
    ASSIGN_OR_RETURN(key, MakeKey(path, random));
  }
  std::vector<std::string> keys = {key};
  ASSIGN_OR_RETURN(std::string previous, ReadKey(absl::StrCat(path, ".previous")));
  if (!previous.empty()) keys.push_back(previous);
  return std::unique_ptr<Sealer>(std::make_unique<AesSealer>(std::move(keys), random));
}

}  // namespace partnerskap
