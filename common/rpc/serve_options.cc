#include "common/rpc/serve_options.h"

#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/rpc/gate.h"

namespace partnerskap {
namespace {

// The admin port beside the service's.
constexpr int kAdminPortDistance = 10;
// Read handlers that may take long share the machine with the door's two threads.
constexpr int kDefaultWorkers = 2;
constexpr int kMaxWorkers = 64;
constexpr size_t kMaxCallsLimit = 100'000;
// docker and systemd wait at least so long before they kill.
constexpr int kDefaultGraceSeconds = 10;
constexpr int kMaxGraceSeconds = 300;

constexpr char kNoAdmin[] = "off";

// Values as they stand on the command line, before they are judged.
struct Raw {
  std::string log_level = "info";
  int grace_seconds = kDefaultGraceSeconds;
  std::vector<std::string> peers, limits;
};

// NAME=VALUE with neither empty.
CLI::Validator NameAndValue(const std::string& form) {
  return CLI::Validator(
      [form](const std::string& text) {
        const size_t equals = text.find('=');
        const bool good = equals != std::string::npos && equals > 0 && equals + 1 < text.size();
        return good ? std::string() : absl::StrCat("\"", text, "\" is not ", form);
      },
      "");
}

CLI::Validator Limit() {
  return CLI::Validator(
      [](const std::string& text) {
        const auto limit = ParseLimitOverride(text);
        return limit.ok() ? std::string() : std::string(limit.status().message());
      },
      "");
}

CLI::Validator Level() {
  return CLI::Validator(
      [](const std::string& text) {
        const auto level = ParseLogLevel(text);
        return level.ok() ? std::string() : std::string(level.status().message());
      },
      "");
}

// The help shows the range as the value's type, once.
template <typename T>
void SetRange(CLI::Option& option, T low, T high) {
  option.check(CLI::Range(low, high).description(""))->type_name(absl::StrCat(low, "-", high))->capture_default_str();
}

void AddFlags(CLI::App& app, const std::string& name, ServeOptions& options, Raw& raw) {
  // A wrapper's flags may stand before those that change them.
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.add_option("--state", options.state, "The suite's state folder; this service uses its part DIR/" + name)
      ->envname("PARTNERSKAP_STATE")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_option("--listen", options.listen, "Where the service answers, over mTLS; port 0 takes any free one")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app.add_option("--admin", options.admin,
                 "Where /healthz, /readyz and /metrics answer, over plain HTTP to anybody; or off")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app.add_option("--ca", options.tls.ca, "Certificate of the authority (default: DIR/" + name + "/tls/ca.pem)")
      ->type_name("FILE");
  app.add_option("--cert", options.tls.certificate,
                 "Certificate of this service, read again when it changes (default: DIR/" + name + "/tls/cert.pem)")
      ->type_name("FILE");
  app.add_option("--key", options.tls.key, "Its private key (default: DIR/" + name + "/tls/key.pem)")
      ->type_name("FILE");
  app.add_option("--roles", options.roles,
                 "Who may call what, read again when it changes (default: DIR/roles.textproto)")
      ->type_name("FILE");
  app.add_option("--peer", raw.peers,
                 "Where another service answers; repeatable, needed for each that this one follows")
      ->type_name("NAME=HOST:PORT")
      ->take_all()
      ->check(NameAndValue("NAME=HOST:PORT"));
  app.add_option("--limit", raw.limits, "One limit of one role, over the role file's; repeatable")
      ->type_name("ROLE:LIMIT=VALUE")
      ->take_all()
      ->check(Limit());
  SetRange(*app.add_option("--max-calls", options.max_calls,
                           "Calls under way, all callers together; above it they are refused"),
           size_t{1}, kMaxCallsLimit);
  SetRange(*app.add_option("--max-streams", options.max_streams, "Streams open, all callers together"), size_t{1},
           kMaxCallsLimit);
  SetRange(*app.add_option("--workers", options.workers, "Threads for what may take long: plans, exports"), 1,
           kMaxWorkers);
  app.add_option("--log-level", raw.log_level, "debug, info, warning or error; lines go to standard error as JSON")
      ->type_name("LEVEL")
      ->check(Level())
      ->capture_default_str();
  SetRange(*app.add_option("--grace", raw.grace_seconds,
                           "Seconds within which SIGTERM ends the process; what was accepted is answered"),
           1, kMaxGraceSeconds);
}

void FillIn(ServeOptions& options, const Raw& raw, const std::string& name) {
  const auto set_default = [](std::string& value, std::string otherwise) {
    if (value.empty()) value = std::move(otherwise);
  };
  options.folder = absl::StrCat(options.state, "/", name);
  set_default(options.tls.ca, absl::StrCat(options.folder, "/tls/ca.pem"));
  set_default(options.tls.certificate, absl::StrCat(options.folder, "/tls/cert.pem"));
  set_default(options.tls.key, absl::StrCat(options.folder, "/tls/key.pem"));
  set_default(options.roles, absl::StrCat(options.state, "/roles.textproto"));
  if (options.admin == kNoAdmin) options.admin.clear();
  for (const std::string& peer : raw.peers) {
    const size_t equals = peer.find('=');
    options.peers[peer.substr(0, equals)] = peer.substr(equals + 1);
  }
  // Judged by the flags' checks.
  for (const std::string& limit : raw.limits) options.limits.push_back(*ParseLimitOverride(limit));
  options.log_level = *ParseLogLevel(raw.log_level);
  options.grace = absl::Seconds(raw.grace_seconds);
}

}  // namespace

std::string ProgramName(const ServiceDefinition& service) {
  return absl::StrCat("partnerskap-", absl::StrReplaceAll(service.name, {{"_", "-"}}));
}

std::variant<ServeOptions, int> ParseServeFlags(const ServiceDefinition& service, int argc, const char* const* argv) {
  ServeOptions options;
  Raw raw;
  const GateOptions defaults;
  options.state = ".state";
  options.listen = absl::StrCat("127.0.0.1:", service.default_port);
  options.admin = absl::StrCat("127.0.0.1:", service.default_port + kAdminPortDistance);
  options.max_calls = defaults.max_calls;
  options.max_streams = defaults.max_streams;
  options.workers = kDefaultWorkers;

  const std::string program = ProgramName(service);
  CLI::App app(absl::StrCat(program, ", one service of the suite. Ready when it says so on standard output:\n",
                            "  ready ", service.name, " ", options.listen, " admin ", options.admin),
               program);
  app.footer(
      "SIGTERM or SIGINT stop it within the grace; a second one at once.\n"
      "Exit codes: 0 stopped, 1 configuration, 2 usage, 74 the disk failed.");
  app.set_version_flag("--version", absl::StrCat(program, " " PARTNERSKAP_VERSION));
  AddFlags(app, service.name, options, raw);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kExitUsage;
  }
  FillIn(options, raw, service.name);
  return options;
}

absl::Status CheckServeOptions(const ServiceDefinition& service, const ServeOptions& options) {
  for (const Subscription& subscription : service.subscriptions) {
    if (options.peers.count(subscription.producer) > 0) continue;
    return absl::InvalidArgumentError(absl::StrCat("--peer: ", service.name, " follows ", subscription.producer,
                                                   "; add --peer ", subscription.producer, "=HOST:PORT"));
  }
  return absl::OkStatus();
}

}  // namespace partnerskap
