#include "bench/servers.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/status/macros.h"

namespace partnerskap::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int kFirstPort = 17'000, kLastPort = 19'000;
constexpr int kLogMode = 0600;
// Between two looks at whether a port takes connections.
constexpr int kLookMilliseconds = 1;

// `output` < 0: to the log, too.
absl::StatusOr<pid_t> Spawn(const std::vector<std::string>& command, const std::string& log, int output) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, kLogMode);
  posix_spawn_file_actions_adddup2(&actions, output < 0 ? STDERR_FILENO : output, STDOUT_FILENO);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return absl::InternalError(absl::StrCat("cannot start ", command[0], ": ", strerror(error)));
  return pid;
}

bool Connects(int port) {
  const int socket_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool connects = connect(socket_fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  close(socket_fd);
  return connects;
}

}  // namespace

absl::Status RunProgram(const std::vector<std::string>& command, const std::string& log) {
  ASSIGN_OR_RETURN(const pid_t pid, Spawn(command, log, -1));
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(absl::StrJoin(command, " "), " failed; see ", log));
}

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Start(const std::vector<std::string>& command,
                                                                    const std::string& log) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return absl::InternalError("no pipe");
  const auto pid = Spawn(command, log, ends[1]);
  close(ends[1]);
  if (!pid.ok()) {
    close(ends[0]);
    return pid.status();
  }
  return std::unique_ptr<ServerProcess>(new ServerProcess(*pid, ends[0]));
}

ServerProcess::~ServerProcess() {
  Signal(SIGKILL);
  Wait();
  close(output_);
}

void ServerProcess::Signal(int signal) const {
  if (pid_ > 0) kill(pid_, signal);
}

void ServerProcess::Wait() {
  while (pid_ > 0 && waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
}

absl::Status ServerProcess::WaitReady(absl::Duration limit) {
  const Steady::time_point end = Steady::now() + absl::ToChronoNanoseconds(limit);
  std::string line;
  while (line.find('\n') == std::string::npos) {
    pollfd readable{output_, POLLIN, 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Steady::now()).count();
    if (left <= 0 || poll(&readable, 1, static_cast<int>(left)) == 0) {
      return absl::DeadlineExceededError("a server did not become ready");
    }
    std::array<char, 256> bytes{};
    const ssize_t got = read(output_, bytes.data(), bytes.size());
    if (got <= 0) return absl::InternalError("a server ended before it was ready; its log says why");
    line.append(bytes.data(), static_cast<size_t>(got));
  }
  const std::vector<std::string> words = absl::StrSplit(line.substr(0, line.find('\n')), ' ');
  const std::string address = words.size() > 2 ? words[2] : "";
  if (!absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port_)) {
    return absl::InternalError(absl::StrCat("a server's ready line is: ", line));
  }
  return absl::OkStatus();
}

absl::Status ServerProcess::WaitListening(int port, absl::Duration limit) {
  const Steady::time_point end = Steady::now() + absl::ToChronoNanoseconds(limit);
  while (!Connects(port)) {
    if (Steady::now() > end) return absl::DeadlineExceededError(absl::StrCat("nobody listens on port ", port));
    poll(nullptr, 0, kLookMilliseconds);
  }
  port_ = port;
  return absl::OkStatus();
}

absl::StatusOr<int> FreePort() {
  static int next = kFirstPort + getpid() % (kLastPort - kFirstPort);
  for (int tried = kFirstPort; tried < kLastPort; ++tried) {
    const int port = next++;
    if (next >= kLastPort) next = kFirstPort;
    if (!Connects(port)) return port;
  }
  return absl::ResourceExhaustedError("no free port from 17000 to 18999");
}

}  // namespace partnerskap::bench
