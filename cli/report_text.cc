#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "cli/language.h"
#include "cli/output.h"
#include "cli/report.h"
#include "common/ids/ids.h"
#include "google/protobuf/descriptor.h"

namespace partnerskap::cli {
namespace {

// An enum value by the full name of its scope: WordOf(language, "partnerskap.agreements.v1.Adoption", "DECIDED").
std::string WordOf(Language language, const char* scope, const std::string& value) {
  if (value.empty()) return "";
  const auto* found =
      google::protobuf::DescriptorPool::generated_pool()->FindEnumValueByName(absl::StrCat(scope, ".", value));
  return found == nullptr ? value : WordFor(language, *found);
}

std::string WordsOf(Language language, const char* scope,
                    const google::protobuf::RepeatedPtrField<std::string>& values) {
  std::vector<std::string> words;
  for (const std::string& value : values) words.push_back(WordOf(language, scope, value));
  return absl::StrJoin(words, ", ");
}

class Writer {
 public:
  explicit Writer(Language language) : language_(language) {}

  std::string Write(const v1::Report& report) {
    Line(In("HUVUDRAPPORT", "MAIN REPORT"), ": ", report.seats().display_name());
    Seats(report.seats());
    Adoptions(report.adoptions());
    Timetable(report.timetable());
    Ledger(report.ledger());
    Plans(report.plans());
    Promises(report.promises());
    return out_;
  }

 private:
  const char* In(const char* sv, const char* en) const { return cli::In(language_, sv, en); }
  const std::string& Text(const std::string& sv, const std::string& en) const {
    return language_ == Language::kSwedish || en.empty() ? sv : en;
  }
  std::string Date(const google::type::Date& date) const { return DateText(date, In("okänt", "unknown")); }
  std::string Unknown(const std::string& text) const { return text.empty() ? In("okänt", "unknown") : text; }

  template <typename... Parts>
  void Line(const Parts&... parts) {
    absl::StrAppend(&out_, parts..., "\n");
  }
  void Heading(int number, const char* sv, const char* en) { Line("\n", number, ". ", In(sv, en)); }

  void Seats(const v1::SeatsSection& section) {
    Heading(1, "Platser", "Seats");
    Line(section.seat_count(), In(" platser, ", " seats, "), section.municipality_count(),
         In(" kommuner.", " municipalities."));
    std::vector<std::vector<std::string>> rows;
    for (const v1::SeatLine& seat : section.seats()) {
      rows.push_back(
          {seat.display_name(), absl::StrJoin(seat.parties(), " + "), absl::StrJoin(seat.source_names(), "; ")});
    }
    absl::StrAppend(
        &out_,
        Table({In("plats", "seat"), In("innehavare", "held by"), In("namn i källorna", "names in the sources")}, rows));
    for (const v1::BoundDay& day : section.days()) BoundOn(day);
  }

  void BoundOn(const v1::BoundDay& day) {
    Line("\n", In("Bundna ", "Bound on "), Date(day.effective_date()), ": ", day.bound_seat_count());
    std::vector<std::vector<std::string>> rows;
    int unknown = 0;
    for (const v1::BoundLine& line : day.lines()) {
      if (line.state() == "UNKNOWN") {
        ++unknown;
        continue;
      }
      rows.push_back({line.display_name(), WordOf(language_, "partnerskap.membership.v1.SeatStanding", line.state()),
                      Text(line.reason_sv(), line.reason_en()),
                      WordsOf(language_, "partnerskap.membership.v1.SeatStanding", line.marks())});
    }
    absl::StrAppend(&out_, Table({In("plats", "seat"), In("ställning", "standing"), In("skäl", "reason"),
                                  In("anmärkning", "marks")},
                                 rows));
    if (unknown > 0)
      Line(In("Okänt för ", "Unknown for "), unknown,
           In(" platser: ingen källa berättar.", " seats: no source tells."));
  }

