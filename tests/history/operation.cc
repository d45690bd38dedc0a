#include "tests/history/operation.h"

#include "absl/strings/str_cat.h"

namespace partnerskap {

std::string Describe(const Operation& operation) {
  std::string text;
  switch (operation.kind) {
    case Operation::Kind::kRead:
      text = "read";
      break;
    case Operation::Kind::kCreate:
      text = "creation";
      break;
    case Operation::Kind::kWrite:
      text = "write";
      break;
    case Operation::Kind::kWriteIf:
      text = absl::StrCat("write (if revision ", operation.expected, ")");
      break;
  }
  if (operation.outcome == Operation::Outcome::kDone) absl::StrAppend(&text, " of revision ", operation.revision);
  if (operation.outcome == Operation::Outcome::kRefused) absl::StrAppend(&text, ", refused");
  if (operation.outcome == Operation::Outcome::kUnknown) absl::StrAppend(&text, " of unknown outcome");
  absl::StrAppend(&text, ", called at ", operation.call);
  if (operation.returned != kNeverReturned) absl::StrAppend(&text, ", answered at ", operation.returned);
  return text;
}

}  // namespace partnerskap
