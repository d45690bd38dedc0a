#include "cli/commands.h"

#include <iostream>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/macros.h"

namespace partnerskap::cli {
namespace {

constexpr char kFooter[] = R"(
Exempel / Examples:
  partnerskap list networks/partnerskapet/seats
  partnerskap get networks/partnerskapet/seats/uppsala
  partnerskap report --language en
  partnerskap call ComputeTroika '{"network": "networks/partnerskapet", "effective_date": {"year": 2016, "month": 4, "day": 21}}'

Slutkoder / Exit codes: 0 klart, 1 avvisat eller fel, 2 fel användning, 3 nås inte (försök igen), 4 skillnader.
)";

// Where `partnerskap-certs init` puts the administrator's client.
void FillTlsFiles(Session& session) {
  const std::string folder = absl::StrCat(session.state, "/clients/admin/");
  TlsFiles& tls = session.profile.tls;
  if (tls.ca.empty()) tls.ca = folder + "ca.pem";
  if (tls.certificate.empty()) tls.certificate = folder + "cert.pem";
  if (tls.key.empty()) tls.key = folder + "key.pem";
}

void AddSharedFlags(CLI::App& app, Session& session, std::string& language, std::string& output,
                    std::vector<std::string>& targets, double& deadline) {
  app.add_option("--state", session.state, "Mapp med certifikat / folder with certificates ($PARTNERSKAP_STATE)")
      ->envname("PARTNERSKAP_STATE")
      ->capture_default_str();
  app.add_option("--target", targets, "SERVICE=HOST:PORT (membership, agreements, scheduling, peer-review)");
  app.add_option("--ca", session.profile.tls.ca, "PEM, utfärdaren / the authority");
  app.add_option("--cert", session.profile.tls.certificate, "PEM, eget certifikat / own certificate");
  app.add_option("--key", session.profile.tls.key, "PEM, egen nyckel / own key");
  app.add_option("--language", language, "sv, en ($PARTNERSKAP_LANGUAGE)")
      ->envname("PARTNERSKAP_LANGUAGE")
      ->check(CLI::IsMember({"sv", "en"}))
      ->capture_default_str();
  app.add_option("--output", output, "table, json")->check(CLI::IsMember({"table", "json"}))->capture_default_str();
  app.add_option("--deadline", deadline, "Sekunder per anrop / seconds for each call")
      ->check(CLI::Range(0.1, 600.0))
      ->capture_default_str();
}

absl::Status TakeTargets(const std::vector<std::string>& targets, Profile& profile) {
  profile.targets = DefaultTargets();
  for (const std::string& target : targets) {
    const std::vector<std::string> parts = absl::StrSplit(target, absl::MaxSplits('=', 1));
    if (parts.size() != 2 || !profile.targets.contains(parts[0])) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--target ", target,
          ": it is SERVICE=HOST:PORT, and SERVICE one of membership, agreements, scheduling, peer-review"));
    }
    profile.targets[parts[0]] = parts[1];
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Client*> Session::Connected() {
  if (client == nullptr) {
    FillTlsFiles(*this);
    ASSIGN_OR_RETURN(client, Connect(profile));
  }
  return client.get();
}

void Session::Fail(const absl::Status& status) { Fail(status, ExitCodeOf(status)); }

void Session::Fail(const absl::Status& status, int code) {
  std::cerr << ProblemText(language, status);
  exit_code = code;
}

int Run(int argc, char** argv) {
  Session session;
  session.state = ".state";
  std::string language = "sv", output = "table";
  std::vector<std::string> targets;
  double deadline = 10;
  CLI::App app("Partnerskap: kommunernas nätverk på kommandoraden / networks of municipalities on the command line",
               "partnerskap");
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(kFooter);
  AddSharedFlags(app, session, language, output, targets, deadline);
  // Runs after the flags are read and before the command.
  app.parse_complete_callback([&] {
    session.language = language == "sv" ? Language::kSwedish : Language::kEnglish;
    session.json = output == "json";
    session.profile.deadline = absl::Seconds(deadline);
    const absl::Status status = TakeTargets(targets, session.profile);
    if (!status.ok()) throw CLI::ValidationError("--target", std::string(status.message()));
  });
  AddGenericCommands(app, session);
  AddDomainCommands(app, session);
  AddVerbs(app, session, {argv, argv + argc});
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kExitMisused;
  }
  std::cout.flush();
  return session.exit_code;
}

}  // namespace partnerskap::cli
