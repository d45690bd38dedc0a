#include "cli/commands.h"

#include <cstdlib>
#include <iostream>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/completion.h"
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

// `kommun` -> `~/.config/partnerskap/kommun.toml`; a path stays one.
std::string ProfilePath(const std::string& name) {
  if (name.empty() || absl::StrContains(name, '/')) return name;
  const char* config = std::getenv("XDG_CONFIG_HOME");
  const char* home = std::getenv("HOME");
  const std::string folder = config != nullptr ? config : absl::StrCat(home == nullptr ? "" : home, "/.config");
  return absl::StrCat(folder, "/partnerskap/", name, ".toml");
}

void AddProfile(CLI::App& app) {
  // A profile holds shared flags by name, `state = "/srv/kommun"`; what is given on the command line counts more.
  app.set_config("--profile", "", "Fil med flaggor / file with flags: NAME in ~/.config/partnerskap, or a path")
      ->envname("PARTNERSKAP_PROFILE")
      ->transform(ProfilePath);
  app.allow_config_extras(CLI::config_extras_mode::error);
}

void AddCompletion(CLI::App& app, Session& session) {
  auto shell = std::make_shared<std::string>();
  CLI::App* completion = app.add_subcommand("completion", "Komplettering i skalet / shell completion");
  completion->footer(
      "Exempel / Example: partnerskap completion bash > ~/.local/share/bash-completion/completions/partnerskap");
  completion->add_option("shell", *shell, "bash, zsh, fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->callback([&session, shell] {
    const auto script = CompletionScript(*shell);
    if (!script.ok()) return session.Fail(script.status());
    std::cout << *script;
  });
}

void AddSharedFlags(CLI::App& app, Session& session, std::string& language, std::string& output, std::string& edge,
                    std::vector<std::string>& targets, double& deadline) {
  app.add_option("--state", session.state, "Mapp med certifikat / folder with certificates ($PARTNERSKAP_STATE)")
      ->envname("PARTNERSKAP_STATE")
      ->capture_default_str();
  app.add_option("--edge", edge,
                 "HOST:PORT, alla tjänster bakom en adress / all services behind one ($PARTNERSKAP_EDGE)")
      ->envname("PARTNERSKAP_EDGE");
  app.add_option("--target", targets, "SERVICE=HOST:PORT (membership, agreements, scheduling, peer-review)");
  app.add_option("--ca", session.profile.tls.ca, "PEM, utfärdaren / the authority");
  app.add_option("--cert", session.profile.tls.certificate, "PEM, eget certifikat / own certificate");
  app.add_option("--key", session.profile.tls.key, "PEM, egen nyckel / own key");
  app.add_option("--language", language, "sv, en ($PARTNERSKAP_LANGUAGE)")
      ->envname("PARTNERSKAP_LANGUAGE")
      ->check(CLI::IsMember({"sv", "en"}))
      ->capture_default_str();
  app.add_option("--output", output, "table, json, csv, yaml")
      ->check(CLI::IsMember({"table", "json", "csv", "yaml"}))
      ->capture_default_str();
  app.add_option("--columns", session.listing.columns, "Kolumner i listor / columns of lists: display_name,kind")
      ->delimiter(',');
  app.add_option("--sort", session.listing.sort, "Sortera listor / sort lists: join_date, -join_date");
  app.add_option("--deadline", deadline, "Sekunder per anrop / seconds for each call")
      ->check(CLI::Range(0.1, 600.0))
      ->capture_default_str();
}

// A target stands over the edge, which stands over the ports on loopback.
absl::Status TakeTargets(const std::string& edge, const std::vector<std::string>& targets, Profile& profile) {
  profile.targets = DefaultTargets();
  if (!edge.empty()) {
    for (auto& [service, target] : profile.targets) target = edge;
  }
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

void Session::Print(const google::protobuf::Message& message) { std::cout << MessageText(listing, message); }

void Session::Print(const google::protobuf::Descriptor& type, Messages messages) {
  std::cout << ListText(listing, type, std::move(messages));
}

void Session::Fail(const absl::Status& status) { Fail(status, ExitCodeOf(status)); }

void Session::Fail(const absl::Status& status, int code) {
  std::cerr << ProblemText(language, status);
  exit_code = code;
}

int Run(int argc, char** argv) {
  // What gRPC would write beside our own words; GRPC_VERBOSITY=ERROR shows it.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  Session session;
  session.state = ".state";
  std::string language = "sv", output = "table", edge;
  std::vector<std::string> targets;
  double deadline = 10;
  CLI::App app("Partnerskap: kommunernas nätverk på kommandoraden / networks of municipalities on the command line",
               "partnerskap");
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(kFooter);
  app.set_version_flag("--version", absl::StrCat("partnerskap ", PARTNERSKAP_VERSION));
  AddProfile(app);
  AddSharedFlags(app, session, language, output, edge, targets, deadline);
  // Runs after the flags are read and before the command.
  app.parse_complete_callback([&] {
    session.language = language == "sv" ? Language::kSwedish : Language::kEnglish;
    session.listing.language = session.language;
    session.listing.format = *FormatFromText(output);
    session.profile.deadline = absl::Seconds(deadline);
    const absl::Status status = TakeTargets(edge, targets, session.profile);
    if (!status.ok()) throw CLI::ValidationError("--target", std::string(status.message()));
  });
  AddGenericCommands(app, session);
  AddDomainCommands(app, session);
  AddVerbs(app, session, {argv, argv + argc});
  AddCompletion(app, session);
  if (argc > 1 && absl::string_view(argv[1]) == kCompleteCommand) {
    for (const std::string& word : Completions(app, {argv + 2, argv + argc})) std::cout << word << "\n";
    return 0;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kExitMisused;
  }
  std::cout.flush();
  return session.exit_code;
}

}  // namespace partnerskap::cli