  void Adoptions(const v1::AdoptionsSection& section) {
    Heading(2, "Antaganden enligt källorna", "Adoptions as the sources tell them");
    for (const v1::AdoptionLedger& ledger : section.ledgers()) {
      Line(ledger.display_name(), " (", Date(ledger.start_date()), "–", Date(ledger.end_date()), ")");
      std::vector<std::vector<std::string>> rows;
      for (const v1::AdoptionLine& line : ledger.lines()) {
        rows.push_back({line.display_name(), Unknown(StateOf(line)), line.body(), line.diary_number(),
                        line.paragraph().empty() ? "" : absl::StrCat("§ ", line.paragraph()), DayOf(line),
                        line.has_fee() ? MoneyText(line.fee()) : "",
                        WordsOf(language_, "partnerskap.agreements.v1.AdoptionStanding", line.marks())});
      }
      absl::StrAppend(&out_,
                      Table({In("plats", "seat"), In("läge", "state"), In("organ", "body"), In("dnr", "diary no."), "§",
                             In("dag", "day"), In("avgift", "fee"), In("anmärkning", "marks")},
                            rows));
      Line(In("Okänt för ", "Unknown for "), ledger.unknown_seat_count(), In(" platser.", " seats."), "\n");
    }
    for (const v1::DecisionDetail& decision : section.decisions()) Decision(decision);
  }

  std::string StateOf(const v1::AdoptionLine& line) const {
    constexpr char kScope[] = "partnerskap.agreements.v1.Adoption";
    return line.outcome().empty() ? WordOf(language_, kScope, line.state()) : WordOf(language_, kScope, line.outcome());
  }

  std::string DayOf(const v1::AdoptionLine& line) const {
    if (line.state().empty()) return "";
    if (!line.outcome().empty()) return Date(line.decision_date());
    return line.has_proposal_date() ? Date(line.proposal_date()) : "";
  }

  void Decision(const v1::DecisionDetail& decision) {
    Line(decision.body(), " § ", decision.paragraph(), ", dnr ", decision.diary_number(), ", ", In("dag ", "day "),
         Date(decision.decision_date()), ": ", decision.display_name());
    for (const v1::ItemLine& item : decision.items()) Line("  ", item.number(), ". ", item.text());
    for (const v1::StanceLine& stance : decision.stances()) {
      const std::string party = stance.display_name().empty() || stance.party().empty()
                                    ? stance.party()
                                    : absl::StrCat(" (", stance.party(), ")");
      Line("  ", stance.display_name(), party, ": ",
           WordOf(language_, "partnerskap.agreements.v1.Stance", stance.kind()));
    }
    for (const std::string& statement : decision.separate_statements()) {
      Line("  ", In("Särskilt yttrande, medgivet i punkt: ", "Separate statement, permitted by item: "), statement);
    }
    for (const v1::ReservationTry& tried : decision.reservations()) {
      Line("  ", In("Reservation av ", "Reservation by "), tried.display_name(), ": ",
           tried.reason().empty() ? In("skulle tas emot", "would be taken")
                                  : absl::StrCat(In("avvisas", "refused"), " (", tried.reason(), ") – ",
                                                 Text(tried.message_sv(), tried.message_en())));
    }
  }

  void Timetable(const v1::TimetableSection& section) {
    Heading(3, "Tidplan med värdar och trepartssystem", "Timetable with hosts and troikas");
    Line(section.joint_meeting_count(), In(" partnerskapsmöten (", " joint meetings ("), section.exact_meeting_count(),
         In(" med dagar), ", " with days), "), section.officers_meeting_count(),
         In(" möten för tjänstepersoner.", " officers' meetings."));
    std::vector<std::vector<std::string>> rows;
    for (const v1::MeetingLine& line : section.lines()) {
      const bool joint = line.kind() == "JOINT";
      const std::string days = line.has_last_date() ? absl::StrCat(Date(line.first_date()), "–", Date(line.last_date()))
                                                    : Date(line.first_date());
      rows.push_back({days, WordOf(language_, "partnerskap.scheduling.v1.Meeting", line.kind()),
                      joint ? Unknown(line.host()) : line.host(), joint ? Unknown(line.outgoing()) : "",
                      joint ? Unknown(line.lead()) : "", joint ? Incoming(line) : "",
                      WordOf(language_, "partnerskap.scheduling.v1", line.confirmation())});
    }
    absl::StrAppend(&out_,
                    Table({In("tid", "time"), In("möte", "meeting"), In("värd", "host"), In("föregående", "outgoing"),
                           In("leder", "lead"), In("kommande", "incoming"), In("säkerhet", "certainty")},
                          rows));
  }

