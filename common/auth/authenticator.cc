#include "common/auth/authenticator.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <mutex>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/auth/forwarded_certificate.h"
#include "common/auth/role_table.h"
#include "common/log/log.h"
#include "common/metrics/metrics.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

// How long a change of the file may go unseen: a look costs a system call.
constexpr absl::Duration kLookInterval = absl::Seconds(1);
// Larger than any role file; keeps a wrong path (a device, a store) from being read to its end.
constexpr off_t kMaxRoleFileBytes = 4 << 20;

// What tells one state of the file from another: an editor that writes a new file changes the inode too.
struct FileMark {
  int64_t seconds = 0, nanos = 0, bytes = -1;
  uint64_t inode = 0;
  bool operator==(const FileMark&) const = default;
};

absl::StatusOr<FileMark> MarkOf(const std::string& path) {
  struct stat found;
  if (stat(path.c_str(), &found) != 0) {
    return absl::NotFoundError(absl::StrCat(path, " cannot be read: ", strerror(errno)));
  }
  if (!S_ISREG(found.st_mode) || found.st_size > kMaxRoleFileBytes) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is no role file: it must be a file of at most 4 MiB"));
  }
  return FileMark{found.st_mtim.tv_sec, found.st_mtim.tv_nsec, found.st_size, found.st_ino};
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return absl::NotFoundError(absl::StrCat(path, " cannot be read; does this user have the right to?"));
  return text.str();
}

class AuthenticatorImpl final : public Authenticator {
 public:
  AuthenticatorImpl(Options options, Clock* clock, Logger* logger, Metrics* metrics)
      : options_(std::move(options)), clock_(clock), logger_(logger), metrics_(metrics) {}

  absl::Status LoadText(absl::string_view text) {
    ASSIGN_OR_RETURN(auto table, RoleTable::Parse(options_, "role file", text));
    table_ = std::move(table);
    return absl::OkStatus();
  }

  absl::Status LoadAuthority() {
    if (options_.ca_file.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(ca_mark_, MarkOf(options_.ca_file));
    ASSIGN_OR_RETURN(const std::string pem, ReadFile(options_.ca_file));
    auto certificates = ForwardedCertificates::FromPem(pem);
    if (!certificates.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(options_.ca_file, " ", certificates.status().message()));
    }
    authority_ = *std::move(certificates);
    return absl::OkStatus();
  }

  absl::Status LoadFile() {
    ASSIGN_OR_RETURN(mark_, MarkOf(options_.role_file));
    ASSIGN_OR_RETURN(const std::string text, ReadFile(options_.role_file));
    ASSIGN_OR_RETURN(auto table, RoleTable::Parse(options_, options_.role_file, text));
    table_ = std::move(table);
    looked_ = clock_->Steady();
    return absl::OkStatus();
  }

  absl::StatusOr<std::shared_ptr<const Caller>> Authenticate(
      absl::Span<const std::string> peer_uris,
      const std::vector<std::pair<std::string, std::string>>& metadata) override {
    // A certificate with two names passes the handshake; which of them calls, nobody could say.
    if (peer_uris.size() != 1) return Refuse(common::v1::NO_IDENTITY);
    const auto peer = ParseSpiffeUri(peer_uris[0]);
    if (!peer.ok()) return Refuse(common::v1::NO_IDENTITY);
    if (peer->service == kEdgeService && !options_.ca_file.empty()) return BehindEdge(*peer, metadata);
    return Find(peer_uris[0]);
  }

 private:
  absl::StatusOr<std::shared_ptr<const Caller>> Find(const std::string& uri) {
    std::shared_ptr<const Caller> caller = Current()->Find(uri);
    if (caller == nullptr) return Refuse(common::v1::UNKNOWN_PRINCIPAL, {{"principal", uri}});
    return caller;
  }

