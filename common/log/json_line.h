// One JSON object as one line of ASCII: what a log line is written with.
#ifndef PARTNERSKAP_COMMON_LOG_JSON_LINE_H_
#define PARTNERSKAP_COMMON_LOG_JSON_LINE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace partnerskap {

class JsonLine {
 public:
  // Appends to `out`, which outlives this.
  explicit JsonLine(std::string& out);
  // Keys are written as they are: constants of [a-z_].
  void Text(absl::string_view key, absl::string_view value);
  void Number(absl::string_view key, int64_t value);
  void True(absl::string_view key);
  // Closes the object and ends the line.
  void End();

 private:
  void Key(absl::string_view key);
  std::string& out_;
  bool first_ = true;
};

// `text` as a JSON string with its quotes. Everything but printable ASCII is escaped, so that no terminal takes a
// caller's bytes for commands; what is not UTF-8 becomes U+FFFD.
void AppendJsonString(absl::string_view text, std::string& out);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_LOG_JSON_LINE_H_
