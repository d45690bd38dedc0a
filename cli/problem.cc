#include "cli/problem.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/refusal.h"

namespace partnerskap::cli {
namespace {

// What a caller can do about a code, beyond what the reason says.
const char* Advice(Language language, absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnavailable:
      return In(
          language,
          "Tjänsten svarar inte eller är inte ifatt: försök igen strax; `./suite status` visar vad som är igång.",
          "The service does not answer or has not caught up: try again shortly; `./suite status` shows what runs.");
    case absl::StatusCode::kDeadlineExceeded:
      return In(language, "Svaret dröjde: samma kommando en gång till är ofarligt.",
                "The answer took too long: the same command once more does no harm.");
    case absl::StatusCode::kAborted:
      return In(language, "Läs om resursen och använd dess etag.", "Read the resource again and use its etag.");
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
      return In(language, "Kontrollera --cert och --key, och rollfilen.", "Check --cert and --key, and the role file.");
    case absl::StatusCode::kResourceExhausted:
      return In(language, "Vänta en stund och försök igen.", "Wait a little and try again.");
    case absl::StatusCode::kFailedPrecondition:
      return In(language, "Tillståndet måste ändras först.", "The state must be changed first.");
    default:
      return "";
  }
}

}  // namespace

std::string ProblemText(Language language, const absl::Status& status) {
  std::string message(status.message());
  if (language == Language::kSwedish && !LocalizedMessageOf(status).empty()) message = LocalizedMessageOf(status);
  std::string text = absl::StrCat(In(language, "Fel: ", "Error: "), message, "\n");
  const std::string reason = ReasonOf(status);
  absl::StrAppend(&text, In(language, "  Orsak: ", "  Reason: "), reason.empty() ? "" : absl::StrCat(reason, ", "),
                  absl::StatusCodeToString(status.code()), "\n");
  for (const Violation& violation : ViolationsOf(status)) {
    absl::StrAppend(&text, In(language, "  Fält ", "  Field "), violation.field, ": ", violation.description, "\n");
  }
  const std::string advice = Advice(language, status.code());
  if (!advice.empty()) absl::StrAppend(&text, In(language, "  Att göra: ", "  To do: "), advice, "\n");
  return text;
}

int ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return 0;
  const bool unreachable = absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
  return unreachable ? kExitUnreachable : kExitFailed;
}

}  // namespace partnerskap::cli
