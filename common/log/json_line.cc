#include "common/log/json_line.h"

#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include "absl/strings/str_cat.h"

namespace partnerskap {
namespace {

void AppendEscape(uint32_t unit, std::string& out) { absl::StrAppend(&out, "\\u", absl::Hex(unit, absl::kZeroPad4)); }

}  // namespace

void AppendJsonString(absl::string_view text, std::string& out) {
  out += '"';
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT_OR_FFFD(bytes, i, size, c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c >= 0x20 && c < 0x7f) {
      out += static_cast<char>(c);
    } else if (U_IS_BMP(c)) {
      AppendEscape(static_cast<uint32_t>(c), out);
    } else {
      AppendEscape(U16_LEAD(c), out);
      AppendEscape(U16_TRAIL(c), out);
    }
  }
  out += '"';
}

JsonLine::JsonLine(std::string& out) : out_(out) { out_ += '{'; }

void JsonLine::Key(absl::string_view key) {
  absl::StrAppend(&out_, first_ ? "\"" : ",\"", key, "\":");
  first_ = false;
}

void JsonLine::Text(absl::string_view key, absl::string_view value) {
  Key(key);
  AppendJsonString(value, out_);
}

void JsonLine::Number(absl::string_view key, int64_t value) {
  Key(key);
  absl::StrAppend(&out_, value);
}

void JsonLine::True(absl::string_view key) {
  Key(key);
  out_ += "true";
}

void JsonLine::End() { out_ += "}\n"; }

}  // namespace partnerskap
