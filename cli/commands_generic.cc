#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/apply.h"
#include "cli/catalog.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/register.h"
#include "common/audit/audit.h"
#include "common/audit/audit_file.h"
#include "common/ids/ids.h"
#include "common/status/macros.h"
#include "google/protobuf/util/json_util.h"
#include "partnerskap/common/v1/audit.pb.h"
#include "partnerskap/common/v1/feed.pb.h"

namespace partnerskap::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// One page of a list: the server's largest.
constexpr int kPageSize = 1000;

void SetString(Message& message, const char* field, const std::string& value) {
  message.GetReflection()->SetString(&message, message.GetDescriptor()->FindFieldByName(field), value);
}

absl::Status Get(Session& session, const std::string& name) {
  const auto found = TypeOfName(name);
  if (!found.ok()) return session.Fail(found.status(), kExitMisused), absl::OkStatus();
  const ResourceType* type = *found;
  ASSIGN_OR_RETURN(Client * client, session.Connected());
  const std::unique_ptr<Message> request = NewMessage(*type->get->input_type());
  SetString(*request, "name", name);
  ASSIGN_OR_RETURN(const std::unique_ptr<Message> resource, client->Call(PathOf(*type->get), *request));
  session.Print(*resource);
  return absl::OkStatus();
}

// Every page; the resources are field 1 of each.
absl::Status List(Session& session, const std::string& path) {
  const auto found = CollectionOf(path);
  if (!found.ok()) return session.Fail(found.status(), kExitMisused), absl::OkStatus();
  const Collection& collection = *found;
  const google::protobuf::Descriptor& type = *collection.type->message;
  if (const absl::Status status = CheckListing(session.listing, type); !status.ok()) {
    return session.Fail(status, kExitMisused), absl::OkStatus();
  }
  ASSIGN_OR_RETURN(Client * client, session.Connected());
  const std::unique_ptr<Message> request = NewMessage(*collection.type->list->input_type());
  if (!collection.parent.empty()) SetString(*request, "parent", collection.parent);
  request->GetReflection()->SetInt32(request.get(), request->GetDescriptor()->FindFieldByName("page_size"), kPageSize);
  Messages messages;
  while (true) {
    ASSIGN_OR_RETURN(const std::unique_ptr<Message> page, client->Call(PathOf(*collection.type->list), *request));
    const FieldDescriptor* items = page->GetDescriptor()->FindFieldByNumber(1);
    for (int i = 0; i < page->GetReflection()->FieldSize(*page, items); ++i) {
      const Message& item = page->GetReflection()->GetRepeatedMessage(*page, items, i);
      messages.emplace_back(item.New())->CopyFrom(item);
    }
    const std::string token = Cell(*page, "next_page_token");
    if (token.empty()) break;
    SetString(*request, "page_token", token);
  }
  session.Print(type, std::move(messages));
  return absl::OkStatus();
}

absl::Status CallMethod(Session& session, const std::string& method, const std::string& json) {
  ASSIGN_OR_RETURN(const auto* descriptor, FindMethod(method));
  const std::unique_ptr<Message> request = NewMessage(*descriptor->input_type());
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, request.get());
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the JSON is no ", descriptor->input_type()->full_name(), ": ", std::string(parsed.message())));
  }
  ASSIGN_OR_RETURN(Client * client, session.Connected());
  ASSIGN_OR_RETURN(const std::unique_ptr<Message> answer, client->Call(PathOf(*descriptor), *request));
  std::cout << Json(*answer);
  return absl::OkStatus();
}

const char* Sign(Step::Action action) {
  switch (action) {
    case Step::Action::kCreate:
      return "+";
    case Step::Action::kUpdate:
      return "~";
    case Step::Action::kDiffers:
      return "!";
    case Step::Action::kUnchanged:
      break;
  }
  return "=";
}

// Progress goes to a terminal only.
void ShowProgress(const char* what, size_t done, size_t all) {
  if (!isatty(STDERR_FILENO)) return;
  std::fprintf(stderr, "\r%s %zu/%zu%s", what, done, all, done == all ? "\n" : "");
}

