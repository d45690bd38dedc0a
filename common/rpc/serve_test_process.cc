#include "common/rpc/serve_test_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "absl/time/clock.h"

extern char** environ;

namespace partnerskap {
namespace {

constexpr absl::Duration kLineLimit = absl::Seconds(20);

}  // namespace

TestProcess::TestProcess(std::vector<std::string> arguments, const std::string& log) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  if (posix_spawn(&pid_, words[0], &actions, nullptr, words.data(), environ) != 0) {
    std::perror(words[0]);
    std::abort();
  }
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  output_ = ends[0];
}

TestProcess::~TestProcess() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(output_);
}

std::string TestProcess::ReadLine() {
  const absl::Time end = absl::Now() + kLineLimit;
  std::string line;
  char next = 0;
  while (true) {
    pollfd ready = {output_, POLLIN, 0};
    const int64_t left = absl::ToInt64Milliseconds(end - absl::Now());
    if (left <= 0 || poll(&ready, 1, static_cast<int>(left)) <= 0) return line;
    if (read(output_, &next, 1) <= 0 || next == '\n') return line;
    line.push_back(next);
  }
}

void TestProcess::Signal(int signal) { kill(pid_, signal); }

int TestProcess::Wait(absl::Duration limit) {
  // A descriptor that becomes readable when the process ends.
  const int ended = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  pollfd ready = {ended, POLLIN, 0};
  const bool over = poll(&ready, 1, static_cast<int>(absl::ToInt64Milliseconds(limit))) > 0;
  close(ended);
  if (!over) return -1;
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace partnerskap
