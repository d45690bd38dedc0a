#include "common/text/utf8.h"

#include <unicode/utf8.h>

#include <cstdint>

namespace partnerskap {

bool IsValidUtf8(absl::string_view text) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const size_t size = text.size();
  for (size_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT(bytes, i, size, c);
    if (c < 0) return false;
  }
  return true;
}

absl::string_view CutUtf8(absl::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  size_t end = max_bytes;
  // Looks at the byte behind the cut too: at a character's first byte the cut may stay where it is.
  U8_SET_CP_START(bytes, 0, end);
  return text.substr(0, end);
}

}  // namespace partnerskap
