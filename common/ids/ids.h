// Ids and resource names: what they look like, and how a name is taken apart.
//
// A resource name is collection and id in turn (`networks/partnerskapet/seats/uppsala`), and may end in the id of a
// singleton, which stands alone (`networks/partnerskapet/hostRotation`). Nothing here allocates for a refusal or
// throws.
#ifndef PARTNERSKAP_COMMON_IDS_IDS_H_
#define PARTNERSKAP_COMMON_IDS_IDS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace partnerskap {

// Longest resource id in bytes: that of a DNS label, so that an id fits wherever one is used as a host or file name.
inline constexpr size_t kMaxResourceIdBytes = 63;

// Bytes of randomness that a UUID is made of.
inline constexpr size_t kUuidBytes = 16;

// Characters of a UUID as text: 32 digits and 4 hyphens.
inline constexpr size_t kUuidTextBytes = 36;

// Whether `id` is `[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?`: what a person may choose as the last part of a name.
bool IsResourceId(absl::string_view id);

// Whether `segment` is the name of a collection or a singleton: `[a-z][A-Za-z0-9]*`, as `seats`, `responsibleBodies`.
bool IsCollectionId(absl::string_view segment);

// A random UUID (version 4, RFC 4122) in lower case from 16 random bytes; the six bits that tell version and variant
// are set here, the other 122 are the caller's.
std::string FormatUuid4(std::array<uint8_t, kUuidBytes> random);

// Whether `text` is a UUID of version 4 with hyphens. Either case is taken, as RFC 4122 asks of readers: whoever
// stores or compares one lowers it first (absl::AsciiStrToLower). A UUID in lower case is also a resource id.
bool IsUuid4(absl::string_view text);

// Ids of a name by the variables of the pattern: {"network": "partnerskapet", "seat": "uppsala"}.
using NameIds = absl::flat_hash_map<std::string, std::string>;

// Takes `name` apart by a pattern as `google.api.resource` writes it: `networks/{network}/seats/{seat}`. Nothing if
// the number of segments or a literal segment differs, or an id is not a resource id.
std::optional<NameIds> MatchName(absl::string_view pattern, absl::string_view name);

// The resource that holds `name`: `networks/p/seats/s` -> `networks/p`; `networks/p/hostRotation` -> `networks/p`.
// Empty for a top-level resource (`networks/p`) and for the empty name. The result is a part of `name`.
absl::string_view ParentName(absl::string_view name);

// What follows the last slash: the id, or the singleton. The whole of `name` if it has no slash.
absl::string_view LastSegment(absl::string_view name);

// The collection that `name` is in (`networks/p/seats/s` -> `seats`), or the singleton that it is
// (`networks/p/hostRotation` -> `hostRotation`). The result is a part of `name`.
absl::string_view CollectionId(absl::string_view name);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_IDS_IDS_H_
