#include "common/text/collation.h"

#include <unicode/coll.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uversion.h>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/text/utf8.h"

namespace partnerskap {
namespace {

constexpr char kSwedish[] = "sv";

// Room for the key of a name; a longer key takes a second pass.
constexpr int32_t kUsualKeyBytes = 256;

icu::StringPiece Piece(absl::string_view text) {
  return icu::StringPiece(text.data(), static_cast<int32_t>(text.size()));
}

absl::StatusOr<std::unique_ptr<icu::Collator>> MakeSwedishCollator() {
  UErrorCode error = U_ZERO_ERROR;
  std::unique_ptr<icu::Collator> collator(icu::Collator::createInstance(icu::Locale(kSwedish), error));
  if (U_FAILURE(error) || collator == nullptr) {
    return absl::InternalError(absl::StrCat("ICU gives no collation for Swedish: ", u_errorName(error)));
  }
  // Without the data of a language ICU silently answers with the root order, in which ä is a kind of a.
  UErrorCode locale_error = U_ZERO_ERROR;
  const icu::Locale actual = collator->getLocale(ULOC_ACTUAL_LOCALE, locale_error);
  if (U_FAILURE(locale_error) || absl::string_view(actual.getLanguage()) != kSwedish) {
    return absl::InternalError("ICU on this machine has no Swedish collation data");
  }
  return collator;
}

// A collator may not be used by two threads at once, and is costly to make: each thread keeps one.
absl::StatusOr<const icu::Collator*> SwedishCollator() {
  thread_local const absl::StatusOr<std::unique_ptr<icu::Collator>> collator = MakeSwedishCollator();
  if (!collator.ok()) return collator.status();
  return collator->get();
}

[[noreturn]] void EndProcess(const absl::Status& status) {
  std::cerr << status << std::endl;
  std::abort();
}

std::string VersionText(const UVersionInfo version) {
  char text[U_MAX_VERSION_STRING_LENGTH];
  u_versionToString(version, text);
  return text;
}

std::string CollapseWhiteSpace(const icu::UnicodeString& text) {
  icu::UnicodeString collapsed;
  bool pending_space = false;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (u_isUWhiteSpace(c)) {
      pending_space = !collapsed.isEmpty();
      continue;
    }
    if (pending_space) collapsed.append(static_cast<UChar32>(' '));
    pending_space = false;
    collapsed.append(c);
  }
  std::string utf8;
  return collapsed.toUTF8String(utf8);
}

}  // namespace

std::string SwedishSortKey(absl::string_view text) {
  const absl::StatusOr<const icu::Collator*> collator = SwedishCollator();
  if (!collator.ok()) EndProcess(collator.status());
  const icu::UnicodeString utf16 = icu::UnicodeString::fromUTF8(Piece(text));
  std::string key(kUsualKeyBytes, '\0');
  const auto fill = [&] {
    return (*collator)->getSortKey(utf16, reinterpret_cast<uint8_t*>(key.data()), static_cast<int32_t>(key.size()));
  };
  int32_t size = fill();
  if (size > static_cast<int32_t>(key.size())) {
    key.resize(size);
    size = fill();
  }
  if (size <= 0) EndProcess(absl::InternalError("ICU could not make a sort key"));
  // ICU counts its closing zero, which would only make equal keys longer.
  key.resize(size - 1);
  return key;
}

absl::StatusOr<std::string> IcuVersion() {
  const absl::StatusOr<const icu::Collator*> collator = SwedishCollator();
  if (!collator.ok()) return collator.status();
  UVersionInfo library;
  u_getVersion(library);
  UVersionInfo collation;
  (*collator)->getVersion(collation);
  return absl::StrCat(VersionText(library), "/", VersionText(collation));
}

absl::StatusOr<std::string> FoldName(absl::string_view text) {
  if (!IsValidUtf8(text)) return absl::InvalidArgumentError("the name is not UTF-8");
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = icu::Normalizer2::getNFKCCasefoldInstance(error);
  if (U_FAILURE(error)) return absl::InternalError(absl::StrCat("ICU cannot fold case: ", u_errorName(error)));
  const icu::UnicodeString folded = normalizer->normalize(icu::UnicodeString::fromUTF8(Piece(text)), error);
  if (U_FAILURE(error)) return absl::InternalError(absl::StrCat("ICU cannot fold a name: ", u_errorName(error)));
  return CollapseWhiteSpace(folded);
}

}  // namespace partnerskap
