#include "common/rpc/serve.h"

#include <malloc.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/auth/authenticator.h"
#include "common/feed/projections.h"
#include "common/log/log.h"
#include "common/metrics/metrics.h"
#include "common/rpc/admin.h"
#include "common/rpc/door.h"
#include "common/rpc/gate.h"
#include "common/rpc/grpc_log.h"
#include "common/rpc/grpc_peer.h"
#include "common/rpc/health.h"
#include "common/rpc/listener.h"
#include "common/rpc/process.h"
#include "common/rpc/readiness.h"
#include "common/rpc/reflection.h"
#include "common/rpc/serve_options.h"
#include "common/seal/sealer.h"
#include "common/sql/disk_space.h"
#include "common/status/macros.h"

namespace partnerskap {
namespace {

// Tasks that wait for a worker; what is above is refused. Seconds of work for the two default workers.
constexpr size_t kWorkerQueue = 1'000;
// How soon after the start the ready line can come, and how soon a change of the store's health is told.
constexpr absl::Duration kStartPause = absl::Milliseconds(5);
constexpr absl::Duration kWatchPause = absl::Seconds(1);
// Part of the grace that is kept for closing the store after the calls.
constexpr double kDrainShare = 0.8;
// What gRPC has of the last answers leaves in this time.
constexpr std::chrono::milliseconds kLastBytes{20};
constexpr std::chrono::seconds kLastLines{1};

constexpr char kStoppedEvent[] = "stopped";

// Writes to standard error and remembers that the last line is out, so that the process does not end before it.
class LastLineSink {
 public:
  Logger::Sink Sink() {
    return [this, write = StderrSink()](absl::string_view lines) {
      write(lines);
      if (!absl::StrContains(lines, kStoppedEvent)) return;
      std::lock_guard<std::mutex> lock(mutex_);
      out_ = true;
      changed_.notify_all();
    };
  }
  void Wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, kLastLines, [this] { return out_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool out_ = false;
};

bool IsLoopback(absl::string_view address) {
  return absl::StartsWith(address, "127.") || absl::StartsWith(address, "localhost:") ||
         absl::StartsWith(address, "[::1]:");
}

// An error of the disk is the supervisor's to retry, all others are the operator's.
int ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kUnknown:
      return kExitIo;
    default:
      return kExitConfiguration;
  }
}

// The parts of a running service, in the order in which they need each other.
class Process {
 public:
  Process(const ServiceDefinition& service, ServeOptions options)
      : service_(service),
        options_(std::move(options)),
        clock_(NewSystemClock()),
        random_(NewSystemRandom()),
        executor_(NewThreadExecutor(options_.workers, kWorkerQueue)) {
    env_.clock = clock_.get();
    env_.random = random_.get();
    env_.executor = executor_.get();
  }

  // 0, or the exit code of a process that cannot start and has said why.
  int Start();
  // Until `signals` say stop.
  void Run(const StopSignals& signals);
  [[noreturn]] void Stop(const StopSignals& signals);

 private:
  int Fail(absl::string_view why, int code = kExitConfiguration) const;
  void StartLog();
  absl::Status ListMethods();
  absl::Status OpenRoles();
  absl::Status OpenStore();
  absl::Status ConnectPeers();
  absl::Status OpenPorts();
  void TellReadiness(bool ready);
  void SayReady() const;

