#include "common/testing/test_service.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/rpc/health.h"
#include "common/status/macros.h"

namespace partnerskap {
namespace {

using common::v1::MethodAuth;

// Longer than any test lets pass at once.
constexpr absl::Duration kNoHungDisk = absl::Hours(24);

constexpr char kRoleLimits[] =
    "  limits { calls_per_second: 1e9 burst: 1e9 mutations_per_second: 1e9 mutation_burst: 1e9\n"
    "           concurrent_calls: 100000 streams: 100000 }\n";

std::string Role(absl::string_view name, bool all_organizations, const std::set<std::string>& permissions) {
  return absl::StrCat("roles {\n  name: \"", name, "\"\n", all_organizations ? "  all_organizations: true\n" : "",
                      kRoleLimits, "  permissions: \"", absl::StrJoin(permissions, "\"\n  permissions: \""), "\"\n}\n");
}

// With $PARTNERSKAP_TEST_LOG set, what the services of a test log goes to standard error.
Logger::Sink LogSink() {
  if (std::getenv("PARTNERSKAP_TEST_LOG") != nullptr) return StderrSink();
  return [](absl::string_view) {};
}

std::vector<std::string> PermissionsOf(const Methods& methods) {
  std::set<std::string> permissions;
  for (const auto& [path, method] : methods.all()) permissions.insert(method.auth->permission());
  return {permissions.begin(), permissions.end()};
}

// What only a permission of its own answers: a reader does not hold it.
bool AnswersRestricted(const Method& method) {
  const google::protobuf::Descriptor& answer = *method.descriptor->output_type();
  for (int i = 0; i < answer.field_count(); ++i) {
    if (answer.field(i)->options().GetExtension(common::v1::rules).restricted()) return true;
  }
  return false;
}

std::vector<std::string> ProducersOf(const ServiceDefinition& definition) {
  std::vector<std::string> producers;
  for (const Subscription& subscription : definition.subscriptions) producers.push_back(subscription.producer);
  return producers;
}

}  // namespace

std::string TestRoles(const Methods& methods) {
  // A role without a permission would not be one.
  std::set<std::string> member = {kHealthPermission}, reader = member, service = member;
  for (const auto& [path, method] : methods.all()) {
    const MethodAuth& auth = *method.auth;
    const bool services_only = auth.scope() == MethodAuth::SERVICE;
    if (!auth.mutating() || services_only) service.insert(auth.permission());
    if (services_only) continue;
    if (!auth.mutating() || auth.scope() != MethodAuth::ANY) member.insert(auth.permission());
    if (!auth.mutating() && auth.scope() == MethodAuth::ANY && !AnswersRestricted(method))
      reader.insert(auth.permission());
  }
  return absl::StrCat(Role("admin", true, {"*"}), Role("member", false, member), Role("reader", false, reader),
                      Role("service", false, service),
                      "bindings { principal: \"spiffe://{any}/svc/{any}\" roles: \"service\" }\n"
                      "bindings { principal: \"spiffe://{any}/org/{any}/sys/test\" roles: \"member\" }\n"
                      "bindings { principal: \"spiffe://{any}/org/{any}/sys/admin\" roles: \"admin\" }\n"
                      "bindings { principal: \"spiffe://{any}/org/{any}/sys/reader\" roles: \"reader\" }\n");
}

absl::StatusOr<std::unique_ptr<TestService>> TestService::Open(const ServiceDefinition& definition, const Env& base,
                                                               const std::string& directory,
                                                               const std::function<void(DatabaseOptions&)>& adjust) {
  std::unique_ptr<TestService> service(new TestService(definition, base));
  RETURN_IF_ERROR(service->Build(directory, adjust));
  return service;
}

absl::Status TestService::Build(const std::string& directory, const std::function<void(DatabaseOptions&)>& adjust) {
  definition_.register_methods(methods_);
  if (const std::vector<std::string> problems = methods_.Check(); !problems.empty()) {
    return absl::InternalError(absl::StrJoin(problems, "\n"));
  }
  logger_ = Logger::Create({.service = definition_.name}, env_, LogSink());
  metrics_ = std::make_unique<Metrics>(definition_.name, "test", env_.clock->Now());
  Authenticator::Options roles;
  roles.permissions = PermissionsOf(methods_);
  roles.permissions.push_back(kHealthPermission);
  ASSIGN_OR_RETURN(authenticator_, Authenticator::FromText(roles, TestRoles(methods_)));

  DatabaseOptions store;
  store.directory = directory;
  store.application_id = definition_.application_id;
  store.migrations = definition_.migrations;
  store.tables = definition_.tables;
  store.clock = env_.clock;
  store.random = env_.random;
  store.executor = env_.executor;
  store.fatal = [](const absl::Status& status) {
    std::fprintf(stderr, "the store failed: %s\n", status.ToString().c_str());
    std::abort();
  };
  // In a simulation a handler may let hours pass, and the disk has not hung.
  store.writer.max_disk_wait = kNoHungDisk;
  if (adjust) adjust(store);
  ASSIGN_OR_RETURN(database_, Database::Open(std::move(store)));
  ASSIGN_OR_RETURN(sealer_, Sealer::Open(directory, *env_.random));
  env_.database = database_.get();
  env_.sealer = sealer_.get();
  projections_ = Projections::Create(env_, ProducersOf(definition_));
  gate_ = Gate::Create({.service = definition_.name}, {.env = &env_,
                                                       .methods = &methods_,
                                                       .authenticator = authenticator_.get(),
                                                       .logger = logger_.get(),
                                                       .metrics = metrics_.get(),
                                                       .projections = projections_.get()});
  if (!env_.peers.empty()) subscriber_ = Subscriber::Start(env_, definition_.subscriptions, *projections_);
  return absl::OkStatus();
}

TestService::~TestService() {
  subscriber_.reset();
  // Calls hold a place in the gate until they are answered, and the last answers come from the writer.
  if (database_ != nullptr) database_->writer().Close();
  gate_.reset();
}

}  // namespace partnerskap
