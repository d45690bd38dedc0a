#include "bench/run.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/fill.h"
#include "bench/rows.h"
#include "common/sql/statement.h"
#include "common/status/macros.h"

namespace partnerskap::bench {
namespace {

constexpr std::chrono::milliseconds kWindow{600}, kQuickWindow{350};
constexpr int kRounds = 7, kQuickRounds = 5;
// A store of a million rows opens within this, and its background check ends within the second.
constexpr absl::Duration kReadyLimit = absl::Seconds(60);
constexpr absl::Duration kRestLimit = absl::Seconds(120);
// A server is at rest when it uses less than this of a core over a look.
constexpr double kRestCores = 0.02;
constexpr int kRestLookMilliseconds = 250;
constexpr size_t kIdleSamples = 30;
constexpr char kEtcd[] = "/usr/bin/etcd";
constexpr char kDomain[] = "bench.internal";
// Limits of the administrator's role that would otherwise be what is measured.
constexpr const char* kLimits[] = {"calls_per_second=1000000",     "burst=1000000",         "mutation_burst=1000000",
                                   "mutations_per_second=1000000", "concurrent_calls=1000", "streams=1000"};

// What makes a store of another schema another template.
absl::StatusOr<std::string> SchemaMark(const std::string& directory) {
  ASSIGN_OR_RETURN(const auto connection,
                   Connection::Open(absl::StrCat(directory, "/store.db"), Connection::Mode::kReader, ""));
  // FNV-1a: the same in every process.
  uint64_t mark = 0xcbf29ce484222325ULL;
  Rows rows = connection->Query("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name", {});
  while (rows.Next()) {
    for (const char c : rows.Text(0)) mark = (mark ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  RETURN_IF_ERROR(rows.status());
  return absl::StrFormat("%016x", mark);
}

}  // namespace

const Channels& Target::ChannelsFor(int in_flight) const {
  if (in_flight == 1) return one;
  return in_flight <= 16 ? two : four;
}

Run::Run(RunOptions options)
    : options_(std::move(options)),
      only_(options_.only),
      windows_(options_.quick ? kQuickWindow : kWindow, options_.work) {}

std::string Run::Folder(const std::string& name) const { return absl::StrCat(options_.work, "/run/", name); }

TlsFiles Run::ServerTls() const {
  const std::string folder = absl::StrCat(options_.work, "/certs/membership/tls/");
  return {folder + "ca.pem", folder + "cert.pem", folder + "key.pem"};
}

TlsFiles Run::ClientTls() const {
  const std::string folder = absl::StrCat(options_.work, "/certs/clients/admin/");
  return {folder + "ca.pem", folder + "cert.pem", folder + "key.pem"};
}

absl::Status Run::Prepare() {
  std::error_code error;
  std::filesystem::create_directories(options_.work, error);
  std::filesystem::remove_all(absl::StrCat(options_.work, "/run"), error);
  std::filesystem::create_directories(absl::StrCat(options_.work, "/run"), error);
  if (error) return absl::InternalError(absl::StrCat("cannot make ", options_.work, ": ", error.message()));
  const std::string certs = std::filesystem::path(options_.program).parent_path() / "partnerskap-certs";
  RETURN_IF_ERROR(RunProgram({certs, "init", "--state", absl::StrCat(options_.work, "/certs"), "--domain", kDomain},
                             Folder("log")));
  return MakeTemplates();
}

absl::Status Run::MakeTemplates() {
  small_template_ = Folder("template");
  RETURN_IF_ERROR(FillStore(small_template_, kSmallRows));
  if (options_.quick) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string mark, SchemaMark(small_template_));
  large_template_ = absl::StrCat(options_.work, "/rows-", kLargeRows, "-", mark);
  if (std::filesystem::exists(large_template_)) return absl::OkStatus();
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(options_.work)) {
    // Of another schema, or half made.
    if (entry.path().filename().string().rfind("rows-", 0) == 0) std::filesystem::remove_all(entry.path(), error);
  }
  const std::string half = absl::StrCat(options_.work, "/rows-half");
  RETURN_IF_ERROR(FillStore(half, kLargeRows));
  std::filesystem::rename(half, large_template_, error);
  return error ? absl::InternalError(error.message()) : absl::OkStatus();
}

std::vector<std::string> Run::ServiceCommand(const std::string& name, Build build, int port) const {
  const TlsFiles tls = ServerTls();
  const std::string real = std::filesystem::path(options_.program).parent_path() / "partnerskap-membership";
  std::vector<std::string> command = {real};
  if (build == Build::kOther) command = {options_.other};
  if (build == Build::kOneByOne) command = {options_.program, "one-by-one"};
  // Nobody listens where it looks for the feed that it follows.
  for (const std::string& word :
       {std::string("--state"), Folder(name), std::string("--listen"), absl::StrCat("127.0.0.1:", port),
        std::string("--admin"), std::string("off"), std::string("--roles"), options_.roles, std::string("--ca"), tls.ca,
        std::string("--cert"), tls.certificate, std::string("--key"), tls.key, std::string("--peer"),
        std::string("agreements=127.0.0.1:1")}) {
    command.push_back(word);
  }
  for (const char* limit : kLimits) {
    command.emplace_back("--limit");
    command.push_back(absl::StrCat("administrator:", limit));
  }
  return command;
}

void Run::ConnectAll(Target& target, bool tls) const {
  const int port = target.process->port();
  const auto connect = [&](int count) { return tls ? Connect(port, ClientTls(), count) : ConnectPlain(port, count); };
  target.one = connect(1);
  target.two = connect(2);
  target.four = connect(4);
}

absl::StatusOr<std::unique_ptr<Target>> Run::StartService(const std::string& name, int64_t rows, Build build) {
  auto target = std::make_unique<Target>();
  target->directory = absl::StrCat(Folder(name), "/membership");
  target->rows = rows;
  RETURN_IF_ERROR(CopyStore(rows == kSmallRows ? small_template_ : large_template_, target->directory));
  ASSIGN_OR_RETURN(target->before, CountStore(target->directory));
  ASSIGN_OR_RETURN(target->process, ServerProcess::Start(ServiceCommand(name, build, 0), Folder("log")));
  RETURN_IF_ERROR(target->process->WaitReady(kReadyLimit));
  ConnectAll(*target, true);
  RETURN_IF_ERROR(WaitAtRest(target->process->pid()));
  return target;
}

// What was answered must be there, and nothing else.
absl::Status Run::EndService(std::unique_ptr<Target> target) {
  target->process->Signal(SIGTERM);
  target->process->Wait();
  return CheckAdded(target->directory, target->before, target->created);
}

absl::Status Run::WaitAtRest(pid_t pid) const {
  const int looks = static_cast<int>(absl::ToInt64Milliseconds(kRestLimit)) / kRestLookMilliseconds;
  for (int look = 0; look < looks; ++look) {
    const double before = ProcessSeconds(pid);
    poll(nullptr, 0, kRestLookMilliseconds);
    if (ProcessSeconds(pid) - before < kRestCores * kRestLookMilliseconds / 1e3) return absl::OkStatus();
  }
  return absl::DeadlineExceededError("a server does not come to rest");
}

absl::Status Run::StartEcho() {
  const TlsFiles tls = ServerTls();
  echo_ = std::make_unique<Target>();
  ASSIGN_OR_RETURN(echo_->process,
                   ServerProcess::Start({options_.program, "echo", tls.ca, tls.certificate, tls.key}, Folder("log")));
  RETURN_IF_ERROR(echo_->process->WaitReady(kReadyLimit));
  ConnectAll(*echo_, true);
  return absl::OkStatus();
}

absl::Status Run::StartEtcd() {
  if (!std::filesystem::exists(kEtcd)) {
    results_.notes.emplace_back("etcd was left out: it is not there; apt-get install etcd-server");
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const int port, FreePort());
  ASSIGN_OR_RETURN(const int peer_port, FreePort());
  const TlsFiles tls = ServerTls();
  const std::string client = absl::StrCat("https://127.0.0.1:", port),
                    peer = absl::StrCat("http://127.0.0.1:", peer_port);
  etcd_ = std::make_unique<Target>();
  ASSIGN_OR_RETURN(etcd_->process, ServerProcess::Start({kEtcd,
                                                         "--name",
                                                         "bench",
                                                         "--data-dir",
                                                         Folder("etcd"),
                                                         "--listen-client-urls",
                                                         client,
                                                         "--advertise-client-urls",
                                                         client,
                                                         "--listen-peer-urls",
                                                         peer,
                                                         "--initial-advertise-peer-urls",
                                                         peer,
                                                         "--initial-cluster",
                                                         absl::StrCat("bench=", peer),
                                                         "--cert-file",
                                                         tls.certificate,
                                                         "--key-file",
                                                         tls.key,
                                                         "--client-cert-auth",
                                                         "--trusted-ca-file",
                                                         tls.ca,
                                                         "--logger",
                                                         "zap"},
                                                        Folder("etcd.log")));
  RETURN_IF_ERROR(etcd_->process->WaitListening(port, kReadyLimit));
  ConnectAll(*etcd_, true);
  return absl::OkStatus();
}

// Lines of a run are many; what nobody reads must not be written to the disk beside the stores.
void Run::TruncateLog() const { std::ofstream(Folder("log"), std::ios::trunc); }

absl::StatusOr<Results> Run::Measure() {
  results_.machine = absl::StrFormat("%d cores of %s", sysconf(_SC_NPROCESSORS_ONLN), CpuModel());
  RETURN_IF_ERROR(StartEcho());
  RETURN_IF_ERROR(StartEtcd());
  ASSIGN_OR_RETURN(idle_, StartService("idle", kSmallRows, Build::kReal));
  probe_ = std::make_unique<IdleProbe>(idle_->four);
  if (!options_.quick && Wanted("of 10^6")) {
    ASSIGN_OR_RETURN(large_, StartService("large", kLargeRows, Build::kReal));
    results_.large = MemoryOf(large_->process->pid());
  }
  results_.idle = MemoryOf(idle_->process->pid());
  const int usual = options_.quick ? kQuickRounds : kRounds;
  const int rounds = options_.rounds > 0 ? options_.rounds : usual;
  for (int i = 0; i < rounds; ++i) {
    results_.rounds.emplace_back();
    round_ = &results_.rounds.back();
    RETURN_IF_ERROR(OneRound());
    TruncateLog();
  }
  etcd_.reset();
  if (large_ != nullptr) RETURN_IF_ERROR(EndService(std::move(large_)));
  if (!options_.quick && Wanted("start")) RETURN_IF_ERROR(StartPhase());
  if (!options_.quick && options_.only.empty()) probe_->Complete(kIdleSamples);
  results_.idle_us = probe_->samples();
  results_.log = windows_.log();
  if (results_.log.taken == 0 && !Wanted("start")) {
    return absl::InvalidArgumentError(absl::StrCat("--only ", options_.only, " finds no window: nothing was measured"));
  }
  return std::move(results_);
}

}  // namespace partnerskap::bench
