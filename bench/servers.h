// The processes of a run: started, waited for, and gone at its end.
#ifndef PARTNERSKAP_BENCH_SERVERS_H_
#define PARTNERSKAP_BENCH_SERVERS_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace partnerskap::bench {

// Runs a program to its end; its output goes to `log`. Not OK unless it exits with 0.
absl::Status RunProgram(const std::vector<std::string>& command, const std::string& log);

class ServerProcess {
 public:
  // Starts; standard error is appended to `log`.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Start(const std::vector<std::string>& command,
                                                              const std::string& log);
  ~ServerProcess();  // SIGKILL, if it still runs

  pid_t pid() const { return pid_; }
  // Waits for the line `ready NAME 127.0.0.1:PORT`; from then on port() is known.
  absl::Status WaitReady(absl::Duration limit);
  // Waits until 127.0.0.1:`port` takes connections.
  absl::Status WaitListening(int port, absl::Duration limit);
  int port() const { return port_; }
  void Signal(int signal) const;
  // Waits for its end.
  void Wait();

 private:
  ServerProcess(pid_t pid, int output) : pid_(pid), output_(output) {}
  pid_t pid_;
  int output_;
  int port_ = 0;
};

// A port below those that the kernel gives to outgoing connections, or a client that waits for a server there could
// connect to itself. Nobody listens on it now.
absl::StatusOr<int> FreePort();

}  // namespace partnerskap::bench

#endif  // PARTNERSKAP_BENCH_SERVERS_H_
