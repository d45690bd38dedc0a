// `partnerskap`: one function per command. Each prints what it has on stdout, what is wrong on stderr, and returns the
// exit code (problem.h).
#ifndef PARTNERSKAP_CLI_COMMANDS_H_
#define PARTNERSKAP_CLI_COMMANDS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/client.h"
#include "cli/language.h"
#include "cli/listing.h"
#include "cli/problem.h"

namespace CLI {
class App;
}  // namespace CLI

namespace partnerskap::cli {

// What every command shares: flags, and the connection, which is made when first used.
struct Session {
  Profile profile;
  std::string state;  // folder with certificates
  Language language = Language::kSwedish;
  Listing listing;
  std::unique_ptr<Client> client;
  int exit_code = 0;

  bool json() const { return listing.format == Format::kJson; }

  absl::StatusOr<Client*> Connected();
  // Prints a message or a list in the format that was asked for.
  void Print(const google::protobuf::Message& message);
  void Print(const google::protobuf::Descriptor& type, Messages messages);
  // Prints the problem; sets the exit code.
  void Fail(const absl::Status& status);
  void Fail(const absl::Status& status, int exit_code);
};

// get, list, call, methods, watch, apply, load-register, audit verify.
void AddGenericCommands(CLI::App& app, Session& session);
// report, troika, timetable, ledger, adoptions, plan-reviews.
void AddDomainCommands(CLI::App& app, Session& session);
// A command for each service and in it one for each method: `membership create-seat`. `arguments` are the command
// line's: only the services that it names get theirs.
void AddVerbs(CLI::App& app, Session& session, const std::vector<std::string>& arguments);

// The whole command line. Exit codes in problem.h.
int Run(int argc, char** argv);

}  // namespace partnerskap::cli

#endif  // PARTNERSKAP_CLI_COMMANDS_H_
