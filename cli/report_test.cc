#include "cli/report.h"

#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace partnerskap::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// One line of each kind; the values are made up, their shapes are those of the services' answers.
constexpr char kReport[] = R"(
  seats {
    network: "networks/n" display_name: "Nätverket" seat_count: 2 municipality_count: 3
    seats { seat: "networks/n/seats/a" display_name: "Åmål" parties: "Åmål" source_names: "Åmåls kommun" source_names: "Åmål" }
    seats { seat: "networks/n/seats/b-c" display_name: "B/C" parties: "B" parties: "C" }
    days {
      effective_date { year: 2012 month: 2 day: 1 } bound_seat_count: 1
      lines { display_name: "Åmål" state: "BOUND" marks: "UNSIGNED" marks: "NOT_FINAL" reason_sv: "Bunden från 2012-01-25." reason_en: "Bound from 2012-01-25." }
      lines { display_name: "B/C" state: "UNKNOWN" reason_sv: "Ingen källa." reason_en: "No source." }
    }
  }
  adoptions {
    ledgers {
      display_name: "Överenskommelse" start_date { year: 2012 month: 1 day: 1 } end_date { year: 2015 month: 12 day: 31 } unknown_seat_count: 1
      lines { display_name: "Åmål" state: "ANNOUNCED" outcome: "ADOPTED" body: "KS" diary_number: "KS-1" paragraph: "18" decision_date { year: 2012 month: 1 } fee { currency_code: "SEK" units: 20000 } marks: "FEE_DIFFERS" }
      lines { display_name: "B/C" }
    }
    decisions {
      display_name: "Medverkan" body: "Kommunstyrelsen" paragraph: "59" diary_number: "KS 1" items { number: 1 text: "Deltar." }
      stances { person: "persons/x" display_name: "Exempel Exempelsson" party: "X" kind: "DOES_NOT_TAKE_PART" }
      separate_statements: "X, 3"
      reservations { display_name: "Exempel Exempelsson" reason: "RESERVATION_WITHOUT_TAKING_PART" message_sv: "Deltog inte." message_en: "Took no part." }
      reservations { display_name: "Annan" }
    }
  }
  timetable {
    joint_meeting_count: 1 officers_meeting_count: 1 exact_meeting_count: 1
    lines { kind: "OFFICERS" first_date { year: 2016 month: 2 } confirmation: "PLANNED_IN_SOURCE" }
    lines { kind: "JOINT" first_date { year: 2016 month: 4 day: 21 } last_date { year: 2016 month: 4 day: 22 } host: "Åmål" lead: "Åmål" confirmation: "CONFIRMED" proposed_incoming: "B/C" }
  }
  ledger {
    effective_date { year: 2019 month: 12 day: 31 }
    lines { rank: 1 display_name: "B/C" hosting_count: 1 idle_meeting_count: 7 hosted: "networks/n/meetings/2016-04" }
    next_host_name: "B/C" reason_sv: "Har väntat längst." reason_en: "Has waited longest."
  }
  plans {
    plans { seat_count: 9 reviews_per_seat: 3 exists: true tight: true available_pairs: 27 needed_pairs: 27 reviews { reviewer: "B/C" reviewed: "Åmål" } reviews { reviewer: "D" reviewed: "Åmål" } }
    plans { seat_count: 8 reviews_per_seat: 3 available_pairs: 20 needed_pairs: 24 reason_sv: "För få par." reason_en: "Too few pairs." }
  }
  promises {
    display_name: "Åmål" effective_date { year: 2020 month: 12 day: 31 }
    lines { agreement: "Överenskommelse" force: "MUST" text: "Betala." text_en: "Pay." amount_kind: "CAP" amount { currency_code: "SEK" units: 10000 } due_date { year: 2020 month: 12 } sources: "Protokoll § 59" }
    lines { agreement: "Överenskommelse" force: "MAY" text: "Bjuda in." }
  }
)";

v1::Report Report() {
  v1::Report report;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(kReport, &report));
  return report;
}

