// The flags of a service's process.
#ifndef PARTNERSKAP_COMMON_RPC_SERVE_OPTIONS_H_
#define PARTNERSKAP_COMMON_RPC_SERVE_OPTIONS_H_

#include <cstddef>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/auth/authenticator.h"
#include "common/log/log.h"
#include "common/rpc/serve.h"
#include "common/rpc/tls.h"

namespace partnerskap {

// Exit codes of a service.
inline constexpr int kExitConfiguration = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitIo = 74;  // EX_IOERR

struct ServeOptions {
  std::string state;   // the suite's state folder
  std::string folder;  // `state`/`name`: this service's part of it
  std::string listen;  // HOST:PORT
  std::string admin;   // HOST:PORT, or empty for none
  TlsFiles tls;
  std::string roles;                         // path
  std::map<std::string, std::string> peers;  // name -> HOST:PORT
  std::vector<LimitOverride> limits;
  size_t max_calls = 0;
  size_t max_streams = 0;
  int workers = 0;
  LogLevel log_level = LogLevel::kInfo;
  absl::Duration grace;
};

// `peer_review` -> `partnerskap-peer-review`: as the binary is called, and as its lines on standard error begin.
std::string ProgramName(const ServiceDefinition& service);

// The options, or the exit code of a process that has said what there was to say: help and version 0, a flag that is
// unknown or whose value has another form kExitUsage.
std::variant<ServeOptions, int> ParseServeFlags(const ServiceDefinition& service, int argc, const char* const* argv);

// What no flag alone can show: producers without a --peer. INVALID_ARGUMENT names the flag and the fix.
absl::Status CheckServeOptions(const ServiceDefinition& service, const ServeOptions& options);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_SERVE_OPTIONS_H_
