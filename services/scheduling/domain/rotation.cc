#include "services/scheduling/domain/rotation.h"

#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/ids/ids.h"
#include "common/status/refusal.h"
#include "partnerskap/scheduling/v1/reasons.pb.h"

namespace partnerskap::scheduling {
namespace {

constexpr int32_t kJune = 6, kJuly = 7;

// The first value that stands twice or does not belong there.
std::optional<std::string> Misfit(const v1::HostRotation& rotation) {
  std::set<std::string> seats;
  for (const std::string& seat : rotation.seats()) {
    if (ParentName(seat) != ParentName(rotation.name()) || !seats.insert(seat).second) return seat;
  }
  std::set<int32_t> months;
  for (const int32_t month : rotation.excluded_months()) {
    if (!months.insert(month).second) return absl::StrCat(month);
  }
  return std::nullopt;
}

}  // namespace

std::string RotationName(absl::string_view network) { return absl::StrCat(network, "/hostRotation"); }

v1::HostRotation DefaultRotation(absl::string_view network) {
  v1::HostRotation rotation;
  rotation.set_name(RotationName(network));
  rotation.add_excluded_months(kJune);
  rotation.add_excluded_months(kJuly);
  return rotation;
}

absl::Status CheckRotation(const v1::HostRotation& rotation) {
  const std::optional<std::string> misfit = Misfit(rotation);
  if (!misfit) return absl::OkStatus();
  return Refuse(v1::ROTATION_REPEATS, {{"value", *misfit}});
}

}  // namespace partnerskap::scheduling
