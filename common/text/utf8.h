// UTF-8 as bytes: whether it is, and cutting it without splitting a character.
#ifndef PARTNERSKAP_COMMON_TEXT_UTF8_H_
#define PARTNERSKAP_COMMON_TEXT_UTF8_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace partnerskap {

// Whether all of `text` is UTF-8 as RFC 3629 has it: no overlong form, no surrogate, nothing above U+10FFFF, no
// character cut short. Empty text is; so is a zero byte.
bool IsValidUtf8(absl::string_view text);

// The longest beginning of `text` that has at most `max_bytes` and does not end inside a character (a code point; a
// letter and a combining accent after it may be parted). Valid text stays valid. The result is a part of `text`.
absl::string_view CutUtf8(absl::string_view text, size_t max_bytes);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_TEXT_UTF8_H_
