#include "common/auth/principal.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/ids/ids.h"

namespace partnerskap {
namespace {

// From the SPIFFE ID specification: whole id, and the trust domain in it.
constexpr size_t kMaxUriBytes = 2048;
constexpr size_t kMaxDomainBytes = 255;
// A name of a service or system: shown in logs and audit.
constexpr size_t kMaxNameBytes = 63;

bool IsDomain(absl::string_view text) {
  if (text.empty() || text.size() > kMaxDomainBytes) return false;
  for (const char c : text) {
    if (!absl::ascii_islower(c) && !absl::ascii_isdigit(c) && c != '.' && c != '-' && c != '_') return false;
  }
  return true;
}

bool IsName(absl::string_view text) {
  if (text.empty() || text.size() > kMaxNameBytes || text == "." || text == "..") return false;
  for (const char c : text) {
    if (!absl::ascii_isalnum(c) && c != '.' && c != '-' && c != '_') return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<Identity> ParseSpiffeUri(absl::string_view uri) {
  const absl::Status wrong = absl::InvalidArgumentError(
      "an identity is spiffe://<domain>/svc/<name> or spiffe://<domain>/org/<organization id>/sys/<name>");
  absl::string_view rest = uri;
  if (uri.size() > kMaxUriBytes || !absl::ConsumePrefix(&rest, "spiffe://")) return wrong;
  const std::vector<absl::string_view> parts = absl::StrSplit(rest, '/');
  if (!IsDomain(parts[0])) return wrong;
  Identity identity;
  identity.domain = std::string(parts[0]);
  if (parts.size() == 3 && parts[1] == "svc" && IsName(parts[2])) {
    identity.service = std::string(parts[2]);
    return identity;
  }
  if (parts.size() == 5 && parts[1] == "org" && IsResourceId(parts[2]) && parts[3] == "sys" && IsName(parts[4])) {
    identity.organization = absl::StrCat("organizations/", parts[2]);
    identity.system = std::string(parts[4]);
    return identity;
  }
  return wrong;
}

}  // namespace partnerskap
