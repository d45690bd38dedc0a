// A command for each method of the contract: `partnerskap membership create-seat networks/n --seat-id uppsala …`.
#include <algorithm>
#include <iostream>
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/catalog.h"
#include "cli/commands.h"
#include "cli/contract.h"
#include "cli/output.h"
#include "cli/request_fields.h"
#include "common/status/macros.h"

namespace partnerskap::cli {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr const char* kServices[] = {"membership", "agreements", "scheduling", "peer-review"};

// What CLI11 has read. Lives as long as the command line.
struct Verb {
  const MethodDescriptor* method = nullptr;
  std::vector<RequestField> fields;
  FlagValues values;
  std::map<std::string, bool> switches;
};

// A page of a list is a list; the token of the next page goes to people and programs apart from it.
absl::Status PrintAnswer(Session& session, const Message& answer) {
  const google::protobuf::Reflection& reflection = *answer.GetReflection();
  const google::protobuf::FieldDescriptor* items = answer.GetDescriptor()->FindFieldByNumber(1);
  const bool is_page = answer.GetDescriptor()->FindFieldByName("next_page_token") != nullptr;
  if (!is_page || session.json()) return session.Print(answer), absl::OkStatus();
  RETURN_IF_ERROR(CheckListing(session.listing, *items->message_type()));
  Messages messages;
  for (int i = 0; i < reflection.FieldSize(answer, items); ++i) {
    const Message& item = reflection.GetRepeatedMessage(answer, items, i);
    messages.emplace_back(item.New())->CopyFrom(item);
  }
  session.Print(*items->message_type(), std::move(messages));
  const std::string token = Cell(answer, "next_page_token");
  if (!token.empty()) std::cerr << "--page-token " << token << "\n";
  return absl::OkStatus();
}

absl::Status RunVerb(Session& session, Verb& verb) {
  for (const auto& [flag, on] : verb.switches) {
    if (on) verb.values[flag] = {"true"};
  }
  const auto built = RequestOf(*verb.method, verb.values);
  if (!built.ok()) return session.Fail(built.status(), kExitMisused), absl::OkStatus();
  const std::unique_ptr<Message>& request = *built;
  ASSIGN_OR_RETURN(Client * client, session.Connected());
  if (verb.method->server_streaming()) {
    return client->Watch(PathOf(*verb.method), *request, [&](const Message& message) {
      session.Print(message);
      std::cout.flush();
      return true;
    });
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Message> answer, client->Call(PathOf(*verb.method), *request));
  return PrintAnswer(session, *answer);
}

std::string HelpOf(const RequestField& field) {
  std::string help = CommentOf(field.field());
  if (!field.form.empty() && field.form != "TEXT") help = absl::StrCat(field.form, "  ", help);
  return help;
}

void AddField(CLI::App& command, Verb& verb, const RequestField& field) {
  if (field.is_switch) {
    command.add_flag(absl::StrCat("--", field.flag), verb.switches[field.flag], HelpOf(field));
    return;
  }
  CLI::Option* option = command.add_option(field.positional ? field.flag : absl::StrCat("--", field.flag),
                                           verb.values[field.flag], HelpOf(field));
  option->required(field.required);
  option->expected(field.repeated ? -1 : 1);
  option->allow_extra_args(false);
  option->type_name("");
}

void AddVerb(CLI::App& service, Session& session, const MethodDescriptor& method) {
  auto verb = std::make_shared<Verb>();
  verb->method = &method;
  verb->fields = RequestFields(method);
  CLI::App* command = service.add_subcommand(VerbOf(method), FirstSentence(CommentOf(method)));
  command->footer(absl::StrCat("\n", CommentOf(method), "\n\n", PathOf(method).substr(1)));
  for (const RequestField& field : verb->fields) AddField(*command, *verb, field);
  command->callback([&session, verb] {
    const absl::Status status = RunVerb(session, *verb);
    if (!status.ok()) session.Fail(status);
  });
}

}  // namespace

void AddVerbs(CLI::App& app, Session& session, const std::vector<std::string>& arguments) {
  for (const char* name : kServices) {
    CLI::App* service = app.add_subcommand(name, absl::StrCat("Alla metoder i / all methods of ", name));
    service->require_subcommand(1);
    // The commands of a service that is not named cost time and are not needed.
    if (std::find(arguments.begin(), arguments.end(), name) == arguments.end()) continue;
    for (const MethodDescriptor* method : AllMethods()) {
      if (ServiceOf(method->full_name()) == name) AddVerb(*service, session, *method);
    }
  }
}

}  // namespace partnerskap::cli