  const ServiceDefinition& service_;
  const ServeOptions options_;
  const std::unique_ptr<Clock> clock_;
  const std::unique_ptr<Random> random_;
  const std::unique_ptr<Executor> executor_;
  Env env_;
  LastLineSink sink_;
  std::unique_ptr<Logger> logger_;
  std::unique_ptr<Metrics> metrics_;
  Methods methods_;
  std::unique_ptr<Health> health_;
  std::unique_ptr<Authenticator> authenticator_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Sealer> sealer_;
  const std::shared_ptr<DoorQueue> queue_ = NewDoorQueue();
  std::unique_ptr<ClientChannels> channels_;
  std::vector<std::unique_ptr<Peer>> peers_;
  std::unique_ptr<Projections> projections_;
  std::unique_ptr<ReadinessReport> report_;
  std::unique_ptr<Gate> gate_;
  std::unique_ptr<Subscriber> subscriber_;
  std::unique_ptr<Door> door_;
  std::unique_ptr<AdminPort> admin_;
  bool ready_ = false;
};

int Process::Fail(absl::string_view why, int code) const {
  const std::string line = absl::StrCat(ProgramName(service_), ": ", why, "\n");
  std::fputs(line.c_str(), stderr);
  return code;
}

void Process::StartLog() {
  logger_ = Logger::Create({.service = service_.name, .level = options_.log_level}, env_, sink_.Sink());
  SetProtobufLog(logger_.get(), clock_.get());
  SetGrpcLog(logger_.get(), clock_.get());
  metrics_ = std::make_unique<Metrics>(service_.name, PARTNERSKAP_VERSION, clock_->Now());
}

absl::Status Process::ListMethods() {
  service_.register_methods(methods_);
  std::set<std::string> services;
  for (const auto& [path, method] : methods_.all()) services.insert(path.substr(1, path.rfind('/') - 1));
  health_ = std::make_unique<Health>(std::vector<std::string>(services.begin(), services.end()));
  RegisterHealth(methods_, *health_);
  RegisterReflection(methods_);
  const std::vector<std::string> problems = methods_.Check();
  if (problems.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the list of methods is wrong:\n  ", absl::StrJoin(problems, "\n  ")));
}

absl::Status Process::OpenRoles() {
  std::set<std::string> permissions;
  for (const auto& [path, method] : methods_.all()) permissions.insert(method.auth->permission());
  Authenticator::Options options;
  options.role_file = options_.roles;
  options.permissions.assign(permissions.begin(), permissions.end());
  options.limits = options_.limits;
  options.ca_file = options_.tls.ca;
  auto authenticator = Authenticator::Open(std::move(options), env_, logger_.get(), metrics_.get());
  if (!authenticator.ok()) {
    return absl::Status(authenticator.status().code(), absl::StrCat("--roles: ", authenticator.status().message()));
  }
  authenticator_ = *std::move(authenticator);
  return absl::OkStatus();
}

absl::Status Process::OpenStore() {
  std::error_code error;
  std::filesystem::create_directories(options_.state, error);
  if (error)
    return absl::PermissionDeniedError(absl::StrCat("--state: cannot make ", options_.state, ": ", error.message()));
  DatabaseOptions options;
  options.directory = options_.folder;
  options.application_id = service_.application_id;
  options.migrations = service_.migrations;
  options.tables = service_.tables;
  options.clock = env_.clock;
  options.random = env_.random;
  options.executor = env_.executor;
  options.ballast_bytes = kBallastBytes;
  options.writer = service_.writer;
  ASSIGN_OR_RETURN(database_, Database::Open(std::move(options)));
  ASSIGN_OR_RETURN(sealer_, Sealer::Open(options_.folder, *env_.random));
  env_.database = database_.get();
  env_.sealer = sealer_.get();
  return absl::OkStatus();
}

absl::Status Process::ConnectPeers() {
  ASSIGN_OR_RETURN(channels_, ClientChannels::Open(options_.tls, queue_));
  GrpcPeerOptions options;
  options.hop = kHopAllowance;
  for (const auto& [name, address] : options_.peers) {
    peers_.push_back(channels_->NewPeer(address, options));
    env_.peers[name] = peers_.back().get();
  }
  return absl::OkStatus();
}

absl::Status Process::OpenPorts() {
  DoorOptions door;
  door.listen = options_.listen;
  door.tls = options_.tls;
  ASSIGN_OR_RETURN(door_, Door::Open(door, *gate_, queue_));
  if (options_.admin.empty()) return absl::OkStatus();
  AdminPort::Parts parts;
  parts.metrics = [this] { return metrics_->Text(); };
  parts.readiness = [this] { return report_->Report(); };
  ASSIGN_OR_RETURN(admin_, AdminPort::Open(options_.admin, std::move(parts)));
  if (!IsLoopback(options_.admin)) {
    logger_->Event(LogLevel::kWarning, "admin_open", "the admin port answers other machines",
                   {{"address", options_.admin}});
  }
  return absl::OkStatus();
}

int Process::Start() {
  if (const absl::Status status = CheckServeOptions(service_, options_); !status.ok()) return Fail(status.message());
  StartLog();
  if (const absl::Status status = ListMethods(); !status.ok()) return Fail(status.message());
  if (const auto tls = LoadTls(options_.tls, clock_->Now()); !tls.ok()) return Fail(tls.status().message());
  if (const absl::Status status = OpenRoles(); !status.ok()) return Fail(status.message());
  if (const absl::Status status = OpenStore(); !status.ok()) return Fail(status.message(), ExitCodeOf(status));
  if (const absl::Status status = ConnectPeers(); !status.ok()) return Fail(status.message());
  std::vector<std::string> producers;
  for (const Subscription& subscription : service_.subscriptions) producers.push_back(subscription.producer);
  projections_ = Projections::Create(env_, std::move(producers));
  report_ = std::make_unique<ReadinessReport>(ReadinessReport::Parts{
      service_.name, PARTNERSKAP_VERSION, env_.clock, database_.get(), projections_.get(), options_.tls});
  metrics_->OnScrape([this](Metrics& metrics) { report_->Update(metrics); });
  GateOptions limits;
  limits.service = service_.name;
  limits.max_calls = options_.max_calls;
  limits.max_streams = options_.max_streams;
  gate_ = Gate::Create(limits, {.env = &env_,
                                .methods = &methods_,
                                .authenticator = authenticator_.get(),
                                .logger = logger_.get(),
                                .metrics = metrics_.get(),
                                .projections = projections_.get()});
  if (const absl::Status status = OpenPorts(); !status.ok()) return Fail(status.message());
  if (!service_.subscriptions.empty()) subscriber_ = Subscriber::Start(env_, service_.subscriptions, *projections_);
  return 0;
}

void Process::SayReady() const {
  std::string line = absl::StrCat("ready ", service_.name, " ", WithPort(options_.listen, door_->port()), " admin ");
  absl::StrAppend(&line, admin_ == nullptr ? "off" : WithPort(options_.admin, admin_->port()), "\n");
  std::fputs(line.c_str(), stdout);
  std::fflush(stdout);
}

void Process::TellReadiness(bool ready) {
  ready_ = ready;
  health_->Set("", ready);
  logger_->Event(ready ? LogLevel::kInfo : LogLevel::kError, ready ? "ready" : "not_ready",
                 ready ? "" : absl::string_view(database_->health().ToString()));
}

void Process::Run(const StopSignals& signals) {
  bool said = false, trimmed = false;
  while (!signals.Wait(said ? kWatchPause : kStartPause)) {
    // What only the start needed: descriptors' parsing, the first check of the store. 4 of 9 MiB.
    if (said && !std::exchange(trimmed, true)) malloc_trim(0);
    if (const bool ready = IsReady(*database_); ready != ready_) TellReadiness(ready);
    if (ready_ && !std::exchange(said, true)) SayReady();
  }
}

void Process::Stop(const StopSignals& signals) {
  // Whatever hangs, the process ends: at a second signal at once, else when the grace is over.
  std::thread([this, signals] {
    const bool again = signals.Wait(options_.grace);
    Fail(again ? "stopped at once by a second signal" : "did not stop within the grace; what hangs is lost");
    _exit(kExitConfiguration);
  }).detach();
  logger_->Event(LogLevel::kInfo, "stopping", "");
  health_->Set("", false);
  const bool drained = door_->Drain(options_.grace * kDrainShare);
  subscriber_.reset();
  database_->writer().Close();
  std::this_thread::sleep_for(kLastBytes);
  logger_->Event(drained ? LogLevel::kInfo : LogLevel::kWarning, kStoppedEvent,
                 drained ? "all that was accepted is answered" : "some calls were not answered within the grace");
  sink_.Wait();
  // Without destructors: gRPC's Shutdown would show callers CANCELLED, and wait for idle connections.
  _exit(0);
}

}  // namespace

int Serve(const ServiceDefinition& service, int argc, char** argv) {
  std::variant<ServeOptions, int> options = ParseServeFlags(service, argc, argv);
  if (const int* code = std::get_if<int>(&options)) return *code;
  const StopSignals signals;
  Process process(service, std::get<ServeOptions>(std::move(options)));
  if (const int code = process.Start(); code != 0) return code;
  process.Run(signals);
  process.Stop(signals);
}

}  // namespace partnerskap
