// A child process of a test: its ready line, its complaints, its end.
#ifndef PARTNERSKAP_COMMON_RPC_SERVE_TEST_PROCESS_H_
#define PARTNERSKAP_COMMON_RPC_SERVE_TEST_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace partnerskap {

class TestProcess {
 public:
  // Standard error goes to the file `log`, after what is there.
  TestProcess(std::vector<std::string> arguments, const std::string& log);
  // Kills it if it still runs.
  ~TestProcess();
  TestProcess(const TestProcess&) = delete;
  TestProcess& operator=(const TestProcess&) = delete;

  // The next line of standard output without its end; what is there when the process has closed it, or after 20 s.
  std::string ReadLine();
  void Signal(int signal);
  pid_t pid() const { return pid_; }
  // The exit code, 128 plus the signal that ended it, or -1 when it still runs after `limit`.
  int Wait(absl::Duration limit = absl::Seconds(20));

 private:
  pid_t pid_ = -1;
  int output_ = -1;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_SERVE_TEST_PROCESS_H_