TEST(Report, SaysItInSwedish) {
  const std::string text = ReportText(Language::kSwedish, Report());
  EXPECT_THAT(text, HasSubstr("HUVUDRAPPORT: Nätverket\n"));
  EXPECT_THAT(text, HasSubstr("2 platser, 3 kommuner.\n"));
  EXPECT_THAT(text, HasSubstr("B + C"));
  EXPECT_THAT(text, HasSubstr("Bundna 2012-02-01: 1\n"));
  EXPECT_THAT(text, HasSubstr("bunden"));
  EXPECT_THAT(text, HasSubstr("ej undertecknad, laga kraft okänd eller ej vunnen"));
  EXPECT_THAT(text, HasSubstr("Okänt för 1 platser: ingen källa berättar."));
  EXPECT_THAT(text, HasSubstr("(2012-01-01–2015-12-31)"));
  EXPECT_THAT(text, HasSubstr("20 000 kr"));
  EXPECT_THAT(text, HasSubstr("Exempel Exempelsson (X): deltar inte i beslutet"));
  EXPECT_THAT(text, HasSubstr("avvisas (RESERVATION_WITHOUT_TAKING_PART) – Deltog inte."));
  EXPECT_THAT(text, HasSubstr("Reservation av Annan: skulle tas emot"));
  EXPECT_THAT(text, HasSubstr("2016-04-21–2016-04-22"));
  EXPECT_THAT(text, HasSubstr("okänt (föreslås: B/C)"));
  EXPECT_THAT(text, HasSubstr("planerat i källan, inte bekräftat"));
  EXPECT_THAT(text, HasSubstr("Nästa värd: B/C. Har väntat längst."));
  EXPECT_THAT(text, HasSubstr("9 platser, k = 3: plan finns (precis); 27 par finns, 27 behövs."));
  EXPECT_THAT(text, HasSubstr("8 platser, k = 3: ingen plan; 20 par finns, 24 behövs.\n  För få par.\n"));
  EXPECT_THAT(text, HasSubstr("  ska: Betala. [högst 10 000 kr] [senast 2020-12]  (Protokoll § 59)"));
  EXPECT_THAT(text, Not(HasSubstr("Bound")));
}

TEST(Report, SaysTheSameInEnglish) {
  const std::string text = ReportText(Language::kEnglish, Report());
  EXPECT_THAT(text, HasSubstr("MAIN REPORT: Nätverket\n"));
  EXPECT_THAT(text, HasSubstr("2 seats, 3 municipalities.\n"));
  EXPECT_THAT(text, HasSubstr("Bound on 2012-02-01: 1\n"));
  EXPECT_THAT(text, HasSubstr("unsigned, not final or not known to be"));
  EXPECT_THAT(text, HasSubstr("does not take part in the decision"));
  EXPECT_THAT(text, HasSubstr("refused (RESERVATION_WITHOUT_TAKING_PART) – Took no part."));
  EXPECT_THAT(text, HasSubstr("unknown (proposed: B/C)"));
  EXPECT_THAT(text, HasSubstr("Next host: B/C. Has waited longest."));
  EXPECT_THAT(text, HasSubstr("8 seats, k = 3: no plan; 20 pairs available, 24 needed.\n  Too few pairs.\n"));
  EXPECT_THAT(text, HasSubstr("  must: Pay. [at most 10 000 kr] [by 2020-12]  (Protokoll § 59)"));
  // What nobody has translated stays as it is.
  EXPECT_THAT(text, HasSubstr("  may: Bjuda in.\n"));
  EXPECT_THAT(text, Not(HasSubstr("Bunden")));
}

TEST(Report, ReviewersOfOneSeatShareALine) {
  EXPECT_THAT(ReportText(Language::kEnglish, Report()), HasSubstr("Åmål         B/C, D\n"));
}

TEST(Report, UnknownIsSaidAndNotLeftOut) {
  const std::string text = ReportText(Language::kEnglish, Report());
  // Of B/C no source tells whether it adopted, nor of the board which day it met.
  EXPECT_THAT(text, HasSubstr("B/C   unknown"));
  EXPECT_THAT(text, HasSubstr("day unknown: Medverkan"));
}

TEST(Report, AnEmptyOneHasItsHeadings) {
  const std::string text = ReportText(Language::kSwedish, v1::Report());
  for (const char* heading :
       {"1. Platser", "2. Antaganden", "3. Tidplan", "4. Värdskapsliggare", "5. Vem granskar vem", "6. Åtaganden"}) {
    EXPECT_THAT(text, HasSubstr(heading));
  }
}

TEST(Questions, AreReadFromAFile) {
  const auto questions = ReadQuestions(PARTNERSKAP_SOURCE_DIR "/examples/questions/report.textproto");
  ASSERT_TRUE(questions.ok()) << questions.status();
  EXPECT_EQ(questions->network(), "networks/partnerskapet");
  EXPECT_EQ(questions->plan_seats_size(), 3);
  EXPECT_TRUE(absl::IsNotFound(ReadQuestions(PARTNERSKAP_SOURCE_DIR "/examples/questions/none.textproto").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ReadQuestions(PARTNERSKAP_SOURCE_DIR "/CMakeLists.txt").status()));
}

}  // namespace
}  // namespace partnerskap::cli
