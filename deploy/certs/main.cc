// partnerskap-certs: the certificates of a deployment, for operators.
#include <iostream>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "deploy/certs/folder.h"

namespace {

using partnerskap::certs::InitOptions;
using partnerskap::certs::IssueOptions;
using partnerskap::certs::Outcome;

constexpr int kFailed = 1;
constexpr int kUsage = 2;

constexpr char kInitExample[] =
    "Example: partnerskap-certs init --state .state --domain partnerskap.internal\n"
    "Repeating it keeps what is valid and renews what ends within 30 days.";
constexpr char kIssueExample[] =
    "Example: partnerskap-certs issue --state .state --name diarium \\\n"
    "           --uri spiffe://partnerskap.internal/org/kommun-0136/sys/diarium\n"
    "Name the URI in the role file too: a certificate without a role may call nothing.";

int Fail(const absl::Status& status) {
  std::cerr << "partnerskap-certs: " << status.message() << "\n";
  return kFailed;
}

void Print(const Outcome& outcome) {
  static constexpr const char* kWords[] = {"created", "renewed", "kept"};
  std::cout << absl::StreamFormat("%-8s %-12s until %s  %s  %s", kWords[static_cast<int>(outcome.action)], outcome.name,
                                  absl::FormatTime("%Y-%m-%d", outcome.not_after, absl::UTCTimeZone()), outcome.uri,
                                  outcome.certificate);
  if (!outcome.why.empty()) std::cout << "  (the former " << outcome.why << ")";
  std::cout << "\n";
}

int RunInit(const InitOptions& options) {
  const auto outcomes = partnerskap::certs::Init(options, absl::Now());
  if (!outcomes.ok()) return Fail(outcomes.status());
  for (const Outcome& outcome : *outcomes) Print(outcome);
  return 0;
}

int RunIssue(const IssueOptions& options) {
  const auto outcome = partnerskap::certs::IssueTo(options, absl::Now());
  if (!outcome.ok()) return Fail(outcome.status());
  Print(*outcome);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Makes and renews the certificates of a deployment: an authority of its own, one certificate with one SPIFFE\n"
      "identity for each service, and one for each client.");
  app.require_subcommand(1);
  InitOptions init;
  init.organization = "operator";
  CLI::App* init_command = app.add_subcommand("init", "Makes what is missing: authority, services, administrator");
  init_command->footer(kInitExample);
  init_command->add_option("--state", init.state, "State folder")->required()->envname("PARTNERSKAP_STATE");
  init_command->add_option("--domain", init.domain, "Trust domain of the identities, spiffe://DOMAIN/...")->required();
  init_command->add_option("--organization", init.organization, "Organization id of the administrator (kommun-0136)")
      ->capture_default_str();
  init_command->add_option("--dns", init.dns_names, "A further host name of the services (repeatable)");
  init_command->add_option("--ip", init.addresses, "A further address of the services (repeatable)");

  IssueOptions issue;
  CLI::App* issue_command = app.add_subcommand("issue", "Issues one more certificate");
  issue_command->footer(kIssueExample);
  issue_command->add_option("--state", issue.state, "State folder")->required()->envname("PARTNERSKAP_STATE");
  issue_command->add_option("--uri", issue.names.uri, "Its identity")->required();
  issue_command->add_option("--name", issue.names.common_name, "Its name, and that of its folder")->required();
  issue_command->add_option("--dns", issue.names.dns_names, "A host name that it serves (repeatable)");
  issue_command->add_option("--ip", issue.names.addresses, "An address that it serves (repeatable)");
  issue_command->add_option("--out", issue.folder, "Folder for the three files (default: STATE/clients/NAME)");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  return *init_command ? RunInit(init) : RunIssue(issue);
}
