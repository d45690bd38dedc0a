// A listening socket on an address from a flag, or why there is none, in words for the one who wrote the flag.
#ifndef PARTNERSKAP_COMMON_RPC_LISTENER_H_
#define PARTNERSKAP_COMMON_RPC_LISTENER_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace partnerskap {

class Listener {
 public:
  // `address` is HOST:PORT or [IPV6]:PORT, port 0 for any free one. INVALID_ARGUMENT: another form; UNAVAILABLE: the
  // machine does not give it. Texts begin with `flag`.
  static absl::StatusOr<Listener> Open(const std::string& address, absl::string_view flag);
  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&&) = delete;
  ~Listener();

  int port() const { return port_; }
  // Hands the descriptor over to the caller, who closes it.
  int Release();

 private:
  Listener(int descriptor, int port) : descriptor_(descriptor), port_(port) {}
  int descriptor_;
  int port_;
};

// `127.0.0.1:0` and 40123 -> `127.0.0.1:40123`: the address as it can be called.
std::string WithPort(absl::string_view address, int port);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_LISTENER_H_
