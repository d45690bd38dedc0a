#include "deploy/certs/folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/auth/forwarded_certificate.h"
#include "common/status/macros.h"

namespace partnerskap::certs {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kKeyMode = 0400;
constexpr mode_t kCertificateMode = 0444;
// A PEM file of ours has under 2 KiB; what is larger is something else.
constexpr size_t kMaxFileBytes = 64 * 1024;

absl::Status FileError(absl::string_view what, const fs::path& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot ", what, " ", path.string()));
}

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  int descriptor() const { return descriptor_; }
  bool ok() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

absl::Status MakeFolder(const fs::path& path) {
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot make ", path.string(), ": ", error.message()));
  if (mkdir(path.c_str(), kFolderMode) != 0 && errno != EEXIST) return FileError("make the folder", path);
  return absl::OkStatus();
}

// The file's bytes; empty when there is none.
absl::StatusOr<std::string> Read(const fs::path& path) {
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.ok() && errno == ENOENT) return std::string();
  if (!file.ok()) return FileError("read", path);
  std::string bytes(kMaxFileBytes, '\0');
  size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = read(file.descriptor(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileError("read", path);
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size == kMaxFileBytes)
    return absl::InvalidArgumentError(absl::StrCat(path.string(), " is too large to be a PEM file"));
  bytes.resize(size);
  return bytes;
}

absl::Status Sync(const fs::path& folder) {
  const File file(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.ok() || fsync(file.descriptor()) != 0) return FileError("sync", folder);
  return absl::OkStatus();
}

absl::Status Write(const fs::path& path, absl::string_view bytes, mode_t mode) {
  const fs::path aside = path.string() + ".new";
  unlink(aside.c_str());
  const File file(open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  // fchmod: the umask must not decide who reads a certificate.
  if (!file.ok() || fchmod(file.descriptor(), mode) != 0) return FileError("write", aside);
  while (!bytes.empty()) {
    const ssize_t put = write(file.descriptor(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return FileError("write", aside);
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  if (fsync(file.descriptor()) != 0) return FileError("write", aside);
  if (rename(aside.c_str(), path.c_str()) != 0) return FileError("replace", path);
  return Sync(path.parent_path());
}

absl::Status WriteIfOther(const fs::path& path, absl::string_view bytes, mode_t mode) {
  ASSIGN_OR_RETURN(const std::string present, Read(path));
  return present == bytes ? absl::OkStatus() : Write(path, bytes, mode);
}

// A key that others can read is made ours again; whoever copied it is stopped only by a new one (delete it and init).
absl::Status Tighten(const fs::path& key) {
  struct stat facts = {};
  if (stat(key.c_str(), &facts) != 0) return errno == ENOENT ? absl::OkStatus() : FileError("look at", key);
  if ((facts.st_mode & 0777) == kKeyMode) return absl::OkStatus();
  return chmod(key.c_str(), kKeyMode) == 0 ? absl::OkStatus() : FileError("protect", key);
}

absl::StatusOr<Credential> ReadPair(const fs::path& certificate, const fs::path& key) {
  Credential pair;
  RETURN_IF_ERROR(Tighten(key));
  ASSIGN_OR_RETURN(pair.certificate_pem, Read(certificate));
  ASSIGN_OR_RETURN(pair.key_pem, Read(key));
  return pair;
}

absl::Status WritePair(const fs::path& certificate, const fs::path& key, const Credential& pair) {
  RETURN_IF_ERROR(Write(key, pair.key_pem, kKeyMode));
  return Write(certificate, pair.certificate_pem, kCertificateMode);
}

absl::Status About(const fs::path& path, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(path.string(), ": ", status.message()));
}

absl::StatusOr<Outcome> Describe(Outcome outcome, const Credential& credential) {
  ASSIGN_OR_RETURN(const CertificateFacts facts, ReadCertificate(credential.certificate_pem));
  outcome.uri = facts.uris.empty() ? "" : facts.uris[0];
  outcome.not_after = facts.not_after;
  return outcome;
}

struct Authority {
  Credential credential;
  Outcome outcome;
};

absl::StatusOr<Authority> PrepareAuthority(const InitOptions& options, absl::Time now) {
  const fs::path folder = fs::path(options.state) / "authority";
  const fs::path certificate = folder / "ca.pem";
  const fs::path key = folder / "ca.key";
  Authority authority;
  authority.outcome = {.action = Outcome::Action::kKept,
                       .name = "authority",
                       .uri = "",
                       .certificate = certificate.string(),
                       .why = "",
                       .not_after = now};
  ASSIGN_OR_RETURN(authority.credential, ReadPair(certificate, key));
  if (authority.credential.certificate_pem.empty()) {
    // A key without its certificate: a first run was cut short, or the file was lost. The key's own work stays valid.
    const std::string& present = authority.credential.key_pem;
    const absl::StatusOr<Credential> made =
        present.empty() ? MakeAuthority(options.domain, now) : RenewAuthority(options.domain, present, now);
    if (!made.ok()) return About(key, made.status());
    authority.credential = *made;
    authority.outcome.action = Outcome::Action::kCreated;
    RETURN_IF_ERROR(WritePair(certificate, key, authority.credential));
  } else {
    const absl::StatusOr<std::string> domain = AuthorityDomain(authority.credential);
    if (!domain.ok()) return About(certificate, domain.status());
    if (*domain != options.domain) {
      return absl::FailedPreconditionError(absl::StrCat(certificate.string(), " is the authority of ", *domain,
                                                        ", not of ", options.domain, ": use --domain ", *domain,
                                                        " or another --state folder"));
    }
    authority.outcome.why = WhyRenewAuthority(authority.credential, now);
    if (!authority.outcome.why.empty()) {
      const absl::StatusOr<Credential> renewed = RenewAuthority(*domain, authority.credential.key_pem, now);
      if (!renewed.ok()) return About(key, renewed.status());
      authority.credential = *renewed;
      authority.outcome.action = Outcome::Action::kRenewed;
      RETURN_IF_ERROR(Write(certificate, renewed->certificate_pem, kCertificateMode));
    }
  }
  ASSIGN_OR_RETURN(authority.outcome, Describe(std::move(authority.outcome), authority.credential));
  return authority;
}

absl::StatusOr<Outcome> Ensure(const Credential& authority, const Names& names, const fs::path& folder,
                               absl::Time now) {
  const fs::path certificate = folder / "cert.pem";
  const fs::path key = folder / "key.pem";
  Outcome outcome = {.action = Outcome::Action::kKept,
                     .name = names.common_name,
                     .uri = names.uri,
                     .certificate = certificate.string(),
                     .why = "",
                     .not_after = now};
  RETURN_IF_ERROR(MakeFolder(folder));
  ASSIGN_OR_RETURN(Credential credential, ReadPair(certificate, key));
  const bool absent = credential.certificate_pem.empty();
  outcome.why = absent ? "" : WhyReplace(authority, credential, names, now);
  if (absent || !outcome.why.empty()) {
    const absl::StatusOr<Credential> issued = Issue(authority, names, now);
    if (!issued.ok()) return About(certificate, issued.status());
    credential = *issued;
    RETURN_IF_ERROR(WritePair(certificate, key, credential));
    outcome.action = absent ? Outcome::Action::kCreated : Outcome::Action::kRenewed;
  }
  RETURN_IF_ERROR(WriteIfOther(folder / "ca.pem", authority.certificate_pem, kCertificateMode));
  return Describe(std::move(outcome), credential);
}

// Held until the process leaves the folder: two runs at once would each make an authority.
absl::Status Lock(const fs::path& folder, const File& file) {
  if (!file.ok()) return FileError("open", folder);
  while (flock(file.descriptor(), LOCK_EX) != 0) {
    if (errno != EINTR) return FileError("lock", folder);
  }
  return absl::OkStatus();
}

// A folder keeps one identity, so that a typing error does not replace the key of another system.
absl::Status CheckSameIdentity(const fs::path& folder, absl::string_view uri) {
  ASSIGN_OR_RETURN(const std::string present, Read(folder / "cert.pem"));
  const absl::StatusOr<CertificateFacts> facts = ReadCertificate(present);
  if (!facts.ok() || facts->uris.size() != 1 || facts->uris[0] == uri) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(folder.string(), " holds the certificate of ", facts->uris[0],
                                                    ": choose another --name or --out, or remove that folder first"));
}

}  // namespace

const std::vector<std::string>& Services() {
  static const auto* const services =
      new std::vector<std::string>{"membership", "agreements", "scheduling", "peer-review"};
  return *services;
}

namespace {

// Clients name the edge by any of its own host names, or by the service that they mean.
std::vector<std::string> HostNames(const std::string& name) {
  std::vector<std::string> hosts = {"localhost", name};
  if (name == kEdgeService) hosts.insert(hosts.end(), Services().begin(), Services().end());
  return hosts;
}

}  // namespace

absl::StatusOr<std::vector<Outcome>> Init(const InitOptions& options, absl::Time now) {
  const fs::path state(options.state);
  RETURN_IF_ERROR(CheckDomain(options.domain));
  RETURN_IF_ERROR(CheckName(options.organization));
  RETURN_IF_ERROR(MakeFolder(state / "authority"));
  const File lock(open((state / "authority").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  RETURN_IF_ERROR(Lock(state / "authority", lock));
  ASSIGN_OR_RETURN(const Authority authority, PrepareAuthority(options, now));
  std::vector<Outcome> outcomes = {authority.outcome};
  std::vector<std::string> servers = Services();
  servers.emplace_back(kEdgeService);
  for (const std::string& service : servers) {
    Names names = {service, ServiceUri(options.domain, service), HostNames(service), {"127.0.0.1"}};
    names.dns_names.insert(names.dns_names.end(), options.dns_names.begin(), options.dns_names.end());
    names.addresses.insert(names.addresses.end(), options.addresses.begin(), options.addresses.end());
    const fs::path folder = state / absl::StrReplaceAll(service, {{"-", "_"}});
    RETURN_IF_ERROR(MakeFolder(folder));
    ASSIGN_OR_RETURN(Outcome outcome, Ensure(authority.credential, names, folder / "tls", now));
    outcomes.push_back(std::move(outcome));
  }
  const Names admin = {std::string(kAdmin), SystemUri(options.domain, options.organization, kAdmin), {}, {}};
  RETURN_IF_ERROR(MakeFolder(state / "clients"));
  ASSIGN_OR_RETURN(Outcome outcome, Ensure(authority.credential, admin, state / "clients" / std::string(kAdmin), now));
  outcomes.push_back(std::move(outcome));
  return outcomes;
}

absl::StatusOr<Outcome> IssueTo(const IssueOptions& options, absl::Time now) {
  const fs::path authority_folder = fs::path(options.state) / "authority";
  const File lock(open(authority_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock.ok() && errno == ENOENT) {
    return absl::FailedPreconditionError(
        absl::StrCat(options.state, " has no authority: run partnerskap-certs init first"));
  }
  RETURN_IF_ERROR(Lock(authority_folder, lock));
  ASSIGN_OR_RETURN(const Credential authority, ReadPair(authority_folder / "ca.pem", authority_folder / "ca.key"));
  if (authority.certificate_pem.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(options.state, " has no authority: run partnerskap-certs init first"));
  }
  RETURN_IF_ERROR(CheckName(options.names.common_name));
  const fs::path folder = options.folder.empty() ? fs::path(options.state) / "clients" / options.names.common_name
                                                 : fs::path(options.folder);
  RETURN_IF_ERROR(CheckSameIdentity(folder, options.names.uri));
  return Ensure(authority, options.names, folder, now);
}

}  // namespace partnerskap::certs