  std::string Incoming(const v1::MeetingLine& line) const {
    if (!line.incoming().empty() || line.proposed_incoming().empty()) return Unknown(line.incoming());
    return absl::StrCat(Unknown(""), In(" (föreslås: ", " (proposed: "), line.proposed_incoming(), ")");
  }

  void Ledger(const v1::LedgerSection& section) {
    Heading(4, "Värdskapsliggare och nästa värd", "Ledger of hosting and the next host");
    std::vector<std::vector<std::string>> rows;
    for (const v1::LedgerLine& line : section.lines()) {
      std::vector<std::string> hosted;
      for (const std::string& meeting : line.hosted()) hosted.emplace_back(LastSegment(meeting));
      rows.push_back({absl::StrCat(line.rank()), line.display_name(), absl::StrCat(line.hosting_count()),
                      absl::StrCat(line.idle_meeting_count()), absl::StrJoin(hosted, ", ")});
    }
    absl::StrAppend(&out_, Table({In("tur", "turn"), In("plats", "seat"), In("värdskap", "hosted"),
                                  In("möten sedan dess", "meetings since"), In("vilka", "which")},
                                 rows));
    Line(In("Nästa värd: ", "Next host: "), Unknown(section.next_host_name()), ". ",
         Text(section.reason_sv(), section.reason_en()));
  }

  void Plans(const v1::PlansSection& section) {
    Heading(5, "Vem granskar vem", "Who reviews whom");
    for (const v1::PlanLine& plan : section.plans()) {
      const std::string counts = absl::StrCat(plan.available_pairs(), In(" par finns, ", " pairs available, "),
                                              plan.needed_pairs(), In(" behövs", " needed"));
      Line(plan.seat_count(), In(" platser, k = ", " seats, k = "), plan.reviews_per_seat(), ": ",
           plan.exists()      ? In("plan finns", "a plan exists")
           : plan.undecided() ? In("oavgjort", "undecided")
                              : In("ingen plan", "no plan"),
           plan.tight() ? In(" (precis)", " (tight)") : "", "; ", counts, ".");
      if (!plan.reason_sv().empty()) Line("  ", Text(plan.reason_sv(), plan.reason_en()));
    }
    if (section.plans().empty() || !section.plans(0).exists()) return;
    std::vector<std::vector<std::string>> rows;
    for (const v1::ReviewLine& review : section.plans(0).reviews()) {
      if (rows.empty() || rows.back()[0] != review.reviewed())
        rows.push_back({review.reviewed(), review.reviewer()});
      else
        absl::StrAppend(&rows.back()[1], ", ", review.reviewer());
    }
    absl::StrAppend(&out_, Table({In("granskas", "is reviewed"), In("av", "by")}, rows));
  }

  void Promises(const v1::PromisesSection& section) {
    Heading(6, "Åtaganden", "Promises");
    Line(section.display_name(), ", ", Date(section.effective_date()), ":");
    std::string agreement;
    for (const v1::PromiseLine& line : section.lines()) {
      if (line.agreement() != agreement) Line(agreement = line.agreement());
      std::string amount;
      if (!line.amount_kind().empty()) {
        amount = absl::StrCat(" [", WordOf(language_, "partnerskap.agreements.v1.FeeRule", line.amount_kind()),
                              line.has_amount() ? absl::StrCat(" ", MoneyText(line.amount())) : "", "]");
      }
      const std::string due =
          line.has_due_date() ? absl::StrCat(In(" [senast ", " [by "), Date(line.due_date()), "]") : "";
      Line("  ", WordOf(language_, "partnerskap.agreements.v1.Clause", line.force()), ": ",
           Text(line.text(), line.text_en()), amount, due,
           line.sources().empty() ? "" : absl::StrCat("  (", absl::StrJoin(line.sources(), "; "), ")"));
    }
  }

  const Language language_;
  std::string out_;
};

}  // namespace

std::string ReportText(Language language, const v1::Report& report) { return Writer(language).Write(report); }

}  // namespace partnerskap::cli
