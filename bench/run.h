// A run: servers started, rounds of windows taken in turn, numbers handed over.
#ifndef PARTNERSKAP_BENCH_RUN_H_
#define PARTNERSKAP_BENCH_RUN_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/idle_probe.h"
#include "bench/load.h"
#include "bench/proc.h"
#include "bench/servers.h"
#include "bench/stores.h"
#include "bench/window.h"
#include "re2/re2.h"

namespace partnerskap::bench {

struct RunOptions {
  bool quick = false;   // fewer and shorter windows, no store of a million rows
  int rounds = 0;       // 0: as many as the kind of run has
  std::string only;     // a regular expression: windows whose ids it does not find are left out
  std::string other;    // path of another build of partnerskap-membership, to compare with, or empty
  std::string work;     // folder for stores, certificates and logs; kept between runs
  std::string program;  // path of partnerskap-bench
  std::string roles;    // path of the role file
};

// By the id of the window: `get/64`.
using Round = std::map<std::string, Window>;

struct Results {
  std::vector<Round> rounds;
  WindowLog log;
  std::vector<double> idle_us;              // first calls after five seconds without one
  std::vector<double> start_ms, killed_ms;  // start to first answer with the large store
  Memory idle, loaded, large;               // of servers: at rest, after 256 in flight, with the large store
  std::vector<std::string> notes;           // what was left out, and why
  std::string machine;
};

// A server under measurement.
struct Target {
  std::unique_ptr<ServerProcess> process;
  std::string directory;  // of its store, or empty
  Channels one, two, four;
  StoreCounts before;
  int64_t created = 0;  // OK answers to creations
  int64_t rows = 0;     // that can be read: 0 to rows - 1

  const Channels& ChannelsFor(int in_flight) const;
};

class Run {
 public:
  explicit Run(RunOptions options);
  // Certificates and stores that runs share. Takes a minute the first time.
  absl::Status Prepare();
  absl::StatusOr<Results> Measure();

 private:
  // phases.cc: one round, and what comes after the rounds.
  absl::Status OneRound();
  absl::Status ReadPhase(Target& small);
  absl::Status WritePhase(Target& small);
  absl::Status OtherPhase();
  absl::Status MixedPhase(Target& small);
  absl::Status WatchPhase(Target& small);
  absl::Status LargePhase();
  absl::Status RawPhase();
  absl::Status StartPhase();
  absl::Status StartOnce(bool killed);

  // Takes the window, if it is wanted.
  void Take(const std::string& id, Target& target, const Stream& stream);
  bool Wanted(const std::string& id) const;
  Stream Gets(const Target& target, int in_flight) const;
  Stream Lists(const Target& target, int in_flight) const;
  Stream Creates(const Target& target, int in_flight) const;
  Stream Echoes(int in_flight) const;

  // run.cc
  TlsFiles ServerTls() const;
  TlsFiles ClientTls() const;
  std::string Folder(const std::string& name) const;
  enum class Build { kReal, kOneByOne, kOther };
  std::vector<std::string> ServiceCommand(const std::string& name, Build build, int port) const;
  absl::StatusOr<std::unique_ptr<Target>> StartService(const std::string& name, int64_t rows, Build build);
  absl::Status StartEcho();
  absl::Status StartEtcd();
  absl::Status EndService(std::unique_ptr<Target> target);
  absl::Status WaitAtRest(pid_t pid) const;
  void ConnectAll(Target& target, bool tls) const;
  void TruncateLog() const;
  absl::Status MakeTemplates();

  const RunOptions options_;
  const RE2 only_;
  std::string small_template_, large_template_;
  Windows windows_;
  Results results_;
  Round* round_ = nullptr;
  std::unique_ptr<Target> echo_, etcd_, large_, idle_;
  std::unique_ptr<IdleProbe> probe_;
};

}  // namespace partnerskap::bench

#endif  // PARTNERSKAP_BENCH_RUN_H_
