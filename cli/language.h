// Swedish or English, for people. Programs read JSON, which has neither.
#ifndef PARTNERSKAP_CLI_LANGUAGE_H_
#define PARTNERSKAP_CLI_LANGUAGE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"

namespace partnerskap::cli {

enum class Language { kSwedish, kEnglish };

// One of two texts.
inline const char* In(Language language, const char* sv, const char* en) {
  return language == Language::kSwedish ? sv : en;
}

// What people call an enum value (`DOES_NOT_TAKE_PART`: "deltar inte i beslutet"); the value's own name in lower case
// where nobody has written one.
std::string WordFor(Language language, const google::protobuf::EnumValueDescriptor& value);
template <typename E>
std::string Word(Language language, E value) {
  const auto* descriptor = google::protobuf::GetEnumDescriptor<E>()->FindValueByNumber(value);
  return descriptor == nullptr ? "?" : WordFor(language, *descriptor);
}

}  // namespace partnerskap::cli

#endif  // PARTNERSKAP_CLI_LANGUAGE_H_
