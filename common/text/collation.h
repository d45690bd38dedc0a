// Swedish order and likeness of names, by ICU's collation for `sv` (CLDR): å, ä, ö stand after z in that order, w is a
// letter of its own after v, and letter case and accents (é, ü) tell two names apart only when all else is equal.
//
// Every function can be called from any thread.
#ifndef PARTNERSKAP_COMMON_TEXT_COLLATION_H_
#define PARTNERSKAP_COMMON_TEXT_COLLATION_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace partnerskap {

// Bytes that compare (memcmp, shorter first) as `text` sorts in Swedish. They are not UTF-8 and hold no zero byte:
// store them in a BLOB column. About three bytes a letter. Keys of different IcuVersion() cannot be compared.
// `text` is UTF-8; each byte that is not sorts as U+FFFD, after all letters.
// Ends the process if ICU on this machine has no Swedish collation, for a key of another order would corrupt the lists
// that it is stored in; IcuVersion() tells so before.
std::string SwedishSortKey(absl::string_view text);

// What made the keys: the version of ICU and of its Swedish collation, as "72.1/153.120.42". A store asks for it when
// it opens, keeps it beside its keys, and derives them anew when it differs. INTERNAL if ICU on this machine has no
// Swedish collation.
absl::StatusOr<std::string> IcuVersion();

// `text` without the differences that people do not mean when they type a name: case, compatibility forms (ﬁ, full
// width, no-break space), decomposed letters, and runs of white space, which become one space and none at the ends.
// å, ä, ö, é stay what they are, so that Habo and Håbo stay two names. For look-up, never for display.
// INVALID_ARGUMENT if `text` is not UTF-8.
absl::StatusOr<std::string> FoldName(absl::string_view text);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_TEXT_COLLATION_H_
