#include <algorithm>
#include <fstream>
#include <iostream>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/report.h"
#include "common/ids/ids.h"
#include "common/status/macros.h"
#include "common/time/partial_date.h"
#include "partnerskap/agreements/v1/service.pb.h"
#include "partnerskap/peerreview/v1/service.pb.h"
#include "partnerskap/scheduling/v1/service.pb.h"

namespace partnerskap::cli {
namespace {

namespace agr = agreements::v1;
namespace rev = peerreview::v1;
namespace sch = scheduling::v1;

constexpr char kDefaultNetwork[] = "networks/partnerskapet";
constexpr int kPageSize = 1000;

// `--date 2019-12-31`; empty: today, which the server knows.
absl::Status TakeDate(const std::string& text, google::type::Date* date) {
  if (text.empty()) return absl::OkStatus();
  const auto parsed = DateFromText(text);
  if (!parsed.ok() || !FullDay(*parsed))
    return absl::InvalidArgumentError(absl::StrCat("--date ", text, ": it is YYYY-MM-DD"));
  *date = *parsed;
  return absl::OkStatus();
}

std::string Id(const std::string& name) { return std::string(LastSegment(name)); }
std::string IdOr(const std::string& name, const char* unknown) { return name.empty() ? unknown : Id(name); }

absl::Status Report(Session& session, const std::string& questions_file, const std::string& json_file) {
  ASSIGN_OR_RETURN(const v1::ReportQuestions questions, ReadQuestions(questions_file));
  ASSIGN_OR_RETURN(Client * client, session.Connected());
  ASSIGN_OR_RETURN(const v1::Report report, BuildReport(*client, questions));
  if (session.listing.format != Format::kTable) return session.Print(report), absl::OkStatus();
  std::cout << ReportText(session.language, report);
  if (!json_file.empty()) {
    std::ofstream file(json_file);
    file << Json(report);
    if (!file.flush()) return absl::UnknownError(absl::StrCat("--json ", json_file, " cannot be written"));
  }
  return absl::OkStatus();
}

absl::Status Troika(Session& session, const std::string& network, const std::string& date, const std::string& meeting) {
  sch::ComputeTroikaRequest request;
  request.set_network(network);
  if (meeting.empty()) {
    RETURN_IF_ERROR(TakeDate(date, request.mutable_effective_date()));
    if (date.empty()) request.clear_effective_date();
  }
  request.set_meeting(meeting);
  ASSIGN_OR_RETURN(Client * client, session.Connected());
  ASSIGN_OR_RETURN(const auto troika,
                   CallTo<sch::Troika>(*client, "partnerskap.scheduling.v1.SchedulingService/ComputeTroika", request));
  if (session.listing.format != Format::kTable) return session.Print(troika), absl::OkStatus();
  const char* unknown = In(session.language, "okänt", "unknown");
  const auto row = [&](const char* role, const sch::TroikaMember& member) {
    return std::vector<std::string>{role, IdOr(member.seat(), unknown), IdOr(member.meeting(), unknown),
                                    DateText(member.first_date(), unknown),
                                    Word(session.language, member.confirmation())};
  };
  std::cout << Table({In(session.language, "roll", "role"), In(session.language, "plats", "seat"),
                      In(session.language, "möte", "meeting"), In(session.language, "tid", "time"),
                      In(session.language, "säkerhet", "certainty")},
                     {row(In(session.language, "föregående värd", "outgoing"), troika.outgoing()),
                      row(In(session.language, "värd, leder", "lead"), troika.lead()),
                      row(In(session.language, "kommande värd", "incoming"), troika.incoming())});
  if (!troika.proposed_incoming_seat().empty()) {
    std::cout << In(session.language, "Föreslagen kommande värd: ", "Proposed incoming host: ")
              << Id(troika.proposed_incoming_seat()) << "\n";
  }
  return absl::OkStatus();
}

absl::Status Timetable(Session& session, const std::string& network, int first_year, int last_year) {
  sch::ComputeTimetableRequest request;
  request.set_network(network);
  request.set_first_year(first_year);
  request.set_last_year(std::max(first_year, last_year));
  ASSIGN_OR_RETURN(Client * client, session.Connected());
  ASSIGN_OR_RETURN(const auto answer,
                   CallTo<sch::ComputeTimetableResponse>(
                       *client, "partnerskap.scheduling.v1.SchedulingService/ComputeTimetable", request));
  if (session.listing.format != Format::kTable) return session.Print(answer), absl::OkStatus();
  const char* unknown = In(session.language, "okänt", "unknown");
  std::vector<std::vector<std::string>> rows;
  for (const sch::TimetableRow& row : answer.rows()) {
    const bool joint = row.kind() == sch::Meeting::JOINT;
    rows.push_back({DateText(row.first_date(), unknown), row.has_last_date() ? DateText(row.last_date(), "") : "",
                    Word(session.language, row.kind()), joint ? IdOr(row.host(), unknown) : IdOr(row.host(), ""),
                    Word(session.language, row.confirmation()),
                    joint ? absl::StrCat(IdOr(row.troika().outgoing().seat(), unknown), " / ",
                                         IdOr(row.troika().lead().seat(), unknown), " / ",
                                         IdOr(row.troika().incoming().seat(), unknown))
                          : ""});
  }
  std::cout << Table({In(session.language, "första dag", "first day"), In(session.language, "sista dag", "last day"),
                      In(session.language, "möte", "meeting"), In(session.language, "värd", "host"),
                      In(session.language, "säkerhet", "certainty"), In(session.language, "trepart", "troika")},
                     rows);
  for (const sch::Note& note : answer.notes())
    std::cout << "- " << (session.language == Language::kSwedish ? note.sv() : note.en()) << "\n";
  return absl::OkStatus();
}

absl::Status Ledger(Session& session, const std::string& network, const std::string& date) {
  sch::ProposeNextHostRequest request;
  request.set_network(network);
  if (!date.empty()) RETURN_IF_ERROR(TakeDate(date, request.mutable_effective_date()));
  ASSIGN_OR_RETURN(Client * client, session.Connected());
  ASSIGN_OR_RETURN(
      const auto proposal,
      CallTo<sch::HostProposal>(*client, "partnerskap.scheduling.v1.SchedulingService/ProposeNextHost", request));
  if (session.listing.format != Format::kTable) return session.Print(proposal), absl::OkStatus();
  std::vector<std::vector<std::string>> rows;
  for (const sch::LedgerRow& row : proposal.candidates()) {
    std::vector<std::string> meetings;
    for (const sch::Hosting& hosting : row.hostings()) meetings.push_back(Id(hosting.meeting()));
    rows.push_back({absl::StrCat(row.rank()), Id(row.seat()), absl::StrCat(row.hosting_count()),
                    absl::StrCat(row.idle_meeting_count()), absl::StrJoin(meetings, ", ")});
  }
  std::cout << Table(
                   {In(session.language, "tur", "turn"), In(session.language, "plats", "seat"),
                    In(session.language, "värdskap", "hosted"),
                    In(session.language, "möten sedan dess", "meetings since"), In(session.language, "vilka", "which")},
                   rows)
            << In(session.language, "Nästa värd: ", "Next host: ")
            << IdOr(proposal.seat(), In(session.language, "ingen", "nobody")) << ". "
            << (session.language == Language::kSwedish ? proposal.reason_sv() : proposal.reason_en()) << "\n";
  return absl::OkStatus();
}

absl::Status Adoptions(Session& session, const std::string& agreement, const std::string& date) {
  agr::ListAdoptionStandingsRequest request;
  request.set_parent(agreement);
  request.set_page_size(kPageSize);
  if (!date.empty()) RETURN_IF_ERROR(TakeDate(date, request.mutable_effective_date()));
  ASSIGN_OR_RETURN(Client * client, session.Connected());
  ASSIGN_OR_RETURN(const auto answer,
                   CallTo<agr::ListAdoptionStandingsResponse>(
                       *client, "partnerskap.agreements.v1.AgreementsService/ListAdoptionStandings", request));
  if (session.listing.format != Format::kTable) return session.Print(answer), absl::OkStatus();
  const char* unknown = In(session.language, "okänt", "unknown");
  std::vector<std::vector<std::string>> rows;
  for (const agr::AdoptionStanding& standing : answer.adoption_standings()) {
    std::vector<std::string> marks;
    for (int mark : standing.marks())
      marks.push_back(Word(session.language, static_cast<agr::AdoptionStanding::Mark>(mark)));
    rows.push_back({Id(standing.seat()), standing.state() == 0 ? unknown : Word(session.language, standing.state()),
                    standing.outcome() == 0 ? "" : Word(session.language, standing.outcome()),
                    DateText(standing.bound_date(), ""), DateText(standing.final_date(), ""),
                    absl::StrJoin(marks, ", ")});
  }
  std::cout << Table({In(session.language, "plats", "seat"), In(session.language, "läge", "state"),
                      In(session.language, "beslut", "outcome"), In(session.language, "bunden från", "bound from"),
                      In(session.language, "laga kraft", "final"), In(session.language, "anmärkning", "marks")},
                     rows)
            << answer.bound_seat_count() << In(session.language, " bundna, ", " bound, ") << answer.active_seat_count()
            << In(session.language, " aktiva, ", " active, ") << answer.unknown_seat_count()
            << In(session.language, " okända av ", " unknown of ") << answer.seat_count() << "\n";
  return absl::OkStatus();
}

absl::Status PlanReviews(Session& session, const std::string& network, int k, const std::vector<std::string>& seats) {
  rev::PlanReviewsRequest request;
  request.set_network(network);
  request.mutable_rules()->set_reviews_per_seat(k);
  for (const std::string& seat : seats) request.mutable_rules()->add_seats(absl::StrCat(network, "/seats/", seat));
  ASSIGN_OR_RETURN(Client * client, session.Connected());
  ASSIGN_OR_RETURN(const auto plan, CallTo<rev::PlanReviewsResponse>(
                                        *client, "partnerskap.peerreview.v1.PeerReviewService/PlanReviews", request));
  if (session.listing.format != Format::kTable) return session.Print(plan), absl::OkStatus();
  std::vector<std::vector<std::string>> rows;
  for (const rev::ReviewPair& pair : plan.pairs()) {
    if (rows.empty() || rows.back()[0] != Id(pair.reviewed()))
      rows.push_back({Id(pair.reviewed()), Id(pair.reviewer())});
    else
      absl::StrAppend(&rows.back()[1], ", ", Id(pair.reviewer()));
  }
  std::cout << Table({In(session.language, "granskas", "is reviewed"), In(session.language, "av", "by")}, rows);
  std::cout << plan.available_pairs() << In(session.language, " par finns, ", " pairs available, ")
            << plan.needed_pairs() << In(session.language, " behövs.\n", " needed.\n");
  if (plan.has_obstacle()) {
    std::cout << (session.language == Language::kSwedish ? plan.obstacle().reason_sv() : plan.obstacle().reason_en())
              << "\n";
    session.exit_code = kExitFailed;
  } else if (plan.undecided()) {
    std::cout << In(session.language, "Ingen plan hittades inom gränsen; det kan finnas en.\n",
                    "No plan was found within the limit; there may be one.\n");
    session.exit_code = kExitFailed;
  }
  return absl::OkStatus();
}

// Empty, or what is wrong: a wrong day is a misuse, and no service has to be asked.
std::string DayProblem(const std::string& text) {
  google::type::Date date;
  return std::string(TakeDate(text, &date).message());
}

// What the flags of these commands are read into; lives as long as the command line.
struct Flags {
  std::string network = kDefaultNetwork, date, meeting, agreement, questions = "examples/questions/report.textproto",
              json_file;
  int first_year = 2016, last_year = 0, k = 3;
  std::vector<std::string> seats;
};

CLI::App* Add(CLI::App& app, const char* name, const char* help, const char* example) {
  CLI::App* command = app.add_subcommand(name, help);
  command->footer(absl::StrCat("Exempel / Example: ", example));
  return command;
}

}  // namespace

void AddDomainCommands(CLI::App& app, Session& session) {
  auto flags = std::make_shared<Flags>();
  const auto run = [&session](const absl::Status& status) {
    if (!status.ok()) session.Fail(status);
  };
  const auto network = [flags](CLI::App* command) {
    command->add_option("--network", flags->network, "networks/…")->capture_default_str();
  };
  const auto date = [flags](CLI::App* command) {
    command->add_option("--date", flags->date, "YYYY-MM-DD (idag / today)")->check(CLI::Validator(&DayProblem, ""));
  };

  CLI::App* report = Add(app, "report", "Huvudrapporten / the main report", "partnerskap report --language en");
  report->add_option("--questions", flags->questions, "cli/report.proto, ReportQuestions")->capture_default_str();
  report->add_option("--json", flags->json_file, "Skriv även som JSON / write as JSON too");
  report->callback([&session, flags, run] { run(Report(session, flags->questions, flags->json_file)); });

  CLI::App* troika = Add(app, "troika", "Trepartssystemet / the troika", "partnerskap troika --date 2016-04-21");
  network(troika);
  date(troika);
  troika->add_option("--meeting", flags->meeting, "networks/…/meetings/…")->excludes("--date");
  troika->callback([&session, flags, run] { run(Troika(session, flags->network, flags->date, flags->meeting)); });

  CLI::App* timetable = Add(app, "timetable", "Tidplanen / the timetable", "partnerskap timetable 2016 2019");
  network(timetable);
  timetable->add_option("first-year", flags->first_year, "Första året / first year")->required();
  timetable->add_option("last-year", flags->last_year, "Sista året / last year");
  timetable->callback(
      [&session, flags, run] { run(Timetable(session, flags->network, flags->first_year, flags->last_year)); });

  CLI::App* ledger =
      Add(app, "ledger", "Värdskapsliggaren / the ledger of hosting", "partnerskap ledger --date 2019-12-31");
  network(ledger);
  date(ledger);
  ledger->callback([&session, flags, run] { run(Ledger(session, flags->network, flags->date)); });

  CLI::App* adoptions = Add(app, "adoptions", "Antaganden av en överenskommelse / adoptions of an agreement",
                            "partnerskap adoptions networks/partnerskapet/agreements/2020-2021 --date 2021-12-31");
  adoptions->add_option("agreement", flags->agreement, "networks/…/agreements/…")->required();
  date(adoptions);
  adoptions->callback([&session, flags, run] { run(Adoptions(session, flags->agreement, flags->date)); });

  CLI::App* plan = Add(app, "plan-reviews", "Vem granskar vem / who reviews whom", "partnerskap plan-reviews -k 3");
  network(plan);
  plan->add_option("-k,--reviews-per-seat", flags->k, "k")->capture_default_str();
  plan->add_option("--seats", flags->seats,
                   "Platsernas id i värdordning / ids in the order of hosts (nätverkets / the network's)");
  plan->callback([&session, flags, run] { run(PlanReviews(session, flags->network, flags->k, flags->seats)); });
}

}  // namespace partnerskap::cli