  // Who calls through the edge. The edge for itself is nobody.
  absl::StatusOr<std::shared_ptr<const Caller>> BehindEdge(
      const Identity& edge, const std::vector<std::pair<std::string, std::string>>& metadata) {
    const std::string* forwarded = nullptr;
    for (const auto& [key, value] : metadata) {
      if (key != kForwardedCertificateKey) continue;
      // The edge sets it once; a second one came in from outside.
      if (forwarded != nullptr) return Refuse(common::v1::NO_IDENTITY);
      forwarded = &value;
    }
    if (forwarded == nullptr) return Refuse(common::v1::NO_IDENTITY);
    const auto uri = Authority()->UriOf(*forwarded, clock_->Now());
    if (!uri.ok()) return Refuse(common::v1::NO_IDENTITY);
    const auto client = ParseSpiffeUri(*uri);
    // Services call each other directly: one that comes from outside has lost its key.
    if (!client.ok() || client->domain != edge.domain || !client->service.empty()) {
      return Refuse(common::v1::NO_IDENTITY);
    }
    return Find(*uri);
  }

  std::shared_ptr<const RoleTable> Current() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (clock_ != nullptr && clock_->Steady() - looked_ >= kLookInterval) Look();
    return table_;
  }

  std::shared_ptr<ForwardedCertificates> Authority() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (clock_->Steady() - looked_ >= kLookInterval) Look();
    return authority_;
  }

  // Under the lock.
  void Look() {
    looked_ = clock_->Steady();
    LookAtAuthority();
    const auto mark = MarkOf(options_.role_file);
    if (mark.ok() && *mark == mark_ && !missing_) return;
    if (!mark.ok() && missing_) return;
    missing_ = !mark.ok();
    // A broken file is read once, and again when it changes.
    absl::Status status = mark.status();
    if (mark.ok()) {
      mark_ = *mark;
      status = LoadFile();
    }
    Report(status);
  }

  // A rotation puts a file with both authorities here, later one with the new alone.
  void LookAtAuthority() {
    if (options_.ca_file.empty()) return;
    const auto mark = MarkOf(options_.ca_file);
    const FileMark found = mark.ok() ? *mark : FileMark();
    if (found == ca_mark_) return;
    ca_mark_ = found;
    const absl::Status status = mark.ok() ? LoadAuthority() : mark.status();
    if (status.ok() || logger_ == nullptr) return;
    logger_->Event(LogLevel::kError, "authority_broken",
                   absl::StrCat("callers behind the edge are judged by the former authority: ", status.message()),
                   {{"file", options_.ca_file}});
  }

  void Report(const absl::Status& status) {
    if (metrics_ != nullptr) {
      metrics_
          ->Counter("partnerskap_role_file_reads_total", "Readings of the role file, by outcome",
                    {{"outcome", status.ok() ? "ok" : "broken"}})
          .Increment();
      metrics_
          ->Gauge("partnerskap_role_file_broken", "1 while the role file cannot be used and an older one is in force")
          .Set(status.ok() ? 0 : 1);
    }
    if (logger_ == nullptr) return;
    if (status.ok()) {
      logger_->Event(LogLevel::kInfo, "roles_read", "the role file changed and is in force",
                     {{"file", options_.role_file}});
    } else {
      logger_->Event(LogLevel::kError, "roles_broken",
                     absl::StrCat("the changed role file is not used, the former stays in force: ", status.message()),
                     {{"file", options_.role_file}});
    }
  }

  const Options options_;
  Clock* const clock_;
  Logger* const logger_;
  Metrics* const metrics_;
  std::mutex mutex_;
  std::shared_ptr<ForwardedCertificates> authority_;
  FileMark ca_mark_;
  std::shared_ptr<const RoleTable> table_;
  FileMark mark_;
  bool missing_ = false;
  absl::Duration looked_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Authenticator>> Authenticator::Open(Options options, const Env& env, Logger* logger,
                                                                   Metrics* metrics) {
  auto authenticator = std::make_unique<AuthenticatorImpl>(std::move(options), env.clock, logger, metrics);
  RETURN_IF_ERROR(authenticator->LoadAuthority());
  RETURN_IF_ERROR(authenticator->LoadFile());
  return authenticator;
}

absl::StatusOr<std::unique_ptr<Authenticator>> Authenticator::FromText(Options options, absl::string_view text) {
  auto authenticator = std::make_unique<AuthenticatorImpl>(std::move(options), nullptr, nullptr, nullptr);
  RETURN_IF_ERROR(authenticator->LoadText(text));
  return authenticator;
}

}  // namespace partnerskap