absl::Status ApplyFile(Session& session, const v1::NetworkFile& file, bool dry_run, const std::string& title) {
  ASSIGN_OR_RETURN(Client * client, session.Connected());
  size_t created = 0, updated = 0, unchanged = 0, differs = 0, done = 0;
  ASSIGN_OR_RETURN(const std::vector<Step> steps, Plan(*client, file, [&](size_t i, size_t all) {
                     ShowProgress(In(session.language, "läser", "reading"), i, all);
                   }));
  for (const Step& step : steps) {
    const bool quiet = step.action == Step::Action::kUnchanged;
    if (!quiet && (dry_run || step.action == Step::Action::kDiffers)) {
      std::cout << Sign(step.action) << " " << step.name;
      if (!step.fields.empty() && step.action != Step::Action::kCreate)
        std::cout << ": " << absl::StrJoin(step.fields, ", ");
      std::cout << "\n";
    }
    created += step.action == Step::Action::kCreate;
    updated += step.action == Step::Action::kUpdate;
    unchanged += step.action == Step::Action::kUnchanged;
    differs += step.action == Step::Action::kDiffers;
    if (dry_run || step.method.empty()) continue;
    if (absl::Status status = CarryOut(*client, step); !status.ok()) {
      std::cerr << step.name << "\n";
      return status;
    }
    ShowProgress(In(session.language, "skriver", "writing"), ++done, steps.size());
  }
  std::cout << title << ": " << created
            << In(session.language, dry_run ? " skulle skapas, " : " skapade, ",
                  dry_run ? " would be created, " : " created, ")
            << updated
            << In(session.language, dry_run ? " skulle ändras, " : " ändrade, ",
                  dry_run ? " would be updated, " : " updated, ")
            << unchanged << In(session.language, " oförändrade, ", " unchanged, ") << differs
            << In(session.language, " skiljer sig och skrivs inte över.\n", " differ and are not overwritten.\n");
  if (differs > 0) session.exit_code = kExitDiffers;
  return absl::OkStatus();
}

absl::Status Watch(Session& session, const std::string& service, const std::string& network, const std::string& token,
                   int count) {
  std::string feed;
  for (const auto* method : AllMethods()) {
    if (method->name() == "WatchChanges" && ServiceOf(method->full_name()) == service) feed = PathOf(*method);
  }
  if (feed.empty())
    return absl::InvalidArgumentError(
        absl::StrCat("there is no service ", service, "; there are membership, agreements, scheduling, peer-review"));
  ASSIGN_OR_RETURN(Client * client, session.Connected());
  common::v1::WatchChangesRequest request;
  request.set_network(network);
  request.set_resume_token(token);
  int left = count;
  return client->Watch(feed, request, [&](const Message& message) {
    const auto& response = static_cast<const common::v1::WatchChangesResponse&>(message);
    if (session.listing.format != Format::kTable) session.Print(response);
    for (const common::v1::Change& change : response.changes()) {
      if (session.listing.format == Format::kTable)
        std::cout << change.sequence() << "  " << change.type() << "  " << change.name() << "\n";
      if (count > 0 && --left <= 0) return false;
    }
    std::cout.flush();
    return true;
  });
}

// The head of a chain, for people: its length and its last hash, which somebody may keep.
void PrintHead(Session& session, const std::string& what, const ChainVerifier& verifier) {
  std::cout << what << ": " << verifier.sequence()
            << In(session.language, " rader, kedjan är hel; huvud ", " rows, the chain is whole; head ")
            << absl::BytesToHexString(verifier.hash()) << "\n";
}

