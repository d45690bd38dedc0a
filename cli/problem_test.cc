#include "cli/problem.h"

#include <string>

#include "common/status/refusal.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "partnerskap/membership/v1/reasons.pb.h"

namespace partnerskap::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

absl::Status Left() {
  return Refuse(membership::v1::SEAT_LEFT, {{"seat", "networks/n/seats/uppsala"}, {"exit_date", "2019-12-31"}});
}

TEST(Problem, SaysWhyInTheReadersLanguage) {
  EXPECT_EQ(ProblemText(Language::kSwedish, Left()),
            "Fel: networks/n/seats/uppsala lämnade 2019-12-31.\n"
            "  Orsak: SEAT_LEFT, FAILED_PRECONDITION\n"
            "  Att göra: Tillståndet måste ändras först.\n");
  EXPECT_EQ(ProblemText(Language::kEnglish, Left()),
            "Error: networks/n/seats/uppsala left on 2019-12-31.\n"
            "  Reason: SEAT_LEFT, FAILED_PRECONDITION\n"
            "  To do: The state must be changed first.\n");
}

TEST(Problem, ListsEveryField) {
  const absl::Status status = RefuseFields({{"seat.kind", "is required"}, {"seat_id", "is no id"}});
  const std::string text = ProblemText(Language::kEnglish, status);
  EXPECT_THAT(text, HasSubstr("  Field seat.kind: is required\n"));
  EXPECT_THAT(text, HasSubstr("  Field seat_id: is no id\n"));
  EXPECT_THAT(text, HasSubstr("FIELD_VIOLATIONS, INVALID_ARGUMENT"));
  EXPECT_THAT(ProblemText(Language::kSwedish, status), HasSubstr("  Fält seat_id: is no id\n"));
}

TEST(Problem, AStatusWithoutAReasonHasItsCode) {
  const std::string text = ProblemText(Language::kEnglish, absl::NotFoundError("there is no file"));
  EXPECT_THAT(text, HasSubstr("Error: there is no file\n"));
  EXPECT_THAT(text, HasSubstr("Reason: NOT_FOUND\n"));
  EXPECT_THAT(text, Not(HasSubstr("To do")));
}

TEST(Problem, AdvisesWhereThereIsSomethingToDo) {
  for (const absl::Status& status :
       {absl::UnavailableError("x"), absl::DeadlineExceededError("x"), absl::AbortedError("x"),
        absl::UnauthenticatedError("x"), absl::PermissionDeniedError("x"), absl::ResourceExhaustedError("x")}) {
    EXPECT_THAT(ProblemText(Language::kSwedish, status), HasSubstr("Att göra: ")) << status;
    EXPECT_THAT(ProblemText(Language::kEnglish, status), HasSubstr("To do: ")) << status;
  }
}

TEST(ExitCodes, TellRefusedFromUnreachable) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), 0);
  EXPECT_EQ(ExitCodeOf(Left()), kExitFailed);
  EXPECT_EQ(ExitCodeOf(absl::InternalError("x")), kExitFailed);
  EXPECT_EQ(ExitCodeOf(absl::UnavailableError("x")), kExitUnreachable);
  EXPECT_EQ(ExitCodeOf(absl::DeadlineExceededError("x")), kExitUnreachable);
}

}  // namespace
}  // namespace partnerskap::cli