absl::Status VerifyService(Session& session, const std::string& service) {
  std::string path;
  for (const auto* method : AllMethods()) {
    if (method->name() == "ListAuditEntries" && ServiceOf(method->full_name()) == service) path = PathOf(*method);
  }
  ASSIGN_OR_RETURN(Client * client, session.Connected());
  ChainVerifier verifier;
  common::v1::ListAuditEntriesRequest request;
  request.set_page_size(kPageSize);
  do {
    ASSIGN_OR_RETURN(const auto page, CallTo<common::v1::ListAuditEntriesResponse>(*client, path, request));
    for (const common::v1::AuditEntry& entry : page.audit_entries()) RETURN_IF_ERROR(verifier.Add(entry));
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  PrintHead(session, service, verifier);
  return absl::OkStatus();
}

absl::Status AuditVerify(Session& session, const std::vector<std::string>& services, const std::string& file) {
  if (!file.empty()) {
    ChainVerifier verifier;
    RETURN_IF_ERROR(VerifyAuditFile(file, verifier));
    PrintHead(session, file, verifier);
    return absl::OkStatus();
  }
  for (const std::string& service : services) RETURN_IF_ERROR(VerifyService(session, service));
  return absl::OkStatus();
}

void AddAudit(CLI::App& app, Session& session) {
  CLI::App* audit = app.add_subcommand("audit", "Granskningsloggen / the audit chain");
  audit->require_subcommand(1);
  CLI::App* verify = audit->add_subcommand("verify", "Räknar om kedjan / computes the chain anew");
  verify->footer(
      "Exempel / Example: partnerskap audit verify membership\n                   partnerskap audit verify --file "
      "copy-of-store.db");
  auto services = std::make_shared<std::vector<std::string>>();
  auto file = std::make_shared<std::string>();
  verify->add_option("service", *services, "membership, agreements, scheduling, peer-review (alla / all)");
  verify->add_option("--file", *file,
                     "En kopia av en databas, aldrig en som är i drift / a copy of a store, never a live one");
  verify->callback([&session, services, file] {
    if (services->empty()) *services = {"membership", "agreements", "scheduling", "peer-review"};
    const absl::Status status = AuditVerify(session, *services, *file);
    if (!status.ok()) session.Fail(status, absl::IsDataLoss(status) ? kExitDiffers : ExitCodeOf(status));
  });
}

void AddApply(CLI::App& app, Session& session) {
  auto file = std::make_shared<std::string>();
  auto dry_run = std::make_shared<bool>(false);
  CLI::App* apply = app.add_subcommand("apply", "Läser in ett nätverk från fil / loads a network from a file");
  apply->footer(
      "Exempel / Example: partnerskap apply examples/01-partnerskapet.textproto --dry-run\n\n+ skapas / created   ~ "
      "ändras / updated   ! skiljer sig, skrivs inte över / differs, not overwritten");
  apply->add_option("file", *file, "protobuf text format, cli/network_file.proto")->required();
  apply->add_flag("--dry-run", *dry_run, "Visa bara vad som skulle ändras / only show what would change");
  apply->callback([&session, file, dry_run] {
    const auto network = ReadNetworkFile(*file);
    const absl::Status status = network.ok() ? ApplyFile(session, *network, *dry_run, *file) : network.status();
    if (!status.ok()) session.Fail(status);
  });
  auto folder = std::make_shared<std::string>("services/membership/data");
  CLI::App* load = app.add_subcommand("load-register",
                                      "Läser in 290 kommuner och 21 län / loads 290 municipalities and 21 counties");
  load->footer("Exempel / Example: partnerskap load-register services/membership/data");
  load->add_option("folder", *folder, "municipalities.csv, counties.csv")->capture_default_str();
  load->add_flag("--dry-run", *dry_run, "Visa bara vad som skulle ändras / only show what would change");
  load->callback([&session, folder, dry_run] {
    const auto register_file = ReadRegister(*folder);
    const absl::Status status =
        register_file.ok() ? ApplyFile(session, *register_file, *dry_run, *folder) : register_file.status();
    if (!status.ok()) session.Fail(status);
  });
}

void AddWatch(CLI::App& app, Session& session) {
  auto service = std::make_shared<std::string>();
  auto network = std::make_shared<std::string>();
  auto token = std::make_shared<std::string>();
  auto count = std::make_shared<int>(0);
  CLI::App* watch = app.add_subcommand("watch", "Följer en tjänsts ändringar / follows a service's changes");
  watch->footer("Exempel / Example: partnerskap watch membership --network networks/partnerskapet --count 5");
  watch->add_option("service", *service, "membership, agreements, scheduling, peer-review")->required();
  watch->add_option("--network", *network, "Bara detta nätverk / only this network");
  watch->add_option("--resume-token", *token, "Fortsätt efter / go on after (--output json shows it)");
  watch->add_option("--count", *count, "Sluta efter så många / stop after so many (0: never)")
      ->check(CLI::NonNegativeNumber);
  watch->callback([&session, service, network, token, count] {
    const absl::Status status = Watch(session, *service, *network, *token, *count);
    if (!status.ok()) session.Fail(status);
  });
}

}  // namespace

void AddGenericCommands(CLI::App& app, Session& session) {
  auto name = std::make_shared<std::string>();
  CLI::App* get = app.add_subcommand("get", "Hämtar en resurs / gets one resource");
  get->footer("Exempel / Example: partnerskap get networks/partnerskapet/seats/uppsala --output json");
  get->add_option("name", *name, "networks/partnerskapet/seats/uppsala")->required();
  get->callback([&session, name] {
    if (const absl::Status status = Get(session, *name); !status.ok()) session.Fail(status);
  });
  CLI::App* list = app.add_subcommand("list", "Listar en samling / lists a collection");
  list->footer("Exempel / Example: partnerskap list networks/partnerskapet/seats");
  list->add_option("collection", *name, "organizations, networks/partnerskapet/seats")->required();
  list->callback([&session, name] {
    if (const absl::Status status = List(session, *name); !status.ok()) session.Fail(status);
  });
  auto method = std::make_shared<std::string>();
  auto json = std::make_shared<std::string>("{}");
  CLI::App* call = app.add_subcommand("call", "Anropar en metod med JSON / calls a method with JSON");
  call->footer("Exempel / Example: partnerskap call GetSeat '{\"name\": \"networks/partnerskapet/seats/uppsala\"}'");
  call->add_option("method", *method, "GetSeat, MembershipService/GetSeat")->required();
  call->add_option("json", *json, "Förfrågan / the request")->capture_default_str();
  call->callback([&session, method, json] {
    if (const absl::Status status = CallMethod(session, *method, *json); !status.ok()) session.Fail(status);
  });
  CLI::App* methods = app.add_subcommand("methods", "Alla metoder / all methods");
  methods->callback([] {
    for (const auto* each : AllMethods()) std::cout << PathOf(*each).substr(1) << "\n";
  });
  AddApply(app, session);
  AddWatch(app, session);
  AddAudit(app, session);
}

}  // namespace partnerskap::cli
